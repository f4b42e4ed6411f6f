package import Events

/// For shared linking ids: when each was seen with which known person, to give an event without a known id to the
/// nearest in time (pipelines/rules.md, 6, rule 2).
package struct SharedLinks: Sendable {
    package struct Sighting: Sendable {
        package var link: UInt32
        package var time: EventTime
        package var person: UInt32

        package init(link: UInt32, time: EventTime, person: UInt32) {
            self.link = link
            self.time = time
            self.person = person
        }
    }

    private var sightings: [Sighting] = []
    private var ranges: [UInt32: Range<Int>] = [:]

    /// Which linking ids some event has to be given to the nearest known id by: by identifier. Empty where there are none.
    package static func needed(_ graph: IdentityGraph) -> [Bool] {
        var needed: [Bool] = []
        for case .nearest(let link) in graph.owners {
            if needed.isEmpty { needed = Array(repeating: false, count: graph.identifiers.count + 1) }
            needed[Int(link)] = true
        }
        return needed
    }

    /// Calls `body` with each needed linking id of a tuple that carries a known id, and that known person.
    package static func forEachSighting(
        _ tuple: Int, _ graph: IdentityGraph, needed: [Bool], _ body: (_ link: UInt32, _ person: UInt32) -> Void
    ) {
        let symbols = graph.identities[tuple]
        for column in graph.knownTypes..<symbols.count where needed[Int(symbols[column])] {
            if let person = graph.knownPerson(tuple) { body(symbols[column], person) }
        }
    }

    /// - Parameter sightings: of all events that feed a shared link, in any order.
    package init(_ sightings: [Sighting], graph: IdentityGraph) {
        // Of most components, and then nothing is to be set up.
        guard !sightings.isEmpty else { return }
        let (representatives, identifiers) = (graph.representatives, graph.identifiers)
        func precedes(_ left: Sighting, _ right: Sighting) -> Bool {
            if left.link != right.link { return left.link < right.link }
            if left.time != right.time { return left.time < right.time }
            guard left.person != right.person else { return false }
            let (one, other) = (representatives[Int(left.person)], representatives[Int(right.person)])
            if identifiers.precedes(one, other) { return true }
            if identifiers.precedes(other, one) { return false }
            return identifiers.tag(of: one) < identifiers.tag(of: other)
        }
        self.sightings = sightings.sorted(by: precedes)
        var start = 0
        for index in self.sightings.indices
        where index + 1 == self.sightings.count || self.sightings[index + 1].link != self.sightings[index].link {
            ranges[self.sightings[index].link] = start..<index + 1
            start = index + 1
        }
    }

    /// The known person seen with `link` nearest to `time`; of two equally near the earlier sighting, then the id
    /// that sorts first in bytes. O(log n).
    package func nearest(link: UInt32, time: EventTime) -> UInt32? {
        guard let range = ranges[link] else { return nil }
        let after = firstIndex(in: range, from: time)
        guard after > range.lowerBound else { return sightings[after].person }
        // Several at one time: the first of them has the id that sorts first.
        let before = firstIndex(in: range, from: sightings[after - 1].time)
        guard after < range.upperBound else { return sightings[before].person }
        return time - sightings[before].time <= sightings[after].time - time ? sightings[before].person : sightings[after].person
    }

    /// Whose an event is, by its tuple and time (rules 1 to 3); nil: nobody's. And whether that was decided by the time.
    @inline(__always)
    package func owner(ofTuple tuple: Int, at time: EventTime, _ graph: IdentityGraph) -> (person: UInt32?, isNearest: Bool) {
        switch graph.owners[tuple] {
        case .person(let owner): (owner, false)
        case .nobody: (nil, false)
        case .nearest(let link): (nearest(link: link, time: time), true)
        }
    }

    private func firstIndex(in range: Range<Int>, from time: EventTime) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if sightings[middle].time < time { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Linking ids seen with too many known ids: they link nothing (pipelines/rules.md, 6).
package enum Placeholders {
    /// How many known ids a linking id may be seen with.
    static func limit(_ maxKnown: Int) -> Int { max(1, maxKnown) }

    /// Those by a run's tuples alone.
    /// - Parameter used: by tuple, whether it counts.
    package static func among(_ tuples: TupleTable, _ used: [Bool], _ identity: IdentityDefinition) -> Set<UInt32> {
        let (knownTypes, limit) = (identity.known.count, limit(identity.maxKnown))
        var partners: [UInt32: Set<UInt32>] = [:]
        var found: Set<UInt32> = []
        for tuple in 0..<tuples.count where used[tuple] {
            let symbols = tuples[tuple]
            guard let known = symbols.prefix(knownTypes).first(where: { $0 != 0 }) else { continue }
            for link in symbols.dropFirst(knownTypes) where link != 0 && !found.contains(link) {
                partners[link, default: []].insert(known)
                if partners[link]!.count > limit {
                    found.insert(link)
                    partners[link] = nil
                }
            }
        }
        return found
    }
}
