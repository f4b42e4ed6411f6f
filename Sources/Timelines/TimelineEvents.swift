import Events
import Journeys

/// The events of a picture: a line each, in blocks by session, with the time that passed between the blocks.
struct TimelineEvents {
    private let timeline: Timeline
    private let marks: TimelineMarks
    /// What is drawn, in stretches; between them events are left out.
    private let stretches: [[Int]]
    /// All events that are looked at.
    private let shown: [Int]
    private let steps: [Int: String]
    private let exact: Set<Int>
    private let columns: Columns

    /// Where each column of an event's line begins.
    private struct Columns {
        var touchpoint = 0
        var act = 0
        var who = 0
        var step = 0
        var marks = 0
    }

    private static let clockColumn = 2
    private static let (touchpointMax, actMax, stepMax) = (28, 24, 28)
    /// Events as near to each other as this show milliseconds.
    private static let near: Microseconds = 1_000_000

    static func isNear(_ one: EventTime, _ other: EventTime) -> Bool { other > one && other - one <= near }

    init(_ timeline: Timeline, _ marks: TimelineMarks, stretches: [[Int]]) {
        self.timeline = timeline
        self.marks = marks
        self.stretches = stretches
        shown = timeline.events
        let drawn = stretches.flatMap { $0 }
        let steps = Self.steps(timeline, Set(drawn))
        self.steps = steps
        let events = timeline.trace.events
        var exact: Set<Int> = []
        for (one, other) in zip(drawn, drawn.dropFirst()) where Self.isNear(events[one].time, events[other].time) {
            exact.formUnion([one, other])
        }
        self.exact = exact
        func widest(_ max: Int, _ text: (Int) -> String) -> Int { min(max, drawn.map { text($0).count }.max() ?? 0) }
        func after(_ column: Int, _ width: Int) -> Int { width == 0 ? column : column + width + 2 }
        var columns = Columns()
        columns.touchpoint = after(Self.clockColumn, exact.isEmpty ? 8 : 12)
        columns.act = after(columns.touchpoint, widest(Self.touchpointMax) { ShownText.clean(events[$0].touchpoint) })
        columns.who = after(columns.act, widest(Self.actMax) { ShownText.clean(timeline.act(events[$0])) })
        columns.step = after(columns.who, widest(Self.actMax) { Self.who(events[$0]) })
        columns.marks = after(columns.step, widest(Self.stepMax) { steps[$0] ?? "" })
        self.columns = columns
    }

    /// By event: `purchase: payment`; in a picture of one journey the step alone.
    private static func steps(_ timeline: Timeline, _ drawn: Set<Int>) -> [Int: String] {
        let shown = timeline.journeys
        let counts = Dictionary(shown.map { (timeline.trace.journeys[$0].type, 1) }, uniquingKeysWith: +)
        var steps: [Int: [String]] = [:]
        for index in shown {
            let journey = timeline.trace.journeys[index]
            let type = timeline.pipeline.journeys[journey.type].name
            let name = counts[journey.type]! > 1 ? "\(type) \(journey.number)" : type
            for (event, step) in zip(journey.events, journey.steps) where drawn.contains(event) {
                let step = step.map { timeline.step($0, ofJourney: index).name }
                if case .person = timeline.focus {
                    steps[event, default: []].append(step.map { "\(name): \($0)" } ?? name)
                } else {
                    steps[event, default: []].append(step ?? "")
                }
            }
        }
        if case .journey = timeline.focus {
            for event in drawn where steps[event] == nil { steps[event] = ["(not in it)"] }
        }
        return steps.mapValues { ShownText.clean($0.joined(separator: ", ")) }
    }

    private static func who(_ event: PersonTrace.Event) -> String { event.initiator == "customer" ? "" : ShownText.clean(event.initiator) }

    // MARK: Lines

    var lines: [StyledLine] {
        var lines: [StyledLine] = []
        var seen: Set<Int> = []
        var before = 0
        for (place, stretch) in stretches.enumerated() {
            if let note = leftOut(before..<stretch[0]) { lines.append(note) }
            before = stretch.last! + 1
            var blocks = TimelineBlock.blocks(stretch, of: timeline.trace)
            for number in blocks.indices {
                if let session = blocks[number].session, !seen.insert(session).inserted { blocks[number].isContinued = true }
                lines += self.lines(blocks[number])
                let next =
                    number + 1 < blocks.count ? blocks[number + 1].events[0] : place + 1 < stretches.count ? stretches[place + 1][0] : nil
                lines.append(end(blocks[number], next: next))
            }
        }
        if let note = leftOut(before..<timeline.trace.events.count) { lines.append(note) }
        return lines
    }

    private func lines(_ block: TimelineBlock) -> [StyledLine] {
        var lines = [header(block)]
        var day = timeline.local.day(timeline.trace.events[block.events[0]].time)
        for event in block.events {
            let time = timeline.trace.events[event].time
            if timeline.local.day(time) != day {
                day = timeline.local.day(time)
                var line = StyledLine("│ ", .faint)
                line.add(timeline.local.date(time), .strong)
                lines.append(line)
            }
            lines += self.lines(event)
        }
        return lines
    }

    /// `┌ web session, Sun 2026-03-01: 8 events in 19 m 12 s`
    private func header(_ block: TimelineBlock) -> StyledLine {
        let first = timeline.trace.events[block.events[0]]
        var line = StyledLine("┌ ", .faint)
        line.add(ShownText.clean(first.channel), .strong)
        guard let session = block.session.map({ timeline.trace.sessions[$0] }) else {
            let isOutbound = timeline.pipeline.channels.contains { $0.name == first.channel && $0.kind == .outbound }
            line.add(isOutbound ? ", outbound, " : ", no session, ")
            line.add(timeline.local.date(first.time), .strong)
            return line
        }
        line.add(block.isContinued ? " session, continued, " : " session, ")
        line.add(timeline.local.date(first.time), .strong)
        guard !block.isContinued else { return line }
        line.add(session.events == 1 ? ": 1 event" : ": \(session.events) events in \(TimeWords.rough(session.last - session.start))")
        if session.isConcurrent { line.add(", another channel at the same time") }
        return line
    }

    private func lines(_ index: Int) -> [StyledLine] {
        let event = timeline.trace.events[index]
        var line = StyledLine("│ ", .faint)
        line.add(timeline.local.clock(event.time, milliseconds: exact.contains(index)))
        func column(_ place: Int, _ text: String, _ max: Int, _ style: StyledLine.Style = .plain) {
            guard !text.isEmpty else { return }
            line.pad(to: place)
            line.add(ShownText.short(text, max), style)
        }
        column(columns.touchpoint, event.touchpoint, Self.touchpointMax)
        column(columns.act, timeline.act(event), Self.actMax)
        column(columns.who, Self.who(event), Self.actMax, .faint)
        column(columns.step, steps[index] ?? "", Self.stepMax)
        return with(marks.labels[index] ?? [], after: line)
    }

    /// An event's marks behind it, and what finds no room there on lines below, under the step.
    private func with(_ labels: [TimelineMarks.Label], after event: StyledLine) -> [StyledLine] {
        var lines: [StyledLine] = []
        var line = event
        for (place, label) in labels.enumerated() {
            // In its column, or as far to the left as it must be to end with the picture.
            let room = ShownText.widthMax - label.text.count
            var column = place == 0 ? min(columns.marks, room) : max(columns.marks, line.width + 2)
            if column > room || column < line.width + 2 {
                lines.append(line)
                line = StyledLine("│", .faint)
                column = columns.step <= room ? columns.step : columns.touchpoint
            }
            line.pad(to: column)
            line.add(label.text, label.style)
        }
        return lines + [line]
    }

    // MARK: Time between

    /// How long it was to the next event that is drawn, or to the end of the log.
    private func end(_ block: TimelineBlock, next: Int?) -> StyledLine {
        let events = timeline.trace.events
        let index = block.events.last!
        if let next { return StyledLine("└ \(TimeWords.rough(events[next].time - events[index].time)) later", .faint) }
        guard index == events.count - 1 else { return StyledLine("└", .faint) }
        let silence = timeline.asOf - events[index].time
        return StyledLine(silence > 0 ? "└ nothing more until as-of, \(TimeWords.rough(silence)) later" : "└ as-of", .faint)
    }

    /// Says how many of the events that are looked at, among these of the trace, are not drawn; nil where none is missing.
    private func leftOut(_ range: Range<Int>) -> StyledLine? {
        let count = shown.count { range.contains($0) }
        guard count > 0 else { return nil }
        return StyledLine("⋮ \(count) event\(count == 1 ? "" : "s") left out (--limit \(shown.count) draws all)", .faint)
    }
}
