import Foundation
import Reports
import Testing

@testable import Definitions
@testable import TestSupport

/// `sojourn schema` against the reader: what one accepts the other accepts, and neither knows a key that the other does not.
@Suite struct PipelineSchemaTests {
    private static let schema: NaiveJSON = {
        let text = JSONText.pretty(PipelineSchema.json)
        guard let schema = try? NaiveJSONParser.parse(text) else { fatalError("the schema is no JSON") }
        return schema
    }()
    private static let check = SchemaCheck(schema)
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..").standardized

    /// The faults of the reader, but that the key file is not there.
    private func readerFaults(_ value: NaiveJSON) -> [String] {
        faults(value.yaml).filter { !$0.contains("`key_file`: key cannot be opened") }
    }

    // MARK: Sound files

    private static let files = ["pipelines", "pipelines/formats"].flatMap { folder in
        ((try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent(folder).path)) ?? [])
            .filter { $0.hasSuffix(".yaml") }.map { "\(folder)/\($0)" }.sorted()
    }

    @Test func thereAreFiles() { #expect(Self.files.count >= 15) }

    @Test(arguments: files)
    func acceptsEveryPipelineOfTheRepository(_ file: String) throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent(file), encoding: .utf8)
        #expect(Self.check.faults(try NaiveJSON(yaml: text)) == [])
    }

    /// Every fenced block that is a whole file, with the indentation that it has in a list.
    @Test(arguments: ["README.md", "pipelines/README.md", "pipelines/rules.md", "pipelines/frictions.md", "pipelines/formats/README.md"])
    func acceptsEveryPipelineOfThePages(_ page: String) throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent(page), encoding: .utf8)
        let whole = text.components(separatedBy: "```").filter { $0.hasPrefix("yaml\n") && $0.contains(/\n *version: 1\n/) }
        if page == "pipelines/README.md" { #expect(whole.count == 1) }
        for block in whole { #expect(Self.check.faults(try NaiveJSON(yaml: String(block.dropFirst("yaml\n".count)))) == []) }
    }

    @Test(arguments: SeedSlices.of(0..<400, by: 100))
    func acceptsEveryRandomPipeline(_ seeds: Range<UInt64>) throws {
        for seed in seeds {
            var random = SeededGenerator(seed: seed)
            let text = RandomPipeline(frictions: true, &random).pipeline.yaml
            #expect(Self.check.faults(try NaiveJSON(yaml: text)) == [], "seed \(seed)")
        }
    }

    @Test func acceptsWhatOtherTestsRead() throws {
        for text in [wholeExample, PipelineFaultTests.valid, everyKey] { #expect(Self.check.faults(try NaiveJSON(yaml: text)) == []) }
        #expect(readerFaults(try NaiveJSON(yaml: everyKey)) == [])
    }

    // MARK: Keys, in both directions

    private static func places() throws -> [SchemaPlace] { SchemaPlace.all(try NaiveJSON(yaml: everyKey), schema) }

    /// The file that has every key is one that the reader accepts (above), so every key of the schema is a key of the reader.
    @Test func theReaderAcceptsEveryKeyOfTheSchema() throws {
        var (known, given): ([String: Set<String>], [String: Set<String>]) = ([:], [:])
        for place in try Self.places() {
            guard let keys = place.closedKeys, case .object(let members) = place.value, place.schemaPath != "/frictions/change" else {
                continue
            }
            known[place.schemaPath] = keys
            given[place.schemaPath, default: []].formUnion(members.keys.map(\.description))
        }
        #expect(known.count > 25)
        // That a path says itself which one of the two it is.
        for (path, keys) in known { #expect(given[path] == keys.subtracting(path == "#/definitions/time" ? Self.formKeys : []), "\(path)") }
    }

    /// Those of a time's form are those of any form; `everyKey` has them where they are written out once.
    private static let formKeys: Set<String> = [
        "value", "first", "join", "array", "json", "with", "where", "clean", "match", "values", "else", "as",
    ]

    /// The reader lists its keys where it meets one that it does not know.
    @Test func theSchemaHasEveryKeyOfTheReader() throws {
        let file = try NaiveJSON(yaml: everyKey)
        for place in try Self.places() {
            guard let keys = place.closedKeys else { continue }
            let spoilt = file.replacing((place.tokens + [.key("zqxj")])[...], by: .string("x"))
            let said = readerFaults(spoilt).filter { $0.contains("`zqxj`") }
            let fault = try #require(said.first, "\(place.path)")
            #expect(Self.check.faults(spoilt).contains("\(place.path): no key `zqxj`"), "\(place.path)")
            guard place.schemaPath != "/frictions/change" else {
                #expect(keys == Set(StandardLibrary.shared.names))
                continue
            }
            let listed = try #require(fault.components(separatedBy: "the keys here are ").last?.components(separatedBy: ", "), "\(fault)")
            // Of every form the reader says itself that only that of a time has a unit.
            #expect(Set(listed).subtracting(place.schemaPath == "#/definitions/field" ? ["unit"] : []) == keys, "\(place.path)")
        }
    }

    @Test func bothDemandTheSameKeys() throws {
        let file = try NaiveJSON(yaml: everyKey)
        for place in try Self.places() {
            guard case .object(let members) = place.value else { continue }
            for name in members.keys {
                let less = file.replacing((place.tokens + [.key(name)])[...], by: nil)
                let isRequired = place.requiredKeys.contains(name.description)
                if isRequired { #expect(!Self.check.faults(less).isEmpty, "\(place.path)/\(name)") }
                if !Self.check.faults(less).isEmpty { #expect(!readerFaults(less).isEmpty, "\(place.path)/\(name)") }
            }
        }
    }

    // MARK: Values

    /// No value of the file may be a mapping of a mapping with such names: both must look at every one.
    @Test func bothLookAtEveryValue() throws {
        let file = try NaiveJSON(yaml: everyKey)
        let nonsense = NaiveJSON.object(["zqxj": .object(["zqxj": .array([])])])
        for place in try Self.places() where !place.tokens.isEmpty {
            let spoilt = file.replacing(place.tokens[...], by: nonsense)
            #expect(!Self.check.faults(spoilt).isEmpty, "\(place.path)")
            #expect(!readerFaults(spoilt).isEmpty, "\(place.path)")
        }
    }

    /// Whatever stands under a key: where the reader takes it, an editor must not mark it.
    @Test(arguments: ["null", "true", "7", "-1.5", "''", "x", "5m", "[]", "{}", "[x]", "[1, 2]"])
    func acceptsWhatTheReaderAccepts(_ text: String) throws {
        let (file, value) = (try NaiveJSON(yaml: everyKey), try NaiveJSON(yaml: "a: \(text)").value(at: "a")!)
        for place in try Self.places() {
            guard case .key? = place.tokens.last else { continue }
            let other = file.replacing(place.tokens[...], by: value)
            let found = Self.check.faults(other)
            if !found.isEmpty { #expect(!readerFaults(other).isEmpty, "\(place.path): \(found)") }
        }
    }

    /// Faults of keys, words, kinds and bounds are the schema's as well; what expressions and paths say is not.
    @Test(
        arguments: PipelineFaultTests.topLevelDamages + PipelineFaultTests.identityAndSourcesDamages
            + PipelineFaultTests.channelsAndJourneysDamages)
    func refusesWhatTheReaderRefuses(_ damage: Damage) throws {
        let words = [
            "unknown key", "cannot be `", "is no duration", "must be true or false, without", "must be a whole number", "must be a list",
            "must be text", "belongs to `", "only `time` has", "has 0 places",
        ]
        guard let fault = damage.expected.first(where: { fault in words.contains(where: fault.contains) }) else { return }
        let found = Self.check.faults(try NaiveJSON(yaml: try PipelineFaultTests.text(damage)))
        #expect(!found.isEmpty)
        if let name = fault.firstMatch(of: /unknown key `([^`]+)`/)?.1 {
            #expect(found.contains { $0.hasSuffix(": no key `\(name)`") }, "\(found)")
        }
    }
}
