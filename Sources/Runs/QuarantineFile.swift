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
}

/// Lines of one file that were put aside, as JSON with their line ends. There may be as many as the file has, mostly for the same
/// reason one after the other: what they begin with is made once for all of these.
struct QuarantineLines {
    private let source: String
    private let file: String
    private var reason: String?
    private var beginning: [UInt8] = []

    init(source: String, file: String) { (self.source, self.file) = (source, file) }

    /// - Parameter text: the line itself, where it is to be shown.
    mutating func line(reason: String, line: Int64, record: Int64?, offset: Int64, text: [UInt8]?) -> [UInt8] {
        if reason != self.reason {
            self.reason = reason
            let members: JSONValue = ["reason": .text(reason), "source": .text(source), "file": .text(file)]
            // Without the end of the object and of the line.
            beginning = Array(JSONText.line(members).dropLast(2))
        }
        var bytes = beginning
        bytes += Self.line
        DecimalText.append(line, to: &bytes)
        bytes += Self.offset
        DecimalText.append(offset, to: &bytes)
        if let record {
            bytes += Self.record
            DecimalText.append(record, to: &bytes)
        }
        if let text {
            bytes += Self.raw
            JSONText.append(text: String(decoding: text, as: UTF8.self), to: &bytes)
        }
        bytes += Self.end
        return bytes
    }

    private static let line = Array(",\"line\":".utf8)
    private static let offset = Array(",\"offset\":".utf8)
    private static let record = Array(",\"record\":".utf8)
    private static let raw = Array(",\"raw\":".utf8)
    private static let end = Array("}\n".utf8)
}
