import Events

/// What is counted of visits, by journey type, step and the day the journey started.
public enum StallCounter: Int, CaseIterable, Sendable {
    case visits, progressed, goal, stopped, open
    /// Progressed visits beyond the step's SLA.
    case slow
}

extension MetricCells {
    /// Dwell of progressed visits.
    public static let stallDwell = 0

    public func stallTable(_ granularity: Granularity, names: TableNames) -> ReportTable {
        let all = stalls.grouped(.total, measures: 1, perPerson: [])
        let groups = granularity == .total ? all : stalls.grouped(.daily, measures: 1, perPerson: [])
        let idle = idleTimes(granularity, asOf: names.asOf)
        let persons = rowPersons.counts(of: .stalls)
        var rows: [ReportTable.CountedRow] = []
        for day in groups.days(granularity) {
            for (index, journey) in names.sortedJourneys {
                // A learned threshold is learned once, from all days.
                let visits = journey.steps.indices.map { step in
                    let key = GroupKey(numbers: [UInt32(index), UInt32(step)], day: nil)
                    let ofDay = GroupKey(numbers: key.numbers, day: day)
                    return StepVisits(
                        group: groups[ofDay] ?? .empty(counters: StallCounter.allCases.count, measures: 1), idle: idle[ofDay] ?? [],
                        step: journey.steps[step], learnedFrom: all[key]?.distributions[Self.stallDwell])
                }
                let decisions = StallPoints.decide(visits.map { .init(stalled: $0.stalled, exposed: $0.exposed) })
                for (step, visit) in visits.enumerated() where granularity == .total || visit.group[StallCounter.visits] > 0 {
                    let count = persons[[UInt32(index), UInt32(step), 0, 0]] ?? 0
                    rows.append((day, count, [.text(journey.name), .integer(Int64(step + 1))] + visit.cells(decisions[step])))
                }
            }
        }
        return .make("stalls", "Visits to steps, and where journeys stall", granularity, keyColumns: ["journey", "step_index"], columns: Self.stallColumns, rows: rows,
            minCount: names.minCount)
    }

    private static let stallColumns: [ReportTable.Column] = [
        .init("journey", .text, "Journey type"),
        .init("step_index", .integer, "Place among the type's steps, from 1"),
        .init("step", .text, "Step"),
        .init("owner", .text, "Who owns the step"),
        .init("visits", .integer, "Stays in the step"),
        .init("progressed", .integer, "Visits followed by another step's visit"),
        .init("goal", .integer, "Last visits of completed journeys"),
        .init("stopped", .integer, "Last visits of failed or abandoned journeys"),
        .init("open", .integer, "Last visits of open journeys"),
        .init("dwell_p50_seconds", .seconds, "Median dwell of progressed visits: start of the next step's visit minus start of this one"),
        .init("dwell_p90_seconds", .seconds, "90th percentile of the dwell of progressed visits"),
        .init("threshold_seconds", .seconds, "Dwell or idle time beyond which a visit counts as stalled"),
        .init("threshold_source", .text, "sla, learned (from at least 30 progressed dwells) or none"),
        .init("slow", .integer, "Progressed visits with a dwell over the threshold"),
        .init("idle", .integer, "Open visits idle beyond the threshold at as-of"),
        .init("stalled", .integer, "slow + stopped + idle"),
        .init("stall_rate", .ratio, "stalled / (visits - goal)"),
        .init("is_stall_point", .boolean, "Stall rate above the type's other steps: p_value significant (Benjamini-Hochberg, 5 %) and 1.2 times theirs"),
        .init("p_value", .ratio, "One-sided two-proportion z-test against the type's other steps"),
    ]
}

/// One step's visits with its threshold applied.
private struct StepVisits {
    let group: CellGroup
    let step: TableNames.Step
    let threshold: StallThreshold?
    let slow: Int64
    let idle: Int64

    init(group: CellGroup, idle times: [IdleTime], step: TableNames.Step, learnedFrom dwells: Distribution?) {
        self.group = group
        self.step = step
        guard let threshold = StallThreshold(sla: step.sla, progressedDwells: dwells) else {
            (threshold, slow, idle) = (nil, 0, 0)
            return
        }
        self.threshold = threshold
        idle = times.reduce(0) { threshold.isExceeded(by: $1.time) ? $0 + $1.visits : $0 }
        slow =
            switch threshold.source {
            case .sla: group[StallCounter.slow]
            case .learned: group.distributions[MetricCells.stallDwell].count(above: threshold.microseconds)
            }
    }

    var stalled: Int64 { slow + group[StallCounter.stopped] + idle }
    var exposed: Int64 { group[StallCounter.visits] - group[StallCounter.goal] }

    func cells(_ decision: StallPoints.Decision) -> [ReportTable.Cell] {
        func count(_ counter: StallCounter) -> ReportTable.Cell { .integer(group[counter]) }
        return [
            .text(step.name), ReportTable.text(step.owner), count(.visits), count(.progressed), count(.goal), count(.stopped), count(.open),
            group.seconds(MetricCells.stallDwell, 0.5), group.seconds(MetricCells.stallDwell, 0.9),
            threshold.map { .seconds($0.microseconds / 1_000_000) } ?? .unknown, .text(threshold?.source.name ?? "none"), .integer(slow),
            .integer(idle), .integer(stalled), ReportTable.ratio(stalled, exposed), .boolean(decision.isStallPoint),
            decision.pValue.map { .ratio($0) } ?? .unknown,
        ]
    }
}
