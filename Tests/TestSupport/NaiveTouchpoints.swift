/// The touchpoints table: what happens at each place of contact, and how journeys use it.
enum NaiveTouchpoints {
    private struct Key: Hashable {
        var channel: ExactText
        var touchpoint: ExactText

        init(_ event: NaiveEvent) {
            channel = event.channel
            touchpoint = event.touchpoint
        }
    }

    /// `persons` with all their events, whoever began them; `journeys` of all types.
    static func rows(_ pipeline: NaivePipeline, _ persons: [NaivePerson: [NaiveEvent]], _ journeys: [NaiveJourney]) -> [NaiveTables
        .TouchpointRow]
    {
        var here: [Key: [(person: NaivePerson, event: NaiveEvent)]] = [:]
        for (person, events) in persons {
            for event in events { here[Key(event), default: []].append((person, event)) }
        }
        let steps = pipeline.journeys.flatMap { $0.steps.map { NaiveExpression($0.match) } }
        let errors = Set(pipeline.errorOutcomes.map { ExactText($0) })
        var rows: [NaiveTables.TouchpointRow] = []
        for (key, here) in here {
            let visiting = journeys.filter { journey in journey.events.contains { Key($0) == key } }
            rows.append(
                NaiveTables.TouchpointRow(
                    channel: key.channel, touchpoint: key.touchpoint,
                    owner: pipeline.channels.first { ExactText($0.name) == key.channel }?.owner, events: here.count,
                    customers: Set(here.map(\.person)).count, journeys: visiting.count,
                    journeyEntries: visiting.filter { Key($0.events[0]) == key }.count,
                    journeyExits: visiting.filter { Key($0.events[$0.events.count - 1]) == key }.count,
                    errors: here.filter { $0.event.outcome.map(errors.contains) == true }.count,
                    inSteps: steps.filter { step in here.contains { step.matches($0.event) } }.count))
        }
        return rows.sorted { ($0.channel, $0.touchpoint) < ($1.channel, $1.touchpoint) }
    }

    /// What was done at each, where events say so.
    static func actions(_ pipeline: NaivePipeline, _ persons: [NaivePerson: [NaiveEvent]]) -> [NaiveRow] {
        let errors = Set(pipeline.errorOutcomes.map { ExactText($0) })
        let here = persons.flatMap { person, events in events.map { (person: person, event: $0) } }
            .filter { $0.event.action != nil }
        let groups = Dictionary(grouping: here) { [$0.event.channel, $0.event.touchpoint, $0.event.action!] }
        return groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, here in
            [
                "channel": .text(key[0].description), "touchpoint": .text(key[1].description), "action": .text(key[2].description),
                "events": .integer(here.count), "customers": .integer(Set(here.map(\.person)).count),
                "errors": .integer(here.filter { $0.event.outcome.map(errors.contains) == true }.count),
            ]
        }
    }
}
