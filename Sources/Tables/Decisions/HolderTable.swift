import Events
import Journeys

/// holders.csv: whose move it was while journeys' time passed, by the day the journey started.
enum HolderTable: MetricTable {
    enum Counter: Int, CellCounter {
        case intervals
        /// Their length: whole seconds, and what is left of each in microseconds.
        case seconds, rest
        /// Counted only where rows of few persons are left out.
        case persons
    }

    enum Holder: UInt32 {
        case customer, organization

        var name: String { self == .customer ? "customer" : "organization" }
    }

    static let name = "holders"
    static let title = "Whose move it was while journeys' time passed"
    static let keyColumns = ["journey", "holder", "owner"]
    /// Key: holder, owner. Times between events.
    static let holders = CellShape("holders", Counter.self, persons: .persons, measures: 1, texts: [1])
    static let cells = [holders]
    private static let time = 0

    struct Row {
        let texts: KeyTexts
        let group: CellGroup
        /// Seconds of all holders of the type.
        var all = 0.0

        var seconds: Double { Double(group[Counter.seconds]) + Double(group[Counter.rest]) / 1_000_000 }
    }

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { .text($0.texts[0]) },
        .init(
            "holder", .text,
            "organization: after an event by the customer in an assisted channel, or before one by agent or system in a channel that is not outbound; else customer"
        ) { .text($0.texts[1]) },
        .init("owner", .text, "Of the earlier event's step, or else of its channel; empty for the customer and where there is none") {
            .text($0.texts[2])
        },
        .init("intervals", .integer, "Times between an event of a journey and the next one") { $0.group.count(Counter.intervals) },
        .init("seconds", .seconds, "Their sum") { .seconds($0.seconds) },
        .init("share", .ratio, "seconds / those of all holders of the type") { $0.all > 0 ? .ratio($0.seconds / $0.all) : .unknown },
        .init("p50_seconds", .seconds, "Median of these times") { $0.group.seconds(time, 0.5) },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let holder = KeyText.number(0) { number, _ in Holder(rawValue: number)?.name ?? "" }
        let owner = KeyText.number(1) { $0 == 0 ? "" : $1.text($0) }
        var rows = sums.named(holders, [.journey, holder, owner]).map {
            TableRow(day: $0.key.day, persons: $0.group[Counter.persons], row: Row(texts: $0.texts, group: $0.group))
        }
        func type(_ row: TableRow<Row>) -> [UInt8] { Array("\(row.day) \(row.row.texts[0])".utf8) }
        let all = Dictionary(rows.map { (type($0), $0.row.seconds) }, uniquingKeysWith: +)
        for index in rows.indices { rows[index].row.all = all[type(rows[index])] ?? 0 }
        return rows
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells[holders]) }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable

        init(_ plan: FoldPlan, _ table: CellTable) { (self.plan, self.table) = (plan, table) }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            let events = person.events
            var previous = Int(journey.events.first!)
            for event in journey.events.dropFirst() {
                let isOrganization = person.isOrganizationsMove(from: previous, to: Int(event))
                let owner = isOrganization ? person.owner(of: previous, in: journey) : 0
                let key = journey.key((isOrganization ? Holder.organization : .customer).rawValue, owner)
                let cell = table.cell(key)
                let (seconds, rest) = (events.times[Int(event)] - events.times[previous]).quotientAndRemainder(dividingBy: 1_000_000)
                table.add(1, to: Counter.intervals, of: cell)
                table.add(seconds, to: Counter.seconds, of: cell)
                table.add(rest, to: Counter.rest, of: cell)
                table.note(events.times[Int(event)] - events.times[previous], measure: time, of: cell)
                plan.countPerson(of: journey, to: Counter.persons, in: table, key)
                previous = Int(event)
            }
        }
    }
}
