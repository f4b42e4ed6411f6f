import Journeys

/// sessions.csv: by channel and the day they started.
enum SessionTable: MetricTable {
    enum Counter: Int, CellCounter {
        case sessions, events, bounces
        /// Sessions that share an instant with one of the same person in another channel.
        case concurrent
        case customers
    }

    static let name = "sessions"
    static let title = "Sessions by channel"
    static let keyColumns = ["channel"]
    /// Key: channel. First to last event.
    static let sessions = CellShape("sessions", Counter.self, persons: .customers, measures: 1, texts: [0])
    static let cells = [sessions]
    static let hasDistinctFilledKeys = true
    private static let duration = 0

    typealias Row = (channel: String, group: CellGroup)

    static let columns: [TableColumn<Row>] = [
        .init("channel", .text, "Channel") { .text($0.channel) },
        .init("sessions", .integer, "Runs of a person's activity in the channel with no silence longer than the gap") {
            $0.group.count(Counter.sessions)
        },
        .init("events", .integer, "Events in sessions") { $0.group.count(Counter.events) },
        .init("customers", .integer, "Persons with at least one session") { $0.group.count(Counter.customers) },
        .init("bounces", .integer, "Sessions of one event") { $0.group.count(Counter.bounces) },
        .init("duration_p50_seconds", .seconds, "Median time from first to last event") { $0.group.seconds(duration, 0.5) },
        .init("duration_p90_seconds", .seconds, "90th percentile of the time from first to last event") { $0.group.seconds(duration, 0.9) },
        .init("concurrent", .integer, "Sessions that share an instant with a session of the same person in another channel") {
            $0.group.count(Counter.concurrent)
        },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        sums.named(sessions, [.symbol(0)]).map {
            TableRow(day: $0.key.day, persons: $0.group[Counter.customers], row: ($0.texts[0], $0.group))
        }
    }

    // MARK: What a person adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold {
        Fold(plan, cells[sessions], numbers: plan.channelCount)
    }

    private final class Fold: DenseFold {
        override func add(_ person: PersonWalk) {
            for session in person.sessions {
                let event = Int(session.firstEvent)
                let kind = plan.kinds[Int(person.events.kinds[event])]
                let (channel, key) = (Int(kind.channel), CellKey(kind.channelSymbol, day: person.events.days[event]))
                let cell = memo.cell(channel, day: key.day, in: table, key)
                table.add(1, to: Counter.sessions, of: cell)
                table.add(session.events, to: Counter.events, of: cell)
                if session.events == 1 { table.add(1, to: Counter.bounces, of: cell) }
                if session.isConcurrent { table.add(1, to: Counter.concurrent, of: cell) }
                table.note(session.last - session.start, measure: duration, of: cell)
                table.addOnce(person.owner, to: Counter.customers, of: cell, overall: overall(channel, key))
            }
        }
    }
}
