import Events
import Journeys

/// handoffs.csv: who hands journeys over to whom, between owners and between channels, by the day the journey started.
enum HandoffTable: MetricTable {
    enum Counter: Int, CellCounter {
        case count
        /// Those after which the journey's next hand-over goes back.
        case returned
        /// Journeys with at least one; of these the mature and the converted ones.
        case journeys, mature, converted
        /// Counted only where rows of few persons are left out.
        case persons
    }

    enum Scope: UInt32 {
        case channel, owner

        var name: String { self == .channel ? "channel" : "owner" }
    }

    static let name = "handoffs"
    static let title = "Hand-overs between owners and between channels"
    static let keyColumns = ["journey", "scope", "from", "to"]
    /// Key: scope, from, to. The wait.
    static let handoffs = CellShape("handoffs", Counter.self, persons: .persons, measures: 1, texts: [1, 2])
    static let cells = [handoffs]
    private static let wait = 0

    typealias Row = NamedGroup

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { .text($0.texts[0]) },
        .init("scope", .text, "owner: consecutive visits of different owners; channel: consecutive events in different channels") {
            .text($0.texts[1])
        },
        .init("from", .text, "Owner of the step, or else of the channel of the visit's first event; or channel") { .text($0.texts[2]) },
        .init("to", .text, "Likewise; visits without an owner are passed over") { .text($0.texts[3]) },
        .init("count", .integer, "Such hand-overs") { $0.group.count(Counter.count) },
        .init("journeys", .integer, "Journeys with at least one") { $0.group.count(Counter.journeys) },
        .init("wait_p50_seconds", .seconds, "Median time from start to start of the visits, or between the events") {
            $0.group.seconds(wait, 0.5)
        },
        .init("wait_p90_seconds", .seconds, "90th percentile of the same") { $0.group.seconds(wait, 0.9) },
        .init("mature", .integer, "Mature ones of these journeys") { $0.group.count(Counter.mature) },
        .init("converted", .integer, "Those of them that converted") { $0.group.count(Counter.converted) },
        .init("conversion_rate", .ratio, "converted / mature") {
            ReportTable.ratio($0.group[Counter.converted], $0.group[Counter.mature])
        },
        .init("returned", .integer, "Hand-overs after which the journey's next one of the scope goes back") {
            $0.group.count(Counter.returned)
        },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let scope = KeyText.number(0) { number, _ in Scope(rawValue: number)?.name ?? "" }
        return sums.named(handoffs, [.journey, scope, .symbol(1), .symbol(2)]).map {
            TableRow(day: $0.key.day, persons: $0.group[Counter.persons], row: $0)
        }
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells[handoffs]) }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable
        private var found: [(from: UInt32, to: UInt32, wait: Microseconds)] = []

        init(_ plan: FoldPlan, _ table: CellTable) { (self.plan, self.table) = (plan, table) }

        override var questions: AsOfQuestions { .maturity }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            let events = person.events
            var last: (symbol: UInt32, time: EventTime)?
            func pass(to symbol: UInt32, at event: Int32) {
                let time = events.times[Int(event)]
                if let last, last.symbol != symbol { found.append((last.symbol, symbol, time - last.time)) }
                last = (symbol, time)
            }
            for event in journey.events { pass(to: plan.kinds[Int(events.kinds[Int(event)])].channelSymbol, at: event) }
            count(journey, .channel)
            last = nil
            for visit in person.visits {
                let owner = person.owner(of: visit, in: journey)
                if owner != 0 { pass(to: owner, at: visit.event) }
            }
            count(journey, .owner)
        }

        private func count(_ journey: JourneyContext, _ scope: Scope) {
            for (place, handoff) in found.enumerated() {
                let key = journey.key(scope.rawValue, handoff.from, handoff.to)
                let cell = table.cell(key)
                table.add(1, to: Counter.count, of: cell)
                table.note(handoff.wait, measure: wait, of: cell)
                if place + 1 < found.count, found[place + 1].from == handoff.to, found[place + 1].to == handoff.from {
                    table.add(1, to: Counter.returned, of: cell)
                }
                plan.countPerson(of: journey, to: Counter.persons, in: table, key)
                guard table.addOnce(journey.journey, to: Counter.journeys, of: cell) else { continue }
                if journey.isMature { table.add(1, to: Counter.mature, of: cell) }
                if journey.hasConverted { table.add(1, to: Counter.converted, of: cell) }
            }
            found.removeAll(keepingCapacity: true)
        }
    }
}
