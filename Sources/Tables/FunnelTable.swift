/// What is counted of a funnel, by journey type, place in the funnel and the day the journey started.
public enum FunnelCounter: Int, CaseIterable, Sendable {
    case reached
}

extension MetricCells {
    /// From the event that filled the previous step to the one that filled this.
    public static let funnelTime = 0

    public func funnelTable(_ granularity: Granularity, names: TableNames) -> ReportTable {
        let groups = funnel.grouped(granularity, measures: 1, perPerson: [])
        let persons = rowPersons.counts(of: .funnel)
        var rows: [ReportTable.CountedRow] = []
        for day in groups.days(granularity) {
            for (index, journey) in names.sortedJourneys {
                let steps = journey.steps.filter(\.inFunnel)
                let levels = steps.indices.map { groups[GroupKey(numbers: [UInt32(index), UInt32($0)], day: day)] }
                guard granularity == .total || levels.contains(where: { $0 != nil }) else { continue }
                let filled = levels.map { $0 ?? .empty(counters: FunnelCounter.allCases.count, measures: 1) }
                for place in steps.indices {
                    let count = persons[[UInt32(index), UInt32(place), 0, 0]] ?? 0
                    rows.append((day, count, Self.funnelRow(journey.name, steps, place, filled)))
                }
            }
        }
        return .make("funnel", "Funnels", granularity, keyColumns: ["journey", "step_index"], columns: Self.funnelColumns, rows: rows,
            minCount: names.minCount)
    }

    private static func funnelRow(_ name: String, _ steps: [TableNames.Step], _ place: Int, _ levels: [CellGroup]) -> [ReportTable.Cell] {
        let reached = levels.map { $0[FunnelCounter.reached] }
        return [
            .text(name), .integer(Int64(place + 1)), .text(steps[place].name), ReportTable.text(steps[place].owner), .integer(reached[place]),
            place == 0 ? .unknown : ReportTable.ratio(reached[place], reached[place - 1]), ReportTable.ratio(reached[place], reached[0]),
            place + 1 < reached.count ? .integer(reached[place] - reached[place + 1]) : .unknown,
            levels[place].seconds(funnelTime, 0.5), levels[place].seconds(funnelTime, 0.9),
        ]
    }

    private static let funnelColumns: [ReportTable.Column] = [
        .init("journey", .text, "Journey type"),
        .init("step_index", .integer, "Place in the funnel, from 1"),
        .init("step", .text, "Step"),
        .init("owner", .text, "Who owns the step"),
        .init("reached", .integer, "Journeys whose level is at least this step"),
        .init("from_previous", .ratio, "reached / reached of the previous step"),
        .init("from_start", .ratio, "reached / reached of the first step"),
        .init("dropped", .integer, "Journeys that reached this step and not the next; empty for the last"),
        .init("seconds_from_previous_p50", .seconds, "Median time from the previous step's event; empty in mode any"),
        .init("seconds_from_previous_p90", .seconds, "90th percentile of the time from the previous step's event; empty in mode any"),
    ]
}
