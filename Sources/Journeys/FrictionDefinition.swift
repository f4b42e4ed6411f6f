package import Events
package import Expressions

/// A friction: a pattern of events that costs the customer effort (pipelines/rules.md, 13), as a pipeline file or the shipped
/// library writes it.
package struct FrictionDefinition: Sendable, Equatable {
    package var name: String
    /// In one sentence, for people.
    package var summary: String?
    /// When it is found although nobody was bothered.
    package var falsePositives: String?
    package var owner: String?
    package var scope: Scope = .journey
    /// Matched separately for each combination of values; events that lack one are invisible.
    package var partitionBy: [EventField] = []
    /// From the first to the last event of a match at the most; nil: any time.
    package var within: Microseconds?
    package var pattern: Pattern
    package var skip: Skip = .pastLast
    /// In the order of the file, at most `Pattern.variablesMax`; the pattern knows them by number.
    package var variables: [NamedCondition]
    package var absent: Absent?
    /// What the rule cannot do without: while no event of the log is of such a kind, nothing can be said.
    package var needs: [NamedCondition] = []
    package var examples: [FrictionExample] = []
    /// Shipped, changed or not: its examples speak of the library's channels.
    package var isFromLibrary = false

    package init(name: String, pattern: Pattern, variables: [NamedCondition]) {
        self.name = name
        self.pattern = pattern
        self.variables = variables
    }

    /// The events in which the rule is matched.
    package enum Scope: String, Sendable, BitwiseCopyable, CaseIterable { case journey, session, person }

    /// Where the search goes on after a match, counted or not.
    package enum Skip: String, Sendable, CaseIterable {
        /// Behind its last event, so that matches do not overlap.
        case pastLast = "past_last"
        /// At its last event, or behind it where the match is that event alone.
        case toLast = "to_last"
        /// Behind its first event.
        case toNext = "to_next"

        /// Places of a list in, the next place to begin at out; it is behind `first` whatever the rule says.
        @inline(__always)
        func next(first: Int, last: Int) -> Int {
            switch self {
            case .pastLast: last + 1
            case .toLast: max(first + 1, last)
            case .toNext: first + 1
            }
        }
    }

    /// A kind of event, by name.
    package struct NamedCondition: Sendable, Equatable {
        package var name: String
        package var condition: Expression

        package init(name: String, condition: Expression) {
            self.name = name
            self.condition = condition
        }
    }

    /// No such event after the match's last one, up to and including `time` later.
    package struct Absent: Sendable, Equatable {
        package var condition: Expression
        package var time: Microseconds

        package init(condition: Expression, time: Microseconds) {
            self.condition = condition
            self.time = time
        }
    }

    /// Every expression of the rule.
    package var expressions: [Expression] { variables.map(\.condition) + (absent.map { [$0.condition] } ?? []) + needs.map(\.condition) }

    /// Whether it depends on the journey type in which it is matched.
    var usesStep: Bool { partitionBy.contains(.step) || expressions.contains { $0.fields.contains(.step) } }
}

/// A few events written down to show what a rule finds, or what it must not find.
package struct FrictionExample: Sendable, Equatable {
    /// As written.
    package var text: String
    package var events: [Event]
    /// How long after the last event the log ends; nil: long enough for every deadline, and everything is closed.
    package var endsAfter: Microseconds?
    package var isMatch: Bool

    package init(text: String, events: [Event], endsAfter: Microseconds?, isMatch: Bool) {
        self.text = text
        self.events = events
        self.endsAfter = endsAfter
        self.isMatch = isMatch
    }

    package struct Event: Sendable, Equatable {
        /// Since the first event.
        package var time: Microseconds
        package var channel: String
        package var touchpoint: String
        package var action: String?
        package var outcome: String?
        package var initiator: String?
        /// Given outright; otherwise the pipeline's journey types say it.
        package var step: String?
        /// `value` and attributes: the text of a value and its type.
        package var scalars: [Scalar]

        package init(time: Microseconds, channel: String, touchpoint: String) {
            self.time = time
            self.channel = channel
            self.touchpoint = touchpoint
            scalars = []
        }
    }

    package struct Scalar: Sendable, Equatable {
        package var field: EventField
        package var text: String
        package var type: ScalarType

        package init(field: EventField, text: String, type: ScalarType) {
            self.field = field
            self.text = text
            self.type = type
        }
    }
}

/// What the rules of a pipeline need, each expression once.
package struct FrictionNeeds {
    let expressions: [Expression]
    /// By rule: the numbers of its needs in `expressions`, with what they are called.
    package let ofRules: [[(number: Int, name: String)]]

    package init(_ frictions: [FrictionDefinition]) {
        var expressions: [Expression] = []
        ofRules = frictions.map { friction in
            friction.needs.map { need in
                if let known = expressions.firstIndex(where: { $0.root == need.condition.root }) { return (known, need.name) }
                expressions.append(need.condition)
                return (expressions.count - 1, need.name)
            }
        }
        self.expressions = expressions
    }
}
