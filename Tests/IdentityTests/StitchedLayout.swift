import Events

@testable import Identity
@testable import TestSupport

/// A few events with known and linking ids, stitched by the graph and by the naive reference. Types: `customer` and
/// `account` are known, `email` and `device` linking.
struct StitchedLayout {
    static let known = ["customer", "account"]
    static let linking = ["email", "device"]

    struct Event: Hashable {
        var time: Int64
        /// By type, known ones first; nil where the event has none.
        var ids: [String?]
    }

    var events: [Event]
    var maxKnown = 5

    /// For each event a name of its person, nil for nobody: the same name for the same person.
    func stitched(tupleOrder: [Int]? = nil) -> (persons: [String?], counts: [IdentityCounts]) {
        let identifiers = SymbolTable()
        let identities = TupleTable(width: 4)
        func tuple(_ event: Event) -> Int {
            let symbols = event.ids.enumerated().map { type, id in id.map { identifiers.intern($0, tag: UInt8(type)) } ?? 0 }
            return Int(identities.intern(symbols))
        }
        for index in tupleOrder ?? Array(events.indices) { _ = tuple(events[index]) }
        let graph = IdentityGraph(
            identities: identities, identifiers: identifiers, types: Self.known.count + Self.linking.count, knownTypes: Self.known.count,
            maxKnown: maxKnown)
        let needed = SharedLinks.needed(graph)
        var sightings: [SharedLinks.Sighting] = []
        for event in events where !needed.isEmpty {
            SharedLinks.forEachSighting(tuple(event), graph, needed: needed) { link, person in
                sightings.append(.init(link: link, time: event.time, person: person))
            }
        }
        let shared = SharedLinks(sightings, graph: graph)
        let persons = events.map { event -> String? in
            let person: UInt32?
            switch graph.owners[tuple(event)] {
            case .person(let owner): person = owner
            case .nearest(let link): person = shared.nearest(link: link, time: event.time)
            case .nobody: person = nil
            }
            return person.map { "\($0)" }
        }
        return (persons, graph.counts())
    }

    func naive() -> [NaivePerson?] {
        var rules = NaiveIdentityRules()
        (rules.known, rules.linking, rules.maxKnown) = (Self.known, Self.linking, maxKnown)
        let naiveEvents = events.enumerated().map { position, event in
            var ids: [String: ExactText] = [:]
            for (type, id) in zip(Self.known + Self.linking, event.ids) { ids[type] = id.map { ExactText($0) } }
            return NaiveEvent(
                time: event.time, sequence: 0, position: position, source: "s", eventID: nil, ids: ids, channel: "c", touchpoint: "t",
                action: nil,
                outcome: nil, initiator: "customer", value: .absent, attributes: [:], channelKind: nil, session: nil)
        }
        let identity = NaiveIdentity(events: naiveEvents, rules: rules)
        return naiveEvents.map { identity.person(of: $0) }
    }

    /// Persons as the place of their first event: the same for the same division, however persons are named.
    static func division<Person: Equatable>(_ persons: [Person?]) -> [Int?] {
        persons.map { person in person.flatMap { wanted in persons.firstIndex { $0 == wanted } } }
    }
}
