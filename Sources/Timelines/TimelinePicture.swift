import Events
import Journeys

/// A timeline as lines of text: who, the journeys, the events in blocks by session, and why each mark is there. A pure
/// function of the timeline.
package struct TimelinePicture {
    package let lines: [StyledLine]

    private static let namesMax = 8

    package init(_ timeline: Timeline) {
        let marks = TimelineMarks(timeline)
        let shown = timeline.events
        let marked = shown.indices.filter { marks.labels[shown[$0]] != nil }
        let stretches = TimelineExtract.ranges(count: shown.count, marked: marked, limit: timeline.limit).map { Array(shown[$0]) }
        let drawn = Set(stretches.joined())
        var lines = Self.head(timeline)
        lines += Self.journeys(timeline, marks, drawn)
        lines.append(StyledLine())
        lines += TimelineEvents(timeline, marks, stretches: stretches).lines
        let reasons = TimelineReasons(timeline: timeline, marks: marks, drawn: drawn).lines
        if reasons.isEmpty {
            lines += [StyledLine(), StyledLine("Nothing is marked: no friction and no stall.")]
        } else {
            lines += [StyledLine(), StyledLine("Why", .strong)] + reasons
        }
        self.lines = lines
    }

    // MARK: Head

    private static func head(_ timeline: Timeline) -> [StyledLine] {
        var name = StyledLine(ShownText.clean(timeline.person), .strong)
        if case .journey(let journey, friction: _) = timeline.focus { name.add(", \(timeline.name(ofJourney: journey))") }
        var lines = [name]
        let names = timeline.otherNames.prefix(namesMax).map { ShownText.clean($0) }
        if !names.isEmpty {
            let more = timeline.otherNames.count - names.count
            let text = "also " + names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
            lines += ShownText.wrapped(text, indent: 2).map { StyledLine("  " + $0) }
        }
        let trace = timeline.trace
        let times = "as of \(timeline.local.full(timeline.asOf)), times in \(timeline.pipeline.timezone)"
        guard let first = trace.events.first, let last = trace.events.last else { return lines + [StyledLine("  no events; \(times)")] }
        let local = timeline.local
        let days =
            local.day(first.time) == local.day(last.time) ? local.date(first.time) : "\(local.date(first.time)) to \(local.date(last.time))"
        lines.append(StyledLine("  \(counted(trace.events.count, "event")) in \(counted(trace.sessions.count, "session")), \(days)"))
        if case .journey = timeline.focus {
            let count = timeline.events.count
            lines.append(
                StyledLine(
                    "  drawn: the \(counted(count, "event")) of this journey and its matches; --person \(ShownText.clean(timeline.person)) draws all"
                ))
        }
        lines.append(StyledLine("  \(times)"))
        if trace.duplicates > 0 { lines.append(StyledLine("  \(counted(trace.duplicates, "duplicate")) left out")) }
        return lines
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    // MARK: Journeys

    /// `purchase 1  abandoned  Sun 2026-03-01 09:12:05 to Mon 2026-03-02 18:40:11  14 events  ① Ⓐ`
    private static func journeys(_ timeline: Timeline, _ marks: TimelineMarks, _ drawn: Set<Int>) -> [StyledLine] {
        let all = timeline.journeys
        guard !all.isEmpty else { return [StyledLine(), StyledLine("No journey.")] }
        let shown = all.filter { timeline.trace.journeys[$0].events.contains { drawn.contains($0) } }
        let rows = shown.map { index -> (cells: [String], signs: String) in
            let journey = timeline.trace.journeys[index]
            let local = timeline.local
            let (first, last) = (timeline.trace.events[journey.events[0]].time, timeline.trace.events[journey.events.last!].time)
            let end = local.day(first) == local.day(last) ? local.clock(last) : local.full(last)
            let signs =
                marks.matches.filter { $0.journeys.contains(index) }.map(\.sign) + marks.stalls.filter { $0.journey == index }.map(\.sign)
            return (
                [
                    timeline.name(ofJourney: index), journey.status.rawValue, "\(local.full(first)) to \(end)",
                    counted(journey.events.count, "event"),
                ],
                signs.prefix(signsMax).joined(separator: " ") + (signs.count > signsMax ? " …" : "")
            )
        }
        let widths = (0..<4).map { column in rows.map { $0.cells[column].count }.max() ?? 0 }
        var lines = [StyledLine(), StyledLine("Journeys", .strong)]
        for row in rows {
            var line = StyledLine("  ")
            var place = 2
            for (column, cell) in row.cells.enumerated() {
                line.pad(to: place)
                line.add(cell)
                place += widths[column] + 2
            }
            if !row.signs.isEmpty {
                line.pad(to: place)
                line.add(row.signs, .friction)
            }
            lines.append(line)
        }
        if all.count > shown.count {
            lines.append(StyledLine("  and \(all.count - shown.count) more, none of whose events is drawn", .faint))
        }
        return lines
    }

    private static let signsMax = 8
}
