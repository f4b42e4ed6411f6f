import Events
import Journeys

/// stalls.csv: visits to steps, by journey type, step and the day the journey started, and where journeys stall.
enum StallTable: MetricTable {
    enum Counter: Int, CellCounter {
        case visits, progressed, goal, stopped, open
        /// Progressed visits beyond the step's SLA.
        case slow
        /// Counted only where rows of few persons are left out.
        case persons
    }

    enum OpenCounter: Int, CellCounter { case visits }

    static let name = "stalls"
    static let title = "Visits to steps, and where journeys stall"
    static let keyColumns = ["journey", "step_index"]
    /// Key: step. Dwell of progressed visits. A threshold that is learned is learned from all days.
    static let stalls = CellShape("stalls", Counter.self, persons: .persons, measures: 1, isReadWhole: true)
    /// Key: step, and in two halves the time of the journey's last event. Kept so rather than with how long they have idled:
    /// what a person contributes then stays the same while as-of moves on.
    static let openVisits = CellShape("open_visits", OpenCounter.self, isReadWhole: true)
    static let cells = [stalls, openVisits]
    static let reasonForOtherDays: String? = "as-of or learned threshold"
    private static let dwell = 0

    struct Row {
        let journey: String
        let index: Int
        let visits: StepVisits
        let decision: StallPoints.Decision
    }

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { .text($0.journey) },
        .init("step_index", .integer, "Place among the type's steps, from 1") { .integer(Int64($0.index + 1)) },
        .init("step", .text, "Step") { .text($0.visits.step.name) },
        .init("owner", .text, "Who owns the step") { ReportTable.text($0.visits.step.owner) },
        .init("visits", .integer, "Stays in the step") { $0.visits.group.count(Counter.visits) },
        .init("progressed", .integer, "Visits followed by another step's visit") { $0.visits.group.count(Counter.progressed) },
        .init("goal", .integer, "Last visits of completed journeys") { $0.visits.group.count(Counter.goal) },
        .init("stopped", .integer, "Last visits of failed or abandoned journeys") { $0.visits.group.count(Counter.stopped) },
        .init("open", .integer, "Last visits of open journeys") { $0.visits.group.count(Counter.open) },
        .init("dwell_p50_seconds", .seconds, "Median dwell of progressed visits: start of the next step's visit minus start of this one") {
            $0.visits.group.seconds(dwell, 0.5)
        },
        .init("dwell_p90_seconds", .seconds, "90th percentile of the dwell of progressed visits") { $0.visits.group.seconds(dwell, 0.9) },
        .init("threshold_seconds", .seconds, "Dwell or idle time beyond which a visit counts as stalled") {
            $0.visits.threshold.map { .seconds($0.microseconds / 1_000_000) } ?? .unknown
        },
        .init("threshold_source", .text, "sla, learned (from at least 30 progressed dwells) or none") {
            .text($0.visits.threshold?.source.name ?? "none")
        },
        .init("slow", .integer, "Progressed visits with a dwell over the threshold") { .integer($0.visits.slow) },
        .init("idle", .integer, "Open visits idle beyond the threshold at as-of") { .integer($0.visits.idle) },
        .init("stalled", .integer, "slow + stopped + idle") { .integer($0.visits.stalled) },
        .init("stall_rate", .ratio, "stalled / (visits - goal)") { ReportTable.ratio($0.visits.stalled, $0.visits.exposed) },
        .init(
            "is_stall_point", .boolean,
            "Stall rate above the type's other steps: p_value significant (Benjamini-Hochberg, 5 %) and 1.2 times theirs"
        ) {
            .boolean($0.decision.isStallPoint)
        },
        .init("p_value", .ratio, "One-sided two-proportion z-test against the type's other steps") {
            ReportTable.ratio($0.decision.pValue)
        },
    ]

    /// Every step; by day only those with visits.
    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let thresholds = thresholds(sums.cells, sums.names)
        let groups = sums.groups(stalls)
        let idle = idleTimes(sums)
        var rows: [TableRow<Row>] = []
        for day in groups.days(sums.granularity) {
            for (type, journey) in sums.names.sortedJourneys {
                let visits = journey.steps.indices.map { step in
                    let key = CellKey(type: UInt32(type), UInt32(step), day: day)
                    return StepVisits(
                        group: groups[key] ?? .empty(stalls), idle: idle[key] ?? [], step: journey.steps[step],
                        threshold: thresholds[type][step])
                }
                let decisions = StallPoints.decide(visits.map { .init(stalled: $0.stalled, exposed: $0.exposed) })
                for (step, visit) in visits.enumerated() where sums.granularity == .total || visit.group[Counter.visits] > 0 {
                    rows.append(
                        TableRow(
                            day: day, persons: visit.group[Counter.persons],
                            row: Row(journey: journey.name, index: step, visits: visit, decision: decisions[step])))
                }
            }
        }
        return rows
    }

    /// By journey type and step; learned from all days. Only after `finish`.
    static func thresholds(_ cells: MetricCells, _ names: TableNames) -> [[StallThreshold?]] {
        let groups = cells[stalls].grouped(.total)
        return names.journeys.enumerated().map { type, journey in
            journey.steps.enumerated().map { number, step in
                let dwells = groups[CellKey(type: UInt32(type), UInt32(number))]?.distributions[dwell]
                return StallThreshold(sla: step.sla, progressedDwells: dwells)
            }
        }
    }

    /// How many open visits have idled how long at as-of, which may lie before their last event, by journey type and step.
    private static func idleTimes(_ sums: TableSums) -> [CellKey: [(time: Microseconds, visits: Int64)]] {
        let table = sums.cells[openVisits]
        var found: [CellKey: [(time: Microseconds, visits: Int64)]] = [:]
        for cell in 0..<table.count {
            let key = table.key(of: cell)
            guard key.slice == 0 else { continue }
            let since = EventTime(bitPattern: UInt64(key.second) << 32 | UInt64(key.third))
            let group = CellKey(type: key.type, key.first, day: sums.granularity == .daily ? key.day : CellKey.allDays)
            found[group, default: []].append((max(0, sums.names.asOf - since), table.counter(OpenCounter.visits, of: cell)))
        }
        return found
    }

    /// One step's visits with its threshold applied.
    struct StepVisits {
        let group: CellGroup
        let step: TableNames.Step
        let threshold: StallThreshold?
        let slow: Int64
        let idle: Int64

        init(group: CellGroup, idle times: [(time: Microseconds, visits: Int64)], step: TableNames.Step, threshold: StallThreshold?) {
            (self.group, self.step, self.threshold) = (group, step, threshold)
            guard let threshold else {
                (slow, idle) = (0, 0)
                return
            }
            idle = times.reduce(0) { threshold.isExceeded(by: $1.time) ? $0 + $1.visits : $0 }
            slow =
                switch threshold.source {
                case .sla: group[Counter.slow]
                case .learned: group.distributions[dwell].count(above: threshold.microseconds)
                }
        }

        var stalled: Int64 { slow + group[Counter.stopped] + idle }
        var exposed: Int64 { group[Counter.visits] - group[Counter.goal] }
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> any TableFold { Fold(plan, cells) }

    private final class Fold: JourneyCounting {
        private let plan: FoldPlan
        private let table: CellTable
        private let openTable: CellTable
        /// By journey type: its steps' limits, and the cells of its steps.
        private let slas: [[Microseconds?]]
        private let memos: [DayMemo]

        init(_ plan: FoldPlan, _ cells: MetricCells) {
            self.plan = plan
            table = cells[stalls]
            openTable = cells[openVisits]
            slas = plan.journeys.map { $0.definition.steps.map(\.sla) }
            memos = plan.journeys.map { DayMemo(count: $0.definition.steps.count) }
        }

        func add(_ journey: JourneyContext, _ person: PersonWalk) {
            for visit in person.visits {
                let step = UInt32(visit.step)
                let cell = memos[journey.type].cell(visit.step, day: journey.day, slice: journey.slice, in: table, journey.key(step))
                table.add(1, to: Counter.visits, of: cell)
                plan.countPerson(of: journey, to: Counter.persons, in: table, journey.key(step))
                switch visit.end {
                case .progressed(let time):
                    table.add(1, to: Counter.progressed, of: cell)
                    table.note(time, measure: dwell, of: cell)
                    if let sla = slas[journey.type][visit.step], time > sla { table.add(1, to: Counter.slow, of: cell) }
                case .goal: table.add(1, to: Counter.goal, of: cell)
                case .stopped: table.add(1, to: Counter.stopped, of: cell)
                case .open(let since):
                    table.add(1, to: Counter.open, of: cell)
                    let bits = UInt64(bitPattern: since)
                    let key = journey.key(step, UInt32(truncatingIfNeeded: bits >> 32), UInt32(truncatingIfNeeded: bits))
                    openTable.add(1, to: OpenCounter.visits, of: openTable.cell(key))
                }
            }
        }
    }
}

extension MetricCells {
    /// By journey type and step, as stalls.csv uses them. Only after `finish`.
    public func stallThresholds(names: TableNames) -> [[StallThreshold?]] { StallTable.thresholds(self, names) }
}
