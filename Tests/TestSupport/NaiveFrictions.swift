/// A match that counts for a journey.
struct NaiveOccurrence {
    /// Place of the journey among those of its type.
    var journey: Int
    var person: NaivePerson
    /// The events bound, in order.
    var events: [NaiveEvent]
}

/// Where frictions are looked for, and which matches count (pipelines/rules.md, 13), for one journey type.
struct NaiveFrictions {
    let pipeline: NaivePipeline
    let type: NaiveJourneys
    let asOf: Int64
    /// All events of each person, with the steps they have in the type.
    let persons: [NaivePerson: [NaiveEvent]]
    let journeys: [NaiveJourney]

    init(_ pipeline: NaivePipeline, _ type: NaiveJourneys, _ persons: [NaivePerson: [NaiveEvent]], _ journeys: [NaiveJourney], asOf: Int64)
    {
        self.pipeline = pipeline
        self.type = type
        self.asOf = asOf
        self.persons = pipeline.frictions.isEmpty ? [:] : persons.mapValues { $0.map(type.withStep) }
        self.journeys = journeys
    }

    /// nil when some list takes the matcher too many steps.
    func occurrences(of rules: NaiveFrictionRules) -> [NaiveOccurrence]? {
        let matcher = NaiveMatcher(rules)
        let absent = rules.absent.map { NaiveExpression($0.expression) }
        var occurrences: [NaiveOccurrence] = []
        for (person, events) in persons {
            let mine = journeys.indices.filter { journeys[$0].person == person }
            for list in lists(rules.scope, events, mine) {
                for part in partitions(list.events, rules.partitionBy) {
                    guard let matches = matcher.matches(in: part, isClosed: list.isClosed) else { return nil }
                    for match in matches {
                        guard let last = match.places.last else { continue }
                        if let absent, let duration = rules.absent?.duration {
                            guard isAbsent(absent, for: duration, after: last, in: part) else { continue }
                        }
                        guard let journey = mine.first(where: { journeys[$0].contains(part[last]) }) else { continue }
                        // A person's events never end: a match that stands on their end counts once the journey is over.
                        if rules.scope == .person, match.usedEnd, !journeys[journey].isClosed { continue }
                        occurrences.append(NaiveOccurrence(journey: journey, person: person, events: match.places.map { part[$0] }))
                    }
                }
            }
        }
        return occurrences
    }

    /// The lists of one person's events in which a rule is matched, and whether each is closed.
    private func lists(_ scope: NaiveFrictionRules.Scope, _ events: [NaiveEvent], _ mine: [Int]) -> [(events: [NaiveEvent], isClosed: Bool)]
    {
        switch scope {
        case .journey:
            return mine.map { (journeys[$0].events.map(type.withStep), journeys[$0].isClosed) }
        case .session:
            return Set(events.compactMap(\.session)).sorted().map { session in
                let events = events.filter { $0.session == session }
                return (events, NaiveSessions.isOver(events, asOf: asOf, pipeline))
            }
        case .person:
            return [(events, true)]
        }
    }

    /// The events of each value of `partition_by`, in order; all of them without it. An event that lacks one of the values is in
    /// no part. A number and a text of the same characters are one value.
    private func partitions(_ events: [NaiveEvent], _ names: [String]) -> [[NaiveEvent]] {
        var parts: [[ExactText]: [NaiveEvent]] = [:]
        for event in events {
            let values = names.compactMap { Self.partitionValue($0, event) }
            if values.count == names.count { parts[values, default: []].append(event) }
        }
        return Array(parts.values)
    }

    /// The text of a field or an attribute; nil where it has none.
    static func partitionValue(_ name: String, _ event: NaiveEvent) -> ExactText? {
        switch name {
        case "channel", "touchpoint", "action", "outcome", "initiator", "channel_kind", "step":
            guard case .text(let text) = NaiveContext(event: event).field(name) else { return nil }
            return text
        case "value": return event.writtenValue?.text
        default: return event.attributes[name.hasPrefix("attributes.") ? String(name.dropFirst("attributes.".count)) : name]?.text
        }
    }

    /// Whether nothing that satisfies the expression follows a place up to and including the deadline. Before the deadline
    /// nobody knows.
    private func isAbsent(_ expression: NaiveExpression, for duration: Int64, after place: Int, in events: [NaiveEvent]) -> Bool {
        let deadline = events[place].time + duration
        return asOf >= deadline && !events[(place + 1)...].contains { $0.time <= deadline && expression.matches($0) }
    }
}

extension NaiveJourney {
    /// Positions tell the events of a run apart.
    func contains(_ event: NaiveEvent) -> Bool { events.contains { $0.position == event.position } }
}
