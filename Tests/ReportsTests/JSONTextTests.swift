import Foundation
import Reports
import TestSupport
import Testing

struct JSONTextTests {
    private func line(_ value: JSONValue) -> String { String(decoding: JSONText.line(value), as: UTF8.self) }

    @Test func everyKindOfValue() {
        let value: JSONValue = [
            "b": [1, -2, nil, true, false, [], [:]], "a": ["x": "y"], "n": .number(0.1), "big": .integer(Int64.min),
            "inf": .number(.infinity), "great": .unsigned(UInt64.max),
        ]
        #expect(
            line(value)
                == #"{"b":[1,-2,null,true,false,[],{}],"a":{"x":"y"},"n":0.1,"big":-9223372036854775808,"inf":null,"great":18446744073709551615}"#
                + "\n")
    }

    @Test func prettyIsForPeople() {
        let value: JSONValue = ["tool": "sojourn", "inputs": ["a", "b"], "empty": [], "none": [:]]
        #expect(
            String(decoding: JSONText.pretty(value), as: UTF8.self) == """
                {
                  "tool": "sojourn",
                  "inputs": [
                    "a",
                    "b"
                  ],
                  "empty": [],
                  "none": {}
                }

                """)
    }

    /// The text by which an output is known again.
    @Test func prettyWritesTheMarker() {
        #expect(String(decoding: JSONText.pretty(["tool": "sojourn"]), as: UTF8.self).contains(OutputFolder.marker))
    }

    @Test func escapes() {
        #expect(
            line("\" \\ / \n \r \t \u{08} \u{0C} \0 \u{1F} \u{7F} \u{2028} é 👍") == #""\" \\ / \n \r \t \b \f \u0000 \u001f "# + "\u{7F}"
                + #" \u2028 é 👍""# + "\n")
        #expect(line(["a\"b": 1]) == #"{"a\"b":1}"# + "\n")
        #expect(line("\r\n") == #""\r\n""# + "\n")
    }

    @Test func everyUnicodeScalarBelow0x3000ReadsBack() throws {
        for value in UInt32(0)..<0x3000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = JSONText.line(.array([.text(String(scalar))]))
            let read = try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String])
            #expect(read.first.map { Array($0.unicodeScalars) } == [scalar])
            #expect(bytes.firstIndex(of: 0x0A) == bytes.count - 1)
        }
    }

    @Test func numbersReadBack() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<2000 {
            let number = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
            guard number.isFinite else { continue }
            let text = line(.number(number)).dropLast()
            #expect(Double(text) == number)
            #expect(text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?(e[+-]?[0-9]+)?/) != nil, "\(text)")
        }
    }
}
