import Events
import Testing

@testable import Identity
@testable import TestSupport

/// Known ids with many linking ids, against sets.
@Suite struct HubIDsTests {
    @Test(arguments: UInt64(0)..<20)
    func againstSets(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let identifiers = SymbolTable()
        // Two known types, two linking ones, of which the first has two columns.
        let types = [0, 1, 2, 2, 3]
        let identities = TupleTable(width: types.count)
        var met: [String: [Int: Set<String>]] = [:]
        for _ in 0..<random.int(1...600) {
            let texts = types.enumerated().map { column, type -> String? in
                random.chance(percent: 30) ? nil : "\(type)-\(random.int(0...(type < 2 ? 2 : 120)))"
            }
            _ = identities.intern(
                zip(types, texts).map { type, text in
                    text.map { text in
                        let bytes = Array(text.utf8)
                        return bytes.withUnsafeBytes { identifiers.intern($0, tag: UInt8(type)) }
                    } ?? 0
                })
            for case let known? in texts[0..<2] {
                for (column, text) in texts.enumerated().dropFirst(2) {
                    if let text { met[known, default: [:]][types[column], default: []].insert(text) }
                }
            }
        }
        var hubs = HubIDs()
        hubs.add(IdentityGraph(identities: identities, identifiers: identifiers, types: 4, knownTypes: 2, maxKnown: 5))
        var expected: [String: (Int, Int)] = [:]
        for (known, byType) in met {
            for (type, values) in byType where values.count >= HubIDs.valuesMin {
                let pair = "\(known.prefix(1)) \(type)"
                let before = expected[pair] ?? (0, 0)
                expected[pair] = (before.0 + 1, max(before.1, values.count))
            }
        }
        let found = Dictionary(uniqueKeysWithValues: hubs.found.map { ("\($0.key.known) \($0.key.linking)", $0.value) })
        #expect(found.mapValues { [$0.ids, $0.valuesMax] } == expected.mapValues { [$0.0, $0.1] })
    }
}
