import Events
import Glibc
import Journeys

/// priorities.csv: what to mend first. Each problem of a journey type, with what it costs among journeys that had come as far.
enum PriorityTable: MetricTable {
    static let name = "priorities"
    static let title = "What to mend first: problems by the journeys they cost among comparable ones (association, not proof)"
    static let keyColumns = ["journey", "kind", "problem"]
    static let cells = ProblemCells.all
    static let isByDay = false

    struct Row {
        let rank: Int
        let problem: Problem
        let qValue: Double?

        var loss: Statistics.Loss? { problem.loss }
        var verdict: String { PriorityTable.verdict(problem, qValue) }
    }

    static let columns: [TableColumn<Row>] = [
        .init("rank", .integer, "From 1: what costs, then what is unclear, then what helps; within, by journeys lost") {
            .integer(Int64($0.rank))
        },
        .init("journey", .text, "Journey type") { .text($0.problem.journey) },
        .init("kind", .text, "friction, or stall: a step's first visit that lasted beyond the step's threshold") {
            .text($0.problem.kind.rawValue)
        },
        .init("problem", .text, "Name of the rule, or of the step") { .text($0.problem.name) },
        .init("owner", .text, "Who answers for it by the pipeline file") { ReportTable.text($0.problem.owner) },
        .init("journeys", .integer, "Mature journeys that have it; matches later than the horizon after the journey's start do not count") {
            .integer($0.problem.journeys)
        },
        .init("converted", .integer, "Those of them that converted, without unmatched ones") { .integer($0.loss?.exposed.part ?? 0) },
        .init("conversion_rate", .ratio, "converted / (journeys − unmatched)") { ReportTable.ratio($0.loss?.exposed.rate) },
        .init("expected_rate", .ratio, "Conversion of journeys that had come as far without it, weighed by where these met it") { row in
            ReportTable.ratio(row.loss.map { $0.expected / Double($0.exposed.whole) })
        },
        .init("lost", .ratio, "expected_rate · (journeys − unmatched) − converted: conversions that go with it; below 0 where it helps") {
            ReportTable.ratio($0.loss?.lost)
        },
        .init("lost_low", .ratio, "Lower end of the 95 % interval of lost") { ReportTable.ratio($0.loss?.interval.low) },
        .init("lost_high", .ratio, "Upper end of the 95 % interval of lost") { ReportTable.ratio($0.loss?.interval.high) },
        .init("lost_per_30_days", .ratio, "lost · 30 / alive UTC days from the type's first to its last one with a mature start") {
            ReportTable.ratio($0.problem.lostPer30Days)
        },
        .init("value_lost", .ratio, "lost · mean value at the goal of converted journeys; empty where no goal has a number") {
            ReportTable.ratio($0.problem.valueLost)
        },
        .init("p_value", .ratio, "Cochran–Mantel–Haenszel over the places in the funnel, two-sided; empty without variation") {
            ReportTable.ratio($0.problem.pValue)
        },
        .init("q_value", .ratio, "p_value after Benjamini and Hochberg over the type's problems") { ReportTable.ratio($0.qValue) },
        .init("verdict", .text, "costs or helps where q_value ≤ 0.05, else unclear") { .text($0.verdict) },
        .init("unmatched", .integer, "Journeys that met it where nobody came as far without it") { .integer($0.problem.unmatched) },
        .init("share_28d", .ratio, "Share that has it of mature journeys of the 28 days before day(as-of − horizon)") {
            ReportTable.ratio($0.problem.recent.rate)
        },
        .init("share_28d_before", .ratio, "The same of the 28 days before those") { ReportTable.ratio($0.problem.before.rate) },
        .init("trend_difference_low", .ratio, "Lower end of Newcombe's 95 % interval of share_28d − share_28d_before") {
            ReportTable.ratio($0.problem.trend?.low)
        },
        .init("trend_difference_high", .ratio, "Upper end of Newcombe's 95 % interval of share_28d − share_28d_before") {
            ReportTable.ratio($0.problem.trend?.high)
        },
    ]

    private static func verdict(_ problem: Problem, _ qValue: Double?) -> String {
        guard let qValue, qValue <= Statistics.falseDiscoveryLevel, let lost = problem.loss?.lost, lost != 0 else { return "unclear" }
        return lost > 0 ? "costs" : "helps"
    }

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let problems = ProblemSums(sums).problems
        let qValues = Statistics.qValues(problems.map(\.pValue)) { problems[$0].type }
        let verdicts = ["costs": 0, "unclear": 1, "helps": 2]
        // A problem of which nothing can be told stands behind those that can.
        func place(_ index: Int) -> (Int, Double) {
            (verdicts[verdict(problems[index], qValues[index])] ?? 0, -(problems[index].loss?.lost ?? -.infinity))
        }
        // The list is in byte order of names, which decides where the rest is equal.
        let order = problems.indices.sorted { (place($0).0, place($0).1, $0) < (place($1).0, place($1).1, $1) }
        return order.enumerated().map { rank, index in
            TableRow(
                day: CellKey.allDays, persons: problems[index].persons,
                row: Row(rank: rank + 1, problem: problems[index], qValue: qValues[index]))
        }
    }

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { ProblemCells.Fold(plan, cells) }
}
