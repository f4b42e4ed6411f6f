/// What is counted of touchpoints, by channel, touchpoint and day: the event's, or, for journeys, the day they started.
public enum TouchpointCounter: Int, CaseIterable, Sendable {
    case events, customers, journeys, entries, exits, errors
}

extension MetricCells {
    public func touchpointTable(_ granularity: Granularity, names: TableNames) -> ReportTable {
        let groups = touchpoints.grouped(granularity, measures: 0, perPerson: [TouchpointCounter.customers.rawValue])
        let sorted = groups.map { key, group in
            (day: key.day, channel: names.text(key.numbers[0]), touchpoint: names.text(key.numbers[1]), group: group)
        }.sorted { TableNames.precedes([$0.channel, $0.touchpoint], [$1.channel, $1.touchpoint]) }
        let rows = sorted.map { row in
            func count(_ counter: TouchpointCounter) -> ReportTable.Cell { .integer(row.group[counter]) }
            let cells: [ReportTable.Cell] = [
                .text(row.channel), .text(row.touchpoint), ReportTable.text(names.channelOwners[Array(row.channel.utf8)]), count(.events), count(.customers),
                count(.journeys), count(.entries), count(.exits), count(.errors),
            ]
            return (day: row.day, persons: row.group[TouchpointCounter.customers], cells: cells)
        }
        return .make(
            "touchpoints", "Touchpoints by channel", granularity, keyColumns: ["channel", "touchpoint"], columns: Self.touchpointColumns, rows: rows,
            minCount: names.minCount)
    }

    private static let touchpointColumns: [ReportTable.Column] = [
        .init("channel", .text, "Channel"),
        .init("touchpoint", .text, "Touchpoint"),
        .init("owner", .text, "The channel's owner"),
        .init("events", .integer, "Events"),
        .init("customers", .integer, "Persons with at least one event"),
        .init("journeys", .integer, "Journeys, of all types, with at least one event"),
        .init("journey_entries", .integer, "Journeys that begin here"),
        .init("journey_exits", .integer, "Journeys whose last event is here"),
        .init("errors", .integer, "Events with one of the pipeline's error outcomes"),
    ]
}
