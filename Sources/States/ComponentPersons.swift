package import Events
package import Identity
package import Tables

/// Who is who among the events of one component up to a moment: pipelines/rules.md, 6, for these events alone, which is enough, as
/// no event outside has an identifier in common with them but placeholders.
///
/// A class, though nothing of it changes: what is known of a component is handed around for each, and a graph is many arrays.
package final class ComponentPersons {
    package let graph: IdentityGraph
    /// The rows that take part, person by person, each person's in input order.
    package private(set) var rows: [Int] = []
    /// By person: where its rows begin; one more entry than persons.
    package private(set) var starts: [Int] = [0]
    /// Events that wait, with nothing but placeholders, or that only link identifiers.
    package private(set) var filtered: Int64 = 0
    /// By row: its person; nil where it takes no part.
    package private(set) var personOfRow: [UInt32?]
    /// By tuple of the component: its number in the graph; none where nothing that takes part has it.
    private let placeOfTuple: [Int]

    /// Whether some events go to the nearest of several persons: then every event may decide about others.
    package var hasShared: Bool { graph.owners.contains { if case .nearest = $0 { true } else { false } } }

    package var persons: Int { graph.representatives.count }

    /// - Parameters:
    ///   - candidates: the rows to look at, by their numbers.
    ///   - until: events later than this wait.
    ///   - linksOnly: the kind of rows that only link identifiers.
    ///   - fileRanks: by number of a file, its place in the order of positions.
    package init(
        _ component: ComponentRows, _ candidates: [Int], until: EventTime, types: Int, knownTypes: Int, maxKnown: Int,
        placeholders: Set<UInt32>, linksOnly: UInt32?, fileRanks: [Int]
    ) {
        var active: [(position: Int64, row: Int)] = []
        active.reserveCapacity(candidates.count)
        var isUsed = [Bool](repeating: false, count: component.tuples.count)
        for row in candidates {
            guard component.time(row) <= until else {
                filtered += 1
                continue
            }
            isUsed[component.tuple(row)] = true
            let position = component.position(row)
            active.append((RowPosition.make(file: Int64(fileRanks[RowPosition.file(position)]), line: RowPosition.line(position)), row))
        }
        for tuple in component.bareTuples { isUsed[tuple] = true }
        active.sort { ($0.position, component.record($0.row)) < ($1.position, component.record($1.row)) }
        let tuples: TupleTable
        (tuples, placeOfTuple) = Self.taken(isUsed, of: component.tuples)
        graph = IdentityGraph(
            identities: tuples, identifiers: component.identifiers, types: types, knownTypes: knownTypes, maxKnown: maxKnown,
            placeholders: placeholders)
        let needed = SharedLinks.needed(graph)
        var sightings: [SharedLinks.Sighting] = []
        if !needed.isEmpty {
            for (_, row) in active {
                SharedLinks.forEachSighting(placeOfTuple[component.tuple(row)], graph, needed: needed) {
                    sightings.append(.init(link: $0, time: component.time(row), person: $1))
                }
            }
        }
        let shared = SharedLinks(sightings, graph: graph)
        personOfRow = Array(repeating: nil, count: component.count)
        starts = Array(repeating: 0, count: graph.representatives.count + 1)
        for (_, row) in active {
            let person =
                component.kind(row) == linksOnly
                ? nil : shared.owner(ofTuple: placeOfTuple[component.tuple(row)], at: component.time(row), graph).person
            personOfRow[row] = person
            if let person { starts[Int(person) + 1] += 1 } else { filtered += 1 }
        }
        for person in 1..<starts.count { starts[person] += starts[person - 1] }
        var next = starts
        rows = Array(repeating: 0, count: starts[starts.count - 1])
        for (_, row) in active {
            guard let person = personOfRow[row] else { continue }
            rows[next[Int(person)]] = row
            next[Int(person)] += 1
        }
    }

    /// The tuples that some event or bare tuple has, with the place of each; mostly these are all.
    private static func taken(_ isUsed: [Bool], of all: TupleTable) -> (TupleTable, places: [Int]) {
        if !isUsed.contains(false) { return (all, Array(isUsed.indices)) }
        let tuples = TupleTable(width: all.width, capacity: 16)
        return (tuples, isUsed.indices.map { isUsed[$0] ? Int(tuples.intern(all[$0].baseAddress!)) : -1 })
    }

    /// By identity type; placeholders are counted elsewhere.
    package func counts(_ component: ComponentRows) -> [IdentityCounts] {
        var masks = graph.personMasks()
        // Events that go to the nearest of several persons give that one their types, too.
        for row in rows {
            let tuple = placeOfTuple[component.tuple(row)]
            if case .nearest = graph.owners[tuple], let person = personOfRow[row] { masks[Int(person)] |= graph.typeMask(tuple) }
        }
        var counts = graph.counts()
        for type in counts.indices {
            counts[type].persons = masks.reduce(0) { $0 + Int64($1 >> UInt64(type) & 1) }
            counts[type].values -= counts[type].placeholders
            counts[type].placeholders = 0
        }
        return counts
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
