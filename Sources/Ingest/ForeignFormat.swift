/// What an input is that holds no lines of JSON: named by its first bytes and lines, with a command that makes lines of it.
/// Asked of the text as it is decompressed, so that it may lie inside gzip or zstd too.
///
/// Some bad lines do not make a log another thing: what is text is only taken for something else where no line at all is a
/// whole JSON object.
package struct ForeignFormat: Sendable, Equatable {
    /// With its article.
    let name: String
    private let remedy: Remedy

    private enum Remedy: Equatable {
        /// A command that also reads what is piped to it.
        case filter(String)
        /// A command that needs the file itself: what stands before its name and behind it.
        case program(String, String)
        case advice(String)
    }

    private init(_ name: String, _ remedy: Remedy) { (self.name, self.remedy) = (name, remedy) }

    /// What to do about it.
    /// - Parameter compression: what it was found inside of: `gzip`, `zstd` or nothing.
    func advice(inside compression: String?) -> String {
        let unpack = compression.map { $0 == "gzip" ? "zcat FILE" : "zstdcat FILE" }
        let command: String
        switch (remedy, unpack) {
        case (.advice(let text), _): return text
        case (.filter(let filter), nil): command = "\(filter) FILE"
        case (.filter(let filter), let unpack?): command = "\(unpack) | \(filter)"
        case (.program(let before, let after), nil): command = "\(before)FILE\(after)"
        case (.program(let before, let after), let unpack?): command = "\(unpack) > PART && \(before)PART\(after)"
        }
        return "convert it, as in: \(command) | sojourn run PIPELINE -"
    }

    /// How much of an input is looked at.
    static let headBytes = 64 << 10

    /// - Parameters:
    ///   - head: the first bytes of the input.
    ///   - isWhole: there are no others.
    static func of(_ head: [UInt8], isWhole: Bool) -> ForeignFormat? {
        if let binary = binary(head) ?? encoded(head) { return binary }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = ForeignText(head.starts(with: mark) ? head.dropFirst(mark.count) : head[...], isWhole: isWhole)
        switch text.first {
        case nil: return nil
        case UInt8(ascii: "["): return text.isArray ? array : nil
        case UInt8(ascii: "{"):
            if text.isBulk { return bulk }
            return text.isPretty ? pretty : text.isJoined ? joined : nil
        case UInt8(ascii: "<"): return text.isMarkup ? markup(head) : nil
        default: return text.isEventStream ? eventStream : text.separator.map(table)
        }
    }

    // MARK: Bytes

    /// By what stands at the very beginning; what also begins a text has to hold bytes that no text holds.
    private static let magics: [(bytes: [UInt8], isText: Bool, format: ForeignFormat)] = [
        (Array("PK\u{3}\u{4}".utf8), false, zip), (Array("PK\u{5}\u{6}".utf8), false, zip), (Array("PK\u{7}\u{8}".utf8), false, zip),
        ([0x1F, 0x8B], false, .init("gzip data once more", .filter("zcat"))),
        ([0x28, 0xB5, 0x2F, 0xFD], false, .init("zstd data", .filter("zstdcat"))),
        ([0x42, 0x5A, 0x68, 0x39, 0x31, 0x41, 0x59, 0x26], false, bzip2), (Array("BZh".utf8), true, bzip2),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], false, .init("xz data", .filter("xzcat"))),
        ([0x04, 0x22, 0x4D, 0x18], false, lz4), ([0x02, 0x21, 0x4C, 0x18], false, lz4),
        ([0x1F, 0x9D], false, .init("compress (.Z) data", .filter("zcat"))),
        (Array("LZIP\u{1}".utf8), false, .init("lzip data", .filter("lzip -dc"))),
        ([0xFF, 0x06, 0, 0, 0x73, 0x4E, 0x61, 0x50, 0x70, 0x59], false, .init("snappy data", .filter("snzip -dc"))),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], false, .init("a 7z archive", .program("7z x -so ", ""))),
        (Array("Rar!\u{1A}\u{7}".utf8), false, .init("a RAR archive", .program("unrar p -inul ", ""))),
        (
            Array("PAR1".utf8), true,
            .init("a Parquet file", .program("duckdb -c \"COPY (FROM read_parquet('", "')) TO '/dev/stdout' (FORMAT json)\""))
        ),
        (Array("Obj\u{1}".utf8), false, .init("an Avro file", .program("avro-tools tojson ", ""))),
        (Array("ORC".utf8), true, .init("an ORC file", .program("orc-contents ", ""))),
        (
            Array("ARROW1".utf8), true,
            .init(
                "an Arrow file",
                .program("python3 -c \"import pandas; pandas.read_feather('", "').to_json('/dev/stdout', orient='records', lines=True)\""))
        ),
        (
            Array("SQLite format 3\u{0}".utf8), false,
            .init("an SQLite database", .program("sqlite3 ", " \"SELECT json_object('time', time, …) FROM events\""))
        ),
    ]
    private static let zip = ForeignFormat("a zip archive", .program("unzip -p ", ""))
    private static let bzip2 = ForeignFormat("bzip2 data", .filter("bzcat"))
    private static let lz4 = ForeignFormat("lz4 data", .filter("lz4cat"))
    private static let tar = ForeignFormat("a tar archive", .program("tar -xOf ", ""))

    private static func binary(_ head: [UInt8]) -> ForeignFormat? {
        // A byte below the tabulator stands in no line of JSON, and early in every one of these files.
        let isText = !head.prefix(512).contains { $0 < 9 }
        if let magic = magics.first(where: { head.starts(with: $0.bytes) && !($0.isText && isText) }) { return magic.format }
        return isTar(head) ? tar : nil
    }

    /// A header of tar, of whatever dialect, holds the sum of its own bytes, in octal digits.
    private static func isTar(_ head: [UInt8]) -> Bool {
        let field = 148..<156
        guard head.count >= 512, head[0] != 0 else { return false }
        let digits = head[field].drop { $0 == 0x20 }.prefix { 0x30...0x37 ~= $0 }
        guard !digits.isEmpty, digits.count <= 7 else { return false }
        let stated = digits.reduce(0) { $0 * 8 + Int($1 - 0x30) }
        return stated == head[..<512].indices.reduce(0) { $0 + Int(field.contains($1) ? 0x20 : head[$1]) }
    }

    /// UTF-16 and UTF-32, with a mark or by the zeros in their first two characters.
    private static func encoded(_ head: [UInt8]) -> ForeignFormat? {
        func isASCII(_ index: Int) -> Bool { 0x20..<0x7F ~= head[index] || [9, 10, 13].contains(head[index]) }
        func format(_ name: String) -> ForeignFormat { .init("\(name) text", .filter("iconv -f \(name) -t UTF-8")) }
        let marks: [(bytes: [UInt8], name: String)] = [
            ([0xFF, 0xFE, 0, 0], "UTF-32"), ([0, 0, 0xFE, 0xFF], "UTF-32"), ([0xFF, 0xFE], "UTF-16"), ([0xFE, 0xFF], "UTF-16"),
        ]
        if let mark = marks.first(where: { head.starts(with: $0.bytes) }) { return format(mark.name) }
        guard head.count >= 4 else { return nil }
        switch (head[0] == 0, head[1] == 0, head[2] == 0, head[3] == 0) {
        case (false, true, true, true): return isASCII(0) ? format("UTF-32LE") : nil
        case (true, true, true, false): return isASCII(3) ? format("UTF-32BE") : nil
        case (false, true, false, true): return isASCII(0) && isASCII(2) ? format("UTF-16LE") : nil
        case (true, false, true, false): return isASCII(1) && isASCII(3) ? format("UTF-16BE") : nil
        default: return nil
        }
    }

    // MARK: Texts

    private static let array = ForeignFormat("one JSON array", .filter("jq -c '.[]'"))
    private static let pretty = ForeignFormat("JSON spread over several lines", .filter("jq -c ."))
    private static let joined = ForeignFormat("JSON objects without line ends between them", .filter("jq -c ."))
    private static let bulk = ForeignFormat(
        "an Elasticsearch bulk request",
        .filter("jq -c 'select(has(\"index\") or has(\"create\") or has(\"update\") or has(\"delete\") | not)'"))
    private static let eventStream = ForeignFormat("a stream of server-sent events", .filter("sed -n 's/^data: *//p'"))

    private static func markup(_ head: [UInt8]) -> ForeignFormat {
        let text = String(decoding: head.prefix(4096), as: UTF8.self).lowercased()
        if text.contains("<html") || text.contains("<!doctype html") {
            return .init("an HTML page", .advice("it may tell of an error or ask for a log-in: look at it, and fetch the log again"))
        }
        if text.contains("<log"), text.contains("xes") || text.contains("<trace") {
            return .init(
                "an XES event log",
                .program(
                    "python3 -c \"import pm4py; pm4py.read_xes('",
                    "').to_json('/dev/stdout', orient='records', lines=True, date_format='iso')\""))
        }
        return .init("an XML document", .filter("xq -c '.log.event[]'"))
    }

    private static func table(separatedBy separator: UInt8) -> ForeignFormat {
        switch separator {
        case UInt8(ascii: "\t"): .init("a table separated by tabs (TSV)", .filter("mlr --itsv --ojsonl cat"))
        case UInt8(ascii: ","): .init("a table separated by commas (CSV)", .filter("mlr --icsv --ojsonl cat"))
        default:
            .init(
                "a table separated by `\(Character(Unicode.Scalar(separator)))` (CSV)",
                .filter("mlr --icsv --ifs '\(Character(Unicode.Scalar(separator)))' --ojsonl cat"))
        }
    }
}
