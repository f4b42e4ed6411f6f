import Definitions
package import Expressions
import Reports
package import Tables

/// What became of one of the pipeline's checks in a run.
package struct CheckResult: Sendable {
    /// A row for which the check does not hold.
    package struct FailedRow: Sendable {
        /// The row's key: names and values of the key columns.
        package var key: [(name: String, cell: ReportTable.Cell)]
        /// The columns that the check asks for.
        package var values: [(name: String, cell: ReportTable.Cell)]
    }

    package let check: TableCheck
    /// Rows that `where` selects.
    package private(set) var rowCount = 0
    package private(set) var failedCount = 0
    /// The first of them, in the order of the table.
    package private(set) var failed: [FailedRow] = []

    /// How many failed rows are kept: who wants more opens the table.
    package static let failedMax = 10

    /// Whether the check holds. Where no row is selected nothing shows that it does: a nightly gate must not pass because
    /// nothing arrived.
    package var holds: Bool { rowCount > 0 && failedCount == 0 }

    package init(_ check: TableCheck, in tables: [ReportTable]) {
        self.check = check
        guard let table = tables.first(where: { $0.name == check.table }) else { return }
        let evaluation = CheckEvaluation(table)
        for row in table.rows where check.selection.map({ evaluation.selects(row, $0) }) ?? true {
            rowCount += 1
            guard !evaluation.holds(check.condition, row) else { continue }
            failedCount += 1
            guard failed.count < Self.failedMax else { continue }
            func cells(_ names: [String]) -> [(name: String, cell: ReportTable.Cell)] { names.map { ($0, evaluation.cell($0, row)) } }
            failed.append(FailedRow(key: cells(table.keyColumns), values: cells(check.condition.columns)))
        }
    }

    /// What to say of a breached check: its text, then a line for each failed row.
    package var words: String {
        var lines = ["check breached: \(check.source)"]
        if rowCount == 0 { lines.append("  no row of \(check.table) is selected, so nothing shows that it holds") }
        for row in failed {
            let key = row.key.map { "\($0.name) \(Self.text($0.cell))" }.joined(separator: ", ")
            let values = row.values.map { "\($0.name) is \(Self.text($0.cell))" }.joined(separator: ", ")
            lines.append("  \(key): \(values)")
        }
        if failedCount > failed.count { lines.append("  and \(failedCount - failed.count) more rows") }
        return lines.joined(separator: "\n")
    }

    /// As the table shows it, but on one line and without anything that could steer a terminal.
    private static func text(_ cell: ReportTable.Cell) -> String {
        let published = cell.published
        return published.isEmpty ? "unknown" : DiagnosticList.excerpt(published)
    }

    /// For run.json.
    var json: JSONValue {
        func object(_ cells: [(name: String, cell: ReportTable.Cell)]) -> JSONValue {
            .object(cells.map { .init($0.name, JSONValue($0.cell)) })
        }
        return .object([
            .init("check", .text(check.source)), .init("holds", .boolean(holds)), .init("rows", .integer(Int64(rowCount))),
            .init("failed_rows", .integer(Int64(failedCount))),
            .init("failed", .array(failed.map { .object([.init("row", object($0.key)), .init("values", object($0.values))]) })),
        ])
    }
}

extension JSONValue {
    /// Lengths of time in seconds.
    fileprivate init(_ cell: ReportTable.Cell) {
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
