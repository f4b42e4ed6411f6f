import Events
import Journeys

/// contacts.csv: whether what customers contact somebody for is settled at the first contact, by channel, topic, window and the day
/// the contact began.
enum ContactTable: MetricTable {
    enum Counter: Int, CellCounter {
        case contacts, judged, repeated
        /// Repeated ones of which the next contact began in another channel.
        case repeatedElsewhere
        /// Persons with such a contact.
        case customers
    }

    static let name = "contacts"
    static let title = "Contacts in assisted channels, and whether they are repeated"
    static let keyColumns = ["channel", "topic", "window_seconds"]
    /// Key: channel and topic, 0 for all of either; number of the window.
    static let contacts = CellShape("contacts", Counter.self, persons: .customers, texts: [0, 1])
    static let cells = [contacts]
    private static let all = "(all)"

    struct Row {
        let texts: [String]
        let window: Int64
        let group: CellGroup

        var solved: Share { Share(group[Counter.judged] - group[Counter.repeated], of: group[Counter.judged]) }
    }

    static let columns: [TableColumn<Row>] = [
        .init("channel", .text, "In which the contact began; (all) for all of them") { .text($0.texts[0]) },
        .init("topic", .text, "Of the contact's first event that has one; (none): none has; (all) for all of them") { .text($0.texts[1]) },
        .init("window_seconds", .seconds, "How long after its end a contact can be repeated, at most and including that time") {
            .duration($0.window)
        },
        .init(
            "contacts", .integer, "Contacts: sessions in assisted channels with what agents do after them, of one topic and close together"
        ) {
            $0.group.count(Counter.contacts)
        },
        .init("judged", .integer, "Contacts that ended at least the window before as-of") { $0.group.count(Counter.judged) },
        .init("repeated", .integer, "Judged ones after which the same person began another of the topic within the window") {
            $0.group.count(Counter.repeated)
        },
        .init("fcr", .ratio, "First-contact resolution: 1 − repeated / judged") { ReportTable.ratio($0.solved.rate) },
        .init("fcr_low", .ratio, "Lower end of the Wilson 95 % interval of fcr") { ReportTable.ratio($0.solved.interval?.low) },
        .init("fcr_high", .ratio, "Upper end of the Wilson 95 % interval of fcr") { ReportTable.ratio($0.solved.interval?.high) },
        .init("repeated_elsewhere", .integer, "Repeated ones whose next contact began in another channel") {
            $0.group.count(Counter.repeatedElsewhere)
        },
        .init("customers", .integer, "Persons with at least one such contact") { $0.group.count(Counter.customers) },
    ]

    static func isPublished(_ names: TableNames) -> Bool { names.channels.contains(where: \.isAssisted) }

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let channel = KeyText.number(\.first) { $0 == 0 ? all : $1.text($0) }
        let topic = KeyText.number(\.second) { $0 == 0 ? all : $1.text($0) }
        return sums.named(contacts, [channel, topic, .count(\.third)]).map {
            TableRow(
                day: $0.key.day, persons: $0.group[Counter.customers],
                row: Row(texts: $0.texts, window: sums.names.contactWindows[Int($0.key.third)], group: $0.group))
        }
    }

    // MARK: What a person adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells[contacts]) }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable

        init(_ plan: FoldPlan, _ table: CellTable) { (self.plan, self.table) = (plan, table) }

        override func add(_ person: PersonWalk) {
            let contacts = person.contacts
            for contact in contacts {
                let day = person.events.days[Int(contact.event)]
                let next = contact.next.map { contacts[$0] }
                for (number, window) in plan.contacts.windows.enumerated() {
                    let isJudged = person.hasPassed(window, since: contact.end)
                    let isRepeated = isJudged && next.map { $0.start - contact.end <= window } ?? false
                    for channel in [plan.channels[contact.channel].symbol, 0] {
                        for topic in [contact.topic, 0] {
                            let key = CellKey(channel, topic, UInt32(number), day: day)
                            let cell = table.cell(key)
                            table.add(1, to: Counter.contacts, of: cell)
                            if isJudged { table.add(1, to: Counter.judged, of: cell) }
                            if isRepeated { table.add(1, to: Counter.repeated, of: cell) }
                            if isRepeated, next?.channel != contact.channel { table.add(1, to: Counter.repeatedElsewhere, of: cell) }
                            table.addOnce(person.owner, to: Counter.customers, of: cell, overall: table.cell(key.overall))
                        }
                    }
                }
            }
        }
    }
}
