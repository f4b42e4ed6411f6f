/// What each owner has to answer for, by the rows of the other tables.
enum NaiveOwners {
    static func rows(_ pipeline: NaivePipeline, _ tables: NaiveTables) -> [NaiveRow] {
        let steps = pipeline.journeys.flatMap(\.steps)
        let owners = steps.map(\.owner) + pipeline.frictions.map(\.owner) + pipeline.channels.map(\.owner)
        return Set(owners.compactMap { $0.map { ExactText($0) } }).sorted().map { owner in
            func isTheirs(_ other: String?) -> Bool { other.map { ExactText($0) } == owner }
            func isTheirs(_ row: NaiveRow) -> Bool { row.text("owner") == owner }
            let stalls = tables.stalls.filter { isTheirs($0.owner) }
            let frictions = tables.frictions.filter { isTheirs($0.owner) && $0.occurrences ?? 0 > 0 }
            let costs = tables.decisions.priorities.filter { isTheirs($0) && $0.text("verdict") == "costs" }
            let values = costs.compactMap { $0.ratio("value_lost") }
            let responses = tables.decisions.responses.filter(isTheirs)
            return [
                "owner": .text(owner.description), "steps": .integer(steps.filter { isTheirs($0.owner) }.count),
                "stall_points": .integer(stalls.filter(\.isStallPoint).count), "stalled": .integer(stalls.map(\.stalled).reduce(0, +)),
                "frictions": .integer(frictions.count),
                "friction_journeys": .integer(frictions.compactMap(\.journeys).reduce(0, +)),
                "lost": .ratio(costs.compactMap { $0.ratio("lost") }.reduce(0, +)),
                "lost_per_30_days": .ratio(costs.compactMap { $0.ratio("lost_per_30_days") }.reduce(0, +)),
                "value_lost": .ratio(values.isEmpty && !costs.isEmpty ? nil : values.reduce(0, +)),
                "waits": .integer(responses.map { $0.integer("waits") }.reduce(0, +)),
                "within_rate": .ratio(
                    NaiveStatistics.ratio(
                        responses.map { $0.integer("within_sla") }.reduce(0, +), responses.map { $0.integer("judged") }.reduce(0, +))),
            ]
        }
    }
}

extension NaiveRow {
    /// The number of a column of counts; 0 where it is empty.
    fileprivate func integer(_ column: String) -> Int {
        guard case .integer(let number)? = self[column] else { return 0 }
        return number ?? 0
    }
}
