/// An identity type and a value of it.
struct NaiveID: Hashable {
    var type: String
    var value: ExactText

    /// In byte order of the value, then of the type.
    static func comesBefore(_ left: NaiveID, _ right: NaiveID) -> Bool {
        (left.value, ExactText(left.type)) < (right.value, ExactText(right.type))
    }
}

/// Whom an event belongs to.
enum NaivePerson: Hashable {
    case known(NaiveID)
    /// A group of linking ids that leads to no one known person, named by its number.
    case anonymous(group: Int)
}

/// Identity stitching (pipelines/rules.md, 6), from the set of all events at once.
struct NaiveIdentity {
    private let rules: NaiveIdentityRules
    /// Every appearance of a linking id together with a known one.
    private var cooccurrences: [NaiveID: [(time: Int64, known: NaiveID)]] = [:]
    /// Every known id that a linking id was ever seen with.
    private var knownIDs: [NaiveID: Set<NaiveID>] = [:]
    private var groups: [Set<NaiveID>] = []

    init(events: [NaiveEvent], rules: NaiveIdentityRules) {
        self.rules = rules
        for event in events {
            guard let known = knownID(event) else { continue }
            for id in linkingIDs(event) {
                cooccurrences[id, default: []].append((event.time, known))
                knownIDs[id, default: []].insert(known)
            }
        }
        for event in events { join(usableIDs(event)) }
    }

    /// nil for an event that has nothing but placeholders: it belongs to nobody.
    func person(of event: NaiveEvent) -> NaivePerson? {
        // 1. An event with a known id belongs to that person.
        if let known = knownID(event) { return .known(known) }
        // 2. The first linking id, in order of trust, that was ever seen with a known one decides.
        let ids = usableIDs(event)
        for id in ids {
            if let known = nearestKnown(to: event.time, cooccurrences[id] ?? []) { return .known(known) }
        }
        // 3. The group of linking ids, when it leads to exactly one known person.
        guard let first = ids.first, let group = groups.firstIndex(where: { $0.contains(first) }) else { return nil }
        let reached = groups[group].reduce(into: Set<NaiveID>()) { $0.formUnion(knownIDs[$1] ?? []) }
        if reached.count == 1, let only = reached.first { return .known(only) }
        return .anonymous(group: group)
    }

    /// `type:value` of the known id, or of the group's linking id whose type is trusted most and whose value sorts first.
    func name(of person: NaivePerson) -> ExactText {
        func text(_ id: NaiveID) -> ExactText { ExactText(bytes: Array((id.type + ":").utf8) + id.value.bytes) }
        switch person {
        case .known(let id): return text(id)
        case .anonymous(let group):
            for type in rules.linking {
                let values = groups[group].filter { $0.type == type }
                if let first = values.min(by: NaiveID.comesBefore) { return text(first) }
            }
            preconditionFailure("a group has no linking ids")
        }
    }

    /// Several known types on one event: the one declared first counts, for links too.
    private func knownID(_ event: NaiveEvent) -> NaiveID? {
        for type in rules.known {
            if let value = event.ids[type] { return NaiveID(type: type, value: value) }
        }
        return nil
    }

    private func linkingIDs(_ event: NaiveEvent) -> [NaiveID] {
        rules.linking.flatMap { type in
            ([event.ids[type]].compactMap { $0 } + (event.moreIDs[type] ?? [])).map { NaiveID(type: type, value: $0) }
        }
    }

    private func usableIDs(_ event: NaiveEvent) -> [NaiveID] { linkingIDs(event).filter { !isPlaceholder($0) } }

    /// Seen with more known ids than `max_known`: it links nothing.
    private func isPlaceholder(_ id: NaiveID) -> Bool { (knownIDs[id] ?? []).count > rules.maxKnown }

    /// With one known id on a linking id this is that one, whatever the time. With several the co-occurrence nearest in time
    /// decides; of two equally near the earlier one, then the id that sorts first.
    private func nearestKnown(to time: Int64, _ seen: [(time: Int64, known: NaiveID)]) -> NaiveID? {
        seen.min { left, right in
            let (leftDistance, rightDistance) = (abs(left.time - time), abs(right.time - time))
            if leftDistance != rightDistance { return leftDistance < rightDistance }
            if left.time != right.time { return left.time < right.time }
            return NaiveID.comesBefore(left.known, right.known)
        }?.known
    }

    /// Linking ids on one event are one group, and so are groups that share an id.
    private mutating func join(_ ids: [NaiveID]) {
        guard !ids.isEmpty else { return }
        let touched = groups.filter { !$0.isDisjoint(with: ids) }
        groups.removeAll { !$0.isDisjoint(with: ids) }
        groups.append(touched.reduce(into: Set(ids)) { $0.formUnion($1) })
    }
}
