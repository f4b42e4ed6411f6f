/// A table of RFC 4180: records of fields, the first record the header. Small tables only; it holds all of it.
public struct CSVTable: Sendable, Equatable {
    public var header: [String]
    public var rows: [[String]]

    /// Why a text is no table.
    public struct Malformed: Error, Equatable {
        public var message: String
    }

    /// Fields may be quoted; a doubled quote inside quotes is a quote; records end with LF or CRLF. An error for a quote that
    /// never ends or is followed by text, for a record of another length than the header, and for no header.
    public init(_ bytes: [UInt8]) throws {
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var index = 0
        func endField() {
            record.append(String(decoding: field, as: UTF8.self))
            field = []
        }
        func endRecord() {
            endField()
            records.append(record)
            record = []
        }
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\"") where field.isEmpty:
                index += 1
                while true {
                    guard index < bytes.count else { throw Malformed(message: "a quoted field does not end") }
                    if bytes[index] == UInt8(ascii: "\"") {
                        guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "\"") else { break }
                        index += 1
                    }
                    field.append(bytes[index])
                    index += 1
                }
                index += 1
                guard index == bytes.count || [0x2C, 0x0A, 0x0D].contains(bytes[index]) else {
                    throw Malformed(message: "text after a quoted field in record \(records.count + 1)")
                }
            case UInt8(ascii: ","):
                endField()
                index += 1
            case 0x0D where index + 1 < bytes.count && bytes[index + 1] == 0x0A:
                index += 1
            case 0x0A:
                endRecord()
                index += 1
            default:
                field.append(bytes[index])
                index += 1
            }
        }
        if !field.isEmpty || !record.isEmpty { endRecord() }
        guard let first = records.first else { throw Malformed(message: "no header") }
        header = first
        rows = Array(records.dropFirst())
        for (number, row) in rows.enumerated() where row.count != header.count {
            throw Malformed(message: "record \(number + 2) has \(row.count) fields, the header \(header.count)")
        }
    }

    public init(text: String) throws { try self.init(Array(text.utf8)) }

    /// The values of a column from the top down; nil where there is no such column.
    public func column(_ name: String) -> [String]? {
        header.firstIndex(of: name).map { index in rows.map { $0[index] } }
    }
}
