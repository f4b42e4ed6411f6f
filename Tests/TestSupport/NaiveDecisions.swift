/// One journey type with all that its decision tables are made from.
struct NaiveJourneyType {
    /// One stay in a step, and the place of its first event in the journey.
    struct Visit {
        var step: Int
        var start: Int64
        var place: Int
    }

    let pipeline: NaivePipeline
    let rules: NaiveJourneyRules
    let journeys: [NaiveJourney]
    /// The matches of each of the pipeline's friction rules.
    let occurrences: [[NaiveOccurrence]]
    /// Whether each of these rules is measurable.
    let isMeasurable: [Bool]
    let asOf: Int64
    /// Numbers of the days that are alive.
    let aliveDays: [Int64]

    var horizon: Int64 { rules.horizon ?? rules.inactivity }

    func isMature(_ journey: NaiveJourney) -> Bool { journey.isMature(rules, asOf: asOf) }
    func hasConverted(_ journey: NaiveJourney) -> Bool { journey.hasConverted(rules, asOf: asOf) }
    func mature(_ journeys: [NaiveJourney]) -> Int { journeys.filter(isMature).count }
    func converted(_ journeys: [NaiveJourney]) -> Int { journeys.filter(hasConverted).count }

    /// The visits of a journey in order: a new one wherever an event belongs to another step than the last that belonged to one.
    func visits(_ journey: NaiveJourney) -> [Visit] {
        var visits: [Visit] = []
        for place in journey.events.indices {
            guard let step = journey.steps[place], step != visits.last?.step else { continue }
            visits.append(Visit(step: step, start: journey.events[place].time, place: place))
        }
        return visits
    }

    /// The events of a journey, each with the name of its step noted on it.
    func eventsWithSteps(_ journey: NaiveJourney) -> [NaiveEvent] {
        zip(journey.events, journey.steps).map { event, step in
            var event = event
            event.step = step.map { rules.steps[$0].name }
            return event
        }
    }

    /// Who answers for what happens at an event: the owner of its step, or else of its channel.
    func owner(_ journey: NaiveJourney, at place: Int) -> String? {
        journey.steps[place].flatMap { rules.steps[$0].owner } ?? pipeline.channel(of: journey.events[place])?.owner
    }
}

extension NaivePipeline {
    /// What is declared of an event's channel.
    func channel(of event: NaiveEvent) -> NaiveChannel? { channels.first { ExactText($0.name) == event.channel } }
}

/// The tables that say what to do.
struct NaiveDecisions: Sendable, Equatable {
    var segments: [NaiveRow] = []
    var segmentSteps: [NaiveRow] = []
    var segmentFrictions: [NaiveRow] = []
    /// In the order of their ranks.
    var priorities: [NaiveRow] = []
    var contacts: [NaiveRow] = []
    var responses: [NaiveRow] = []
    var busy: [NaiveRow] = []
    var handoffs: [NaiveRow] = []
    var holders: [NaiveRow] = []
    var nextSteps: [NaiveRow] = []
    var metrics: [NaiveRow] = []
    /// In the order of its parts.
    var scorecard: [NaiveRow] = []
    var map: [NaiveRow] = []
    var stepChannels: [NaiveRow] = []
    var actions: [NaiveRow] = []
    var owners: [NaiveRow] = []
    var sources: [NaiveRow] = []
    var sourceFields: [NaiveRow] = []

    init() {}

    init(_ pipeline: NaivePipeline, _ persons: [NaivePerson: [NaiveEvent]], _ types: [NaiveJourneyType], asOf: Int64) {
        for type in types {
            for dimension in pipeline.dimensions {
                let found = NaiveSegments(type, dimension)
                segments += found.segments
                segmentSteps += found.steps
                segmentFrictions += found.frictions
            }
            handoffs += NaiveHandoffs.rows(type)
            holders += NaiveHandoffs.holders(type)
            nextSteps += NaiveNextSteps.rows(type)
            map += NaiveMap.rows(type)
            stepChannels += NaiveStepChannels.rows(type)
        }
        segments = segments.withQValues(over: ["journey", "dimension"])
        segmentSteps = segmentSteps.withQValues(over: ["journey", "dimension"])
        segmentFrictions = segmentFrictions.withQValues(over: ["journey", "dimension"])
        priorities = NaivePriorities.ranked(types.flatMap { NaivePriorities($0).rows() })
        let contacts = NaiveContacts.find(pipeline, persons)
        self.contacts = NaiveContacts.rows(contacts, pipeline.contacts.windows, asOf: asOf)
        let responses = NaiveResponses(pipeline, persons, asOf: asOf)
        self.responses = responses.rows()
        busy = responses.busy()
        actions = NaiveTouchpoints.actions(pipeline, persons)
        metrics = NaiveMetrics.rows(pipeline, persons, types, contacts)
        scorecard = NaiveScorecard(pipeline, persons, types, asOf: asOf).rows()
    }
}
