import Definitions
package import Expressions
import Reports
package import Tables

/// What became of one of the pipeline's checks in a run (pipelines/rules.md, 14).
package struct CheckResult: Sendable {
    /// A row for which the check does not hold, or cannot be judged.
    package struct Row: Sendable {
        /// What tells it from others: names and values. A step is told by its name, not by its number.
        package var key: [(name: String, cell: ReportTable.Cell)]
        /// The columns that the check asks for.
        package var values: [(name: String, cell: ReportTable.Cell)]
    }

    /// Some rows of many: the first, in the order of the table, and how many there are.
    package struct Rows: Sendable {
        package fileprivate(set) var count = 0
        package fileprivate(set) var first: [Row] = []
        /// How many are kept: who wants more opens the table.
        package static let firstMax = 10
    }

    package let check: TableCheck
    /// Rows that `where` selects.
    package private(set) var rowCount = 0
    /// Rows for which it does not hold.
    package private(set) var failed = Rows()
    /// Rows whose empty values leave it open.
    package private(set) var unknown = Rows()

    /// Whether nothing speaks against the check: an empty value does not, nor does a row that is not there.
    package var holds: Bool { failed.count == 0 }

    package init(_ check: TableCheck, in tables: CheckedTables) {
        self.check = check
        guard let table = tables[check.table] else { return }
        let evaluation = CheckEvaluation(table, lastDay: tables.lastDay)
        let key = Self.key(of: table)
        let hidesRows = tables.hidesRows(of: check.table)
        func cells(_ names: [String], _ row: [ReportTable.Cell]) -> [(name: String, cell: ReportTable.Cell)] {
            names.map { ($0, evaluation.cell($0, row)) }
        }
        func note(_ row: [ReportTable.Cell], in rows: inout Rows) {
            rows.count += 1
            guard rows.first.count < Rows.firstMax, !hidesRows else { return }
            rows.first.append(Row(key: cells(key, row), values: cells(check.condition.columns, row)))
        }
        for row in table.rows where check.selection.map({ evaluation.selects(row, $0) }) ?? true {
            rowCount += 1
            switch evaluation.holds(check.condition, row) {
            case true?: break
            case false?: note(row, in: &failed)
            case nil: note(row, in: &unknown)
            }
        }
    }

    private static func key(of table: ReportTable) -> [String] {
        let hasStep = table.columns.contains { $0.name == "step" }
        return table.keyColumns.map { hasStep && $0 == "step_index" ? "step" : $0 }
    }

    // MARK: Words

    /// What to say of a breached check: its text, then a line for each failed row.
    package var words: String { (["check breached: \(check.source)"] + lines(failed)).joined(separator: "\n") }

    /// Whether it says less than it seems to.
    package var isOpen: Bool { rowCount == 0 || unknown.count > 0 }

    /// Why the check may say less than it seems to; nil where it was held against every row that it means.
    package var warning: String? {
        guard unknown.count > 0 else { return nil }
        return (["the check `\(check.source)` could not be judged everywhere:"] + lines(unknown)).joined(separator: "\n")
    }

    /// Where there is no row that it means.
    var neverTrue: RunWarning? {
        guard rowCount == 0 else { return nil }
        return RunWarning(
            code: .neverTrue, text: "the check `\(check.source)` selects no row of \(check.table): nothing was held against it",
            place: "`checks`")
    }

    private func lines(_ rows: Rows) -> [String] {
        var lines = rows.first.map { row in
            let values = row.values.map { "\(check.table).\($0.name) is \(Self.text($0.cell))" }.joined(separator: ", ")
            let key = row.key.map { "\($0.name) \(Self.text($0.cell))" }.joined(separator: ", ")
            return "  \(values)\(key.isEmpty ? "" : " where \(key)")"
        }
        let rest = rows.count - rows.first.count
        if rows.first.isEmpty {
            lines.append("  in \(rest) row\(rest == 1 ? "" : "s") by day, which are not shown because of `min_count`")
        } else if rest > 0 {
            lines.append("  and \(rest) more row\(rest == 1 ? "" : "s")")
        }
        return lines
    }

    /// As the table shows it, but on one line and without anything that could steer a terminal.
    private static func text(_ cell: ReportTable.Cell) -> String {
        let published = cell.published
        return published.isEmpty ? "empty" : DiagnosticList.excerpt(published)
    }

    /// For run.json.
    var json: JSONValue {
        func object(_ cells: [(name: String, cell: ReportTable.Cell)]) -> JSONValue {
            .object(cells.map { .init($0.name, JSONValue($0.cell)) })
        }
        func array(_ rows: Rows) -> JSONValue {
            .array(rows.first.map { .object([.init("row", object($0.key)), .init("values", object($0.values))]) })
        }
        return .object([
            .init("check", .text(check.source)), .init("holds", .boolean(holds)), .init("rows", .integer(Int64(rowCount))),
            .init("failed_rows", .integer(Int64(failed.count))), .init("failed", array(failed)),
            .init("unknown_rows", .integer(Int64(unknown.count))), .init("unknown", array(unknown)),
        ])
    }
}

extension JSONValue {
    /// As computed, not as rounded; lengths of time in seconds, null where it is unknown.
    init(_ cell: ReportTable.Cell) {
        switch cell {
        case .text(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .ratio(let number), .seconds(let number): self = .number(number)
        case .duration(let microseconds): self = .number(Double(microseconds) / 1_000_000)
        case .boolean(let truth): self = .boolean(truth)
        case .day: self = .text(cell.published)
        case .unknown: self = .null
        }
    }
}
