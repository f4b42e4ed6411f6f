/// What is counted of transitions, by journey type, scope, from, to and the day the journey started.
public enum TransitionCounter: Int, CaseIterable, Sendable {
    case count
    /// Journeys that have the transition; of these the closed ones and the completed ones.
    case journeys, closed, completed
}

public enum TransitionScope: UInt32, Sendable {
    case channel, touchpoint

    var name: String { self == .channel ? "channel" : "touchpoint" }
}

extension MetricCells {
    /// Time between the two events.
    public static let transitionGap = 0

    public func transitionTable(_ granularity: Granularity, names: TableNames) -> ReportTable {
        let groups = transitions.grouped(granularity, measures: 1, perPerson: [])
        let persons = rowPersons.counts(of: .transitions)
        let sorted = groups.map { key, group in
            let scope = TransitionScope(rawValue: key.numbers[1])?.name ?? ""
            let texts = [names.journeys[Int(key.numbers[0])].name, scope, names.text(key.numbers[2]), names.text(key.numbers[3])]
            return (day: key.day, texts: texts, persons: persons[key.numbers] ?? 0, group: group)
        }.sorted { TableNames.precedes($0.texts, $1.texts) }
        let rows = sorted.map { row in
            let cells: [ReportTable.Cell] =
                row.texts.map { .text($0) } + [
                    .integer(row.group[TransitionCounter.count]), .integer(row.group[TransitionCounter.journeys]),
                    row.group.seconds(Self.transitionGap, 0.5),
                    ReportTable.ratio(row.group[TransitionCounter.completed], row.group[TransitionCounter.closed]),
                ]
            return (day: row.day, persons: row.persons, cells: cells)
        }
        return .make(
            "transitions", "Directly following events of journeys", granularity, keyColumns: ["journey", "scope", "from", "to"],
            columns: Self.transitionColumns, rows: rows, minCount: names.minCount)
    }

    private static let transitionColumns: [ReportTable.Column] = [
        .init("journey", .text, "Journey type"),
        .init("scope", .text, "channel (only where it changes) or touchpoint"),
        .init("from", .text, "Of the first event"),
        .init("to", .text, "Of the event directly after it in the journey"),
        .init("count", .integer, "Such pairs of events"),
        .init("journeys", .integer, "Journeys with at least one"),
        .init("gap_p50_seconds", .seconds, "Median time between the two events"),
        .init("completion_rate", .ratio, "Completed / closed among the journeys that have the transition"),
    ]
}
