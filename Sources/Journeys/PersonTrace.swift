package import Events
package import Expressions

/// All that the fold sees in one person, as plain values: for pictures, where `PersonFold` only counts.
package struct PersonTrace: Sendable, Equatable {
    /// In order, without duplicates.
    package var events: [Event] = []
    package var sessions: [Session] = []
    /// In the order in which they began.
    package var journeys: [Journey] = []
    /// Those that count for a journey, each once, in the order of their first events.
    package var matches: [Match] = []
    /// Rules whose search was given up in a journey of the type: matches may be missing.
    package var givenUp: [GivenUp] = []
    /// Events left out because their id came before.
    package var duplicates = 0

    package init() {}

    package struct Event: Sendable, Equatable {
        package var time: EventTime
        package var channel: String
        package var touchpoint: String
        package var action: String?
        package var outcome: String?
        package var initiator: String
        /// `value` and the attributes that the pipeline's expressions ask for, where the event has them.
        package var scalars: [Scalar]
        /// Index of its session; nil for events of others than the customer and of outbound channels.
        package var session: Int?
        /// The longest silence within a session of its channel.
        package var sessionGap: Microseconds
    }

    package struct Scalar: Sendable, Equatable {
        package var field: EventField
        package var text: String
    }

    package struct Session: Sendable, Equatable {
        package var channel: String
        package var start: EventTime
        package var last: EventTime
        package var events: Int
        package var isConcurrent: Bool
    }

    package struct Journey: Sendable, Equatable {
        /// Index of the type in the pipeline.
        package var type: Int
        /// Among the person's journeys of the type, from 1.
        package var number: Int
        /// The value that splits the type's journeys, where it has a `key`.
        package var key: String?
        package var status: JourneyStatus
        package var events: [Int]
        /// By event of the journey: index of its step.
        package var steps: [Int?]
        package var visits: [Visit]
        /// Indices of the matches that count for it.
        package var matches: [Int]
    }

    package struct Visit: Sendable, Equatable {
        package var step: Int
        /// The event that begins it.
        package var event: Int
        package var end: VisitEnd
    }

    package struct Match: Sendable, Hashable {
        /// Index of the rule in the pipeline.
        package var rule: Int
        package var bound: [Bound]
    }

    /// An event of a match, and the variable it stood for.
    package struct Bound: Sendable, Hashable {
        package var event: Int
        package var variable: Int
    }

    package struct GivenUp: Sendable, Hashable {
        package var type: Int
        package var rule: Int
    }
}
