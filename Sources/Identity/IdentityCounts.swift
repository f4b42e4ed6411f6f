/// What identity.csv says of one type of identifier.
package struct IdentityCounts: Sendable, Equatable {
    /// Distinct values that are not blocked.
    package var values: Int64 = 0
    /// Persons with at least one value that is no placeholder.
    package var persons: Int64 = 0
    /// Linking values met with two to `max_known` known ids.
    package var shared: Int64 = 0
    /// Linking values met with more known ids than that.
    package var placeholders: Int64 = 0
    /// Values that could have joined two known persons and were not allowed to: known ids on one event with a known
    /// id of an earlier type; linking ids, never met with a known id, whose group reaches several.
    package var refused: Int64 = 0

    package init() {}

    package static func += (left: inout Self, right: Self) { left.add(right, sign: 1) }
    package static func -= (left: inout Self, right: Self) { left.add(right, sign: -1) }

    private mutating func add(_ other: Self, sign: Int64) {
        values += sign * other.values
        persons += sign * other.persons
        shared += sign * other.shared
        placeholders += sign * other.placeholders
        refused += sign * other.refused
    }
}

extension IdentityGraph {
    /// Bit n set where the tuple has a value of type n that is no placeholder.
    package func typeMask(_ tuple: Int) -> UInt64 {
        let symbols = identities[tuple]
        return (0..<identities.width).reduce(0) { mask, column in
            symbols[column] == 0 || (column >= knownTypes && isPlaceholder(symbols[column]))
                ? mask : mask | 1 << UInt64(identifiers.tag(of: symbols[column]))
        }
    }

    /// By person: the types of all tuples that are one person's whatever the time.
    package func personMasks() -> [UInt64] {
        var masks = [UInt64](repeating: 0, count: representatives.count)
        for (tuple, owner) in owners.enumerated() {
            if case .person(let person) = owner { masks[Int(person)] |= typeMask(tuple) }
        }
        return masks
    }

    /// By type, but for `persons`, which depend on the events.
    package func counts() -> [IdentityCounts] {
        var counts = Array(repeating: IdentityCounts(), count: types)
        var seen = [Bool](repeating: false, count: identifiers.count + 1)
        var refused = seen
        for tuple in 0..<identities.count {
            let symbols = identities[tuple]
            let known = known(tuple)
            for column in 0..<identities.width where symbols[column] != 0 {
                let symbol = symbols[column]
                let type = Int(identifiers.tag(of: symbol))
                if column < knownTypes, symbol != known, !refused[Int(symbol)] {
                    refused[Int(symbol)] = true
                    counts[type].refused += 1
                }
                guard !seen[Int(symbol)] else { continue }
                seen[Int(symbol)] = true
                counts[type].values += 1
                guard column >= knownTypes else { continue }
                guard !isPlaceholder(symbol) else {
                    counts[type].placeholders += 1
                    continue
                }
                switch partnerCount(symbol) {
                case 0: if groupIsAmbiguous(symbol) { counts[type].refused += 1 }
                case 1: break
                default: counts[type].shared += 1
                }
            }
        }
        return counts
    }
}
