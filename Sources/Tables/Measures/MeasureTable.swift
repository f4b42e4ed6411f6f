import Journeys

/// metrics.csv: one figure a row, each with what it was computed from, or why it cannot be told.
enum MeasureTable: MetricTable {
    static let name = "metrics"
    static let title = "Surveys, effort, time to value, alignment of channels and containment"
    static let keyColumns = ["metric", "journey", "name"]
    static let cells = parts.flatMap { $0.cells }
    static let isByDay = false
    /// In byte order of their names.
    private static let parts: [any MeasurePart.Type] = [
        AlignmentPart.self, ContainmentPart.self, EffortPart.self, SurveyPart.self, TimeToValuePart.self,
    ]

    static let columns: [TableColumn<MeasureRow>] = [
        .init("metric", .text, "surveys, effort, time_to_value, channel_alignment or containment") { .text($0.metric) },
        .init("journey", .text, "Journey type; empty where the metric is no journey's") { .text($0.journey) },
        .init("name", .text, "Of the survey, the part of the effort, the time, or the term") { .text($0.name) },
        .init("value", .ratio, "The figure, in its unit; empty where it cannot be told") { $0.value },
        .init("unit", .text, "points, answer, count, hours, coefficient, share or seconds") { .text($0.unit) },
        .init("numerator", .ratio, "What the value divides: of time_to_value, journeys that had the value by then") { $0.numerator },
        .init("denominator", .integer, "By what: answers, mature journeys, pairs, or of time_to_value all journeys that began") {
            .integer($0.denominator)
        },
        .init("low", .ratio, "Lower end of the value's 95 % interval; empty where it has none") { ReportTable.ratio($0.interval?.low) },
        .init("high", .ratio, "Upper end of the value's 95 % interval") { ReportTable.ratio($0.interval?.high) },
        .init("reason", .text, "Why there is no value, or what it leaves out") { ReportTable.filled($0.reason) },
    ]

    static func isPublished(_ names: TableNames) -> Bool { names.measures.isAsked }

    static func rows(_ sums: TableSums) -> [TableRow<MeasureRow>] {
        parts.flatMap { part in part.rows(sums).sorted { $0.precedes($1) } }.map {
            TableRow(day: CellKey.allDays, persons: $0.persons, row: $0)
        }
    }

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(parts.compactMap { $0.makeFold(plan, cells) }) }

    private final class Fold: TableFold {
        private let parts: [TableFold]

        init(_ parts: [TableFold]) { self.parts = parts }

        override var questions: AsOfQuestions { parts.reduce([]) { $0.union($1.questions) } }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) { for part in parts { part.add(journey, person) } }
        override func add(_ person: PersonWalk) { for part in parts { part.add(person) } }
    }
}

/// One of the metrics: its cells, what a person adds, and its rows.
protocol MeasurePart: Sendable {
    static var cells: [CellShape] { get }
    static func rows(_ sums: TableSums) -> [MeasureRow]

    /// nil where the pipeline does not ask for it.
    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold?
}

struct MeasureRow {
    let metric: String
    var journey = ""
    var name = ""
    let unit: String
    var value = ReportTable.Cell.unknown
    var numerator = ReportTable.Cell.unknown
    var denominator: Int64
    var interval: (low: Double, high: Double)?
    var reason = ""
    var persons: Int64?

    func precedes(_ other: MeasureRow) -> Bool {
        journey.utf8.elementsEqual(other.journey.utf8) ? TableNames.precedes(name, other.name) : TableNames.precedes(journey, other.journey)
    }

    /// A share of its parts with Wilson's interval.
    init(_ metric: String, journey: String = "", name: String = "", _ share: Share, orElse reason: String, persons: Int64?) {
        self.init(metric: metric, journey: journey, name: name, unit: "share", denominator: share.whole, persons: persons)
        value = ReportTable.ratio(share.rate)
        numerator = .integer(share.part)
        interval = share.interval
        if share.whole == 0 { self.reason = reason }
    }

    init(
        metric: String, journey: String = "", name: String = "", unit: String, value: ReportTable.Cell = .unknown,
        numerator: ReportTable.Cell = .unknown, denominator: Int64, interval: (low: Double, high: Double)? = nil, reason: String = "",
        persons: Int64?
    ) {
        (self.metric, self.journey, self.name, self.unit) = (metric, journey, name, unit)
        (self.value, self.numerator, self.denominator, self.interval) = (value, numerator, denominator, interval)
        (self.reason, self.persons) = (reason, persons)
    }
}

extension CellGroup {
    /// A sum that is kept in two counters, high · 2³² + low, so that it cannot overflow.
    func wide(_ high: some CellCounter, _ low: some CellCounter) -> Int128 { Int128(self[high]) << 32 + Int128(self[low]) }
}

extension CellTable {
    /// Adds to a sum that is kept in two counters.
    /// - Parameter amount: not below zero.
    @inline(__always)
    func addWide(_ amount: Int64, to high: some CellCounter, _ low: some CellCounter, of cell: Int) {
        add(amount >> 32, to: high, of: cell)
        add(amount & 0xFFFF_FFFF, to: low, of: cell)
    }
}
