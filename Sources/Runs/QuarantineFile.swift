import Definitions
import Disk
import Ingest
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
    static func line(_ line: RejectedLine, _ input: InputFile, sources: [SourceDefinition]) -> [UInt8] {
        var members: [JSONValue.Member] = [
            .init("reason", .text(line.reason.rawValue)), .init("source", .text(sources[input.source].name)),
            .init("file", .text(input.name)),
            .init("line", .integer(line.line)), .init("offset", .integer(line.offset)),
        ]
        if let record = line.record { members.append(.init("record", .integer(record))) }
        if let raw = line.rawText { members.append(.init("raw", .text(String(decoding: raw, as: UTF8.self)))) }
        var bytes: [UInt8] = []
        JSONText.appendLine(.object(members), to: &bytes)
        return bytes
    }
}
