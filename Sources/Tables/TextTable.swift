/// A small table for people to read in a terminal: columns aligned, long cells cut.
public struct TextTable: Sendable {
    public var header: [String]
    public var rows: [[String]]
    /// Names of columns whose cells are set to the right.
    public var numeric: Set<String> = []

    public init(header: [String], rows: [[String]], numeric: Set<String> = []) {
        self.header = header
        self.rows = rows
        self.numeric = numeric
    }

    /// Lines without trailing blanks. Control characters in cells show as blanks: a log must not steer a terminal.
    public func lines(cellWidthMax: Int = 32, indent: String = "  ") -> [String] {
        let cells = ([header] + rows).map { row in row.map { Self.shortened($0, cellWidthMax) } }
        let widths = header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            var line = indent
            for (column, cell) in row.enumerated() {
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                line += numeric.contains(header[column]) ? blanks + cell : cell + blanks
                line += "  "
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    private static func shortened(_ text: String, _ width: Int) -> String {
        let shown = String(text.map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 })
        return shown.count <= width ? shown : shown.prefix(width - 1) + "…"
    }
}
