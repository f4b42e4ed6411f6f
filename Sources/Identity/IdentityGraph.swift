package import Events

/// Which person each identity tuple belongs to, by the four rules of pipelines/rules.md, 6. It sees the distinct tuples of
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
    /// By person: what stands for it, a known id or the root of a group of linking ids.
    package private(set) var representatives: [UInt32] = []

    package let identities: TupleTable
    package let identifiers: SymbolTable
    let knownTypes: Int
    /// How many types of identifiers there are; a tag tells which.
    let types: Int
    let maxKnown: Int

    /// By linking id: one known id it was met with, 0 for none.
    private var firstPartner: [UInt32]
    /// Linking ids met with several known ids: all of them, but no more than `maxKnown + 1`.
    private var severalPartners: [UInt32: [UInt32]] = [:]
    private var groups: UnionFind
    /// Linking ids that are placeholders by what is known elsewhere.
    private let placeholders: Set<UInt32>
    /// By group root: the one known id that the group reaches, 0 for none, `Self.several` for more.
    private var groupPartner: [UInt32]
    /// By identifier: the person it stands for, `Self.none` where it does not.
    private var personOfIdentifier: [UInt32]

    private static let several = UInt32.max
    private static let none = UInt32.max

    /// - Parameters:
    ///   - identities: tuples with the known types' columns first, one each, in the order of the pipeline; a linking type
    ///     may have several columns.
    ///   - knownTypes: how many of the types are known ones.
    ///   - maxKnown: at least 1.
    ///   - placeholders: linking ids that are placeholders whatever these tuples say of them.
    package init(
        identities: TupleTable, identifiers: SymbolTable, types: Int, knownTypes: Int, maxKnown: Int, placeholders: Set<UInt32> = []
    ) {
        self.placeholders = placeholders
        self.identities = identities
        self.identifiers = identifiers
        self.types = types
        self.knownTypes = knownTypes
        self.maxKnown = Placeholders.limit(maxKnown)
        firstPartner = Array(repeating: 0, count: identifiers.count + 1)
        groupPartner = firstPartner
        personOfIdentifier = Array(repeating: Self.none, count: identifiers.count + 1)
        groups = UnionFind(count: identifiers.count + 1)
        meetPartners()
        joinGroups()
        groups.flatten()
        assignOwners()
    }

    /// Rule 1: the type declared first counts. 0 where the tuple has no known id.
    func known(_ tuple: Int) -> UInt32 {
        let symbols = identities[tuple]
        for column in 0..<knownTypes where symbols[column] != 0 { return symbols[column] }
        return 0
    }

    /// The person whose known id the tuple carries; nil where it has none.
    package func knownPerson(_ tuple: Int) -> UInt32? {
        let known = known(tuple)
        return known == 0 ? nil : personOfIdentifier[Int(known)]
    }

    /// How many known ids a linking id was met with; counting stops at `maxKnown + 1`.
    func partnerCount(_ link: UInt32) -> Int {
        if firstPartner[Int(link)] == 0 { return 0 }
        return severalPartners.isEmpty ? 1 : severalPartners[link]?.count ?? 1
    }

    /// The known ids a linking id was met with; all of them unless it is a placeholder.
    func partners(of link: UInt32) -> [UInt32] {
        let first = firstPartner[Int(link)]
        return first == 0 ? [] : severalPartners[link] ?? [first]
    }

    /// The person that a known id or the root of a group stands for; nil where it stands for none.
    func standsFor(_ identifier: UInt32) -> UInt32? {
        let person = personOfIdentifier[Int(identifier)]
        return person == Self.none ? nil : person
    }

    package func isPlaceholder(_ link: UInt32) -> Bool {
        if !severalPartners.isEmpty, partnerCount(link) > maxKnown { return true }
        return !placeholders.isEmpty && placeholders.contains(link)
    }

    /// Whether the group of a linking id reaches more than one known person.
    func groupIsAmbiguous(_ link: UInt32) -> Bool { groupPartner[Int(groups.flatRoot(link))] == Self.several }

    /// The anonymous person whose group a linking id belongs to; nil for placeholders and for ids of known persons.
    func anonymousPerson(ofLink link: UInt32) -> UInt32? {
        guard identifiers.tag(of: link) >= knownTypes, !isPlaceholder(link) else { return nil }
        return standsFor(groups.flatRoot(link))
    }

    /// Gives back what only events are looked up by, where persons are named from now on and nobody is looked for: whose a tuple is,
    /// the tuples themselves, which nobody else may use then, and what identifiers are found by.
    package mutating func keepNamesOnly() {
        owners = []
        identities.removeAll()
        identifiers.letGoOfSlots()
    }

    private mutating func meetPartners() {
        for tuple in 0..<identities.count {
            let known = known(tuple)
            guard known != 0 else { continue }
            let symbols = identities[tuple]
            for column in knownTypes..<identities.width where symbols[column] != 0 {
                let link = symbols[column]
                let first = firstPartner[Int(link)]
                if first == 0 {
                    firstPartner[Int(link)] = known
                } else if first != known {
                    addPartner(known, of: link, first: first)
                }
            }
        }
    }

    private mutating func addPartner(_ known: UInt32, of link: UInt32, first: UInt32) {
        let limit = maxKnown
        func add(_ all: inout [UInt32]) {
            if all.count <= limit, !all.contains(known) { all.append(known) }
        }
        add(&severalPartners[link, default: [first]])
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
        for link in firstPartner.indices where firstPartner[link] != 0 && !isPlaceholder(UInt32(link)) {
            let root = Int(groups.root(UInt32(link)))
            let partner = partnerCount(UInt32(link)) > 1 ? Self.several : firstPartner[link]
            if groupPartner[root] == 0 {
                groupPartner[root] = partner
            } else if groupPartner[root] != partner {
                groupPartner[root] = Self.several
            }
        }
    }

    private mutating func assignOwners() {
        owners.reserveCapacity(identities.count)
        for tuple in 0..<identities.count {
            let known = known(tuple)
            owners.append(known != 0 ? .person(person(of: known)) : ownerByLinks(tuple))
        }
    }

    private mutating func ownerByLinks(_ tuple: Int) -> Owner {
        let symbols = identities[tuple]
        var first: UInt32 = 0
        for column in knownTypes..<identities.width where symbols[column] != 0 && !isPlaceholder(symbols[column]) {
            let link = symbols[column]
            if first == 0 { first = link }
            let partner = firstPartner[Int(link)]
            guard partner != 0 else { continue }
            return partnerCount(link) == 1 ? .person(person(of: partner)) : .nearest(link: link)
        }
        guard first != 0 else { return .nobody }
        let root = groups.flatRoot(first)
        let partner = groupPartner[Int(root)]
        return .person(person(of: partner == 0 || partner == Self.several ? root : partner))
    }

    /// The number of the person that an identifier stands for. Known ids and group roots are different symbols.
    private mutating func person(of identifier: UInt32) -> UInt32 {
        if personOfIdentifier[Int(identifier)] == Self.none {
            personOfIdentifier[Int(identifier)] = UInt32(representatives.count)
            representatives.append(identifier)
        }
        return personOfIdentifier[Int(identifier)]
    }
}

/// Disjoint groups of numbers 0..<count, with path halving and union by smaller root: near O(1) a step.
package struct UnionFind: Sendable {
    private var parent: [UInt32]

    package init(count: Int) { parent = (0..<UInt32(count)).map { $0 } }

    package mutating func root(_ number: UInt32) -> UInt32 {
        var number = number
        while parent[Int(number)] != number {
            parent[Int(number)] = parent[Int(parent[Int(number)])]
            number = parent[Int(number)]
        }
        return number
    }

    /// Makes every way to a root one step long, so that roots can be asked for without a change. O(count).
    package mutating func flatten() {
        // No parent is larger than what it is a parent of, so its own way is short by then.
        for number in parent.indices { parent[number] = parent[Int(parent[number])] }
    }

    /// The root, after `flatten` and until the next `join`. O(1).
    package func flatRoot(_ number: UInt32) -> UInt32 {
        let root = parent[Int(number)]
        assert(parent[Int(root)] == root, "asked before the ways were made short")
        return root
    }

    package mutating func join(_ left: UInt32, _ right: UInt32) {
        let (one, other) = (root(left), root(right))
        if one < other { parent[Int(other)] = one } else { parent[Int(one)] = other }
    }
}
