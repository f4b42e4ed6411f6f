import Events
import Identity

/// The connected parts of a component: identifiers that occur together, placeholders left out. Most are one part; a
/// component falls apart when what held it together turns out to be a placeholder, or is removed.
package struct ComponentParts {
    package struct Part {
        package var rows: [Int] = []
        /// All but placeholders.
        package var identifiers: [UInt32] = []
        /// Tuples of events that are no longer kept.
        package var bareTuples: [Int] = []
    }

    package private(set) var parts: [Part] = []
    /// Identifiers that no row has any more, or that are placeholders.
    package private(set) var unused: [UInt32] = []

    /// - Parameter rows: those that stay.
    package init(_ component: ComponentRows, _ rows: [Int], keys: IdentifierKeys, isPlaceholder: (UInt32) -> Bool) {
        let count = component.identifiers.count
        let placeholder = (0...count).map { $0 > 0 && isPlaceholder(UInt32($0)) }
        var groups = UnionFind(count: count + 1)
        var firstOfTuple = [UInt32?](repeating: nil, count: component.tuples.count)
        var isUsed = [Bool](repeating: false, count: count + 1)
        for tuple in rows.map({ component.tuple($0) }) + component.bareTuples where firstOfTuple[tuple] == nil {
            firstOfTuple[tuple] = 0
            for symbol in component.tuples[tuple] where symbol != 0 && !placeholder[Int(symbol)] {
                isUsed[Int(symbol)] = true
                if let first = firstOfTuple[tuple], first != 0 { groups.join(first, symbol) } else { firstOfTuple[tuple] = symbol }
            }
        }
        Self.joinEqualKeys(component, isUsed, keys, &groups)
        var partOfRoot: [UInt32: Int] = [:]
        for row in rows {
            let first = firstOfTuple[component.tuple(row)] ?? 0
            // Rows with nothing but placeholders go with any: they count as filtered wherever they are.
            let root = first == 0 ? partOfRoot.keys.min() ?? 0 : groups.root(first)
            let place = partOfRoot[root] ?? parts.count
            if place == parts.count {
                partOfRoot[root] = place
                parts.append(Part())
            }
            parts[place].rows.append(row)
        }
        for tuple in component.bareTuples {
            guard let first = firstOfTuple[tuple], first != 0 else { continue }
            let place = partOfRoot[groups.root(first)] ?? parts.count
            if place == parts.count {
                partOfRoot[groups.root(first)] = place
                parts.append(Part())
            }
            parts[place].bareTuples.append(tuple)
        }
        for symbol in 1..<UInt32(count + 1) {
            if isUsed[Int(symbol)], let place = partOfRoot[groups.root(symbol)] {
                parts[place].identifiers.append(symbol)
            } else {
                unused.append(symbol)
            }
        }
    }

    /// Two identifiers with one key stay together, as it can lead to one component only.
    private static func joinEqualKeys(_ component: ComponentRows, _ isUsed: [Bool], _ keys: IdentifierKeys, _ groups: inout UnionFind) {
        var symbolOfKey: [UInt64: UInt32] = [:]
        for symbol in 1..<UInt32(isUsed.count) where isUsed[Int(symbol)] {
            let key = keys.key(symbol, component.identifiers)
            if let other = symbolOfKey[key] { groups.join(symbol, other) } else { symbolOfKey[key] = symbol }
        }
    }
}
