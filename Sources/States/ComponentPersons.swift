package import Events
package import Identity
package import Tables

/// Who is who among the events of one component up to a moment: pipelines/rules.md, 6, for these events alone, which is enough, as
/// no event outside has an identifier in common with them but placeholders.
package struct ComponentPersons {
    package private(set) var graph: IdentityGraph
    /// The rows that take part, person by person, each person's in input order.
    package private(set) var rows: [Int] = []
    /// By person: where its rows begin; one more entry than persons.
    package private(set) var starts: [Int] = [0]
    /// Events that wait, with nothing but placeholders, or that only link identifiers.
    package private(set) var filtered: Int64 = 0
    /// By identity type; placeholders are counted elsewhere.
    package private(set) var counts: [IdentityCounts] = []
    /// By row: its person; nil where it takes no part.
    package private(set) var personOfRow: [UInt32?]

    /// Whether some events go to the nearest of several persons: then every event may decide about others.
    package var hasShared: Bool { graph.owners.contains { if case .nearest = $0 { true } else { false } } }

    package var persons: Int { graph.representatives.count }

    /// - Parameters:
    ///   - candidates: the rows to look at, by their numbers.
    ///   - until: events later than this wait.
    ///   - linksOnly: the kind of rows that only link identifiers.
    ///   - fileRanks: by number of a file, its place in the order of positions.
    package init(
        _ component: ComponentRows, _ candidates: some Sequence<Int>, until: EventTime, types: Int, knownTypes: Int, maxKnown: Int,
        placeholders: Set<UInt32>, linksOnly: UInt32?, fileRanks: [Int]
    ) {
        let tuples = TupleTable(width: component.tuples.width, capacity: 16)
        var placeOfTuple = [UInt32](repeating: UInt32.max, count: component.tuples.count)
        var active: [(position: Int64, row: Int)] = []
        for row in candidates {
            guard component.time(row) <= until else {
                filtered += 1
                continue
            }
            let tuple = component.tuple(row)
            if placeOfTuple[tuple] == UInt32.max { placeOfTuple[tuple] = tuples.intern(component.tuples[tuple].baseAddress!) }
            let position = component.position(row)
            active.append((RowPosition.make(file: Int64(fileRanks[RowPosition.file(position)]), line: RowPosition.line(position)), row))
        }
        for tuple in component.bareTuples where placeOfTuple[tuple] == UInt32.max {
            placeOfTuple[tuple] = tuples.intern(component.tuples[tuple].baseAddress!)
        }
        active.sort { ($0.position, component.record($0.row)) < ($1.position, component.record($1.row)) }
        var graph = IdentityGraph(
            identities: tuples, identifiers: component.identifiers, types: types, knownTypes: knownTypes, maxKnown: maxKnown,
            placeholders: placeholders)
        var masks = graph.personMasks()
        let needed = SharedLinks.needed(graph)
        var sightings: [SharedLinks.Sighting] = []
        if !needed.isEmpty {
            for (_, row) in active {
                SharedLinks.forEachSighting(Int(placeOfTuple[component.tuple(row)]), graph, needed: needed) {
                    sightings.append(.init(link: $0, time: component.time(row), person: $1))
                }
            }
        }
        let shared = SharedLinks(sightings, graph: graph)
        personOfRow = Array(repeating: nil, count: component.count)
        var sizes = [Int](repeating: 0, count: masks.count + 1)
        for (_, row) in active {
            let tuple = Int(placeOfTuple[component.tuple(row)])
            let (person, isNearest) =
                component.kind(row) == linksOnly ? (nil, false) : shared.owner(ofTuple: tuple, at: component.time(row), graph)
            if isNearest, let person { masks[Int(person)] |= graph.typeMask(tuple) }
            personOfRow[row] = person
            if let person { sizes[Int(person) + 1] += 1 } else { filtered += 1 }
        }
        for person in masks.indices { sizes[person + 1] += sizes[person] }
        starts = sizes
        rows = Array(repeating: 0, count: sizes[masks.count])
        for (_, row) in active {
            guard let person = personOfRow[row] else { continue }
            rows[sizes[Int(person)]] = row
            sizes[Int(person)] += 1
        }
        counts = graph.counts()
        for type in counts.indices {
            counts[type].persons = masks.reduce(0) { $0 + Int64($1 >> UInt64(type) & 1) }
            counts[type].values -= counts[type].placeholders
            counts[type].placeholders = 0
        }
        self.graph = graph
    }

    /// By person: what it was counted for by events that are no longer kept.
    package func facts(_ component: ComponentRows) -> [Int: Set<PersonFact>] {
        var found: [Int: Set<PersonFact>] = [:]
        for (identifier, facts) in component.facts {
            if case .person(let person) = graph.owner(of: identifier) { found[Int(person), default: []].formUnion(facts) }
        }
        return found
    }

    /// What stands for the person of a row: comparable between resolutions of the same component.
    package func representative(ofRow row: Int) -> UInt32 { personOfRow[row].map { graph.representatives[Int($0)] } ?? 0 }
}
