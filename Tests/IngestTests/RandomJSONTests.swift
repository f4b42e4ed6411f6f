import Testing

@testable import Ingest
@testable import TestSupport

@Suite struct RandomJSONTests {
    static let paths = ["a", "a.b", "a.b.c", "/a/0", "/a/1/b", "/b", "key_seven", "key_sevenX", "b.key_se", "é", "/a~1b", "/b/0/0"]
    private static let keys = ["a", "b", "c", "0", "1", "key_seven", "key_sevenX", "key_se", "é", "a/b", "", "x"]

    private func value(_ random: inout SeededGenerator, depth: Int) -> String {
        func blank() -> String { random.chance(percent: 10) ? random.pick([" ", "\t", "\r", "  "]) : "" }
        switch random.int(0...(depth > 0 ? 9 : 5)) {
        case 0: return random.pick(["null", "true", "false"])
        case 1: return random.pick(["0", "-1", "1.50", "9007199254740993", "1e3", "-0.0E-2"])
        case 2...5:
            return RandomJSON.string(random.pick(["", "x", "é", "a\"b\\", "a\nb", "😀", String(repeating: "long ", count: 9)]), &random)
        case 6, 7:
            let count = random.int(0...4)
            return "[" + blank() + (0..<count).map { _ in value(&random, depth: depth - 1) + blank() }.joined(separator: ",") + "]"
        default:
            let members = (0..<random.int(0...5)).map { _ in
                RandomJSON.string(random.pick(Self.keys), &random) + blank() + ":" + blank() + value(&random, depth: depth - 1) + blank()
            }
            return "{" + blank() + members.joined(separator: ",") + "}"
        }
    }

    @Test(arguments: UInt64(1)...4)
    func soundAndDamagedTexts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let scanner = LineScanner(paths: Self.paths)
        let damage = Array("\"\\{}[],:0-.eE truefalsn\u{1}\u{80}".utf8) + [0xC3, 0xFF, 0xED]
        for _ in 0..<700 {
            var text = Array(value(&random, depth: 4).utf8)
            scanner.check(text)
            guard !text.isEmpty else { continue }
            for _ in 0...random.int(0...2) {
                let place = random.int(0...(text.count - 1))
                switch random.int(0...3) {
                case 0 where text.count > 1: text.remove(at: place)
                case 1: text.insert(random.pick(damage), at: place)
                case 2: text = Array(text[...place])
                default: text[place] = random.pick(damage)
                }
            }
            scanner.check(text)
        }
    }

    /// Each byte in turn becomes each of the 256; each is left out; each is followed by the end.
    @Test(
        arguments: [
            #"{"a":{"b":["x",1.5e3]},"b":null}"#, #"{"a":"\u00e9\n","é":-0}"#, #"{"a":[[],{"b":true}],"a\/b":"😀"}"#,
        ])
    func everyChangeOfOneByte(_ seed: String) {
        let scanner = LineScanner(paths: Self.paths)
        let bytes = Array(seed.utf8)
        for place in bytes.indices {
            for byte in UInt8(0)...255 where byte != 10 {
                var changed = bytes
                changed[place] = byte
                scanner.check(changed)
            }
            scanner.check(Array(bytes[..<place]))
            scanner.check(Array(bytes[..<place] + bytes[(place + 1)...]))
            scanner.check(Array(bytes[..<place] + bytes[place...place] + bytes[place...]))
        }
    }
}
