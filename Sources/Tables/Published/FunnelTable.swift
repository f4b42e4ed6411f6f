package import Journeys

/// funnel.csv: how far journeys get, by type, place in the funnel and the day the journey started.
enum FunnelTable: MetricTable {
    enum Counter: Int, CellCounter {
        case reached
        /// Mature journeys of at least this level.
        case mature
        /// How mature journeys of just this level stand.
        case lost, open, elsewhere
        /// Completed journeys of at least this level.
        case completed
        /// Counted only where rows of few persons are left out.
        case persons
    }

    static let name = "funnel"
    static let title = "Funnels"
    static let keyColumns = ["journey", "step_index"]
    /// Key: place in the funnel. From the event that filled the previous step to the one that filled this.
    static let funnel = CellShape("funnel", Counter.self, persons: .persons, measures: 1)
    static let cells = [funnel]
    private static let time = 0

    struct Row {
        let journey: String
        let place: Int
        let step: TableNames.Step
        /// Of every step of the funnel.
        let levels: [CellGroup]

        func reached(_ place: Int) -> Int64 { levels[place][Counter.reached] }
        var isLast: Bool { place + 1 == levels.count }

        func stopped(_ counter: Counter) -> ReportTable.Cell { isLast ? .unknown : levels[place].count(counter) }
    }

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { .text($0.journey) },
        .init("step_index", .integer, "Place in the funnel, from 1") { .integer(Int64($0.place + 1)) },
        .init("step", .text, "Step") { .text($0.step.name) },
        .init("owner", .text, "Who owns the step") { ReportTable.text($0.step.owner) },
        .init("reached", .integer, "Journeys whose level is at least this step") { .integer($0.reached($0.place)) },
        .init("from_previous", .ratio, "reached / reached of the previous step") {
            $0.place == 0 ? .unknown : ReportTable.ratio($0.reached($0.place), $0.reached($0.place - 1))
        },
        .init("from_start", .ratio, "reached / reached of the first step") { ReportTable.ratio($0.reached($0.place), $0.reached(0)) },
        .init("dropped", .integer, "Journeys that reached this step and not the next; empty for the last") {
            $0.isLast ? .unknown : .integer($0.reached($0.place) - $0.reached($0.place + 1))
        },
        .init("seconds_from_previous_p50", .seconds, "Median time from the previous step's event; empty in mode any") {
            $0.levels[$0.place].seconds(time, 0.5)
        },
        .init("seconds_from_previous_p90", .seconds, "90th percentile of the time from the previous step's event; empty in mode any") {
            $0.levels[$0.place].seconds(time, 0.9)
        },
        .init("mature", .integer, "Journeys that reached this step and began at least the type's horizon before as-of") {
            $0.levels[$0.place].count(Counter.mature)
        },
        .init("lost", .integer, "Mature journeys that got no further than this step, and failed or were abandoned; empty for the last") {
            $0.stopped(.lost)
        },
        .init("open", .integer, "Mature journeys that got no further than this step and are open; empty for the last") {
            $0.stopped(.open)
        },
        .init("elsewhere", .integer, "Mature journeys that completed without the next step: on another way; empty for the last") {
            $0.stopped(.elsewhere)
        },
        .init("lost_rate", .ratio, "lost / mature; empty for the last") {
            $0.isLast ? .unknown : ReportTable.ratio($0.levels[$0.place][Counter.lost], $0.levels[$0.place][Counter.mature])
        },
        .init("completed", .integer, "Journeys that reached this step and completed, mature or not") {
            $0.levels[$0.place].count(Counter.completed)
        },
    ]

    /// Every step; by day only of types that reached one.
    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let groups = sums.groups(funnel)
        var rows: [TableRow<Row>] = []
        for day in groups.days(sums.granularity) {
            for (type, journey) in sums.names.sortedJourneys {
                let steps = journey.steps.filter(\.inFunnel)
                let found = steps.indices.map { groups[CellKey(type: UInt32(type), UInt32($0), day: day)] }
                guard sums.granularity == .total || found.contains(where: { $0 != nil }) else { continue }
                let levels = found.map { $0 ?? .empty(funnel) }
                for (place, step) in steps.enumerated() {
                    rows.append(
                        TableRow(
                            day: day, persons: levels[place][Counter.persons],
                            row: Row(journey: journey.name, place: place, step: step, levels: levels)))
                }
            }
        }
        return rows
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells[funnel]) }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable
        /// By journey type.
        private let memos: [DayMemo]

        init(_ plan: FoldPlan, _ table: CellTable) {
            (self.plan, self.table) = (plan, table)
            memos = plan.journeys.map { DayMemo(count: $0.funnelLength) }
        }

        override var questions: AsOfQuestions { .maturity }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            let (level, chain) = (person.funnelLevel, person.funnelChain)
            for place in 0..<level {
                let cell = memos[journey.type].cell(place, day: journey.day, slice: journey.slice, in: table, journey.key(UInt32(place)))
                table.add(1, to: Counter.reached, of: cell)
                if journey.isMature {
                    table.add(1, to: Counter.mature, of: cell)
                    if place + 1 == level { table.add(1, to: journey.status.whenStopped, of: cell) }
                }
                if journey.status == .completed { table.add(1, to: Counter.completed, of: cell) }
                plan.countPerson(of: journey, to: Counter.persons, in: table, journey.key(UInt32(place)))
                if place > 0, !chain.isEmpty { table.note(chain[place] - chain[place - 1], measure: time, of: cell) }
            }
        }
    }
}

extension JourneyStatus {
    /// What a journey counts as at the step beyond which it does not get.
    fileprivate var whenStopped: FunnelTable.Counter {
        switch self {
        case .failed, .abandoned: .lost
        case .open: .open
        case .completed: .elsewhere
        }
    }

    /// The name of the column that counts a mature journey at the step beyond which it does not get.
    package var wordWhenStopped: String { "\(whenStopped)" }
}
