import Journeys

/// step_channels.csv: in which channels visits of a step begin, and where they stall. Made of the visits of stalls.csv.
enum StepChannelTable: MetricTable {
    enum Counter: Int, CellCounter { case persons }

    static let name = "step_channels"
    static let title = "Visits of steps by channel"
    static let keyColumns = ["journey", "step_index", "channel"]
    static let isByDay = false
    /// Key: step, channel, over all days. Counted only where rows of few persons are left out.
    static let persons = CellShape("step_channel_persons", Counter.self, persons: .persons, texts: [1])
    static let cells = [persons]

    struct Row {
        let journey: String
        let index: Int
        let step: String
        let channel: String
        let visits: StallTable.StepVisits
        /// Of the step in all channels.
        let all: Int64

        var count: Int64 { visits.group[StallTable.Counter.visits] }
    }

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { .text($0.journey) },
        .init("step_index", .integer, "Place among the type's steps, from 1") { .integer(Int64($0.index + 1)) },
        .init("step", .text, "Step") { .text($0.step) },
        .init("channel", .text, "Channel of the visit's first event") { .text($0.channel) },
        .init("visits", .integer, "Visits of the step that begin in the channel") { .integer($0.count) },
        .init("share", .ratio, "visits / visits of the step in all channels") { ReportTable.ratio($0.count, $0.all) },
        .init("judged", .integer, "Of these, those old enough to be judged, as in stalls.csv") { .integer($0.visits.judged) },
        .init("stalled", .integer, "Of these, those that stalled, by the step's threshold in all channels") {
            .integer($0.visits.stalled)
        },
        .init("stall_rate", .ratio, "stalled / judged") { ReportTable.ratio($0.visits.stalled, $0.visits.judged) },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let found = StallTable.byChannel(sums)
        var all: [CellKey: Int64] = [:]
        for (key, visits) in found { all[CellKey(type: key.type, key.first), default: 0] += visits.group[StallTable.Counter.visits] }
        let persons = sums.groups(persons)
        let named = found.map { key, visits -> (channel: String, key: CellKey, row: TableRow<Row>) in
            let (type, step) = (Int(key.type), Int(key.first))
            let (journey, channel) = (sums.names.journeys[type], sums.names.text(key.second))
            let row = Row(
                journey: journey.name, index: step, step: journey.steps[step].name, channel: channel, visits: visits,
                all: all[CellKey(type: key.type, key.first)] ?? 0)
            return (channel, key, TableRow(day: CellKey.allDays, persons: persons[key]?[Counter.persons] ?? 0, row: row))
        }
        return named.sorted { one, other in
            if one.key.type != other.key.type { return TableNames.precedes(one.row.row.journey, other.row.row.journey) }
            if one.key.first != other.key.first { return one.key.first < other.key.first }
            return TableNames.precedes(one.channel, other.channel)
        }.map(\.row)
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells[persons]) }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable

        init(_ plan: FoldPlan, _ table: CellTable) { (self.plan, self.table) = (plan, table) }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            guard plan.countsPersonsOfRows else { return }
            for visit in person.visits {
                let kind = plan.kinds[Int(person.events.kinds[Int(visit.event)])]
                plan.countPerson(of: journey, to: Counter.persons, in: table, journey.key(UInt32(visit.step), kind.channelSymbol))
            }
        }
    }
}
