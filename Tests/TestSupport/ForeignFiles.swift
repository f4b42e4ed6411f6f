/// Files that are no NDJSON, as other programs write them, each with what it is to be called.
public enum ForeignFiles {
    private static func text(_ line: Int) -> (time: String, touchpoint: String, customer: String) {
        ("2024-01-01T00:00:\(line < 10 ? "0" : "")\(line)Z", "p\(line)", "c\(line % 3)")
    }

    /// `{"ts": …, "tp": …, "u": …}`.
    public static func object(_ line: Int) -> String {
        let (time, touchpoint, customer) = text(line)
        return "{\"ts\": \"\(time)\", \"tp\": \"\(touchpoint)\", \"u\": \"\(customer)\"}"
    }

    private static let objects = (0..<12).map(object)

    private static func table(_ separator: String, header: Bool = true) -> String {
        let rows = (0..<12).map { line in [text(line).time, text(line).touchpoint, text(line).customer].joined(separator: separator) }
        return ((header ? ["ts\(separator)tp\(separator)u"] : []) + rows).map { $0 + "\n" }.joined()
    }

    private static let pretty = objects.map {
        "  " + $0.replacing("{", with: "{\n    ").replacing(", ", with: ",\n    ").replacing("}", with: "\n  }")
    }

    public static let texts: [(text: String, name: String)] = [
        ("[" + objects.joined(separator: ", ") + "]", "one JSON array"), ("[" + objects.joined(separator: ", ") + "]\n", "one JSON array"),
        ("[\n" + objects.joined(separator: ",\n") + "\n]\n", "one JSON array"),
        ("[\n" + pretty.joined(separator: ",\n") + "\n]\n", "one JSON array"),
        ("\u{FEFF}\r\n[\r\n" + pretty[0] + "]", "one JSON array"), ("[\n]\n", "one JSON array"),
        ("[1, {}, \"a\\\"]\", [null], {\"b\": [{}, {}]}]\n", "one JSON array"),
        ("[" + String(repeating: objects[0] + ",", count: 3000) + objects[1] + "]", "one JSON array"),
        (pretty.joined(separator: "\n"), "JSON spread over several lines"),
        ("{\n\"rows\": [\n" + objects.joined(separator: ",\n") + "]}", "JSON spread over several lines"),
        (objects.joined(), "JSON objects without line ends"), (objects.joined(separator: " ") + "\n", "JSON objects without line ends"),
        (objects.map { "{\"index\":{\"_id\":\"1\"}}\n\($0)\n" }.joined(), "an Elasticsearch bulk request"),
        ("{ \"create\" : {} }\n" + objects[0], "an Elasticsearch bulk request"),
        (table(","), "commas (CSV)"), (table(",", header: false), "commas (CSV)"), (table("\t"), "tabs (TSV)"),
        (table("\t", header: false), "tabs (TSV)"),
        (table(";"), "separated by `;`"), (table("|"), "separated by `|`"),
        ("id,text\n1,\"a, b\nc\"\n2,\"{\"\"x\"\": 1, \"\"y\"\": 2}\"\n", "commas (CSV)"), ("\u{FEFF}" + table(","), "commas (CSV)"),
        ("<?xml version=\"1.0\"?>\n<log><trace></trace></log>", "an XES event log"),
        ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<events>\n  <event/>\n</events>\n", "an XML document"),
        ("<events><event/></events>", "an XML document"),
        ("<!DOCTYPE html>\n<html><body>Log in</body></html>\n", "an HTML page"),
        ("<HTML>\n<h1>502 Bad Gateway</h1>\n</HTML>", "an HTML page"),
        (objects.map { "data: \($0)\n\n" }.joined(), "server-sent events"),
        (": ping\n\nevent: log\nid: 1\ndata: {}\n\n", "server-sent events"),
    ]

    /// A header of tar with its sum, and the file behind it.
    private static let tar: [UInt8] = {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) { for (offset, byte) in text.utf8.enumerated() { header[place + offset] = byte } }
        put("log.ndjson", at: 0)
        put("0000644\u{0}0000000\u{0}0000000\u{0}00000000100\u{0}14000000000\u{0}        0", at: 100)
        let sum = header.reduce(0) { $0 + Int($1) }
        let digits = String(sum, radix: 8)
        put(String(repeating: "0", count: 6 - digits.utf8.count) + digits + "\u{0} ", at: 148)
        return header + Array(objects.joined(separator: "\n").utf8)
    }()

    private static func wide(_ size: Int, bigEndian: Bool, mark: Bool) -> [UInt8] {
        let text = (mark ? [0xFEFF] : []) + objects.joined(separator: "\n").unicodeScalars.map(\.value)
        return text.flatMap { code in (0..<size).map { UInt8(truncatingIfNeeded: code >> (8 * UInt32(bigEndian ? size - 1 - $0 : $0))) } }
    }

    public static let bytes: [(bytes: [UInt8], name: String)] = [
        (Array("PK\u{3}\u{4}".utf8) + [20, 0, 0, 0], "a zip archive"),
        (Array("PK\u{5}\u{6}".utf8) + [UInt8](repeating: 0, count: 18), "a zip archive"),
        (Array("BZh91AY&SY".utf8) + [0x59, 0x1B, 0x11, 0x7C, 0, 3], "bzip2 data"),
        (Array("BZh9".utf8) + [0x17, 0x72, 0x45, 0x38, 0x50, 0x90, 0, 0, 0, 0], "bzip2 data"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0, 4], "xz data"), ([0x04, 0x22, 0x4D, 0x18, 0x64, 0x40], "lz4 data"),
        ([0x1F, 0x9D, 0x90, 0x41], "compress (.Z) data"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], "a 7z archive"), (Array("Rar!\u{1A}\u{7}".utf8) + [1, 0], "a RAR archive"),
        (tar, "a tar archive"),
        (Array("PAR1".utf8) + [0x15, 4, 0x15, 0x20], "a Parquet file"),
        (Array("Obj\u{1}".utf8) + [4, 22] + Array("avro.schema".utf8), "an Avro file"),
        (Array("ORC".utf8) + [8, 3, 0x10, 0], "an ORC file"), (Array("SQLite format 3\u{0}".utf8) + [16, 0, 1, 1], "an SQLite database"),
        (wide(2, bigEndian: false, mark: true), "UTF-16 text"), (wide(2, bigEndian: true, mark: true), "UTF-16 text"),
        (wide(2, bigEndian: false, mark: false), "UTF-16LE text"), (wide(2, bigEndian: true, mark: false), "UTF-16BE text"),
        (wide(4, bigEndian: false, mark: true), "UTF-32 text"), (wide(4, bigEndian: true, mark: true), "UTF-32 text"),
        (wide(4, bigEndian: false, mark: false), "UTF-32LE text"), (wide(4, bigEndian: true, mark: false), "UTF-32BE text"),
    ]

    public static let all = bytes + texts.map { (Array($0.text.utf8), $0.name) }

    /// Lines that are none of a log, which stand before a good one.
    public static let badBeginnings = [
        "", "\u{FEFF}", "x", "[", "]", "[\n]", "[1,2]", "[1,", "[{\"a\": 1},", "[" + object(3), "{", "}", "{}", "{\"a\":", "{\"a\": 1,",
        "{\"a\": 1", "{\"a\": {", "{\"a\": \"b",
        object(1) + object(2), object(1) + ",", "a,b\nc,d", "a\tb\n1\t2\n3\t4", "a;b", "<html><body>error</body></html>",
        "<?xml version=\"1.0\"?>\n<log/>", "# of\n# old",
        "data: x", "data: {}\n\ndata: {}", "null", "1,2\n3,4\n5,6", "\"a\",\"b\"\n\"c\",\"d\"", "PAR1,PAR2", "ORC,2", "BZh,1",
        "{\"index\":{}}",
        "error: connection lost, retrying\nerror: connection lost, retrying", "\u{1}\u{2}", "\u{0}", "'a',\"b\n",
    ]
}
