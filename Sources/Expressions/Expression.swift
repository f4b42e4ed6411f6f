package import Events

/// A parsed and checked expression of the CEL subset (pipelines/rules.md, 12): a tree of small cases. Everything that can
/// be wrong is found while parsing, where places are known, so the tree carries none. It knows nothing of events
/// in memory; the fold compiles it against symbols.
package struct Expression: Sendable, Equatable {
    /// The text as written.
    package var source: String
    package var root: Node

    package init(source: String, root: Node) {
        self.source = source
        self.root = root
    }

    package indirect enum Node: Sendable, Equatable {
        case literal(Literal)
        case field(FieldReference)
        /// `gap`: time since the event bound just before in this match; absent for the first.
        case gap
        /// `has(FIELD)`: whether the field is there and not null.
        case has(FieldReference)
        case not(Node)
        case and(Node, Node)
        case or(Node, Node)
        case compare(Comparison, Node, Node)
        /// `x in [a, b, …]`.
        case isIn(Node, [Node])
        case call(StringFunction, Node, argument: String)
    }

    package enum Literal: Sendable, Equatable {
        case string(String)
        case integer(Int64)
        case number(Double)
        case boolean(Bool)
        case duration(Microseconds)
    }

    package enum Comparison: String, Sendable, Equatable, CaseIterable, BitwiseCopyable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    package enum StringFunction: String, Sendable, Equatable, CaseIterable, BitwiseCopyable {
        case startsWith, endsWith, contains
        /// An RE2 pattern that matches anywhere in the text, as in CEL.
        case matches
    }
}

/// A field of an event as an expression names it, and of which event: the one looked at, or, in patterns,
/// the one bound just before or first in the match.
package struct FieldReference: Sendable, Equatable {
    package var field: EventField
    package var event: BoundEvent

    package init(field: EventField, event: BoundEvent = .current) {
        self.field = field
        self.event = event
    }

    package enum BoundEvent: String, Sendable, Equatable { case current, prev, first }
}

/// What an expression can ask of an event.
package enum EventField: Sendable, Hashable {
    case channel, touchpoint, action, outcome, initiator, channelKind, step
    case value
    case attribute(String)
}
