import Events

/// Whose an identifier is, as far as that can be said without an event.
package enum IdentifierOwner: Sendable, Equatable {
    case person(UInt32)
    /// A shared linking id, or one whose events are dealt out among several: its events are now one's, now another's.
    case several([UInt32])
    /// Seen with more known ids than `max_known`: it links nobody.
    case placeholder
}

extension IdentityGraph {
    /// The symbol of an identifier, compared byte by byte; nil where no event has it.
    package func symbol(_ identifier: String, type: Int) -> UInt32? {
        let symbol = identifiers.find(identifier, tag: UInt8(type))
        return symbol == 0 ? nil : symbol
    }

    /// Whose an identifier is, by the rules of pipelines/rules.md, 6; nil where no event has it that takes part, such as one after
    /// as-of. O(tuples).
    package func owner(of identifier: UInt32) -> IdentifierOwner? {
        let isKnown = identifiers.tag(of: identifier) < knownTypes
        if isKnown {
            // A known id that only ever stood beside one of an earlier type stands for nobody of its own.
            if let person = standsFor(identifier) { return .person(person) }
        } else {
            if isPlaceholder(identifier) { return .placeholder }
            let met = partners(of: identifier).compactMap { standsFor($0) }
            if !met.isEmpty { return met.count == 1 ? .person(met[0]) : .several(met.sorted()) }
        }
        var found: Set<UInt32> = []
        for tuple in 0..<identities.count where identities[tuple].contains(identifier) {
            switch owners[tuple] {
            case .person(let person): found.insert(person)
            case .nearest(let link): found.formUnion(partners(of: link).compactMap { standsFor($0) })
            case .nobody: break
            }
        }
        return found.count > 1 ? .several(found.sorted()) : found.first.map { .person($0) }
    }

    /// All identifiers on events that are this person's whatever their time: by type in the pipeline's order, then in
    /// bytes. Placeholders are nobody's. O(tuples).
    package func identifiers(of person: UInt32) -> [UInt32] {
        var found: Set<UInt32> = []
        for tuple in 0..<identities.count where owners[tuple] == .person(person) {
            for symbol in identities[tuple] where symbol != 0 && (identifiers.tag(of: symbol) < knownTypes || !isPlaceholder(symbol)) {
                found.insert(symbol)
            }
        }
        return found.sorted { left, right in
            let (one, other) = (identifiers.tag(of: left), identifiers.tag(of: right))
            return one != other ? one < other : identifiers.precedes(left, right)
        }
    }
}
