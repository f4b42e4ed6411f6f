import Definitions
import TestSupport
import Testing

/// What is well or badly formed YAML but no pipeline file, up to files made to hurt.
@Suite struct HostileYAMLTests {
    @Test(
        arguments: [
            ("", ["1:1: the file is empty"]), ("\u{FEFF}", ["1:1: the file is empty"]), ("# nothing\n", ["1:1: the file holds no YAML"]),
            ("---\n", ["2:1: the pipeline file must be a mapping…but is nothing"]), ("text", ["1:1: the pipeline file must be a mapping"]),
            ("- 1", ["1:1: the pipeline file must be a mapping…but is a list"]),
            ("a: [1", ["2:1: not valid YAML: did not find expected ',' or ']' (while parsing a flow sequence that begins on line 1)"]),
            ("a: 'x", ["1:6: not valid YAML: found unexpected end of stream…close the quote"]),
            ("a:\n\tb: 1", ["2:1: not valid YAML: found character that cannot start any token…not tabs"]),
            ("a: b: c", ["1:5: not valid YAML: mapping values are not allowed in this context; …quote text that holds `: `"]),
            ("a: \"\\q\"", ["1:5: not valid YAML: found unknown escape character"]),
            ("a: \u{01}", ["1:4: not valid YAML: control characters are not allowed; remove it"]),
            ("%YAML 3.0\n---\n", ["1:1: not valid YAML: found incompatible YAML document"]),
        ] as [(String, [String])])
    func syntax(_ text: String, _ expected: [String]) { expect(faults(text), are: expected, location: #_sourceLocation) }

    @Test func badUTF8IsPlaced() {
        expect(
            faults(Array("a: 1\nö: ".utf8) + [0xC3]), are: ["2:4: not valid YAML: incomplete UTF-8 octet sequence; save the file as UTF-8"],
            location: #_sourceLocation)
        expect(faults([0xFF, 0xFE, 0x61, 0x00]), are: ["1:1: not valid YAML: invalid leading UTF-8 octet"], location: #_sourceLocation)
    }

    @Test func anchorsAliasesTagsAndSecondDocuments() {
        let text = PipelineFaultTests.valid
        let cases: [(String, String, [String])] = [
            ("name: p", "name: &n p", ["2:7: anchors (`&n`) are not allowed; write the value out"]),
            ("name: p", "name: *n", ["2:7: aliases (`*n`) are not allowed; write the value out"]),
            ("name: p", "*n : p\nname: p", ["2:1: aliases (`*n`)"]),
            ("name: p", "<<: *n\nname: p", ["2:1: unknown key `<<`", "2:5: aliases (`*n`)"]),
            ("[email]", "&l [email]", ["4:40: anchors (`&l`)"]), ("sources:", "sources: &s", ["5:10: anchors (`&s`)"]),
            ("name: p", "name: !!binary p", ["2:7: the tag `tag:yaml.org,2002:binary` is not allowed; remove it"]),
            ("name: p", "name: !ruby/object p", ["2:7: the tag `!ruby/object`"]),
            ("[email]", "!!set {email}", ["4:40: the tag", "4:40: `linking` must be a list"]),
            ("name: p", "? [a]\n: b\nname: p", ["2:3: a key must be a single word or text, not a list"]),
            ("window: 1d}", "window: 1d}\n---\nversion: 1", ["26:1: a second YAML document begins here"]),
            ("name: p", "name: p\nname: q", ["3:1: the key `name` is already given on line 2"]),
        ]
        for (find, replacement, expected) in cases {
            expect(faults(text.components(of: find).joined(separator: replacement)), are: expected, location: #_sourceLocation)
        }
    }

    @Test func coreTagsAreTakenAtTheirWord() throws {
        let text = PipelineFaultTests.valid.replacing("version: 1", with: "version: !!int \"1\"").replacing(
            "name: p\n", with: "name: !!str p\n")
        #expect(try read(text).name == "p")
        expect(
            faults(PipelineFaultTests.valid.replacing("version: 1", with: "version: ! 1")), are: ["1:10: `version`"],
            location: #_sourceLocation)
    }

    @Test func aliasBomb() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...60 { text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n" }
        let found = faults(text)
        #expect(found.count == 101 && found.last?.contains("more than 100 errors") == true)
    }

    @Test(arguments: ["[", "{", "{a: ", "- ", "a:\n", "? ", "[{a: ", "!", "&a ", "'", "((", "[\n", "-\n"])
    func deepAndLongNesting(_ opening: String) {
        let found = faults(String(repeating: opening, count: 100_000))
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.utf8.count < 400 }, "\(found.map(\.utf8.count))")
    }

    @Test func growingIndentation() {
        let text = (0..<1000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        expect(faults(text), are: ["65:65: nested more than 64 levels deep"], location: #_sourceLocation)
        expect(faults(String(repeating: "[", count: 100_000)), are: ["1:65: nested more than 64 levels deep"], location: #_sourceLocation)
    }

    @Test func sizeLimit() {
        let filler = "# " + String(repeating: "x", count: 1021) + "\n"
        #expect(faults(PipelineFaultTests.valid + String(repeating: filler, count: 1000)) == [])
        expect(faults(String(repeating: filler, count: 2048)), are: ["1:1: the file is larger than 1 MiB"], location: #_sourceLocation)
    }

    /// Work and report stay in proportion to the file, whatever fills it.
    @Test(arguments: ["a: b\n", "- a\n", "k, ", "? a\n", "'a': ", "\u{85}", "#\n", "*a ", "sources: ", "!!str ", "\"\\x41\" "])
    func oneMebibyteOfTheSame(_ part: String) {
        let text = String(repeating: part, count: (1 << 20) / part.utf8.count)
        let found = faults(text)
        #expect(!found.isEmpty && found.count <= 101 && found.allSatisfy { $0.utf8.count < 400 })
    }

    /// Guessing what was meant costs most: many unknown names against many valid ones.
    @Test func manyUnknownNames() {
        let declared = (0..<20_000).map { "attr\($0): x" }.joined(separator: ", ")
        let keys = (0..<5000).map {
            "  - {name: n\($0), key: atr\($0), goal: has(attributes.atr\($0))}\n"
        }.joined()
        let text = PipelineFaultTests.valid.replacing("topic: t", with: "topic: t, " + declared) + keys
        #expect(faults(text).count == 101)
        let types = (0..<20_000).map { "type\($0)" }.joined(separator: ", ")
        let ids = (0..<20_000).map { "typ\($0): x" }.joined(separator: ", ")
        let found = faults(PipelineFaultTests.valid.replacing("[email]", with: "[\(types)]").replacing("customer: user.id", with: ids))
        #expect(found.count == 101 && found.allSatisfy { $0.utf8.count < 2500 })
    }

    @Test func longNamesAreCutInMessages() {
        let long = String(repeating: "x", count: 100_000)
        for text in ["\(long): 1", "a: *\(long)", "a: &\(long) 1", "a: !\(long) 1", "\(long): 1\n\(long): 2"] {
            let found = faults(text)
            #expect(!found.isEmpty && found.allSatisfy { $0.utf8.count < 400 })
        }
        for find in ["user.id", "customer:", "30m", "assisted", "touchpoint ==", "1d", "UTC", "key: order", "one", "a-*.zst"] {
            let replacement = find == "key: order" ? "key: \(long)" : long + find.suffix(1) + (find.hasSuffix("=") ? "=" : "")
            let found = faults(PipelineFaultTests.valid.components(of: find).joined(separator: replacement))
            #expect(found.allSatisfy { $0.utf8.count < 600 })
        }
    }

    @Test func manyDistinctKeysAndNames() {
        let keys = (0..<60_000).map { "key\($0): v\n" }.joined()
        #expect(faults(keys).count == 101)
        let channels = "channels:\n" + (0..<60_000).map { "  c\($0):\n" }.joined()
        #expect(faults(PipelineFaultTests.valid.replacing("channels:\n  web: {kind: assisted, gap: 30m}\n", with: channels)) == [])
    }

    /// Any bytes give a definition or faults with places inside the file.
    @Test func randomDamageNeverHarms() {
        for seed in UInt64(1)...6000 {
            var random = SeededGenerator(seed: seed)
            var bytes = Array((seed % 2 == 0 ? wholeExample : PipelineFaultTests.valid).utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                let end = min(bytes.count, place + Int.random(in: 0...12, using: &random))
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[place] = Array("{}[]:,'\"&*!|>-#%@ \n\t".utf8).randomElement(using: &random)!
                case 2: bytes.removeSubrange(place..<end)
                case 3: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
                default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
                }
                if bytes.isEmpty { bytes = [0x0A] }
            }
            let lines = bytes.reduce(1) { $0 + ($1 == 0x0A || $1 == 0x0D || $1 >= 0x80 ? 1 : 0) }
            do { _ = try PipelineReader.read(text: bytes, name: "p") } catch {
                #expect(!error.diagnostics.isEmpty, "seed \(seed)")
                #expect(
                    error.diagnostics.allSatisfy { (1...lines + 1).contains($0.line) && (1...bytes.count + 1).contains($0.column) },
                    "seed \(seed): \(error)")
            }
        }
    }
}
