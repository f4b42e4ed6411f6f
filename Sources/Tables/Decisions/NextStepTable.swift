import Events
import Journeys

/// next_steps.csv: what follows a visit, by where the journey came from, and by the day the journey started.
enum NextStepTable: MetricTable {
    enum Counter: Int, CellCounter {
        case count
        /// Visits whose journey is mature, and those whose journey converted.
        case mature, converted
        /// Counted only where rows of few persons are left out.
        case persons
    }

    static let name = "next_steps"
    static let title = "What follows a visit of a step"
    static let keyColumns = ["journey", "previous", "step", "next"]
    /// Key: previous (`nothing`, or 2 more than the step's number), step, next (0 to 2: `ends`; or 3 more than the step's number).
    /// From start to start, or to the journey's last event. Under `any` nothing but persons is counted: the rest is what the others
    /// come to.
    static let next = CellShape("next_steps", Counter.self, persons: .persons, measures: 1)
    static let cells = [next]
    static let any: UInt32 = 0
    static let nothing: UInt32 = 1
    static let firstPrevious: UInt32 = 2
    static let ends = ["goal", "failed", "abandoned"]
    static let firstNext: UInt32 = 3
    private static let time = 0

    struct Row {
        let texts: KeyTexts
        let group: CellGroup
        /// Of the visits of the step that came from there.
        var share = Share(0, of: 0)
    }

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { .text($0.texts[0]) },
        .init("previous", .text, "Step of the visit before; empty for none; * for any or none") { .text($0.texts[1]) },
        .init("step", .text, "Step of the visit") { .text($0.texts[2]) },
        .init("next", .text, "Step of the visit that follows, or how the journey ended: goal, failed, abandoned") { .text($0.texts[3]) },
        .init("count", .integer, "Visits that go on so; open ones are left out") { .integer($0.share.part) },
        .init("share", .ratio, "count / those of all next of (previous, step)") { ReportTable.ratio($0.share.rate) },
        .init("share_low", .ratio, "Lower end of the Wilson 95 % interval of share") { ReportTable.ratio($0.share.interval?.low) },
        .init("share_high", .ratio, "Upper end of the Wilson 95 % interval of share") { ReportTable.ratio($0.share.interval?.high) },
        .init("seconds_p50", .seconds, "Median time from the visit's start to the next one's, or to the journey's last event") {
            $0.group.seconds(time, 0.5)
        },
        .init("conversion_rate", .ratio, "Of these visits whose journey is mature, those whose journey converted") {
            ReportTable.ratio($0.group[Counter.converted], $0.group[Counter.mature])
        },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let previous = KeyText.numberOfType(0) { number, journey in
            number == any ? "*" : number == nothing ? "" : journey.steps[Int(number - firstPrevious)].name
        }
        let step = KeyText.numberOfType(1) { $1.steps[Int($0)].name }
        let next = KeyText.numberOfType(2, nextName)
        let groups = groups(sums.cells, sums.granularity)
        var all: [CellKey: Int64] = [:]
        for (key, group) in groups { all[CellKey(type: key.type, key.first, key.second, day: key.day), default: 0] += group[Counter.count] }
        return sums.named(groups, [.journey, previous, step, next]).map {
            let key = CellKey(type: $0.key.type, $0.key.first, $0.key.second, day: $0.key.day)
            return TableRow(
                day: $0.key.day, persons: $0.group[Counter.persons],
                row: Row(texts: $0.texts, group: $0.group, share: Share($0.group[Counter.count], of: all[key] ?? 0)))
        }
    }

    /// The groups by previous step, and those of any: their sums.
    /// - Parameter measured: false where nobody asks for times.
    static func groups(_ cells: MetricCells, _ granularity: Granularity, measured: Bool = true) -> [CellKey: CellGroup] {
        var groups = cells[next].grouped(granularity, measured: measured)
        let sums = cells[next].grouped(granularity, measured: measured) { key in
            var key = key
            key.first = any
            return key
        }
        for (key, sum) in sums {
            var sum = sum
            let persons = groups[key]?[Counter.persons] ?? 0
            sum.withCounters { $0[Counter.persons.rawValue] = persons }
            groups[key] = sum
        }
        return groups
    }

    static func nextName(_ number: UInt32, _ journey: TableNames.Journey) -> String {
        number < firstNext ? ends[Int(number)] : journey.steps[Int(number - firstNext)].name
    }

    /// nil where it goes on.
    static func end(of status: JourneyStatus) -> UInt32? {
        switch status {
        case .completed: 0
        case .failed: 1
        case .abandoned: 2
        case .open: nil
        }
    }

    static func next(of key: CellKey, _ names: TableNames) -> String { nextName(key.third, names.journeys[Int(key.type)]) }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells[next]) }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable

        init(_ plan: FoldPlan, _ table: CellTable) { (self.plan, self.table) = (plan, table) }

        override var questions: AsOfQuestions { .maturity }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            let (visits, times) = (person.visits, person.events.times)
            for (place, visit) in visits.enumerated() {
                let (next, end): (UInt32, Int32)
                if place + 1 < visits.count {
                    (next, end) = (firstNext + UInt32(visits[place + 1].step), visits[place + 1].event)
                } else {
                    guard let ended = NextStepTable.end(of: journey.status) else { continue }
                    (next, end) = (ended, journey.events.last!)
                }
                let previous = place == 0 ? nothing : firstPrevious + UInt32(visits[place - 1].step)
                let key = journey.key(previous, UInt32(visit.step), next)
                let cell = table.cell(key)
                table.add(1, to: Counter.count, of: cell)
                if journey.isMature { table.add(1, to: Counter.mature, of: cell) }
                if journey.hasConverted { table.add(1, to: Counter.converted, of: cell) }
                table.note(times[Int(end)] - times[Int(visit.event)], measure: time, of: cell)
                plan.countPerson(of: journey, to: Counter.persons, in: table, key)
                plan.countPerson(of: journey, to: Counter.persons, in: table, journey.key(any, UInt32(visit.step), next))
            }
        }
    }
}
