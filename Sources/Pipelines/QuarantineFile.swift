import Ingest
import Reports

/// quarantine.ndjson: a line for each line put aside, in input order, readable by its owner only.
enum QuarantineFile {
    static func write(_ rejected: [RejectedLine], inputs: [InputFile], sources: [SourceDefinition], to publication: Publication) throws {
        let file = try publication.file("quarantine.ndjson", mode: 0o600)
        var bytes: [UInt8] = []
        for line in rejected {
            let input = inputs[line.input]
            var members: [JSONValue.Member] = [
                .init("reason", .text(line.reason.rawValue)), .init("source", .text(sources[input.source].name)), .init("file", .text(input.name)),
                .init("line", .integer(line.line)), .init("offset", .integer(line.offset)),
            ]
            if let raw = line.rawText { members.append(.init("raw", .text(String(decoding: raw, as: UTF8.self)))) }
            JSONText.appendLine(.object(members), to: &bytes)
            if bytes.count >= OutputFile.bufferBytes {
                try file.write(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        try file.write(bytes)
        try file.finish()
    }
}
