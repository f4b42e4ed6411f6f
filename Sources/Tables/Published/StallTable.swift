import Events
import Journeys

/// stalls.csv: visits to steps, by journey type, step and the day the journey started, and where journeys stall.
enum StallTable: MetricTable {
    enum Counter: Int, CellCounter {
        case visits, progressed, goal, stopped, open
        /// Judged visits that ended: all of them, those beyond the step's SLA, and those that went no further.
        case judged, slow, stoppedJudged
        /// Counted only where rows of few persons are left out.
        case persons
    }

    enum OpenCounter: Int, CellCounter { case visits }

    static let name = "stalls"
    static let title = "Visits to steps, and where journeys stall"
    static let keyColumns = ["journey", "step_index"]
    /// Key: step, channel of the visit's first event. Dwells of judged visits: of progressed ones; without SLA, of those that led to
    /// the goal. A threshold that is learned is learned from all days and channels. Persons are counted without the channel.
    static let stalls = CellShape("stalls", Counter.self, persons: .persons, measures: 2, texts: [1], isReadWhole: true)
    /// Key: step, channel, and in two halves the time of the visit's start. Kept so rather than with how long they have lasted:
    /// what a person contributes then stays the same while as-of moves on.
    static let openVisits = CellShape("open_visits", OpenCounter.self, texts: [1], isReadWhole: true)
    static let cells = [stalls, openVisits]
    static let reasonForOtherDays: String? = "as-of or learned threshold"
    private static let (dwell, goalDwell) = (0, 1)

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
        .init(
            "dwell_p50_seconds", .seconds,
            "Median dwell of progressed judged visits: start of the next step's visit minus start of this one"
        ) {
            $0.visits.group.seconds(dwell, 0.5)
        },
        .init("dwell_p90_seconds", .seconds, "90th percentile of the dwell of progressed judged visits") {
            $0.visits.group.seconds(dwell, 0.9)
        },
        .init("threshold_seconds", .seconds, "Time beyond which a judged visit counts as stalled") {
            $0.visits.threshold.map { .seconds($0.microseconds / 1_000_000) } ?? .unknown
        },
        .init("threshold_source", .text, "sla, learned (from at least 30 dwells of progressed judged visits) or none") {
            .text($0.visits.threshold?.source.name ?? "none")
        },
        .init("slow", .integer, "Judged visits that progressed or led to the goal, with a dwell over the threshold") {
            .integer($0.visits.slow)
        },
        .init("idle", .integer, "Judged open visits that have lasted longer than the threshold at as-of") { .integer($0.visits.idle) },
        .init("stalled", .integer, "slow + idle + stopped_judged") { .integer($0.visits.stalled) },
        .init("stall_rate", .ratio, "stalled / judged") { ReportTable.ratio($0.visits.stalled, $0.visits.judged) },
        .init(
            "is_stall_point", .boolean,
            "Stall rate above the type's other steps: p_value significant (Benjamini-Hochberg, 5 %) and 1.2 times theirs"
        ) {
            .boolean($0.decision.isStallPoint)
        },
        .init("p_value", .ratio, "One-sided two-proportion z-test against the type's other steps") {
            ReportTable.ratio($0.decision.pValue)
        },
        .init("judged", .integer, "Visits that began at least the step's sla before as-of, or without one the type's inactivity") {
            .integer($0.visits.judged)
        },
        .init("stopped_judged", .integer, "Judged last visits of failed or abandoned journeys") {
            $0.visits.group.count(Counter.stoppedJudged)
        },
    ]

    /// Every step; by day only those with visits.
    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let thresholds = thresholds(sums.cells, sums.names)
        let groups = sums.cells[stalls].grouped(sums.granularity, merged: ofStep)
        let open = openTimes(sums, of: ofStep)
        var rows: [TableRow<Row>] = []
        for day in groups.days(sums.granularity) {
            for (type, journey) in sums.names.sortedJourneys {
                let visits = journey.steps.indices.map { step in
                    let key = CellKey(type: UInt32(type), UInt32(step), day: day)
                    return StepVisits(
                        group: groups[key] ?? .empty(stalls), open: open[key] ?? [], step: journey.steps[step],
                        threshold: thresholds[type][step])
                }
                let decisions = StallPoints.decide(visits.map { .init(stalled: $0.stalled, judged: $0.judged) })
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

    /// Dwells of progressed judged visits by step, whatever the channel, over all days.
    static func dwells(_ sums: TableSums) -> [CellKey: Distribution] {
        sums.cells[stalls].grouped(.total, merged: ofStep).mapValues { $0.distribution(dwell) }
    }

    /// The key of a step, whatever the channel.
    private static func ofStep(_ key: CellKey) -> CellKey { CellKey(type: key.type, slice: key.slice, key.first, day: key.day) }

    /// The visits of each step in each channel, over all days.
    static func byChannel(_ sums: TableSums) -> [(key: CellKey, visits: StepVisits)] {
        let thresholds = thresholds(sums.cells, sums.names)
        let groups = sums.cells[stalls].grouped(.total)
        func ofChannel(_ key: CellKey) -> CellKey { CellKey(type: key.type, slice: key.slice, key.first, key.second, day: key.day) }
        let open = openTimes(sums, of: ofChannel)
        return groups.filter { $0.key.second != 0 }.map { key, group in
            let (type, step) = (Int(key.type), Int(key.first))
            return (
                key,
                StepVisits(
                    group: group, open: open[key] ?? [], step: sums.names.journeys[type].steps[step], threshold: thresholds[type][step])
            )
        }
    }

    /// By journey type and step; learned from all days. Only after `finish`.
    static func thresholds(_ cells: MetricCells, _ names: TableNames) -> [[StallThreshold?]] {
        let groups = cells[stalls].grouped(.total, merged: ofStep)
        return names.journeys.enumerated().map { type, journey in
            journey.steps.enumerated().map { number, step in
                let dwells = groups[CellKey(type: UInt32(type), UInt32(number))]?.distribution(dwell)
                return StallThreshold(sla: step.sla, progressedDwells: dwells)
            }
        }
    }

    /// How many open visits have lasted how long at as-of.
    /// - Parameter merged: of a cell's key, the one under which its visits are looked for.
    private static func openTimes(_ sums: TableSums, of merged: (CellKey) -> CellKey) -> [CellKey: [(time: Microseconds, visits: Int64)]] {
        let table = sums.cells[openVisits]
        var found: [CellKey: [(time: Microseconds, visits: Int64)]] = [:]
        for cell in 0..<table.count {
            let key = table.key(of: cell)
            guard key.slice == 0 else { continue }
            let since = EventTime(bitPattern: UInt64(key.third) << 32 | UInt64(key.fourth))
            let group = merged(key)
            found[sums.granularity == .daily ? group : group.overall, default: []].append(
                (sums.names.asOf - since, table.counter(OpenCounter.visits, of: cell)))
        }
        return found
    }

    /// One step's visits with its threshold applied.
    struct StepVisits {
        let group: CellGroup
        let step: TableNames.Step
        let threshold: StallThreshold?
        let judged: Int64
        let slow: Int64
        let idle: Int64

        init(group: CellGroup, open times: [(time: Microseconds, visits: Int64)], step: TableNames.Step, threshold: StallThreshold?) {
            (self.group, self.step, self.threshold) = (group, step, threshold)
            let old = times.filter { $0.time >= step.judgedAge }
            judged = group[Counter.judged] + old.reduce(0) { $0 + $1.visits }
            guard let threshold else {
                (slow, idle) = (0, 0)
                return
            }
            idle = old.reduce(0) { threshold.isExceeded(by: $1.time) ? $0 + $1.visits : $0 }
            slow =
                switch threshold.source {
                case .sla: group[Counter.slow]
                case .learned: (0..<StallTable.stalls.measureCount).reduce(0) { $0 + group.distribution($1).count(above: threshold) }
                }
        }

        var stalled: Int64 { slow + idle + group[Counter.stoppedJudged] }
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells) }

    private final class Fold: TableFold {
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
            memos = plan.journeys.map { DayMemo(count: $0.definition.steps.count * max(1, plan.channelCount)) }
        }

        override var questions: AsOfQuestions { .visits }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            for visit in person.visits {
                let step = UInt32(visit.step)
                let kind = plan.kinds[Int(person.events.kinds[Int(visit.event)])]
                let cell = memos[journey.type].cell(
                    visit.step * plan.channelCount + Int(kind.channel), day: journey.day, slice: journey.slice, in: table,
                    journey.key(step, kind.channelSymbol))
                table.add(1, to: Counter.visits, of: cell)
                plan.countPerson(of: journey, to: Counter.persons, in: table, journey.key(step))
                // Whether an open one is judged is told when rows are made.
                if !visit.end.isOpen, person.isJudged(visit) { judge(visit, slas[journey.type][visit.step], cell) }
                switch visit.end {
                case .progressed: table.add(1, to: Counter.progressed, of: cell)
                case .goal: table.add(1, to: Counter.goal, of: cell)
                case .stopped: table.add(1, to: Counter.stopped, of: cell)
                case .open:
                    table.add(1, to: Counter.open, of: cell)
                    let bits = UInt64(bitPattern: person.events.times[Int(visit.event)])
                    let key = journey.key(
                        step, kind.channelSymbol, UInt32(truncatingIfNeeded: bits >> 32), UInt32(truncatingIfNeeded: bits))
                    openTable.add(1, to: OpenCounter.visits, of: openTable.cell(key))
                }
            }
        }

        private func judge(_ visit: StepVisit, _ sla: Microseconds?, _ cell: Int) {
            table.add(1, to: Counter.judged, of: cell)
            switch visit.end {
            case .progressed(let time):
                table.note(time, measure: dwell, of: cell)
                if let sla, time > sla { table.add(1, to: Counter.slow, of: cell) }
            case .goal(let time):
                guard let sla else { return table.note(time, measure: goalDwell, of: cell) }
                if time > sla { table.add(1, to: Counter.slow, of: cell) }
            case .stopped: table.add(1, to: Counter.stoppedJudged, of: cell)
            case .open: break
            }
        }
    }
}

extension MetricCells {
    /// By journey type and step, as stalls.csv uses them. Only after `finish`.
    public func stallThresholds(names: TableNames) -> [[StallThreshold?]] { StallTable.thresholds(self, names) }
}
