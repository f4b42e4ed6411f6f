import Journeys

/// touchpoints.csv: by channel, touchpoint and day: the event's, or, for journeys, the day they started.
enum TouchpointTable: MetricTable {
    enum Counter: Int, CellCounter { case events, customers, journeys, entries, exits, errors }

    static let name = "touchpoints"
    static let title = "Touchpoints by channel"
    static let keyColumns = ["channel", "touchpoint"]
    /// Key: channel, touchpoint.
    static let touchpoints = CellShape("touchpoints", Counter.self, persons: .customers, texts: [0, 1])
    enum StepCounter: Int, CellCounter { case events }

    /// Key: channel, touchpoint, step; of each journey type.
    static let steps = CellShape("touchpoint_steps", StepCounter.self, texts: [0, 1])
    static let cells = [touchpoints, steps]
    static let hasDistinctFilledKeys = true

    /// Texts: channel, touchpoint.
    typealias Row = (texts: KeyTexts, owner: String?, group: CellGroup, inSteps: Int64)

    static let columns: [TableColumn<Row>] = [
        .init("channel", .text, "Channel") { .text($0.texts[0]) },
        .init("touchpoint", .text, "Touchpoint") { .text($0.texts[1]) },
        .init("owner", .text, "The channel's owner") { ReportTable.text($0.owner) },
        .init("events", .integer, "Events") { $0.group.count(Counter.events) },
        .init("customers", .integer, "Persons with at least one event") { $0.group.count(Counter.customers) },
        .init("journeys", .integer, "Journeys, of all types, with at least one event") { $0.group.count(Counter.journeys) },
        .init("journey_entries", .integer, "Journeys that begin here") { $0.group.count(Counter.entries) },
        .init("journey_exits", .integer, "Journeys whose last event is here") { $0.group.count(Counter.exits) },
        .init("errors", .integer, "Events with one of the pipeline's error outcomes") { $0.group.count(Counter.errors) },
        .init("in_steps", .integer, "Steps, of all journey types, of which at least one of these events satisfies the `match`") {
            .integer($0.inSteps)
        },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let inSteps = inSteps(sums)
        var owners: [UInt32: String?] = [:]
        return sums.named(touchpoints, [.symbol(0), .symbol(1)]).map { named in
            let channel = named.key.first
            let owner = owners[channel] ?? sums.names.channelOwners[Array(named.texts[0].utf8)]
            owners[channel] = .some(owner)
            return TableRow(
                day: named.key.day, persons: named.group[Counter.customers], row: (named.texts, owner, named.group, inSteps[named.key] ?? 0)
            )
        }
    }

    /// By channel, touchpoint and, by day, the day: how many steps of any type have events there.
    private static func inSteps(_ sums: TableSums) -> [CellKey: Int64] {
        let table = sums.cells[steps]
        var found: [CellKey: Int64] = [:]
        var seen: Set<CellKey> = []
        for cell in 0..<table.count {
            var key = table.key(of: cell)
            if sums.granularity == .total {
                key = key.overall
                guard seen.insert(key).inserted else { continue }
            }
            found[CellKey(key.first, key.second, day: key.day), default: 0] += 1
        }
        return found
    }

    // MARK: What a person adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold {
        Fold(plan, cells)
    }

    private final class Fold: DenseFold {
        private let stepTable: CellTable
        /// nil where no journey type has a step.
        private let matches: StepMatches?
        private let stepMemo: DayMemo

        init(_ plan: FoldPlan, _ cells: MetricCells) {
            stepTable = cells[steps]
            matches = StepMatches(plan)
            stepMemo = DayMemo(count: plan.pairCount * max(1, matches?.count ?? 0))
            super.init(plan, cells[touchpoints], numbers: plan.pairCount)
        }

        @inline(__always)
        private func cell(of kind: FoldPlan.KindFacts, day: Int32) -> Int {
            memo.cell(Int(kind.pair), day: day, in: table, CellKey(kind.channelSymbol, kind.touchpointSymbol, day: day))
        }

        /// Each event on its day.
        override func add(_ person: PersonWalk) {
            let events = person.events
            for index in 0..<events.count {
                let kind = plan.kinds[Int(events.kinds[index])]
                let cell = cell(of: kind, day: events.days[index])
                table.add(1, to: Counter.events, of: cell)
                if kind.isError { table.add(1, to: Counter.errors, of: cell) }
                table.addOnce(
                    person.owner, to: Counter.customers, of: cell,
                    overall: overall(Int(kind.pair), CellKey(kind.channelSymbol, kind.touchpointSymbol)))
            }
            if let matches { countSteps(events, matches) }
        }

        private func countSteps(_ events: PersonEvents, _ matches: StepMatches) {
            for index in 0..<events.count {
                matches.forEach(of: events, index) { number, place in
                    let kind = plan.kinds[Int(events.kinds[index])]
                    let key = CellKey(
                        type: place.type, kind.channelSymbol, kind.touchpointSymbol, place.step, day: events.days[index])
                    let cell = stepMemo.cell(Int(kind.pair) * matches.count + number, day: key.day, in: stepTable, key)
                    stepTable.add(1, to: StepCounter.events, of: cell)
                }
            }
        }

        /// The journey at the touchpoints it has, where it begins and where it ends, on the day it started.
        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            // Touchpoints lie outside of journey types, and are not broken down by what a journey is.
            guard journey.slice == 0 else { return }
            let kinds = person.events.kinds
            for event in journey.events {
                table.addOnce(journey.journey, to: Counter.journeys, of: cell(of: plan.kinds[Int(kinds[Int(event)])], day: journey.day))
            }
            let (first, last) = (Int(journey.events.first!), Int(journey.events.last!))
            table.add(1, to: Counter.entries, of: cell(of: plan.kinds[Int(kinds[first])], day: journey.day))
            table.add(1, to: Counter.exits, of: cell(of: plan.kinds[Int(kinds[last])], day: journey.day))
        }
    }
}
