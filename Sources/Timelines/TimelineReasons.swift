import Events
import Expressions
import Journeys
import Tables

/// Why something is marked: every rule with its definition and the events of its matches; every stall with its threshold.
struct TimelineReasons {
    let timeline: Timeline
    let marks: TimelineMarks
    /// Events that are drawn; marks on others are only counted.
    let drawn: Set<Int>

    private static let matchesMax = 10
    /// Of a longer match the first and the last events are told.
    private static let (boundFirst, boundLast) = (9, 2)

    var lines: [StyledLine] {
        let matches = marks.matches.filter { match in timeline.trace.matches[match.match].bound.contains { drawn.contains($0.event) } }
        let stalls = marks.stalls.filter { drawn.contains(timeline.trace.journeys[$0.journey].visits[$0.visit].event) }
        var lines: [StyledLine] = []
        for rule in rules(of: matches) {
            lines.append(StyledLine())
            lines += self.lines(rule, matches.filter { timeline.trace.matches[$0.match].rule == rule })
        }
        for stall in stalls {
            lines.append(StyledLine())
            lines += self.lines(stall)
        }
        let hidden = marks.matches.count - matches.count + marks.stalls.count - stalls.count
        if hidden > 0 { lines += [StyledLine(), StyledLine("\(hidden) more among the events that are left out.", .faint)] }
        for givenUp in givenUp { lines += [StyledLine(), givenUp] }
        return lines
    }

    /// In the order of their first matches; the one that was asked for first.
    private func rules(of matches: [TimelineMarks.Match]) -> [Int] {
        var rules: [Int] = []
        if case .journey(_, let friction) = timeline.focus { rules.append(friction) }
        for match in matches {
            let rule = timeline.trace.matches[match.match].rule
            if !rules.contains(rule) { rules.append(rule) }
        }
        return rules
    }

    private var givenUp: [StyledLine] {
        let types = Set(timeline.journeys.map { timeline.trace.journeys[$0].type })
        return timeline.trace.givenUp.filter { types.contains($0.type) }.map { givenUp in
            StyledLine(
                ShownText.clean(
                    "The search for \(timeline.pipeline.frictions[givenUp.rule].name) in \(timeline.pipeline.journeys[givenUp.type].name) reached its "
                        + "step limit: matches may be missing."))
        }
    }

    // MARK: Frictions

    private func lines(_ rule: Int, _ matches: [TimelineMarks.Match]) -> [StyledLine] {
        let friction = timeline.pipeline.frictions[rule]
        let shown = matches.prefix(Self.matchesMax)
        var head = StyledLine(shown.map(\.sign).joined(separator: " ") + " ", .friction)
        head.add(ShownText.clean(friction.name), .strong)
        if let owner = friction.owner { head.add(ShownText.clean(" (\(owner))")) }
        var lines = [head]
        if let summary = friction.summary { lines += wrapped(summary) }
        lines += wrapped("Pattern: \(Self.pattern(friction))")
        let bound = Set(matches.flatMap { timeline.trace.matches[$0.match].bound.map(\.variable) })
        let width = bound.map { friction.variables[$0].name.count }.max() ?? 0
        for variable in bound.sorted() {
            lines += named(friction.variables[variable].name, width, friction.variables[variable].condition.source)
        }
        if let falsePositives = friction.falsePositives { lines += wrapped("May be wrong: \(falsePositives)") }
        for match in shown { lines += self.lines(match, friction, width) }
        if matches.count > shown.count { lines.append(StyledLine("  and \(matches.count - shown.count) more, marked above", .faint)) }
        return lines
    }

    /// `fail try+, in each journey, within 30m`
    private static func pattern(_ friction: FrictionDefinition) -> String {
        var text = "\(friction.pattern.source), in each \(friction.scope.rawValue)"
        if let within = friction.within { text += ", within \(DurationText.text(within))" }
        if !friction.partitionBy.isEmpty { text += ", apart for each \(friction.partitionBy.map(\.text).joined(separator: ", "))" }
        if let absent = friction.absent { text += ", without \(absent.condition.source) for \(DurationText.text(absent.time)) after" }
        return text
    }

    private func lines(_ match: TimelineMarks.Match, _ friction: FrictionDefinition, _ width: Int) -> [StyledLine] {
        let bound = timeline.trace.matches[match.match].bound
        let events = bound.map { timeline.trace.events[$0.event] }
        let length = events.count == 1 ? "1 event" : "\(events.count) events in \(TimeWords.rough(events.last!.time - events[0].time))"
        var head = StyledLine("  ")
        head.add(match.sign, .friction)
        let journeys = match.journeys.map { timeline.name(ofJourney: $0) }.joined(separator: ", ")
        head.add(" \(timeline.local.date(events[0].time)), \(length); counts for \(journeys)")
        var lines = [head]
        var day = timeline.local.day(events[0].time)
        let isExact = zip(events, events.dropFirst()).contains { TimelineEvents.isNear($0.time, $1.time) }
        for (place, event) in events.enumerated() {
            if bound.count > Self.boundFirst + Self.boundLast + 1, (Self.boundFirst..<bound.count - Self.boundLast).contains(place) {
                if place == Self.boundFirst {
                    lines.append(StyledLine("      … \(bound.count - Self.boundFirst - Self.boundLast) more", .faint))
                }
                continue
            }
            if timeline.local.day(event.time) != day {
                day = timeline.local.day(event.time)
                lines.append(StyledLine("    \(timeline.local.date(event.time))"))
            }
            lines.append(
                line(
                    event, after: place == 0 ? nil : events[place - 1], friction, friction.variables[bound[place].variable].name, width,
                    isExact))
        }
        return lines
    }

    /// One event of a match, with the values that the rule looks at.
    private func line(
        _ event: PersonTrace.Event, after last: PersonTrace.Event?, _ friction: FrictionDefinition, _ variable: String, _ width: Int,
        _ isExact: Bool
    ) -> StyledLine {
        var line = StyledLine("    \(timeline.local.clock(event.time, milliseconds: isExact))  ")
        let column = line.width + width + 2
        line.add(ShownText.clean(variable), .friction)
        line.pad(to: column)
        var words = ["", event.channel, event.touchpoint, timeline.act(event)].map { ShownText.clean($0) }
        if event.initiator != "customer" { words.append("by \(ShownText.clean(event.initiator))") }
        let fields = Set(friction.expressions.flatMap(\.fields) + friction.partitionBy)
        words += event.scalars.filter { fields.contains($0.field) }.map { ShownText.clean("\(Self.name($0.field))=\($0.text)") }
        line.add(words.filter { !$0.isEmpty }.joined(separator: " "))
        if let last { line.add(" (\(TimeWords.rough(event.time - last.time)) later)", .faint) }
        return line
    }

    private static func name(_ field: EventField) -> String {
        if case .attribute(let name) = field { name } else { field.text }
    }

    // MARK: Stalls

    private func lines(_ stall: TimelineMarks.Stall) -> [StyledLine] {
        let journey = timeline.trace.journeys[stall.journey]
        let type = timeline.pipeline.journeys[journey.type]
        let visit = journey.visits[stall.visit]
        let step = type.steps[visit.step]
        let (entered, last) = (timeline.trace.events[visit.event].time, timeline.trace.events[journey.events.last!].time)
        var head = StyledLine("\(stall.sign) ", .stall)
        head.add(ShownText.clean(step.name), .strong)
        if let owner = step.owner { head.add(ShownText.clean(" (\(owner))")) }
        head.add(": a stall of \(timeline.name(ofJourney: stall.journey)), ")
        head.add(stall.kind.rawValue, .stall)
        var lines = [head]
        let limit = stall.threshold.map { Self.words($0) }
        switch visit.end {
        case .progressed(let dwell):
            let next = journey.visits[stall.visit + 1]
            lines += wrapped(
                "Entered \(timeline.local.full(entered)); \(type.steps[next.step].name) began "
                    + "\(TimeWords.rough(dwell, unlike: limit?.length ?? "")) later, at \(timeline.local.full(timeline.trace.events[next.event].time))."
            )
        case .goal(let dwell):
            lines += wrapped(
                "Entered \(timeline.local.full(entered)); the goal was reached "
                    + "\(TimeWords.rough(dwell, unlike: limit?.length ?? "")) later, at \(timeline.local.full(last)).")
        case .open:
            lines += wrapped(
                "Entered \(timeline.local.full(entered)), \(TimeWords.rough(timeline.age(of: visit), unlike: limit?.length ?? "")) "
                    + "before as-of; no other step followed. Last event: \(timeline.local.full(last)).")
        case .stopped:
            lines += wrapped(
                "Entered \(timeline.local.full(entered)); no other step followed. \(Self.ending(journey.status, type)) Last event: \(timeline.local.full(last))."
            )
        }
        lines += wrapped(
            limit.map { "Threshold: \($0.length), \($0.source)." }
                ?? "Threshold: none; a journey that ends here without its goal stalls whatever the time.")
        return lines
    }

    private static func ending(_ status: JourneyStatus, _ type: JourneyDefinition) -> String {
        guard status == .abandoned else { return "The journey failed." }
        let limits =
            "silence beyond \(DurationText.text(type.inactivity))"
            + (type.maxLength.map { ", or longer than \(DurationText.text($0))" } ?? "")
        return "The journey was abandoned (\(limits))."
    }

    private static func words(_ threshold: StallThreshold) -> (length: String, source: String) {
        // A learned one may be longer than any time that can be.
        let length = threshold.microseconds < 3e18 ? TimeWords.rough(Int64(threshold.microseconds), count: 3) : "longer than any journey"
        switch threshold.source {
        case .sla: return (length, "the step's sla")
        case .learned(let dwells):
            return (
                length,
                "learned from the \(dwells) dwells of judged visits to this step that ended with another one, in the whole log: exp(q3 + 1.5 · (q3 − q1)) of their logarithms"
            )
        }
    }

    // MARK: Lines

    private func wrapped(_ text: String) -> [StyledLine] { ShownText.wrapped(text, indent: 2).map { StyledLine("  " + $0) } }

    private func named(_ name: String, _ width: Int, _ text: String) -> [StyledLine] {
        let indent = 4 + width + 2
        return ShownText.wrapped(text, indent: indent).enumerated().map { place, words in
            var line = StyledLine("    ")
            if place == 0 { line.add(ShownText.clean(name), .friction) }
            line.pad(to: indent)
            line.add(words)
            return line
        }
    }
}
