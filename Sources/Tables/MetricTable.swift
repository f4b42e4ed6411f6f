package import Journeys

/// One published table: what it counts, under which keys, what a person or a journey adds, its columns, and how rows are
/// made of the sums. A table is written in one file and stands in one list, `TableList`; the state between runs, the tables
/// by day, restatements, the rows that are left out for privacy, datapackage.json and checks follow from what it says here.
package protocol MetricTable: Sendable {
    /// What the cells of one row are computed from.
    associatedtype Row: Sendable

    /// Name of the CSV file and of the SQL table.
    static var name: String { get }
    /// One sentence for datapackage.json.
    static var title: String { get }
    /// The columns that identify a row, in order.
    static var keyColumns: [String] { get }
    static var cells: [CellShape] { get }
    static var columns: [TableColumn<Row>] { get }

    /// Rows in the order in which they are written; by day, the order within a day.
    static func rows(_ sums: TableSums) -> [TableRow<Row>]

    /// What counts persons or journeys into this table's cells; belongs to one worker.
    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold

    /// The table, by what the others say. Asked for here, so that it is compiled for each table's own rows.
    /// - Parameter whole: the sums in which `cells` say what changed; then the table has the keys alone, for what other columns would
    ///   say of changes has no sense. nil: `cells` are the sums.
    static func make(_ granularity: Granularity, _ cells: MetricCells, _ names: TableNames, changesOf whole: MetricCells?) -> ReportTable

    /// Without a row.
    static func empty(_ granularity: Granularity) -> ReportTable

    /// Why a row of an earlier day may change although nothing was counted on that day; nil where it may not.
    static var reasonForOtherDays: String? { get }

    /// Whether the pipeline gives it anything to say; else it is not written.
    static func isPublished(_ names: TableNames) -> Bool

    /// Whether it makes sense for a day.
    static var isByDay: Bool { get }

    /// Whether rows have distinct keys without an empty text, whatever the log: then nobody looks.
    static var hasDistinctFilledKeys: Bool { get }
}

/// What a table counts of persons, of their journeys, or of both: a fold overrides what it has a use for.
package class TableFold {
    init() {}

    /// All that `add` asks of the time as of which persons are judged, besides the course of journeys, on which everything may depend.
    var questions: AsOfQuestions { [] }

    /// Counts what is to be counted once a journey.
    func add(_ journey: JourneyContext, _ person: PersonWalk) {}

    /// Counts what is to be counted once a person, after the walk.
    func add(_ person: PersonWalk) {}
}

/// A fold into cells of dense numbers and days.
class DenseFold: TableFold {
    final let plan: FoldPlan
    final let table: CellTable
    final let memo: DayMemo

    /// - Parameter numbers: how many there are.
    init(_ plan: FoldPlan, _ table: CellTable, numbers: Int) {
        (self.plan, self.table) = (plan, table)
        memo = DayMemo(count: numbers)
    }

    /// The cell of a number over all days.
    /// - Parameter key: of any of its days.
    @inline(__always)
    final func overall(_ number: Int, slice: UInt32 = 0, _ key: @autoclosure () -> CellKey) -> Int {
        memo.cell(number, day: CellKey.allDays, slice: slice, in: table, key().overall)
    }
}

extension FoldPlan {
    /// Counts a journey's person once over all days for a row that does not show persons: only where rows of few are left out.
    @inline(__always)
    func countPerson(of journey: JourneyContext, to counter: some CellCounter, in table: CellTable, _ key: @autoclosure () -> CellKey) {
        if countsPersonsOfRows { table.addOnce(journey.owner, to: counter, of: table.cell(key().overall)) }
    }
}

/// A column with the value it shows.
package struct TableColumn<Row: Sendable>: Sendable {
    let column: ReportTable.Column
    let value: @Sendable (Row) -> ReportTable.Cell
    /// Left out of the table by day: it makes no sense for a day.
    let isOfTotalOnly: Bool

    /// - Parameter description: one sentence: unit, denominator, boundary rule.
    init(
        _ name: String, _ kind: ReportTable.Kind, _ description: String, ofTotalOnly: Bool = false,
        _ value: @escaping @Sendable (Row) -> ReportTable.Cell
    ) {
        column = .init(name, kind, description)
        self.value = value
        isOfTotalOnly = ofTotalOnly
    }
}

/// A row on its way into a table.
package struct TableRow<Row: Sendable>: Sendable {
    /// `CellKey.allDays` in a table of the whole time.
    var day: Int32
    /// How many different persons it stands for; nil: that cannot be said.
    var persons: Int64?
    var row: Row

    init(day: Int32, persons: Int64? = nil, row: Row) { (self.day, self.persons, self.row) = (day, persons, row) }
}

/// What rows are made of.
package struct TableSums {
    let granularity: Granularity
    let cells: MetricCells
    let names: TableNames
    /// Where `cells` are changes: all there is now. Only keys make sense then, and no share may be made.
    var whole: MetricCells?

    func groups(_ shape: CellShape) -> [CellKey: CellGroup] { cells[shape].grouped(granularity) }
}

extension MetricTable {
    package static var reasonForOtherDays: String? { nil }
    package static func isPublished(_ names: TableNames) -> Bool { true }
    package static var isByDay: Bool { true }
    package static var hasDistinctFilledKeys: Bool { false }

    /// Puts a `day` column first where the table is by day, and sorts by day. Where it is not, rows of few persons are left
    /// out.
    package static func make(
        _ granularity: Granularity, _ cells: MetricCells, _ names: TableNames, changesOf whole: MetricCells?
    ) -> ReportTable {
        let rows = rows(TableSums(granularity: granularity, cells: cells, names: names, whole: whole))
        let values = shown(granularity, keysOnly: whole != nil).map(\.value)
        var table = empty(granularity, shown(granularity, keysOnly: whole != nil))
        table.hasDistinctFilledKeys = hasDistinctFilledKeys
        guard granularity == .daily else {
            table.rows = ReportRows(count: rows.count) { place in
                let row = rows[place].row
                return values.map { $0(row) }
            }
            return table.withoutRows(ofFewerThan: names.minCount, persons: rows.lazy.map(\.persons))
        }
        let order = rows.indices.sorted { (rows[$0].day, $0) < (rows[$1].day, $1) }.map { UInt32($0) }
        table.rows = ReportRows(count: rows.count) { place in
            let (day, row) = (rows[Int(order[place])].day, rows[Int(order[place])].row)
            var cells: [ReportTable.Cell] = [.day(day)]
            cells.reserveCapacity(values.count + 1)
            for value in values { cells.append(value(row)) }
            return cells
        }
        return table
    }

    private static func shown(_ granularity: Granularity, keysOnly: Bool = false) -> [TableColumn<Row>] {
        columns.filter { (granularity == .total || !$0.isOfTotalOnly) && (!keysOnly || keyColumns.contains($0.column.name)) }
    }

    /// The table with all its columns.
    static func make(_ granularity: Granularity, _ cells: MetricCells, _ names: TableNames) -> ReportTable {
        make(granularity, cells, names, changesOf: nil)
    }

    package static func empty(_ granularity: Granularity) -> ReportTable { empty(granularity, shown(granularity)) }

    private static func empty(_ granularity: Granularity, _ shown: [TableColumn<Row>]) -> ReportTable {
        let shown = shown.map(\.column)
        guard granularity == .daily else { return ReportTable(name: name, title: title, columns: shown, rows: [], keyColumns: keyColumns) }
        return ReportTable(
            name: name, title: title + " by day", columns: [.init("day", .day, "Day in the pipeline's time zone")] + shown, rows: [],
            keyColumns: ["day"] + keyColumns)
    }
}

extension JourneyContext {
    /// The key of a cell for this journey's type and day.
    @inline(__always)
    func key(_ first: UInt32 = 0, _ second: UInt32 = 0, _ third: UInt32 = 0, _ fourth: UInt32 = 0) -> CellKey {
        CellKey(type: UInt32(truncatingIfNeeded: type), slice: slice, first, second, third, fourth, day: day)
    }
}
