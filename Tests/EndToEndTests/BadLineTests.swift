import Foundation
import Testing

@testable import TestSupport

/// Lines that cannot be used: each is put aside with its reason and place, and its neighbours count.
@Suite struct BadLineTests {
    /// `a` is a field that a text of any kind may stand in.
    private static let pipeline = SmallLog.pipeline.replacingOccurrences(of: "touchpoint: tp,", with: "touchpoint: tp, action: a,")

    /// What is no JSON, where a value should stand in a field that nobody maps.
    static let badValues: [String] = [
        "nul", "tru", "fals", "nulll", "True", "NULL", "undefined", "NaN", "Infinity", "-Infinity", "inf", "01", "-01", "00", "1.", ".5",
        "-.5", "+1",
        "-", "--1", "1e", "1e+", "1E-", "1.e5", "1e5.5", "0x1", "1_000", "1,000,", "0 1", "1 2", "true false", "'a'", "a", "\"a", "\"a\"b",
        "\"a\"\"b\"",
        "\"\\x\"", "\"\\\"", "\"\\u12G4\"", "\"\\u123\"", "\"\\u\"", "\"\\U0041\"", "\"\\u+123\"", "\"\\ \"", "\"\\0\"", "\"\t\"",
        "\"\u{0}\"",
        "\"\u{1}\"", "\"\u{1F}\"", "\"\r\"", "[1,]", "[,1]", "[,]", "[1 2]", "[1", "[1}", "[", "]", "{", "}", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}", "{,}",
        "{a:1}", "{1:2}", "{null:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "{\"a\":1,,\"b\":2}", "{[]:1}", "// x", "/* x */ 1", "\\u0031", "",
        "1\u{C}",
        "\u{B}1", "\u{A0}1", "\u{FEFF}1", "\u{0}", "1\u{0}", "1;", "<1>", "#", "$", "`a`", "“a”", "１",
    ]

    /// What is JSON, however odd.
    static let goodValues: [String] = [
        "null", "true", "0", "-0", "-0.0e-1", "1E+5", "1e400", "-1e-400", "123456789012345678901234567890.5", "\"\"", "\"\\ud83d\\ude42\"",
        "\"\\ud800\"", "\"\\udc00x\"", "\"\\u0000\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\u{7F}\u{80}\u{2028}\u{FFFF}\u{10FFFF}\"", "{}",
        "[]",
        "[[],{},[{\"a\":[]}]]", " \t 1 \t ", "{ \"a\" : 1 , \"b\" : [ 1 , 2 ] }", "{\"a\":1,\"a\":2}", "{\"\":{\"\":\"\"}}", "\"}{][,:\"",
        "\"\\\\\"", "[\"\\\\\\\"\",\"]\"]",
    ]

    /// Bytes that are no UTF-8: stray and missing continuations, overlong forms, surrogates, beyond U+10FFFF.
    static let badUTF8: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xC3, 0xC3], [0xE0, 0x80, 0x80],
        [0xE0, 0x9F, 0xBF], [0xE2],
        [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xE1, 0x80, 0xC0], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
        [0xED, 0xA0, 0xBD, 0xED, 0xB9, 0x82], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0], [0xF0, 0x9F], [0xF0, 0x9F, 0x99],
        [0xF0, 0x9F, 0x99, 0x28], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
        [0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], [0xFE], [0xFF], [0xFF, 0xFE],
    ]

    static let goodUTF8: [[UInt8]] = [
        [0x7F], [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xEF, 0xBF, 0xBF],
        [0xEF, 0xBB, 0xBF],
        [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
    ]

    @Test func badValuesInFieldsNobodyMaps() throws {
        try expect(
            Self.badValues.flatMap { value in
                [SmallLog.line(1, ",\"x\":\(value)"), SmallLog.line(1, ",\"x\":[\(value.isEmpty ? "," : value)],\"y\":{}")].map {
                    (Array($0.utf8), "invalid_json")
                }
            })
    }

    @Test func goodValuesInFieldsNobodyMaps() throws {
        try expect(
            Self.goodValues.flatMap { [SmallLog.line(1, ",\"x\":\($0)"), SmallLog.line(1, ",\"x\":[{\"y\":\($0)}]")] }.map {
                (Array($0.utf8), nil)
            })
    }

    /// The same where the field is mapped: no value of a mapped field excuses what is no JSON.
    @Test func badValuesInMappedFields() throws {
        let values = Self.badValues.filter { !$0.isEmpty }
        try expect(values.map { (Array("{\"a\":\($0),".utf8) + Array(SmallLog.line(1).utf8.dropFirst()), "invalid_json") })
        try expect(values.map { (Array(SmallLog.line(1).utf8.dropLast()) + Array(",\"ch\":\($0)}".utf8), "invalid_json") })
    }

    @Test func wholeLines() throws {
        let good = SmallLog.line(1)
        let invalid = [
            good + "TRAILER", good + "}", good + ",", good + good, good + " " + good, good + "\u{0}", good + "\u{FEFF}", "\u{FEFF}" + good,
            "," + good, "{", "}",
            "[", "]", "\"", "{}{}", "{}[]", "{},", "{\"a\":1}TRAILER", "{\"a\":1}x", "nul", "-", String(good.dropLast()),
            String(good.dropLast(2)), "\u{0}", "x",
            "\u{A0}", "{\"a\":1\u{0}}",
        ]
        let others = ["[]", "1", "-0", "\"x\"", "null", "true", "[\(good)]", " [ ] \t"]
        try expect(
            invalid.map { (Array($0.utf8), "invalid_json") } + others.map { (Array($0.utf8), "not_an_object") } + [
                (Array("{}".utf8), "missing_time"), (Array((" \t" + good + " \t").utf8), nil), (Array((good + "\r").utf8), nil),
            ])
    }

    @Test func brokenText() throws {
        func line(_ bytes: [UInt8], _ before: String, _ after: String) -> [UInt8] { Array(before.utf8) + bytes + Array(after.utf8) }
        let good = String(SmallLog.line(1).dropLast())
        // In a value, a key, a value that is mapped, long after the beginning, between tokens, after the end, at the very end.
        let frames = [
            (good + ",\"x\":\"", "\"}"), (good + ",\"x", "\":1}"), (good + ",\"a\":\"", "\"}"),
            (good + ",\"x\":\"\(String(repeating: "é", count: 100))", "\"}"),
        ]
        let outside = [(good + ",", "\"x\":1}"), (good + "}", ""), ("", good + "}"), ("nul", ""), (good + ",\"x\":\"", "")]
        try expect((frames + outside).flatMap { frame in Self.badUTF8.map { (line($0, frame.0, frame.1), "invalid_utf8") } })
        try expect(frames.flatMap { frame in Self.goodUTF8.map { (line($0, frame.0, frame.1), nil) } })
    }

    /// 1,024 containers, the line's own object among them, may lie in one another.
    @Test func depth() throws {
        func nested(_ open: String, _ close: String, _ depth: Int, closed: Bool = true) -> [UInt8] {
            let inner = String(repeating: open, count: depth) + "1" + (closed ? String(repeating: close, count: depth) : "")
            return Array(SmallLog.line(1, ",\"x\":" + inner).utf8)
        }
        for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"t\":", "}]")] {
            let weight = open == "[{\"t\":" ? 2 : 1
            try expect([
                (nested(open, close, 1023 / weight), nil), (nested(open, close, 1024 / weight + weight - 1), "invalid_json"),
                (nested(open, close, 100_000), "invalid_json"), (nested(open, close, 100_000, closed: false), "invalid_json"),
            ])
        }
        // Along a mapped path, and with nothing else in the line.
        let path = "{\"c\":" + String(repeating: "[", count: 100_000)
        try expect([(Array(path.utf8), "invalid_json"), (Array(String(repeating: "[", count: 100_000).utf8), "invalid_json")])
    }

    @Test func lengths() throws {
        func padded(_ length: Int) -> [UInt8] {
            let start = Array((SmallLog.line(1).dropLast() + ",\"x\":\"").utf8)
            return start + [UInt8](repeating: UInt8(ascii: "y"), count: length - start.count - 2) + Array("\"}".utf8)
        }
        let limit = 1 << 20
        // A line that is too long is nothing else besides.
        try expect([
            (padded(limit), nil), (padded(limit + 1), "line_too_long"), (padded(2 * limit), "line_too_long"), (padded(limit - 1), nil),
            ([UInt8](repeating: 0xFF, count: limit + 1), "line_too_long"),
            ([UInt8](repeating: UInt8(ascii: "["), count: limit), "invalid_json"),
            ([UInt8](repeating: 0xFF, count: limit), "invalid_utf8"), (padded(9 * limit), "line_too_long"),
        ])
    }

    @Test func marksLineEndsAndBlankLines() throws {
        let good = SmallLog.line(1)
        let cases: [(String, String, [String])] = [
            ("\u{FEFF}" + good, "1", []), ("\u{FEFF}\n" + good + "\n", "1", []), ("", "0", []), ("\u{FEFF}", "0", []),
            ("\n\n \t\r\n\r\n", "0", []),
            (good + "\r\n" + good + "\r\n", "2", []), ("\n" + good + "\n\n" + good, "2", []),
            ("nul\r\n\n[]", "2", ["1:0 invalid_json", "3:6 not_an_object"]),
            ("\u{FEFF}\n\u{FEFF}" + good, "1", ["2:4 invalid_json"]), (good + "\r" + good, "1", ["1:0 invalid_json"]),
        ]
        for (text, lines, quarantine) in cases {
            let log = try SmallLog(Array(text.utf8), pipeline: Self.pipeline)
            let ended = try log.run("--max-rejects", "100%")
            #expect(
                ended.status == 0 && log.record("ledger.lines") == lines && log.quarantine == quarantine,
                "\(text.debugDescription): \(log.quarantine)")
        }
    }

    /// Each line stands between two good ones. A reason of nil: the line is good.
    private func expect(_ lines: [(bytes: [UInt8], reason: String?)], at location: SourceLocation = #_sourceLocation) throws {
        var bytes = Array((SmallLog.line(0) + "\n").utf8)
        var expected: [String] = []
        for (index, line) in lines.enumerated() {
            if let reason = line.reason { expected.append("\(2 * index + 2):\(bytes.count) \(reason)") }
            bytes += line.bytes + Array(("\n" + SmallLog.line(index) + "\n").utf8)
        }
        let log = try SmallLog(bytes, pipeline: Self.pipeline)
        let ended = try log.run("--max-rejects", "100%")
        #expect(ended.status == 0, "\(ended.errors)", sourceLocation: location)
        let found = log.quarantine
        for place in Set(found).symmetricDifference(expected).sorted() {
            let index = (Int(place.split(separator: ":")[0]) ?? 0) / 2 - 1
            let text = lines.indices.contains(index) ? String(decoding: lines[index].bytes.suffix(60), as: UTF8.self).debugDescription : "?"
            Issue.record("\(found.contains(place) ? "should not be" : "should be") \(place): \(text)", sourceLocation: location)
        }
        #expect(log.record("ledger.events") == String(2 * lines.count + 1 - expected.count), sourceLocation: location)
    }
}
