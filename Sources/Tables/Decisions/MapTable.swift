import Events
import Journeys

/// map.csv: the ways through a journey type's steps against their declared order, by the day the journey started.
enum MapTable: MetricTable {
    enum Counter: Int, CellCounter {
        case count
        /// Journeys with at least one; of these the mature and the converted ones.
        case journeys, mature, converted
        /// Counted only where rows of few persons are left out.
        case persons
    }

    /// What the declared order says of going from one to the other.
    enum Kind: String { case start, next, skip, back, end }

    static let name = "map"
    static let title = "Ways through the steps, against their declared order"
    /// With the kind: a step may have the name of an end.
    static let keyColumns = ["journey", "from", "to", "kind"]
    /// Key: from (0 for none, or 1 more than the step's number), to (as the next of next_steps.csv).
    static let ways = CellShape("map", Counter.self, persons: .persons)
    static let cells = [ways]
    private static let nothing: UInt32 = 0
    private static let firstFrom: UInt32 = 1
    private static let firstTo = NextStepTable.firstNext

    struct Row {
        let texts: KeyTexts
        let group: CellGroup
        /// Of what leaves `from`.
        let share: Share
    }

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { .text($0.texts[0]) },
        .init("from", .text, "Step of a visit; empty before the first one") { .text($0.texts[1]) },
        .init("to", .text, "Step of the visit that follows, or how the journey ended: goal, failed, abandoned") { .text($0.texts[2]) },
        .init(
            "kind", .text,
            "start: to the first visit; next: to the step declared after it; skip: over one or more; back: to one declared before; end"
        ) { .text($0.texts[3]) },
        .init(
            "count", .integer,
            "Such pairs; last visits of open journeys are none. A step without any visit has one row with 0: from the step declared before"
        ) { $0.group.count(Counter.count) },
        .init("journeys", .integer, "Different journeys with at least one") { $0.group.count(Counter.journeys) },
        .init("share", .ratio, "count / all pairs of the type that leave `from`") { ReportTable.ratio($0.share.rate) },
        .init("conversion_rate", .ratio, "Of these journeys that are mature, those that converted") {
            ReportTable.ratio($0.group[Counter.converted], $0.group[Counter.mature])
        },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let from = KeyText.numberOfType(0) { $0 == nothing ? "" : $1.steps[Int($0 - firstFrom)].name }
        let to = KeyText.numberOfType(1) { NextStepTable.nextName($0, $1) }
        let kind = KeyText.number(2) { number, _ in kinds[Int(number)].rawValue }
        var groups: [CellKey: CellGroup] = [:]
        for (key, group) in sums.groups(ways) { groups[withKind(key)] = group }
        if sums.granularity == .total { addStepsWithoutVisits(&groups, sums.names) }
        var leaving: [CellKey: Int64] = [:]
        for (key, group) in groups { leaving[CellKey(type: key.type, key.first, day: key.day), default: 0] += group[Counter.count] }
        return sums.named(groups, [.journey, from, to, kind]).map {
            let all = leaving[CellKey(type: $0.key.type, $0.key.first, day: $0.key.day)] ?? 0
            return TableRow(
                day: $0.key.day, persons: $0.group[Counter.persons],
                row: Row(texts: $0.texts, group: $0.group, share: Share($0.group[Counter.count], of: all)))
        }
    }

    private static let kinds: [Kind] = [.start, .next, .skip, .back, .end]

    /// The key with the number of the kind as its third.
    private static func withKind(_ key: CellKey) -> CellKey {
        var key = key
        key.third = UInt32(kinds.firstIndex(of: kind(from: key.first, to: key.second))!)
        return key
    }

    /// Two visits that follow each other are never of the same step.
    private static func kind(from: UInt32, to: UInt32) -> Kind {
        guard to >= firstTo else { return .end }
        guard from != nothing else { return .start }
        let (before, after) = (from - firstFrom, to - firstTo)
        return after < before ? .back : after == before + 1 ? .next : .skip
    }

    /// What nobody ever comes to is missed in a picture: it stands behind the step declared before it.
    private static func addStepsWithoutVisits(_ groups: inout [CellKey: CellGroup], _ names: TableNames) {
        let visited = Set(groups.filter { $0.value[Counter.count] > 0 }.map { CellKey(type: $0.key.type, $0.key.second) })
        for (type, journey) in names.journeys.enumerated() {
            for step in journey.steps.indices.map(UInt32.init) where !visited.contains(CellKey(type: UInt32(type), firstTo + step)) {
                groups[withKind(CellKey(type: UInt32(type), step, firstTo + step))] = .empty(ways)
            }
        }
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells[ways]) }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable

        init(_ plan: FoldPlan, _ table: CellTable) { (self.plan, self.table) = (plan, table) }

        override var questions: AsOfQuestions { .maturity }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            var from = nothing
            for visit in person.visits {
                count(from, firstTo + UInt32(visit.step), journey)
                from = firstFrom + UInt32(visit.step)
            }
            guard from != nothing, let end = NextStepTable.end(of: journey.status) else { return }
            count(from, end, journey)
        }

        private func count(_ from: UInt32, _ to: UInt32, _ journey: JourneyContext) {
            let key = journey.key(from, to)
            let cell = table.cell(key)
            table.add(1, to: Counter.count, of: cell)
            plan.countPerson(of: journey, to: Counter.persons, in: table, key)
            guard table.addOnce(journey.journey, to: Counter.journeys, of: cell) else { return }
            if journey.isMature { table.add(1, to: Counter.mature, of: cell) }
            if journey.hasConverted { table.add(1, to: Counter.converted, of: cell) }
        }
    }
}
