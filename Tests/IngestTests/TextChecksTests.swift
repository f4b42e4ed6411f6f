import Testing

@testable import Ingest
@testable import TestSupport

@Suite struct TextChecksTests {
    private func isValid(_ bytes: [UInt8]) -> Bool { Text.with(bytes) { UTF8Check.isValid($0) } }

    /// Every sequence of up to three bytes around the boundaries of the forms, with ASCII before and after.
    @Test func everyShortSequence() {
        let heads: [UInt8] = [
            0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF,
        ]
        let tails: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xF4]
        var sequences: [[UInt8]] = heads.map { [$0] }
        sequences += heads.flatMap { head in tails.map { [head, $0] } }
        sequences += heads.flatMap { head in tails.flatMap { one in tails.map { [head, one, $0] } } }
        sequences += heads.filter { $0 >= 0xE0 }.flatMap { head in
            tails.flatMap { one in tails.flatMap { two in tails.map { [head, one, two, $0] } } }
        }
        for (number, sequence) in sequences.enumerated() {
            // The bytes before and after move the sequence over the borders of eight.
            let text =
                Array(repeating: UInt8(ascii: "x"), count: number % 9) + sequence + Array(repeating: UInt8(ascii: "y"), count: number % 5)
            guard isValid(text) == (String(validating: text, as: UTF8.self) != nil) else {
                Issue.record("\(text)")
                continue
            }
        }
    }

    @Test func readsNothingBeyondTheEnd() {
        let memory = GuardedMemory(capacity: 64)
        for count in 0...40 {
            for last in [UInt8(ascii: "a"), 0xC3, 0xE2, 0xF0] {
                let text = Array(repeating: UInt8(ascii: "a"), count: count) + [last]
                #expect(UTF8Check.isValid(Text(memory.place(text))) == (last < 0x80))
            }
        }
        #expect(isValid([]))
    }

    private func decoded(_ text: String) -> [UInt8] {
        let room = ByteRoom(count: text.utf8.count)
        defer { room.release() }
        return Text.with(Array(text.utf8)) { Array(JSONEscapes.decode($0, into: room).bytes) }
    }

    @Test(
        arguments: [
            (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"), (#"\u0041\u00e9\u20AC\uD83D\ude42"#, "Aé€🙂"), (#"x\u0000y"#, "x\0y"),
            (#"\\u0041"#, #"\u0041"#), (#"é\n"#, "é\n"), (#"\uFFFF\u0080\u07ff\u0800"#, "\u{FFFF}\u{80}\u{7FF}\u{800}"),
            (#"\ud800\udc00\udbff\udfff"#, "\u{10000}\u{10FFFF}"),
        ])
    func escapes(_ text: String, _ expected: String) {
        #expect(decoded(text) == Array(expected.utf8))
    }

    /// Each keeps three bytes of its own, so that texts that differ stay apart.
    @Test func surrogatesWithoutPartner() {
        #expect(decoded(#"\ud800"#) == [0xED, 0xA0, 0x80])
        #expect(decoded(#"\udfff\ud83d"#) == [0xED, 0xBF, 0xBF, 0xED, 0xA0, 0xBD])
        #expect(decoded(#"\ud83dA"#) == [0xED, 0xA0, 0xBD, 0x41])
        #expect(decoded(#"\ud83d\n"#) == [0xED, 0xA0, 0xBD, 10])
        #expect(decoded(#"\ud83d\u0041"#) == [0xED, 0xA0, 0xBD, 0x41])
        #expect(decoded(#"\ud83d\ud83d\ude42"#) == [0xED, 0xA0, 0xBD] + Array("🙂".utf8))
    }

    @Test(arguments: [
        "", "null", "NULL", "None", "undefined", "Anonymous", "unknown", "UNKNOWN", "-1", "0", "000", "--", "0-0-0", "-", "test", "Test",
        " 0 ", "\r\r", "\u{A0}", "NaN", "unknown ", "(Not Set)", "[object Object]", "\\N", "guest", "FALSE",
    ])
    func blockedValues(_ text: String) {
        let listed = BlockedValues(defaults: true, listed: ["test"])
        let onlyListed = BlockedValues(defaults: false, listed: ["test"])
        #expect(listed.contains(text))
        // Blank texts are no ids whatever is listed.
        #expect(onlyListed.contains(text) == (text.lowercased() == "test" || ["", "\r\r", "\u{A0}"].contains(text)))
    }

    @Test(arguments: [
        "nul", "nulls", "n\0ll", "-2", "-10", "0.0", "00a", "0 1", "tests", "\u{200B}", "anonymous1", "\u{10}\u{10}", "ÜNKNOWN", "\\n1",
        "(none",
    ])
    func valuesThatAreNotBlocked(_ text: String) {
        let blocked = BlockedValues(defaults: true, listed: ["test"])
        #expect(!blocked.contains(text))
    }
}
