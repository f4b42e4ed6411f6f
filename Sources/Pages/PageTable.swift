import Reports
package import Tables

/// A table as the page sees it: by the texts that its CSV file has, so that a page made of the files is the same as one made by the
/// run that wrote them.
package struct PageTable: Sendable {
    package let name: String
    let columns: [ReportTable.Column]
    private let cells: ReportRows
    private let places: [String: Int]

    package init(_ table: ReportTable) {
        (name, columns, cells) = (table.name, table.columns, table.rows)
        places = Dictionary(table.columns.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
    }

    package var count: Int { cells.count }
    package var hasColumns: Bool { !columns.isEmpty }
    package var rows: some Sequence<PageRow> { cells.indices.lazy.map { PageRow(table: self, number: $0) } }

    func rows(where name: String, is text: String) -> [PageRow] { rows.filter { $0.text(name).utf8.elementsEqual(text.utf8) } }

    /// What a column means.
    func definition(_ name: String) -> String { places[name].map { columns[$0].description } ?? "" }

    fileprivate func text(_ row: Int, _ name: String) -> String {
        guard let place = places[name] else { return "" }
        if case .text(let text) = cells[row][place] { return text }
        var bytes: [UInt8] = []
        CSVFile.append(cells[row][place], to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension Share {
    init(counted part: Int64, of whole: Int64) { self.init(min(max(part, 0), max(whole, 0)), of: max(whole, 0)) }
}

/// A row of it. What the table does not have, or does not know, is an empty text and no number.
package struct PageRow {
    fileprivate let table: PageTable
    fileprivate let number: Int

    /// Among the table's rows.
    var place: Int { number }

    package func text(_ name: String) -> String { table.text(number, name) }
    /// Files may have been changed by hand: what no log has is not counted with.
    package func count(_ name: String) -> Int64 { min(max(Int64(text(name)) ?? 0, -Self.countMax), Self.countMax) }
    private static let countMax: Int64 = 1 << 45

    /// So many of so many, never more than all.
    package func share(_ part: String, of whole: String) -> Share { Share(counted: count(part), of: count(whole)) }

    package func value(_ name: String) -> Double? { Double(text(name)) }
    func holds(_ name: String) -> Bool { text(name) == "true" }

    /// A share, its interval and, where told, of how many.
    func interval(_ name: String) -> (low: Double, high: Double)? {
        guard let low = value(name + "_low"), let high = value(name + "_high") else { return nil }
        return (low, high)
    }
}
