import Events

/// What persons are called where a few of them are named as examples: `type:id`, the known id that stands for a person,
/// or of an anonymous group the linking id that comes first, by type in the pipeline's order, then by bytes.
package struct PersonNames: Sendable {
    private let identifiers: SymbolTable
    private let types: [String]
    /// By person; 0 for those nobody asked for.
    private let symbols: [UInt32]

    /// - Parameters:
    ///   - persons: who may be named. O(identifiers) where one of them is anonymous.
    ///   - types: identity types in the pipeline's order, known ones first.
    package init(_ graph: IdentityGraph, persons: some Sequence<UInt32>, types: [String]) {
        identifiers = graph.identifiers
        self.types = types
        var symbols = [UInt32](repeating: 0, count: graph.representatives.count)
        var hasAnonymous = false
        for person in persons {
            let representative = graph.representatives[Int(person)]
            symbols[Int(person)] = representative
            hasAnonymous = hasAnonymous || graph.identifiers.tag(of: representative) >= graph.knownTypes
        }
        if hasAnonymous {
            for link in 1..<UInt32(graph.identifiers.count + 1) {
                guard let person = graph.anonymousPerson(ofLink: link), symbols[Int(person)] != 0 else { continue }
                let (tag, best) = (graph.identifiers.tag(of: link), graph.identifiers.tag(of: symbols[Int(person)]))
                if tag < best || tag == best && graph.identifiers.precedes(link, symbols[Int(person)]) { symbols[Int(person)] = link }
            }
        }
        self.symbols = symbols
    }

    package func name(_ person: UInt32) -> String {
        let symbol = symbols[Int(person)]
        return "\(types[Int(identifiers.tag(of: symbol))]):\(identifiers.string(symbol))"
    }

    /// The names that come first in byte order, ascending.
    package func first(_ count: Int, of persons: [UInt32]) -> [String] { firstPersons(count, of: persons).map { name($0) } }

    /// The persons whose names come first in byte order, ascending.
    package func firstPersons(_ count: Int, of persons: [UInt32]) -> [UInt32] {
        var best: [UInt32] = []
        for person in persons {
            let symbol = symbols[Int(person)]
            if best.count == count, !precedes(symbol, symbols[Int(best[count - 1])]) { continue }
            let place = best.firstIndex { precedes(symbol, symbols[Int($0)]) } ?? best.count
            best.insert(person, at: place)
            if best.count > count { best.removeLast() }
        }
        return best
    }

    private func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
        let (one, other) = (identifiers.tag(of: left), identifiers.tag(of: right))
        if one == other { return identifiers.precedes(left, right) }
        func whole(_ tag: UInt8, _ symbol: UInt32) -> [UInt8] {
            Array(types[Int(tag)].utf8) + [UInt8(ascii: ":")] + identifiers.bytes(of: symbol)
        }
        return whole(one, left).lexicographicallyPrecedes(whole(other, right))
    }
}

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
