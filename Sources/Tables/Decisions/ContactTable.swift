import Events
import Journeys

/// contacts.csv: whether what customers contact somebody for is settled at the first contact, by channel, topic, window and the day
/// the contact began.
enum ContactTable: MetricTable {
    enum Counter: Int, CellCounter {
        case contacts
        /// Persons with such a contact.
        case customers
    }

    enum Judged: Int, CellCounter {
        case judged, repeated
        /// Repeated ones of which the next contact began in another channel.
        case repeatedElsewhere
    }

    static let name = "contacts"
    static let title = "Contacts in assisted channels, and whether they are repeated"
    static let keyColumns = ["channel", "topic", "window_seconds"]
    /// Key: channel and topic, 0 for all of either.
    static let contacts = CellShape("contacts", Counter.self, persons: .customers, texts: [0, 1])
    /// Key: channel, topic, number of the window.
    static let windows = CellShape("contact_windows", Judged.self, texts: [0, 1])
    static let cells = [contacts, windows]
    private static let all = "(all)"

    struct Row {
        let texts: KeyTexts
        let window: Int64
        let group: CellGroup
        let judged: CellGroup

        var solved: Share { Share(judged[Judged.judged] - judged[Judged.repeated], of: judged[Judged.judged]) }
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
        .init("judged", .integer, "Contacts that ended at least the window before as-of") { $0.judged.count(Judged.judged) },
        .init("repeated", .integer, "Judged ones after which the same person began another of the topic within the window") {
            $0.judged.count(Judged.repeated)
        },
        .init("fcr", .ratio, "First-contact resolution: 1 − repeated / judged") { ReportTable.ratio($0.solved.rate) },
        .init("fcr_low", .ratio, "Lower end of the Wilson 95 % interval of fcr") { ReportTable.ratio($0.solved.interval?.low) },
        .init("fcr_high", .ratio, "Upper end of the Wilson 95 % interval of fcr") { ReportTable.ratio($0.solved.interval?.high) },
        .init("repeated_elsewhere", .integer, "Repeated ones whose next contact began in another channel") {
            $0.judged.count(Judged.repeatedElsewhere)
        },
        .init("customers", .integer, "Persons with at least one such contact") { $0.group.count(Counter.customers) },
    ]

    static func isPublished(_ names: TableNames) -> Bool { names.channels.contains(where: \.isAssisted) }

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let channel = KeyText.number(0) { $0 == 0 ? all : $1.text($0) }
        let topic = KeyText.number(1) { $0 == 0 ? all : $1.text($0) }
        let judged = judged(sums.groups(windows))
        var groups = judged.mapValues { _ in CellGroup.empty(contacts) }
        for (key, group) in sums.groups(contacts) {
            for window in sums.names.contactWindows.indices {
                groups[CellKey(key.first, key.second, UInt32(window), day: key.day)] = group
            }
        }
        return sums.named(groups, [channel, topic, .count(2)]).map {
            TableRow(
                day: $0.key.day, persons: $0.group[Counter.customers],
                row: Row(
                    texts: $0.texts, window: sums.names.contactWindows[Int($0.key.third)], group: $0.group,
                    judged: judged[$0.key] ?? .empty(windows)))
        }
    }

    /// With those of all channels and topics, which are the others' sums.
    private static func judged(_ groups: [CellKey: CellGroup]) -> [CellKey: CellGroup] {
        var sums: [CellKey: CellGroup] = [:]
        for (key, group) in groups {
            for channel in [key.first, 0] {
                for topic in [key.second, 0] {
                    sums[CellKey(channel, topic, key.third, day: key.day), default: .empty(windows)].addCounters(group)
                }
            }
        }
        return sums
    }

    // MARK: What a person adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells) }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable
        private let windows: CellTable

        init(_ plan: FoldPlan, _ cells: MetricCells) {
            (self.plan, table, windows) = (plan, cells[contacts], cells[ContactTable.windows])
        }

        override var questions: AsOfQuestions { .contacts }

        override func add(_ person: PersonWalk) {
            let contacts = person.contacts
            for contact in contacts {
                let day = person.events.days[Int(contact.event)]
                let channel = plan.channels[contact.channel].symbol
                count(person.owner, CellKey(channel, contact.topic, day: day))
                count(person.owner, CellKey(channel, 0, day: day))
                count(person.owner, CellKey(0, contact.topic, day: day))
                count(person.owner, CellKey(0, 0, day: day))
                let next = contact.next.map { contacts[$0] }
                for (number, window) in plan.contacts.windows.enumerated() where person.hasPassed(window, since: contact) {
                    let cell = windows.cell(CellKey(channel, contact.topic, UInt32(number), day: day))
                    windows.add(1, to: Judged.judged, of: cell)
                    guard let next, next.start - contact.end <= window else { continue }
                    windows.add(1, to: Judged.repeated, of: cell)
                    if next.channel != contact.channel { windows.add(1, to: Judged.repeatedElsewhere, of: cell) }
                }
            }
        }

        private func count(_ owner: UInt32, _ key: CellKey) {
            let cell = table.cell(key)
            table.add(1, to: Counter.contacts, of: cell)
            table.addOnce(owner, to: Counter.customers, of: cell, overall: table.cell(key.overall))
        }
    }
}
