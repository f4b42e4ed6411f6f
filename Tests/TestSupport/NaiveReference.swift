/// Sections 4 to 13 of pipelines/rules.md once more, written to be read: arrays, dictionaries, no thought of speed, nothing of the
/// project's own targets. Tests run small logs through it and through the program and compare every number.
public enum NaiveReference {
    /// `files` in position order: source in the pipeline's order, then path in byte order. Without `asOf` it is the latest
    /// time on the last alive day.
    public static func tables(_ pipeline: NaivePipeline, _ files: [NaiveFile], asOf explicitAsOf: Int64? = nil) -> NaiveTables {
        var reader = NaiveReader(pipeline: pipeline)
        for file in files { reader.read(file) }
        var tables = NaiveTables(asOf: explicitAsOf ?? 0)
        tables.ledger.lines = reader.lines
        tables.ledger.expanded = reader.expanded
        tables.quarantine = reader.quarantine
        for entry in reader.quarantine { tables.ledger.quarantined[entry.reason, default: 0] += 1 }

        // Events later than an explicit as-of wait, and nobody hears of them, identity neither.
        let events = reader.events.filter { $0.time <= explicitAsOf ?? .max }.sorted(by: NaiveEvent.comesBefore)
        tables.ledger.filtered += reader.events.count - events.count
        var filtered = reader.events.filter { $0.time > explicitAsOf ?? .max }.map(\.source)

        let identity = NaiveIdentity(events: events, rules: pipeline.identity)
        var persons: [NaivePerson: [NaiveEvent]] = [:]
        for event in events {
            if !event.linksOnly, let person = identity.person(of: event) {
                persons[person, default: []].append(event)
            } else {
                tables.ledger.filtered += 1
                filtered.append(event.source)
            }
        }
        tables.days = NaiveDays.days(persons)
        if explicitAsOf == nil, let last = NaiveDays.alive(tables.days).max() { tables.asOf = tables.days[last]!.latest }
        let asOf = tables.asOf
        if explicitAsOf == nil { tables.ahead = persons.values.joined().filter { $0.time > asOf }.count }
        let taking = persons.values.flatMap { $0 }
        for (person, events) in persons {
            let kept = withoutDuplicates(events)
            tables.ledger.duplicates += events.count - kept.count
            tables.ledger.events += kept.count
            persons[person] = kept
        }

        var sessions: [NaiveSession] = []
        for person in persons.keys { sessions += NaiveSessions.cut(&persons[person, default: []], of: person, pipeline) }
        tables.sessions = NaiveSessions.rows(sessions)

        var allJourneys: [NaiveJourney] = []
        var types: [NaiveJourneyType] = []
        for rules in pipeline.journeys {
            let type = NaiveJourneys(rules, asOf: asOf)
            let journeys = persons.flatMap { person, events in type.journeys(in: events, of: person) }
            let frictions = NaiveFrictionRows(rules.name, NaiveFrictions(pipeline, type, persons, journeys, asOf: asOf), identity)
            tables.frictions += frictions.frictions
            tables.frictionPlaces += frictions.places
            tables.gaveUpPattern = tables.gaveUpPattern || frictions.gaveUp
            tables.journeys.append(NaiveJourneys.row(rules, journeys, withFriction: frictions.journeysWith.count, asOf: asOf))
            tables.funnel += NaiveFunnel.rows(rules, journeys, asOf: asOf)
            tables.stalls += NaiveStalls.rows(rules, journeys, asOf: asOf)
            tables.transitions += NaiveTransitions.rows(rules, journeys)
            allJourneys += journeys
            types.append(
                NaiveJourneyType(
                    pipeline: pipeline, rules: rules, journeys: journeys, occurrences: frictions.occurrences,
                    isMeasurable: frictions.isMeasurable, asOf: asOf, aliveDays: NaiveDays.alive(tables.days)))
        }
        tables.decisions = NaiveDecisions(pipeline, persons, types, asOf: asOf)
        tables.decisions.sources = NaiveSources.rows(
            pipeline, reader, taking: taking, kept: persons.values.flatMap { $0 }, filtered: filtered, asOf: asOf)
        tables.decisions.sourceFields = NaiveSources.fields(pipeline, reader)
        tables.decisions.owners = NaiveOwners.rows(pipeline, tables)
        tables.dwells = types.flatMap(NaiveDwells.lists)
        tables.touchpoints = NaiveTouchpoints.rows(pipeline, persons, allJourneys)
        return tables
    }

    /// Of several events of one person from one source with one id the first in order is kept.
    private static func withoutDuplicates(_ events: [NaiveEvent]) -> [NaiveEvent] {
        struct Key: Hashable {
            var source: String
            var id: ExactText
        }
        func first(_ events: [NaiveEvent], _ keepsLast: Bool) -> [NaiveEvent] {
            var seen: Set<Key> = []
            return events.filter { event in
                guard event.keepsLast == keepsLast, let id = event.eventID else { return true }
                return seen.insert(Key(source: event.source, id: id)).inserted
            }
        }
        return first(first(events, false).reversed(), true).reversed()
    }
}
