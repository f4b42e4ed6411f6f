import Journeys

/// transitions.csv: directly following events of journeys, by type, scope, from, to and the day the journey started.
enum TransitionTable: MetricTable {
    enum Counter: Int, CellCounter {
        case count
        /// Journeys that have the transition; of these the closed ones and the completed ones.
        case journeys, closed, completed
        /// Counted only where rows of few persons are left out.
        case persons
    }

    enum Scope: UInt32 {
        case channel, touchpoint

        var name: String { self == .channel ? "channel" : "touchpoint" }
    }

    static let name = "transitions"
    static let title = "Directly following events of journeys"
    static let keyColumns = ["journey", "scope", "from", "to"]
    /// Key: scope, from, to. Time between the two events.
    static let transitions = CellShape("transitions", Counter.self, persons: .persons, measures: 1, texts: [1, 2])
    static let cells = [transitions]
    static let hasDistinctFilledKeys = true
    private static let gap = 0

    /// Texts: journey type, scope, from, to.
    typealias Row = (texts: KeyTexts, group: CellGroup, isOfDay: Bool)

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { .text($0.texts[0]) },
        .init("scope", .text, "channel (only where it changes) or touchpoint") { .text($0.texts[1]) },
        .init("from", .text, "Of the first event") { .text($0.texts[2]) },
        .init("to", .text, "Of the event directly after it in the journey") { .text($0.texts[3]) },
        .init("count", .integer, "Such pairs of events") { $0.group.count(Counter.count) },
        .init("journeys", .integer, "Journeys with at least one") { $0.group.count(Counter.journeys) },
        .init("gap_p50_seconds", .seconds, "Median time between the two events") { $0.group.seconds(gap, 0.5) },
        .init("completion_rate", .ratio, "Completed / closed among the journeys that have the transition; empty by day") {
            $0.isOfDay ? .unknown : ReportTable.ratio($0.group[Counter.completed], $0.group[Counter.closed])
        },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let scope = KeyText.number(0) { number, _ in Scope(rawValue: number)?.name ?? "" }
        return sums.named(transitions, [.journey, scope, .symbol(1), .symbol(2)]).map {
            TableRow(
                day: $0.key.day, persons: $0.group[Counter.persons], row: ($0.texts, $0.group, sums.granularity == .daily))
        }
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells[transitions]) }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable
        /// By journey type.
        private let touchpoints: [Square]
        private let channels: [Square]

        /// The cells of pairs of dense numbers.
        private struct Square {
            let side: Int
            let memo: DayMemo

            init(_ side: Int) {
                self.side = side
                memo = DayMemo(count: side * side)
            }
        }

        init(_ plan: FoldPlan, _ table: CellTable) {
            self.plan = plan
            self.table = table
            touchpoints = plan.journeys.map { _ in Square(plan.touchpointCount) }
            channels = plan.journeys.map { _ in Square(plan.channelCount) }
        }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            let (kinds, times) = (person.events.kinds, person.events.times)
            let (touchpoints, channels) = (touchpoints[journey.type], channels[journey.type])
            var previous = Int(journey.events.first!)
            for event in journey.events.dropFirst() {
                let (one, other) = (plan.kinds[Int(kinds[previous])], plan.kinds[Int(kinds[Int(event)])])
                let time = times[Int(event)] - times[previous]
                add(
                    Int(one.touchpoint), Int(other.touchpoint), in: touchpoints, journey, time,
                    journey.key(Scope.touchpoint.rawValue, one.touchpointSymbol, other.touchpointSymbol))
                if one.channel != other.channel {
                    add(
                        Int(one.channel), Int(other.channel), in: channels, journey, time,
                        journey.key(Scope.channel.rawValue, one.channelSymbol, other.channelSymbol))
                }
                previous = Int(event)
            }
        }

        @inline(__always)
        private func add(
            _ from: Int, _ to: Int, in square: Square, _ journey: JourneyContext, _ time: Int64, _ key: @autoclosure () -> CellKey
        ) {
            let cell = square.memo.cell(from * square.side + to, day: journey.day, slice: journey.slice, in: table, key())
            table.add(1, to: Counter.count, of: cell)
            table.note(time, measure: gap, of: cell)
            plan.countPerson(of: journey, to: Counter.persons, in: table, key())
            guard table.addOnce(journey.journey, to: Counter.journeys, of: cell), journey.status != .open else { return }
            table.add(1, to: Counter.closed, of: cell)
            if journey.status == .completed { table.add(1, to: Counter.completed, of: cell) }
        }
    }
}
