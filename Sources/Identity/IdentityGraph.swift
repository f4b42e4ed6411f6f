package import Events

/// Which person each identity tuple belongs to, by the four rules of contract 3.2. It sees the distinct tuples of
/// identifiers, not the events, so its work grows with people and devices; and only the set of tuples counts, so
/// the order of the input cannot matter.
package struct IdentityGraph: Sendable {
    package enum Owner: Sendable, Equatable {
        case person(UInt32)
        /// A shared linking id (its symbol): each event goes to the known id seen with it nearest in time.
        case nearest(link: UInt32)
        /// Only placeholders: the event is filtered.
        case nobody
    }

    /// By tuple.
    package private(set) var owners: [Owner] = []
    /// Persons are numbered from 0, here by what stands for them: a known id, or the root of a group of linking ids.
    package private(set) var representatives: [UInt32] = []
    /// By tuple: the person whose known id it carries. nil where it has none.
    package private(set) var knownPersons: [UInt32?] = []

    package let identities: TupleTable
    package let identifiers: SymbolTable
    let knownTypes: Int
    let maxKnown: Int
    /// By identifier symbol: the known ids met together with a linking id, at most `maxKnown + 1` of them.
    var partners: [Partners]
    /// By group root: likewise for the whole group.
    var groupPartners: [UInt32: Partners] = [:]
    var groups: UnionFind
    private var personOfRepresentative: [UInt32: UInt32] = [:]

    enum Partners: Equatable {
        case none
        case one(UInt32)
        case several([UInt32])

        mutating func add(_ known: UInt32, limit: Int) {
            switch self {
            case .none: self = .one(known)
            case .one(let other): if other != known { self = .several([other, known]) }
            case .several(var all):
                guard all.count <= limit, !all.contains(known) else { return }
                self = .none
                all.append(known)
                self = .several(all)
            }
        }

        var all: [UInt32] {
            switch self {
            case .none: []
            case .one(let known): [known]
            case .several(let all): all
            }
        }
    }

    /// - Parameters:
    ///   - identities: tuples with the known types' columns first, in the order of the pipeline.
    ///   - knownTypes: how many columns those are.
    package init(identities: TupleTable, identifiers: SymbolTable, knownTypes: Int, maxKnown: Int) {
        self.identities = identities
        self.identifiers = identifiers
        self.knownTypes = knownTypes
        self.maxKnown = maxKnown
        partners = Array(repeating: .none, count: identifiers.count + 1)
        groups = UnionFind(count: identifiers.count + 1)
        meetPartners()
        joinGroups()
        assignOwners()
    }

    /// Rule 1: the type declared first counts. 0 where the tuple has no known id.
    func known(_ tuple: Int) -> UInt32 {
        let symbols = identities[tuple]
        for column in 0..<knownTypes where symbols[column] != 0 { return symbols[column] }
        return 0
    }

    func isPlaceholder(_ link: UInt32) -> Bool {
        if case .several(let all) = partners[Int(link)] { return all.count > maxKnown }
        return false
    }

    private mutating func meetPartners() {
        for tuple in 0..<identities.count {
            let known = known(tuple)
            guard known != 0 else { continue }
            let symbols = identities[tuple]
            for column in knownTypes..<identities.width where symbols[column] != 0 {
                partners[Int(symbols[column])].add(known, limit: maxKnown)
            }
        }
    }

    /// Rule 3: linking ids that occur together are one group, placeholders left out.
    private mutating func joinGroups() {
        for tuple in 0..<identities.count {
            let symbols = identities[tuple]
            var last: UInt32 = 0
            for column in knownTypes..<identities.width where symbols[column] != 0 && !isPlaceholder(symbols[column]) {
                if last != 0 { groups.join(last, symbols[column]) }
                last = symbols[column]
            }
        }
        for link in partners.indices.dropFirst() where partners[link] != .none && !isPlaceholder(UInt32(link)) {
            let root = groups.root(UInt32(link))
            for known in partners[link].all { groupPartners[root, default: .none].add(known, limit: 1) }
        }
    }

    private mutating func assignOwners() {
        owners.reserveCapacity(identities.count)
        knownPersons.reserveCapacity(identities.count)
        for tuple in 0..<identities.count {
            let known = known(tuple)
            let owner = known != 0 ? .person(person(of: known)) : ownerByLinks(tuple)
            knownPersons.append(known != 0 ? person(of: known) : nil)
            owners.append(owner)
        }
    }

    private mutating func ownerByLinks(_ tuple: Int) -> Owner {
        let symbols = identities[tuple]
        var first: UInt32 = 0
        for column in knownTypes..<identities.width where symbols[column] != 0 && !isPlaceholder(symbols[column]) {
            if first == 0 { first = symbols[column] }
            switch partners[Int(symbols[column])] {
            case .none: continue
            case .one(let known): return .person(person(of: known))
            case .several: return .nearest(link: symbols[column])
            }
        }
        guard first != 0 else { return .nobody }
        let root = groups.root(first)
        if case .one(let known)? = groupPartners[root] { return .person(person(of: known)) }
        return .person(person(of: root))
    }

    /// The number of the person that an identifier stands for. Known ids and group roots are different symbols.
    private mutating func person(of representative: UInt32) -> UInt32 {
        if let person = personOfRepresentative[representative] { return person }
        let person = UInt32(representatives.count)
        personOfRepresentative[representative] = person
        representatives.append(representative)
        return person
    }
}
