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
        var graph = graph
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
