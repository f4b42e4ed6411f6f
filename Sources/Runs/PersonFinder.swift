package import Definitions
import Digests
package import Identity
import Ingest

/// Finds the person that somebody asks for by an identifier, and says what is wrong where there is not exactly one.
package struct PersonFinder {
    private let graph: IdentityGraph
    private let definition: IdentityDefinition
    /// Where identifiers are pseudonyms: what makes them. Then nothing that is said here shows the id that was asked for.
    private let key: HMACKey?
    private static let namedMax = 10

    package init(_ graph: IdentityGraph, _ definition: PipelineDefinition) {
        self.graph = graph
        self.definition = definition.identity
        key = definition.privacy.key?.hmac
    }

    /// - Parameter text: `type:id`, or an id of any type, as it stands in the log, or its pseudonym. Where a text can be read
    ///   both ways, the type counts first.
    /// Throws `RunError.notFound`.
    package func person(_ text: String) throws -> UInt32 {
        if let (type, id) = typed(text) {
            let found = owners(id, types: [type])
            if !found.isEmpty { return try only(found, of: shown(text)) }
        }
        let found = owners(text, types: Array(definition.types.indices))
        if !found.isEmpty { return try only(found, of: shown(text)) }
        throw RunError.notFound(unknown(text))
    }

    /// What a person is called: what it is asked for by, and all its other identifiers.
    package func names(_ person: UInt32) -> (name: String, others: [String]) {
        let name = PersonNames(graph, persons: [person], types: definition.types).name(person)
        let all = graph.identifiers(of: person).map {
            "\(definition.types[Int(graph.identifiers.tag(of: $0))]):\(graph.identifiers.string($0))"
        }
        return (name, all.filter { !$0.utf8.elementsEqual(name.utf8) })
    }

    /// What a text may mean: identifiers as they stand in the log, or their pseudonyms.
    func candidates(_ text: String) -> [(type: Int, id: String)] {
        let typed = typed(text).map { [$0] } ?? []
        let all = typed + definition.types.indices.map { ($0, text) }
        return all.flatMap { type, id in key == nil ? [(type, id)] : [(type, pseudonym(id)), (type, id)] }
    }

    // MARK: Parts

    /// By the first colon: types are names, ids may hold anything.
    private func typed(_ text: String) -> (type: Int, id: String)? {
        let bytes = text.utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let name = String(text[..<colon])
        return definition.types.firstIndex(of: name).map { ($0, String(text[bytes.index(after: colon)...])) }
    }

    private func owners(_ id: String, types: [Int]) -> [(type: Int, owner: IdentifierOwner)] {
        types.compactMap { type in
            let symbol = graph.symbol(pseudonym(id), type: type) ?? graph.symbol(id, type: type)
            return symbol.flatMap { graph.owner(of: $0) }.map { (type, $0) }
        }
    }

    private func pseudonym(_ id: String) -> String { key?.code(id).hex ?? id }

    /// What was asked for, as it may be shown.
    private func shown(_ text: String) -> String {
        guard key != nil else { return text }
        let (type, id) = typed(text).map { ("\(definition.types[$0.type]):", $0.id) } ?? ("", text)
        let isPseudonym = id.utf8.count == Digest.hexCount && id.utf8.allSatisfy { ($0 &- 48 < 10) || ($0 &- 97 < 6) }
        return type + (isPseudonym ? id : pseudonym(id))
    }

    private func only(_ found: [(type: Int, owner: IdentifierOwner)], of text: String) throws -> UInt32 {
        var persons: [UInt32] = []
        for (_, owner) in found {
            switch owner {
            case .person(let person): persons.append(person)
            case .several(let several): persons += several
            case .placeholder: break
            }
        }
        let different = Set(persons).sorted()
        if different.count == 1, let person = different.first { return person }
        throw RunError.notFound(ambiguous(text, found, different))
    }

    private func ambiguous(_ text: String, _ found: [(type: Int, owner: IdentifierOwner)], _ persons: [UInt32]) -> String {
        guard !persons.isEmpty else {
            return "\(text) was seen with more than \(definition.maxKnown) known ids (max_known): a placeholder, which is nobody's. "
                + "Ask for one of those persons by their own id"
        }
        let names = PersonNames(graph, persons: persons, types: definition.types)
        let asked = names.first(Self.namedMax, of: persons).map { "\n  --person \($0)" }.joined()
        let more = persons.count > Self.namedMax ? "\n  and \(persons.count - Self.namedMax) more" : ""
        let isShared = found.contains { if case .several = $0.owner { true } else { false } }
        let why =
            isShared
            ? "\(text) is shared by \(persons.count) persons; each of its events belongs to one of them"
            : "\(text) is an id of several types (\(found.map { definition.types[$0.type] }.joined(separator: ", "))), of different persons"
        return "\(why). Ask for one:\(asked)\(more)"
    }

    private func unknown(_ text: String) -> String {
        let id = typed(text)?.id ?? text
        let isBlocked = BlockedValues(defaults: definition.blockDefaults, listed: definition.block).contains(id)
        if isBlocked { return "--person \(shown(text)): this value is no id (identity: block, block_defaults)" }
        let tried = typed(text).map { definition.types[$0.type] } ?? definition.types.joined(separator: ", ")
        let what = key == nil ? "this id" : "this id, or one with this pseudonym"
        return "--person \(shown(text)): no event up to as-of has \(what) (looked for as \(tried))"
    }
}
