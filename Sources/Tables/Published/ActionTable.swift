import Journeys

/// actions.csv: what is done at each touchpoint, by channel, touchpoint, action and the event's day.
enum ActionTable: MetricTable {
    enum Counter: Int, CellCounter { case events, customers, errors }

    static let name = "actions"
    static let title = "Actions at touchpoints"
    static let keyColumns = ["channel", "touchpoint", "action"]
    /// Key: channel, touchpoint, action.
    static let actions = CellShape("actions", Counter.self, persons: .customers, texts: [0, 1, 2])
    static let cells = [actions]
    static let hasDistinctFilledKeys = true

    /// Texts: channel, touchpoint, action.
    typealias Row = NamedGroup

    static let columns: [TableColumn<Row>] = [
        .init("channel", .text, "Channel") { .text($0.texts[0]) },
        .init("touchpoint", .text, "Touchpoint") { .text($0.texts[1]) },
        .init("action", .text, "What was done there; events without an action are not in this table") { .text($0.texts[2]) },
        .init("events", .integer, "Events") { $0.group.count(Counter.events) },
        .init("customers", .integer, "Persons with at least one event") { $0.group.count(Counter.customers) },
        .init("errors", .integer, "Events with one of the pipeline's error outcomes") { $0.group.count(Counter.errors) },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        sums.named(actions, [.symbol(0), .symbol(1), .symbol(2)]).map {
            TableRow(day: $0.key.day, persons: $0.group[Counter.customers], row: $0)
        }
    }

    // MARK: What a person adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells[actions], numbers: plan.kindCount) }

    private final class Fold: DenseFold {
        override func add(_ person: PersonWalk) {
            let events = person.events
            for index in 0..<events.count {
                let number = Int(events.kinds[index])
                let kind = plan.kinds[number]
                guard kind.actionSymbol != 0 else { continue }
                let key = CellKey(kind.channelSymbol, kind.touchpointSymbol, kind.actionSymbol, day: events.days[index])
                let cell = memo.cell(number, day: key.day, in: table, key)
                table.add(1, to: Counter.events, of: cell)
                if kind.isError { table.add(1, to: Counter.errors, of: cell) }
                table.addOnce(person.owner, to: Counter.customers, of: cell, overall: overall(number, key))
            }
        }
    }
}
