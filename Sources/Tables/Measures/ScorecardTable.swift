import Journeys

/// scorecard.csv: five scores of how an organization's channels work together, each a share with what it is made of.
enum ScorecardTable: MetricTable {
    static let name = "scorecard"
    static let title = "How channels work together: five scores from 0 to 100"
    static let keyColumns = ["part"]
    static let cells = [ScorecardCells.score]
    static let isByDay = false
    private static let worstMax = 3
    /// Below so many judged visits a step in a channel says nothing.
    private static let visitsMin: Int64 = 30

    struct Row {
        let part: String
        let formula: String
        var numerator = 0.0
        var denominator: Int64 = 0
        var isShare = true
        var worst: [String] = []
        var reason = ""
        var persons: Int64?

        var isTold: Bool { reason.isEmpty && denominator > 0 }
        var interval: (low: Double, high: Double)? {
            isTold && isShare ? Share(Int64(numerator), of: denominator).interval : nil
        }
    }

    static let columns: [TableColumn<Row>] = [
        .init("part", .text, "consistent, optimized, seamless, orchestrated or collaborative") { .text($0.part) },
        .init("score", .ratio, "100 · numerator / denominator; empty where it cannot be told") {
            $0.isTold ? .ratio(100 * $0.numerator / Double($0.denominator)) : .unknown
        },
        .init("numerator", .ratio, "What is well, by the formula") { row in
            row.isTold ? (row.isShare ? .integer(Int64(row.numerator)) : .ratio(row.numerator)) : .unknown
        },
        .init("denominator", .integer, "What is looked at, by the formula") { $0.isTold ? .integer($0.denominator) : .unknown },
        .init("low", .ratio, "Lower end of the score's Wilson 95 % interval; empty for optimized, which is no share") {
            ReportTable.ratio($0.interval.map { 100 * $0.low })
        },
        .init("high", .ratio, "Upper end of the score's Wilson 95 % interval") { ReportTable.ratio($0.interval.map { 100 * $0.high }) },
        .init("formula", .text, "How the score is made") { .text($0.formula) },
        .init("worst", .text, "Up to three places at which most is lost, with what is lost of how much") {
            ReportTable.filled($0.worst.joined(separator: "; "))
        },
        .init("reason", .text, "Why there is no score") { ReportTable.filled($0.reason) },
    ]

    static func isPublished(_ names: TableNames) -> Bool { names.measures.hasScorecard }

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let groups = sums.groups(ScorecardCells.score)
        let rows = [consistent(sums), optimized(sums), seamless(sums, groups), orchestrated(sums, groups), collaborative(sums, groups)]
        return rows.enumerated().map { number, row in
            let persons = groups[ScorecardCells.persons(ScorecardCells.Part(rawValue: UInt32(number))!)]?[ScorecardCells.Counter.persons]
            return TableRow(day: CellKey.allDays, persons: persons ?? 0, row: row)
        }
    }

    // MARK: The parts

    private static func consistent(_ sums: TableSums) -> Row {
        typealias Counter = AlignmentPart.Counter
        var row = Row(part: "consistent", formula: "pairs of sightings of one item in two channels with the same value / all such pairs")
        let groups = sums.cells[AlignmentPart.pairs].grouped(.total) { CellKey($0.first, $0.second, $0.third, day: $0.day) }
            .filter { $0.value[Counter.pairs] > 0 }
        row.denominator = groups.values.reduce(0) { $0 + $1[Counter.pairs] }
        row.numerator = Double(groups.values.reduce(0) { $0 + $1[Counter.equal] })
        row.reason =
            sums.names.measures.terms.isEmpty
            ? "the pipeline has no `terms`" : row.denominator == 0 ? "nobody saw one item in two channels within the time" : ""
        row.worst = worst(
            groups.map { key, group in
                let place = "\(sums.names.text(key.second)) → \(sums.names.text(key.third)), \(sums.names.measures.terms[Int(key.first)])"
                return (place, Double(group[Counter.pairs] - group[Counter.equal]), group[Counter.pairs])
            })
        return row
    }

    private static func optimized(_ sums: TableSums) -> Row {
        var row = Row(
            part: "optimized",
            formula:
                "by step and channel with 30 judged visits: Σ judged · min(1, share not stalled there / share not stalled in all channels) / Σ judged"
        )
        row.isShare = false
        let byChannel = StallTable.byChannel(sums).sorted {
            ($0.key.type, $0.key.first, $0.key.second) < ($1.key.type, $1.key.first, $1.key.second)
        }
        let ofStep = Dictionary(
            byChannel.map { (CellKey(type: $0.key.type, $0.key.first), Share($0.visits.stalled, of: $0.visits.judged)) },
            uniquingKeysWith: +)
        var places: [(String, Double, Int64)] = []
        for (key, visits) in byChannel where visits.judged >= visitsMin {
            let all = ofStep[CellKey(type: key.type, key.first)]?.rate ?? 0
            let here = Double(visits.stalled) / Double(visits.judged)
            let share = all < 1 ? min(1, (1 - here) / (1 - all)) : 1
            let place = "\(visits.step.name) of \(sums.names.journeys[Int(key.type)].name) in \(sums.names.text(key.second))"
            places.append((place, Double(visits.judged) * (1 - share), visits.judged))
        }
        // In byte order, so that the sum is the same in whatever order cells lie.
        places.sort { TableNames.precedes($0.0, $1.0) }
        row.denominator = places.reduce(0) { $0 + $1.2 }
        row.numerator = Double(row.denominator) - places.reduce(0) { $0 + $1.1 }
        if row.denominator == 0 { row.reason = "no step has 30 judged visits in a channel" }
        row.worst = worst(places)
        return row
    }

    private static func seamless(_ sums: TableSums, _ groups: [CellKey: CellGroup]) -> Row {
        typealias Counter = ScorecardCells.Counter
        var row = Row(
            part: "seamless",
            formula:
                "mature journeys with a channel switch and none of \(ScorecardRules.seams.joined(separator: ", ")) / those with a switch")
        let rules = ScorecardRules.seams.compactMap { name in sums.names.frictions.firstIndex { $0.name == name } }
        guard rules.count == ScorecardRules.seams.count else {
            row.reason = "the pipeline does not include all of \(ScorecardRules.seams.joined(separator: ", "))"
            return row
        }
        let needs = MissingNeeds(sums.cells)
        let types = sums.names.journeys.indices.filter { type in
            rules.allSatisfy { needs.of(sums.names.frictions[$0], type: type).isEmpty }
        }
        guard !types.isEmpty else {
            row.reason = "the log has not what these rules need"
            return row
        }
        var places: [(String, Double, Int64)] = []
        for type in types {
            func group(_ rule: Int?) -> CellGroup {
                groups[CellKey(type: UInt32(type), ScorecardCells.Part.seamless.rawValue, rule.map { UInt32($0 + 1) } ?? 0)]
                    ?? .empty(ScorecardCells.score)
            }
            let whole = group(nil)[Counter.whole]
            row.denominator += whole
            row.numerator += Double(group(nil)[Counter.good])
            for rule in rules {
                places.append(
                    (
                        "\(sums.names.frictions[rule].name) in \(sums.names.journeys[type].name)", Double(group(rule)[Counter.whole]), whole
                    ))
            }
        }
        if row.denominator == 0 { row.reason = "no mature journey changes the channel" }
        row.worst = worst(places)
        return row
    }

    private static func orchestrated(_ sums: TableSums, _ groups: [CellKey: CellGroup]) -> Row {
        typealias Counter = ScorecardCells.Counter
        var row = Row(
            part: "orchestrated",
            formula:
                "events in outbound channels after which a journey comes further within 3 days, and that are part of no \(ScorecardRules.collision) / those whose 3 days are over"
        )
        guard let rule = sums.names.frictions.firstIndex(where: { $0.name == ScorecardRules.collision }) else {
            row.reason = "the pipeline does not include \(ScorecardRules.collision)"
            return row
        }
        let needs = MissingNeeds(sums.cells)
        let types = sums.names.journeys.indices.filter { needs.of(sums.names.frictions[rule], type: $0).isEmpty }
        guard !types.isEmpty else {
            row.reason = "the log has not what \(ScorecardRules.collision) needs"
            return row
        }
        let measurable = ScorecardCells.types(types)
        var touchpoints: [UInt32: (good: Int64, whole: Int64)] = [:]
        for (key, group) in groups where key.type == 0 && key.first == ScorecardCells.Part.orchestrated.rawValue {
            let isCollision = !measurable.isDisjoint(with: ScorecardCells.JourneyTypes(rawValue: key.second))
            touchpoints[key.third, default: (0, 0)].whole += group[Counter.whole]
            touchpoints[key.third]!.good += isCollision ? 0 : group[Counter.good]
        }
        row.denominator = touchpoints.values.reduce(0) { $0 + $1.whole }
        row.numerator = Double(touchpoints.values.reduce(0) { $0 + $1.good })
        if row.denominator == 0 { row.reason = "nothing in an outbound channel is 3 days old" }
        row.worst = worst(touchpoints.map { (sums.names.text($0.key), Double($0.value.whole - $0.value.good), $0.value.whole) })
        return row
    }

    private static func collaborative(_ sums: TableSums, _ groups: [CellKey: CellGroup]) -> Row {
        typealias Counter = ScorecardCells.Counter
        var row = Row(
            part: "collaborative",
            formula: "mature journeys of several channels with a concurrent session / mature journeys of several channels")
        var places: [(String, Double, Int64)] = []
        for (type, journey) in sums.names.journeys.enumerated() {
            guard let group = groups[CellKey(type: UInt32(type), ScorecardCells.Part.collaborative.rawValue)] else { continue }
            row.denominator += group[Counter.whole]
            row.numerator += Double(group[Counter.good])
            places.append((journey.name, Double(group[Counter.whole] - group[Counter.good]), group[Counter.whole]))
        }
        if row.denominator == 0 { row.reason = "no mature journey has events in several channels" }
        row.worst = worst(places)
        return row
    }

    /// Those at which most is lost; in byte order where it is as much.
    private static func worst(_ places: [(place: String, lost: Double, of: Int64)]) -> [String] {
        places.filter { $0.lost > 0 }
            .sorted { $0.lost != $1.lost ? $0.lost > $1.lost : TableNames.precedes($0.place, $1.place) }
            .prefix(worstMax).map { "\($0.place) (\(Int64($0.lost.rounded())) of \($0.of))" }
    }

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold {
        plan.measures.hasScorecard ? ScorecardCells.Fold(plan, cells) : TableFold()
    }
}
