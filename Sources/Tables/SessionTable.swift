/// What is counted of sessions, by channel and the day they started.
public enum SessionCounter: Int, CaseIterable, Sendable {
    case sessions, events, bounces
    /// Sessions that share an instant with one of the same person in another channel.
    case concurrent
    case customers
}

extension MetricCells {
    /// First to last event.
    public static let sessionDuration = 0

    public func sessionTable(_ granularity: Granularity, names: TableNames) -> ReportTable {
        let groups = sessions.grouped(granularity, measures: 1, perPerson: [SessionCounter.customers.rawValue])
        let sorted = groups.map { (day: $0.key.day, channel: names.text($0.key.numbers[0]), group: $0.value) }
            .sorted { TableNames.precedes($0.channel, $1.channel) }
        let rows = sorted.map { row in
            func count(_ counter: SessionCounter) -> ReportTable.Cell { .integer(row.group[counter]) }
            let cells: [ReportTable.Cell] = [
                .text(row.channel), count(.sessions), count(.events), count(.customers), count(.bounces), row.group.seconds(Self.sessionDuration, 0.5),
                row.group.seconds(Self.sessionDuration, 0.9), count(.concurrent),
            ]
            return (day: row.day, persons: row.group[SessionCounter.customers], cells: cells)
        }
        return .make("sessions", "Sessions by channel", granularity, keyColumns: ["channel"], columns: Self.sessionColumns, rows: rows,
            minCount: names.minCount)
    }

    private static let sessionColumns: [ReportTable.Column] = [
        .init("channel", .text, "Channel"),
        .init("sessions", .integer, "Runs of a person's activity in the channel with no silence longer than the gap"),
        .init("events", .integer, "Events in sessions"),
        .init("customers", .integer, "Persons with at least one session"),
        .init("bounces", .integer, "Sessions of one event"),
        .init("duration_p50_seconds", .seconds, "Median time from first to last event"),
        .init("duration_p90_seconds", .seconds, "90th percentile of the time from first to last event"),
        .init("concurrent", .integer, "Sessions that share an instant with a session of the same person in another channel"),
    ]
}
