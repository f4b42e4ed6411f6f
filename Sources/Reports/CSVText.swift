import Disk

/// Reads what `CSVFile` writes: RFC 4180 text with a header line.
package enum CSVText {
    /// Throws `OutputError` where it is no such text: an open quote, or a row of another width.
    /// - Parameter path: for the error.
    package static func rows(_ bytes: [UInt8], path: String) throws -> (header: [String], rows: [[String]]) {
        var (rows, row, field) = ([[String]](), [String](), [UInt8]())
        var (isQuoted, place) = (false, bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        func fault(_ reason: String) -> OutputError { OutputError("read", path, reason: "\(reason) in line \(rows.count + 1)") }
        func endField() {
            row.append(String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
        }
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if isQuoted {
                if byte != quote {
                    field.append(byte)
                } else if place < bytes.count, bytes[place] == quote {
                    field.append(quote)
                    place += 1
                } else {
                    isQuoted = false
                }
                continue
            }
            switch byte {
            case quote: isQuoted = true
            case UInt8(ascii: ","): endField()
            case 10:
                endField()
                guard rows.first.map({ $0.count == row.count }) ?? true else { throw fault("another number of fields than in the header") }
                rows.append(row)
                row.removeAll(keepingCapacity: true)
            default: field.append(byte)
            }
        }
        guard !isQuoted, row.isEmpty, field.isEmpty else { throw fault("the text breaks off") }
        guard let header = rows.first else { throw fault("there is no header") }
        return (header, Array(rows.dropFirst()))
    }

    private static let quote = UInt8(ascii: "\"")
}
