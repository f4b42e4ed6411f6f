/// What is counted of journeys, by type and the day they started.
public enum JourneyCounter: Int, CaseIterable, Sendable {
    case started, completed, failed, abandoned, open, events, sessions, channelSwitches
    /// Persons with such a journey.
    case customers
    /// Journeys with at least one friction.
    case withFriction
}

extension MetricCells {
    /// First to last event of completed journeys.
    public static let journeyDuration = 0

    public func journeyTable(_ granularity: Granularity, names: TableNames) -> ReportTable {
        let groups = journeys.grouped(granularity, measures: 1, perPerson: [JourneyCounter.customers.rawValue])
        var rows: [ReportTable.CountedRow] = []
        for day in groups.days(granularity) {
            for (index, journey) in names.sortedJourneys {
                let found = groups[GroupKey(numbers: [UInt32(index)], day: day)]
                guard granularity == .total || found != nil else { continue }
                let group = found ?? .empty(counters: JourneyCounter.allCases.count, measures: 1)
                rows.append((day, group[JourneyCounter.customers], Self.journeyRow(journey.name, group)))
            }
        }
        return .make("journeys", "Journeys by type", granularity, keyColumns: ["journey"], columns: Self.journeyColumns, rows: rows,
            minCount: names.minCount)
    }

    private static func journeyRow(_ name: String, _ group: CellGroup) -> [ReportTable.Cell] {
        let completed = group[JourneyCounter.completed]
        let closed = completed + group[JourneyCounter.failed] + group[JourneyCounter.abandoned]
        let interval = Statistics.wilsonInterval(successes: completed, trials: closed)
        func count(_ counter: JourneyCounter) -> ReportTable.Cell { .integer(group[counter]) }
        return [
            .text(name), count(.started), count(.completed), count(.failed), count(.abandoned), count(.open), ReportTable.ratio(completed, closed),
            interval.map { .ratio($0.low) } ?? .unknown, interval.map { .ratio($0.high) } ?? .unknown, group.seconds(journeyDuration, 0.5),
            group.seconds(journeyDuration, 0.9), count(.events), count(.sessions), count(.channelSwitches), count(.customers),
            count(.withFriction), ReportTable.ratio(group[JourneyCounter.withFriction], group[JourneyCounter.started]),
        ]
    }

    private static let journeyColumns: [ReportTable.Column] = [
        .init("journey", .text, "Journey type"),
        .init("started", .integer, "Journeys that began"),
        .init("completed", .integer, "Journeys that reached their goal"),
        .init("failed", .integer, "Journeys that failed"),
        .init("abandoned", .integer, "Journeys closed by silence or length without goal or failure"),
        .init("open", .integer, "Journeys not yet closed at as-of"),
        .init("completion_rate", .ratio, "completed / (completed + failed + abandoned); open journeys are left out"),
        .init("completion_rate_low", .ratio, "Lower end of the Wilson 95 % interval of completion_rate"),
        .init("completion_rate_high", .ratio, "Upper end of the Wilson 95 % interval of completion_rate"),
        .init("duration_p50_seconds", .seconds, "Median time from first to last event of completed journeys"),
        .init("duration_p90_seconds", .seconds, "90th percentile of the time from first to last event of completed journeys"),
        .init("events", .integer, "Events in journeys of the type"),
        .init("sessions", .integer, "Sessions that the journeys' events belong to, summed over journeys"),
        .init("channel_switches", .integer, "Directly following events of a journey in different channels"),
        .init("customers", .integer, "Persons with at least one such journey"),
        .init("with_friction", .integer, "Journeys with at least one friction of any kind"),
        .init("friction_share", .ratio, "with_friction / started"),
    ]
}
