import Events
import Journeys

/// open_journeys.csv: which customers are under way, where they stand, and what came of others who stood there.
enum OpenJourneyTable: MetricTable {
    static let name = "open_journeys"
    static let title = "Journeys under way at as-of, those worth most first"
    static let keyColumns = ["person", "journey", "started"]
    static let cells: [CellShape] = []
    static let isByDay = false
    static let rowsMax = 10_000
    /// Fewer visits that came from the same step say less than all visits of the step.
    static let visitsMin: Int64 = 30

    struct Row {
        let open: OpenJourney
        let journey: String
        let step: String
        let idle: Int64
        let isStalled: Bool?
        let outlook: StepOutlooks.Outlook?
        let value: Double?

        var person: String { String(decoding: open.person, as: UTF8.self) }
        var rank: OpenJourneyOrder.Rank { OpenJourneyOrder.Rank(value: value, idle: idle) }
    }

    static let columns: [TableColumn<Row>] = [
        .init("person", .text, "Identity type and id that stand for the person") { .text($0.person) },
        .init("journey", .text, "Journey type") { .text($0.journey) },
        .init("started", .text, "Time of its first event, UTC") { .text(TimeFormat.utc($0.open.started)) },
        .init("step", .text, "Step of its last visit; empty without one") { .text($0.step) },
        .init("idle_seconds", .seconds, "As-of − its last event; 0 where that lies after as-of") { .duration($0.idle) },
        .init("stalled", .boolean, "Whether the visit has lasted beyond the step's threshold; empty without a threshold") {
            $0.isStalled.map { .boolean($0) } ?? .unknown
        },
        .init(
            "next", .text,
            "What most often followed such a visit: by the step before and the step where these had 30 visits that ended, else by the step"
        ) { ReportTable.text($0.outlook?.next) },
        .init("next_share", .ratio, "How often it followed") { ReportTable.ratio($0.outlook?.nextShare) },
        .init("goal_share", .ratio, "Conversion of the mature journeys of these visits") { ReportTable.ratio($0.outlook?.goalShare) },
        .init("value", .ratio, "Mean value at the goal of the type's converted journeys · goal_share") { ReportTable.ratio($0.value) },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let names = sums.names
        let order = OpenJourneyOrder(sums.cells, names)
        let thresholds = StallTable.thresholds(sums.cells, names)
        let rows = order.first(rowsMax, of: names.openJourneys).map { place in
            let open = names.openJourneys[place]
            let type = Int(open.type)
            let threshold = open.visit.flatMap { thresholds[type][Int($0.step)] }
            return Row(
                open: open, journey: names.journeys[type].name,
                step: open.visit.map { names.journeys[type].steps[Int($0.step)].name } ?? "", idle: order.idle(open),
                isStalled: open.visit.flatMap { visit in threshold?.isExceeded(by: names.asOf - visit.started) },
                outlook: order.outlook(open), value: order.value(open))
        }
        let first = rows.sorted { one, other in
            if one.rank != other.rank { return one.rank > other.rank }
            if one.open.person != other.open.person { return one.open.person.lexicographicallyPrecedes(other.open.person) }
            return (one.open.type, one.open.started, one.open.number) < (other.open.type, other.open.started, other.open.number)
        }.prefix(rowsMax)
        return first.map { TableRow(day: CellKey.allDays, persons: 1, row: $0) }
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(cells) }

    private final class Fold: TableFold {
        private let persons: FoundPersons

        init(_ cells: MetricCells) { persons = cells.persons }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            guard journey.status == .open else { return }
            let (times, visits) = (person.events.times, person.visits)
            let visit = visits.last.map { last in
                OpenJourney.Visit(
                    started: times[Int(last.event)], step: UInt32(last.step),
                    previous: visits.count > 1 ? UInt32(visits[visits.count - 2].step) : nil)
            }
            persons.add(
                journey.owner - 1,
                OpenJourney(
                    person: [], type: UInt32(journey.type), number: 0, started: times[Int(journey.events.first!)],
                    last: times[Int(journey.events.last!)], visit: visit))
        }
    }
}

extension MetricCells {
    /// The places of those journeys under way of which rows may be shown, whatever their persons are called: where there are many, only
    /// these need names.
    package func shown(_ journeys: [OpenJourney], names: TableNames) -> [Int] {
        OpenJourneyOrder(self, names).first(OpenJourneyTable.rowsMax, of: journeys)
    }
}

/// What journeys under way are worth, and how long they have been idle, which puts them in order before anybody has a name.
struct OpenJourneyOrder {
    /// The highest comes first: what is worth most, then what has been idle longest.
    struct Rank: Comparable {
        var value: Double?
        var idle: Microseconds

        static func < (left: Rank, right: Rank) -> Bool {
            if left.value != right.value { return (left.value ?? -.infinity) < (right.value ?? -.infinity) }
            return left.idle < right.idle
        }
    }

    private let outlooks: StepOutlooks
    /// By type: mean value at the goal.
    private let worth: [Double?]
    private let asOf: EventTime

    init(_ cells: MetricCells, _ names: TableNames) {
        outlooks = StepOutlooks(NextStepTable.groups(cells, .total, measured: false), names)
        worth = names.journeys.indices.map { ProblemCells.meanWorth(cells, type: $0) }
        asOf = names.asOf
    }

    func outlook(_ open: OpenJourney) -> StepOutlooks.Outlook? { open.visit.flatMap { outlooks.of($0, type: open.type) } }

    func value(_ open: OpenJourney) -> Double? {
        guard let share = outlook(open)?.goalShare, let worth = worth[Int(open.type)] else { return nil }
        return worth * share
    }

    func idle(_ open: OpenJourney) -> Microseconds { max(0, asOf.subtractingReportingOverflow(open.last).partialValue) }

    /// The places of the first so many, and of those behind them that are in no way behind the last; in any order. O(n log n).
    func first(_ count: Int, of journeys: [OpenJourney]) -> [Int] {
        guard journeys.count > count else { return Array(journeys.indices) }
        // Of all journeys at one place of a type the value is the same.
        struct Standing: Hashable { let type, step, previous: UInt32? }
        var values: [Standing: Double?] = [:]
        var ranks: [(rank: Rank, place: Int)] = []
        ranks.reserveCapacity(journeys.count)
        for (place, open) in journeys.enumerated() {
            let standing = Standing(type: open.type, step: open.visit?.step, previous: open.visit?.previous)
            let value = values[standing] ?? value(open)
            values[standing] = .some(value)
            ranks.append((Rank(value: value, idle: idle(open)), place))
        }
        ranks.sort { $0.rank > $1.rank }
        let last = ranks[count - 1].rank
        return ranks.prefix { $0.rank >= last }.map(\.place)
    }
}

/// What came of past visits, by the step before and the step, or by the step alone.
struct StepOutlooks {
    struct Outlook {
        /// The likeliest; of several the first in byte order.
        var next: String
        var nextShare: Double?
        /// nil where no journey of such a visit is mature.
        var goalShare: Double?
        var visits: Int64
    }

    /// By type, previous and step, as `NextStepTable` numbers them.
    private var outlooks: [CellKey: Outlook] = [:]

    /// - Parameter groups: of `NextStepTable.next`, in keys without days.
    init(_ groups: [CellKey: CellGroup], _ names: TableNames) {
        typealias Counter = NextStepTable.Counter
        for (key, nexts) in Dictionary(grouping: groups, by: { CellKey(type: $0.key.type, $0.key.first, $0.key.second) }) {
            let named = nexts.map { (name: NextStepTable.next(of: $0.key, names), group: $0.value) }
                .filter { $0.group[Counter.count] > 0 }
                .sorted { one, other in
                    let (left, right) = (one.group[Counter.count], other.group[Counter.count])
                    return left != right ? left > right : TableNames.precedes(one.name, other.name)
                }
            guard let first = named.first else { continue }
            func sum(_ counter: Counter) -> Int64 { named.reduce(0) { $0 + $1.group[counter] } }
            outlooks[key] = Outlook(
                next: first.name, nextShare: Share(first.group[Counter.count], of: sum(.count)).rate,
                goalShare: Share(sum(.converted), of: sum(.mature)).rate, visits: sum(.count))
        }
    }

    func of(_ visit: OpenJourney.Visit, type: UInt32) -> Outlook? {
        of(step: visit.step, previous: visit.previous.map { NextStepTable.firstPrevious + $0 } ?? NextStepTable.nothing, type: type)
    }

    /// - Parameter previous: as `NextStepTable` numbers it.
    func of(step: UInt32, previous: UInt32, type: UInt32) -> Outlook? {
        let own = outlooks[CellKey(type: type, previous, step)]
        if let own, own.visits >= OpenJourneyTable.visitsMin { return own }
        return outlooks[CellKey(type: type, NextStepTable.any, step)]
    }
}
