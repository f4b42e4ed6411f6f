import Testing

@testable import Ingest
@testable import TestSupport

@Suite struct JSONScannerTests {
    @Test func wordsNumbersAndBlanks() {
        let scanner = LineScanner(paths: ["a"])
        let values = [
            "true", "false", "null", "tru", "truex", "True", "nul", "falsy", "fals", "t", "f", "n", "0", "-0", "00", "01", "-", "+1", "1.",
            ".5", "1.5",
            "1e5", "1E+5", "1e-5", "1e", "1e+", "1.e5", "0x1", "1_0", "--1", "-01", "1.5.5", "1e5e5", "Infinity", "NaN", "\"\"", "\"x",
            "x\"", "'x'",
            "[]", "[ ]", "[,]", "[1,]", "[1 2]", "[1", "]", "{}", "{ }", "{\"a\"}", "{\"a\":}", "{,}", "{\"a\":1,}", "{a:1}", "[{]}",
            "\u{B}1",
            "12345678901234567890.123e-400", "\u{A0}1", "\u{FEFF}1", "/**/1", "", "nulltrue", "\"a\tb\"", "\"a\u{1F}b\"", "\"\u{7F}\"",
            "[[[[]]]]",
        ]
        for value in values {
            for text in [
                "{\"a\":\(value)}", " {\t\"a\" : \(value)\r } ", "{\"b\":\(value)}", "{\"b\":[\(value)]}", value, "{\"a\":\(value)",
                "[\(value)]",
            ] {
                scanner.check(text)
            }
        }
    }

    @Test func stringsAndEscapes() {
        let scanner = LineScanner(paths: ["a", "é", "/x~1y"])
        let strings = [
            #"\""#, #"\\"#, #"\/"#, #"\b\f\n\r\t"#, #"\u0041"#, #"\u00e9"#, #"\u20AC"#, #"\ud83d\ude42"#, #"\uD83D\uDE42x"#, #"\u0000"#,
            #"\x"#, #"\u12"#,
            #"\u12G4"#, #"\"#, #"\u"#, #"\U0041"#, #"a\u0041\\b"#, "é", "😀", #"\\u0041"#, String(repeating: "x", count: 40) + #"\n"#,
            String(repeating: "é", count: 40), #"\'"#, #"\0"#,
        ]
        for string in strings {
            scanner.check("{\"a\":\"\(string)\"}")
            scanner.check("{\"\(string)\":\"\(string)\",\"a\":1}")
            scanner.check("{\"n\":{\"\(string)\":[\"\(string)\"]}}")
        }
        for key in [#"é"#, #"\u0061"#, #"x\/y"#, #"x\u002Fy"#, #"e\u0301"#] { scanner.check("{\"\(key)\":1}") }
    }

    /// Keys are compared before they are scanned: one with a quote in its name must not take it for its end.
    @Test func mappedKeysThatNeedEscapes() {
        let scanner = LineScanner(paths: ["/a\"", "/b\\", "/\u{1}", "/c"])
        for key in [#"a""#, #"a\""#, #"b\"#, #"b\\"#, "\u{1}", #"\u0001"#, "c", #"c""#, "ccccccc", ""] {
            for text in ["{\"\(key)\":1}", "{\"\(key)\":1,\"\(key)\":2,\"c\":3}", "{\"c\":0,\"\(key)\":[1]}"] { scanner.check(text) }
        }
    }

    /// Every length of a string and of what follows it, so that each token ends at each place of a 16-byte read.
    @Test func everyLengthBeforeTheEnd() {
        let scanner = LineScanner(paths: ["k"])
        for count in 0...70 {
            let text = String(repeating: "x", count: count)
            for tail in ["", "\"", "\"}", "\"} ", "\\", "\\u", "\\u00", "\\u004", "\\n\"}", "\u{E9}\"}"] {
                scanner.check("{\"k\":\"\(text)\(tail)")
                scanner.check("{\"\(text)\(tail)")
            }
            scanner.check("{\"k\":\(String(repeating: "7", count: count))")
            scanner.check("{\"k\":\(String(repeating: "[", count: count))")
        }
    }

    /// Keys that begin alike, of lengths around the eight bytes and the 64 values that are told apart first.
    @Test func keysOfManyLengths() {
        let lengths = [0, 1, 7, 8, 9, 63, 64, 65, 71, 72, 73, 128, 136]
        let keys = lengths.flatMap { length in
            length == 0 ? [""] : ["", "x"].map { String(String(repeating: "k", count: length).dropLast($0.count)) + $0 }
        }
        let scanner = LineScanner(paths: keys.map { "/" + $0 })
        for key in keys {
            scanner.check("{\"\(key)\":1}")
            scanner.check("{\"\(key)y\":1,\"\(key)\":\"2\",\"\(key.dropLast())z\":3}")
            if key.count > 1 { scanner.check("{\"\\u006b\(key.dropFirst())\":1}") }
        }
        scanner.check("{" + keys.map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",") + "}")
    }

    @Test func ofTwoMembersWithOneNameTheLastCounts() {
        let scanner = LineScanner(paths: ["a", "a.b", "/a/0", "/a/b/c", "d"])
        for line in [
            #"{"a":1,"a":2}"#, #"{"a":{"b":1},"a":{"c":2}}"#, #"{"a":{"b":1},"a":5}"#, #"{"a":5,"a":{"b":1}}"#,
            #"{"a":{"b":1,"b":{"c":2}}}"#,
            #"{"a":{"b":{"c":1}},"a":{"b":{}}}"#, #"{"a":[7],"a":{"0":8}}"#, #"{"a":{"0":8},"a":[7]}"#, #"{"a":{"0":8},"a":null}"#,
            #"{"a":{"b":{"c":1},"b":{"c":2}},"d":1,"\u0061":{"b":3},"d":null}"#, #"{"a":[1,2],"a":[]}"#,
        ] {
            scanner.check(line)
            scanner.check(line)  // again: nothing is left of the line before
            scanner.check("{}")
        }
    }

    @Test func pathsAndPointers() {
        let scanner = LineScanner(paths: ["a.0", "/a/0", "/a/1/b", "/a/01", "/a/2/0/0", "/", "a.b.c", "/a", "/m/10"])
        let tens = (0..<12).map { "\($0)" }.joined(separator: ",")
        for line in [
            #"{"a":[1,2]}"#, #"{"a":{"0":1,"01":2}}"#, #"{"a":[0,{"b":1},[[5]]]}"#, #"{"a":[0,{"b":[]},[[],5]]}"#, #"{"":1}"#,
            #"{"a":{"b":{"c":"x"}}}"#,
            #"{"a":{"b":[{"c":"x"}]}}"#, "{\"m\":[\(tens)]}", "{\"m\":{\"10\":[\(tens)]}}", #"{"a":{"2":{"0":{"0":1}}}}"#, #"{"a":[]}"#,
            #"[{"a":1}]"#,
        ] { scanner.check(line) }
    }

    @Test func depth() {
        let scanner = LineScanner(paths: ["a", "/a/0/0"])
        for depth in [1, 2, 1022, 1023, 1024, 1025, 5000] {
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let inner = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
                scanner.check("{\"a\":\(inner)}")
                scanner.check("{\"b\":\(inner)}")
                scanner.check(inner)
                scanner.check("{\"b\":\(String(repeating: open, count: depth))")
            }
        }
        // Siblings do not add up.
        scanner.check("[" + Array(repeating: "[[]]", count: 3000).joined(separator: ",") + "]")
    }
}
