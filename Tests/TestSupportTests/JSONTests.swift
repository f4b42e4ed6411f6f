import Testing

@testable import TestSupport

@Suite struct JSONTests {
    private func parse(_ text: String) -> NaiveJSON? { try? NaiveJSONParser.parse(Array(text.utf8)) }

    @Test(arguments: ["9007199254740993", "1.50", "-0", "1E+2", "0.10e-3"])
    func numbersKeepTheirText(_ text: String) {
        #expect(parse(" \(text)\t") == .number(text))
    }

    @Test(arguments: [
        "", " ", "01", "1.", ".5", "+1", "-", "1e", "tru", "nul", "NaN", "'x'", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\"}", "{} {}", "{}x",
        "\"\t\"", "\"\\x\"",
        "\"\\u12G4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"open", "[1}", "\u{FEFF}1",
    ])
    func strictness(_ text: String) {
        #expect(parse(text) == nil)
    }

    @Test func escapes() {
        #expect(parse(#""\u00e9\ud83d\ude42\/\b\n\"\\""#) == .string("é🙂/\u{8}\n\"\\"))
        // The two spellings of é are two texts.
        #expect(parse("\"e\\u0301\"") != parse("\"é\""))
    }

    @Test func depthEndsAt1024() {
        func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + String(repeating: "]", count: depth) }
        #expect(parse(nested(1024)) != nil)
        #expect(parse(nested(1025)) == nil)
    }

    @Test func lastOfTwoKeysStands() {
        #expect(parse(#"{"a":1,"\u0061":2}"#)?.value(at: "a") == .number("2"))
    }

    @Test func paths() throws {
        let json = try #require(parse(#"{"a":{"b":[10,{"c/d":1,"~":2}]},"a.b":3,"":4}"#))
        #expect(json.value(at: "a.b.0") == nil)
        #expect(json.value(at: "/a/b/0") == .number("10"))
        #expect(json.value(at: "/a/b/00") == nil)
        #expect(json.value(at: "/a/b/1/c~1d") == .number("1"))
        #expect(json.value(at: "/a/b/1/~0") == .number("2"))
        #expect(json.value(at: "/a.b") == .number("3"))
        #expect(json.value(at: "/") == .number("4"))
        #expect(json.value(at: "a.x") == nil)
    }
}
