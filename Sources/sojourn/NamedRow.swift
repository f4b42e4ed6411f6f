import Tables

/// A row by the names of its columns.
struct NamedRow {
    private let table: ReportTable
    private let cells: [ReportTable.Cell]

    init(_ table: ReportTable, _ cells: [ReportTable.Cell]) { (self.table, self.cells) = (table, cells) }

    subscript(name: String) -> ReportTable.Cell { cells[table.columns.firstIndex { $0.name == name }!] }

    func text(_ name: String) -> String { if case .text(let text) = self[name] { text } else { "" } }
    func number(_ name: String) -> Int64 { if case .integer(let number) = self[name] { number } else { 0 } }
    func ratio(_ name: String) -> Double? { if case .ratio(let ratio) = self[name] { ratio } else { nil } }
    func percent(_ name: String) -> String { ratio(name).map(NumberText.percent) ?? "unknown" }

    /// ` (payments)`, where the row has one.
    var owner: String { text("owner").isEmpty ? "" : " (\(text("owner")))" }
}
