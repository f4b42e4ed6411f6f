import Events

/// Known ids that are met with very many values of one linking type: a test account, a shop's own number, a default
/// (pipelines/rules.md, 15, `hub_id`). Counted over distinct tuples of identifiers, whatever their order.
package struct HubIDs: Sendable {
    /// From so many values on.
    package static let valuesMin = 50

    /// Numbers of identity types.
    package struct Pair: Hashable, Sendable {
        package let known: Int
        package let linking: Int
    }

    /// By pair of types: how many known ids, and with how many values the one with most.
    package private(set) var found: [Pair: (ids: Int, valuesMax: Int)] = [:]

    package init() {}

    /// O(tuples); only ids in so many tuples that these can hold `valuesMin` values are looked at twice.
    package mutating func add(_ graph: IdentityGraph) {
        let (identities, identifiers, knownTypes) = (graph.identities, graph.identifiers, graph.knownTypes)
        let linkingColumns = identities.width - knownTypes
        guard linkingColumns > 0, identities.count * linkingColumns >= Self.valuesMin else { return }
        var tuples = [Int32](repeating: 0, count: identifiers.count + 1)
        for tuple in 0..<identities.count {
            let symbols = identities[tuple]
            for column in 0..<knownTypes where symbols[column] != 0 { tuples[Int(symbols[column])] += 1 }
        }
        var values: [UInt32: Set<UInt32>] = [:]
        for tuple in 0..<identities.count {
            let symbols = identities[tuple]
            for column in 0..<knownTypes where symbols[column] != 0 && Int(tuples[Int(symbols[column])]) * linkingColumns >= Self.valuesMin
            {
                for linking in knownTypes..<identities.width where symbols[linking] != 0 {
                    values[symbols[column], default: []].insert(symbols[linking])
                }
            }
        }
        for (known, links) in values {
            for (type, count) in Dictionary(grouping: links, by: { Int(identifiers.tag(of: $0)) }).mapValues(\.count)
            where count >= Self.valuesMin {
                note(Pair(known: Int(identifiers.tag(of: known)), linking: type), ids: 1, valuesMax: count)
            }
        }
    }

    /// Of ids that the other has not met.
    package mutating func add(_ other: HubIDs) {
        for (pair, count) in other.found { note(pair, ids: count.ids, valuesMax: count.valuesMax) }
    }

    private mutating func note(_ pair: Pair, ids: Int, valuesMax: Int) {
        let before = found[pair] ?? (0, 0)
        found[pair] = (before.ids + ids, max(before.valuesMax, valuesMax))
    }
}
