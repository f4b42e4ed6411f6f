package import Disk
package import Tables

/// A table as RFC 4180 text: UTF-8, a header line, LF line ends, quotes only where they are needed.
package enum CSVFile {
    /// For whom a file is written.
    package enum Form: Sendable {
        /// For programs: every text is exactly what the log holds.
        case exact
        /// For spreadsheets: a byte order mark by which they know UTF-8, and no text that they would run as a formula.
        case spreadsheet
    }

    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    /// Stands before a text that would be a formula; spreadsheets take what follows as text.
    static let formulaEscape = "'"

    /// Writes the header and every row in the order given. Closing the file is left to the caller.
    package static func write(_ table: ReportTable, to file: OutputFile, form: Form = .exact) throws {
        try forEachLine(table, form: form) { try file.write($0) }
    }

    /// The header and every row in the order given, each with its line end.
    package static func forEachLine<E: Error>(_ table: ReportTable, form: Form = .exact, _ body: ([UInt8]) throws(E) -> Void) throws(E) {
        var line = form == .spreadsheet ? byteOrderMark : []
        for (index, column) in table.columns.enumerated() {
            if index > 0 { line.append(comma) }
            append(field: column.name, to: &line)
        }
        try end(&line, body)
        for row in table.rows {
            precondition(
                row.count == table.columns.count, "\(table.name): a row of \(row.count) cells under \(table.columns.count) columns")
            for (index, cell) in row.enumerated() {
                if index > 0 { line.append(comma) }
                if form == .spreadsheet, case .text(let text) = cell {
                    append(field: isFormula(text) ? formulaEscape + text : text, to: &line)
                } else {
                    append(cell, to: &line)
                }
            }
            // A lone empty field would be an empty line, which readers skip.
            if line.isEmpty { line.append(contentsOf: [quote, quote]) }
            try end(&line, body)
        }
    }

    /// Whether a spreadsheet would take the text for a formula, or could not tell it from one that was escaped: escapes at its
    /// beginning, if any, then one of `= + - @`, a tab or a carriage return. So different texts stay different, and taking one
    /// escape away gives each back.
    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.utf8.first(where: { $0 != UInt8(ascii: "'") }) else { return false }
        return "=+-@\t\r".utf8.contains(first)
    }

    /// The text that was written so for spreadsheets.
    package static func withoutEscape(_ text: String) -> String {
        text.hasPrefix(formulaEscape) && isFormula(text) ? String(text.dropFirst(formulaEscape.count)) : text
    }

    /// One cell as its field, quoted if need be. Unknown, NaN and infinity are empty.
    package static func append(_ cell: ReportTable.Cell, to line: inout [UInt8]) {
        switch cell {
        case .text(let text): append(field: text, to: &line)
        case .integer(let value): DecimalText.append(value, to: &line)
        case .ratio(let value): DecimalText.append(value, decimals: 6, to: &line)
        case .duration(let microseconds): DecimalText.appendSeconds(microseconds: microseconds, to: &line)
        case .seconds(let value): DecimalText.append(value, decimals: 3, to: &line)
        case .boolean(let value): line.append(contentsOf: (value ? "true" : "false").utf8)
        case .day(let day): DecimalText.append(day: day, to: &line)
        case .unknown: break
        }
    }

    /// Quotes a text that holds a comma, a quote or a line break; blanks at its ends need no quotes.
    package static func append(field text: String, to line: inout [UInt8]) {
        let bytes = text.utf8
        guard bytes.contains(where: { $0 == comma || $0 == quote || $0 == 0x0A || $0 == 0x0D }) else {
            line.append(contentsOf: bytes)
            return
        }
        line.append(quote)
        for byte in bytes {
            if byte == quote { line.append(quote) }
            line.append(byte)
        }
        line.append(quote)
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")

    private static func end<E: Error>(_ line: inout [UInt8], _ body: ([UInt8]) throws(E) -> Void) throws(E) {
        line.append(0x0A)
        try body(line)
        line.removeAll(keepingCapacity: true)
    }
}
