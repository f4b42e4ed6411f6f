package import Definitions
package import Events
package import Journeys
package import Tables

/// One person's picture before it is drawn: what was traced, and what is to be shown of it.
package struct Timeline: Sendable {
    package enum Focus: Sendable, Equatable {
        /// All events and journeys of the person.
        case person
        /// One journey, and the events of the matches that count for it. The friction that was asked for is explained first.
        case journey(Int, friction: Int)
    }

    package var pipeline: PipelineDefinition
    package var trace: PersonTrace
    /// By journey type and step.
    package var thresholds: [[StallThreshold?]]
    package var zone: ZoneOffsets
    package var asOf: EventTime
    /// As `type:id`.
    package var person: String
    /// What else the person is called.
    package var otherNames: [String]
    package var focus: Focus
    /// How many events are drawn.
    package var limit: Int

    package init(
        pipeline: PipelineDefinition, trace: PersonTrace, thresholds: [[StallThreshold?]], zone: ZoneOffsets, asOf: EventTime,
        person: String,
        otherNames: [String], focus: Focus, limit: Int
    ) {
        self.pipeline = pipeline
        self.trace = trace
        self.thresholds = thresholds
        self.zone = zone
        self.asOf = asOf
        self.person = person
        self.otherNames = otherNames
        self.focus = focus
        self.limit = limit
    }

    var local: LocalTime { LocalTime(zone: zone) }

    /// Indices of the journeys that are looked at.
    var journeys: [Int] {
        switch focus {
        case .person: Array(trace.journeys.indices)
        case .journey(let journey, friction: _): [journey]
        }
    }

    /// Indices of the events that are looked at, ascending.
    var events: [Int] {
        switch focus {
        case .person: return Array(trace.events.indices)
        case .journey(let journey, friction: _):
            let bound = trace.journeys[journey].matches.flatMap { trace.matches[$0].bound.map(\.event) }
            return Set(trace.journeys[journey].events).union(bound).sorted()
        }
    }

    /// `purchase 1`, with the key's value where journeys of the type are split by one.
    func name(ofJourney index: Int) -> String {
        let journey = trace.journeys[index]
        let name = "\(pipeline.journeys[journey.type].name) \(journey.number)"
        return ShownText.clean(journey.key.map { "\(name) [\($0)]" } ?? name)
    }

    func step(_ step: Int, ofJourney index: Int) -> StepDefinition { pipeline.journeys[trace.journeys[index].type].steps[step] }

    /// How long before as-of a visit began; below 0 where it began after it.
    func age(of visit: PersonTrace.Visit) -> Microseconds { asOf - trace.events[visit.event].time }

    /// `submit declined`
    func act(_ event: PersonTrace.Event) -> String { [event.action, event.outcome].compactMap { $0 }.joined(separator: " ") }
}
