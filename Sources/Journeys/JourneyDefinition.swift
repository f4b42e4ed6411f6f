package import Events
package import Expressions

package struct ChannelDefinition: Sendable, Equatable {
    package var name: String
    package var kind: Kind?
    package var owner: String?
    /// nil: the pipeline's session gap.
    package var gap: Microseconds?
    /// Which events by the customer ask for an answer, in an assisted channel; nil: any.
    package var asks: Expression?
    /// Which events answer; nil: those by an agent.
    package var answers: Expression?
    /// Within this time a customer is to be answered.
    package var responseSLA: Microseconds?
    /// Whether a machine answers there.
    package var isBot = false

    package init(name: String) { self.name = name }

    package enum Kind: String, Sendable, CaseIterable {
        case selfService = "self-service"
        case assisted, outbound
    }
}

package struct SessionDefinition: Sendable, Equatable {
    package var gap: Microseconds = 30 * 60 * 1_000_000
    package var maxLength: Microseconds = 24 * 3600 * 1_000_000

    package init() {}
}

package struct JourneyDefinition: Sendable, Equatable {
    package var name: String
    /// nil: every event.
    package var scope: Expression?
    package var start: Expression?
    /// nil: no event completes the journey.
    package var goal: Expression?
    package var fail: Expression?
    /// The field that splits journeys; written as `order` or `attributes.order`.
    package var key: EventField?
    package var inactivity: Microseconds = 30 * 86_400 * 1_000_000
    package var maxLength: Microseconds?
    /// Within this time of its start a journey has to reach its goal to have converted; nil: `inactivity`.
    package var horizon: Microseconds?
    /// Which of its events gives the customer what the journey is for; nil: the one that reaches the goal.
    package var valueWhen: Expression?
    package var steps: [StepDefinition] = []
    package var funnel = FunnelDefinition()

    package init(name: String) { self.name = name }

    /// A journey is mature once as-of lies this long behind its start.
    package var maturity: Microseconds { horizon ?? inactivity }

    /// Whether any event can give the customer what it is for.
    package var hasValue: Bool { valueWhen != nil || goal != nil }

    /// A visit is judged once as-of lies this long behind its start.
    package func judgedAge(ofStep step: Int) -> Microseconds { steps[step].sla ?? inactivity }
}

package struct StepDefinition: Sendable, Equatable {
    package var name: String
    package var match: Expression
    package var owner: String?
    package var sla: Microseconds?
    /// `funnel: false` leaves the step out of the funnel.
    package var inFunnel: Bool = true

    package init(name: String, match: Expression) {
        self.name = name
        self.match = match
    }
}

package struct FunnelDefinition: Sendable, Equatable {
    /// nil: no limit.
    package var window: Microseconds?
    package var mode: Mode = .ordered

    package init() {}

    package enum Mode: String, Sendable, CaseIterable { case ordered, strict, any }
}

/// Something by which journeys are set side by side.
package struct DimensionDefinition: Sendable, Equatable {
    package var name: String
    /// Whose text at a journey's first event that has one is the journey's segment.
    package var field: EventField

    package init(name: String, field: EventField) { (self.name, self.field) = (name, field) }
}

/// What one contact is, and when it counts as solved at the first.
package struct ContactDefinition: Sendable, Equatable {
    /// nil: all contacts have one topic.
    package var topic: EventField?
    /// Ascending, each once: a contact is repeated where the next of its topic begins no later than this after its end.
    package var windows: [Microseconds] = [1, 7, 14, 30].map { $0 * 86_400_000_000 }
    /// What begins no later than this after the end of a contact of its topic belongs to it.
    package var handover: Microseconds = 10 * 60 * 1_000_000

    package init() {}
}
