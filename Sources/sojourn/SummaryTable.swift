import Tables

/// A table of the summary: aligned, and on a terminal with bars, as wide as it is.
struct SummaryTable {
    struct Column {
        let name: String
        let isNumeric: Bool
        let cells: [String]
        /// By row the share that a bar behind the column shows; nil: the column has none.
        var bars: [Double?]?
        /// Left out where the terminal is too narrow for all.
        var isOptional = false

        init(_ name: String, _ cells: [String], isNumeric: Bool = true, bars: [Double?]? = nil, isOptional: Bool = false) {
            (self.name, self.cells, self.isNumeric, self.bars, self.isOptional) = (name, cells, isNumeric, bars, isOptional)
        }
    }

    private static let (barMax, barMin) = (20, 6)
    private static let (cellMax, cellMin) = (32, 8)

    private let columns: [Column]

    init(_ columns: [Column]) { self.columns = columns }

    /// - Parameter width: of the terminal; nil: there is none, and all is shown, without bars.
    func lines(width: Int?) -> [String] {
        guard let width else { return table(columns, bar: nil).lines(cellWidthMax: Self.cellMax) }
        var shown = columns
        // The last optional columns go first; then cells are cut.
        while Self.width(table(shown, bar: nil), Self.cellMax) > width, let last = shown.lastIndex(where: \.isOptional) {
            shown.remove(at: last)
        }
        var cellMax = Self.cellMax
        while cellMax > Self.cellMin, Self.width(table(shown, bar: nil), cellMax) > width { cellMax -= 1 }
        let room = width - Self.width(table(shown, bar: nil), cellMax) - 2
        return table(shown, bar: room >= Self.barMin ? min(room, Self.barMax) : nil).lines(cellWidthMax: cellMax)
    }

    private static func width(_ table: TextTable, _ cellMax: Int) -> Int { table.lines(cellWidthMax: cellMax).map(\.count).max() ?? 0 }

    private func table(_ columns: [Column], bar: Int?) -> TextTable {
        var (names, cells, numeric) = ([String](), [[String]](), Set<String>())
        for column in columns {
            names.append(column.name)
            cells.append(column.cells)
            if column.isNumeric { numeric.insert(column.name) }
            if let bar, let shares = column.bars {
                names.append("")
                cells.append(shares.map { Self.bar($0 ?? 0, of: bar) })
            }
        }
        let rows = (0..<(columns.first?.cells.count ?? 0)).map { row in cells.map { $0[row] } }
        return TextTable(header: names, rows: rows, numeric: numeric)
    }

    /// By eighths of a character; what is not 0 shows.
    static func bar(_ share: Double, of width: Int) -> String {
        let eighths = share > 0 ? max(1, min(width * 8, Int((share * Double(width * 8)).rounded()))) : 0
        let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    }
}
