import Disk
import Reports

/// Files of lines that took no part, in input order, readable by their owner only: quarantine.ndjson and late.ndjson.
enum QuarantineFile {
    /// Gives out lines with their ends, one after the other, wherever they are kept: there may be more than memory holds.
    typealias Lines = (_ write: ([UInt8]) throws -> Void) throws -> Void

    static func write(_ lines: Lines, to name: String, _ publication: Publication) throws {
        let file = try publication.file(name, mode: 0o600)
        var bytes: [UInt8] = []
        try lines { line in
            bytes += line
            if bytes.count >= OutputFile.bufferBytes {
                try file.write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try file.write(bytes)
        try file.finish()
    }

    /// A line put aside, as JSON with its line end.
    /// - Parameter text: the line itself, where it is to be shown.
    static func line(reason: String, source: String, file: String, line: Int64, record: Int64?, offset: Int64, text: [UInt8]?) -> [UInt8] {
        var members: [JSONValue.Member] = [
            .init("reason", .text(reason)), .init("source", .text(source)), .init("file", .text(file)), .init("line", .integer(line)),
            .init("offset", .integer(offset)),
        ]
        if let record { members.append(.init("record", .integer(record))) }
        if let text { members.append(.init("raw", .text(String(decoding: text, as: UTF8.self)))) }
        var bytes: [UInt8] = []
        JSONText.appendLine(.object(members), to: &bytes)
        return bytes
    }
}
