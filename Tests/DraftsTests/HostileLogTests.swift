import Foundation
import TestSupport
import Testing

@testable import Drafts

/// Whatever names and values a log has, the draft is a pipeline file that the program reads without a fault and that says what it
/// seems to say.
@Suite struct HostileLogTests {
    private static let pieces = [
        "a", "x", "Wort", " ", ".", "..", "/", "~", "~1", "$", "$.", "$1.", "'", "\"", "\\", ":", ": ", "#", " #", "-", "- ", "{", "}", "[",
        "]", ",", "&", "*", "!", "|", ">", "%", "@", "`", "?", "\n", "\t", "\r", "\u{0}", "\u{1}", "\u{7F}", "\u{85}", "\u{2028}",
        "\u{202E}", "\u{FEFF}",
        "é", "e\u{301}", "ш", "日本", "مرحبا", "😀", "👨‍👩‍👧", "0", "12", "null", "true", "~", "---", "...", "<<", "=", "\u{FFFE}", "\u{E000}",
        String(repeating: "long", count: 75),
    ]

    private static func name(_ random: inout SeededGenerator) -> String {
        (0..<random.pick([0, 1, 1, 2, 3, 5])).map { _ in random.pick(pieces) }.joined()
    }

    private static func quoted(_ text: String) -> String {
        var shown = "\""
        for unit in text.utf16 {
            shown += "\\u" + String(repeating: "0", count: 4 - String(unit, radix: 16).count) + String(unit, radix: 16)
        }
        return shown + "\""
    }

    /// A log with a time, an id, a place and some more, each under a random name, perhaps within objects.
    private static func log(_ random: inout SeededGenerator) -> [String] {
        var names: Set<String> = []
        while names.count < 7 { names.insert(name(&random)) }
        let keys = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(quoted).shuffled(using: &random)
        let places = (0..<5).map { _ in name(&random) + "x" }
        let channels = (0..<3).map { _ in name(&random) }
        var clock = LogClock()
        let isNested = random.chance(percent: 50)
        return (0..<60).map { line in
            clock.pass(random.int(1...4000))
            let person = random.int(0...14)
            let inner = "\(keys[2]):\(quoted(random.pick(places))),\(keys[3]):\(quoted(random.pick(channels)))"
            let body = isNested ? "\(keys[4]):{\(inner)}" : inner
            return
                "{\(keys[0]):\"\(clock.utc)\",\(keys[1]):\"p-\(person)\",\(body),\(keys[5]):\(random.int(0...3)),\(keys[6]):\(quoted(name(&random)))}"
        }
    }

    /// Also as values of fields whose names say what they are.
    private static func named(_ random: inout SeededGenerator) -> [String] {
        let places = (0..<5).map { _ in name(&random) + "x" }
        let channels = (0..<3).map { _ in name(&random) + "y" }
        let outcomes = (0..<3).map { _ in name(&random) + "error" }
        var clock = LogClock()
        return (0..<60).map { line in
            clock.pass(random.int(1...4000))
            return
                "{\"time\":\"\(clock.utc)\",\"event_id\":\(line),\"customer_id\":\"p-\(random.int(0...14))\",\"page\":\(quoted(random.pick(places))),\"channel\":\(quoted(random.pick(channels))),\"outcome\":\(quoted(random.pick(outcomes))),\"actor\":\(quoted(random.pick(["user", "bot", "agent"]) + random.pick(["", "'", ": "])))}"
        }
    }

    @Test(arguments: SeedSlices.of(0..<120, by: 20)) func randomNamesComeOutAsTheyAre(seeds: Range<UInt64>) throws {
        for seed in seeds {
            var random = SeededGenerator(seed: seed)
            // The draft is read before it is given out: a fault in it would throw.
            let log = try DraftedLog(Self.log(&random))
            #expect(try log.usable() == 1, "seed \(seed): \(log.draft.findings.notes)")
            #expect(
                !log.draft.text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" || $0 == "\u{202E}" || $0 == "\u{2028}" },
                "seed \(seed)")
        }
    }

    @Test(arguments: SeedSlices.of(0..<120, by: 20)) func randomValuesComeOutAsTheyAre(seeds: Range<UInt64>) throws {
        for seed in seeds {
            var random = SeededGenerator(seed: seed)
            let log = try DraftedLog(Self.named(&random))
            #expect(log.path(.touchpoint) == "page" && log.ids == ["customer": "customer_id"], "seed \(seed)")
            #expect(try log.usable() == 1, "seed \(seed)")
            // A step whose text came out otherwise would be found by nobody.
            let begun = try #require(log.draft.findings.notes.last)
            #expect(!begun.contains(" of 0 in the sample"), "seed \(seed): \(begun)")
        }
    }

    /// Lines that are not what they should be, among good ones.
    @Test func badLinesArePassedOver() throws {
        var random = SeededGenerator(seed: 3)
        let deep = String(repeating: "{\"a\":", count: 500) + "1" + String(repeating: "}", count: 500)
        let bad = [
            "", "   ", "{", "[1,2]", "null", "\"text\"", "{\"time\":}", "{\"time\":\"x\"", deep,
            "{\"time\":\"2024-01-01T00:00:00Z\",\"a\":\"\\ud800\"}",
        ]
        let log = try DraftedLog(UnseenLogs.hospital(&random).flatMap { random.chance(percent: 5) ? [random.pick(bad), $0] : [$0] })
        #expect(log.path(.touchpoint)?.hasPrefix("Activity") == true)
        #expect(log.draft.findings.notes.contains { $0.contains("cannot be used") })
    }
}
