package import Events
package import Expressions

/// A pipeline file, read and checked, with every default filled in (contract 3.9). Plain values: nothing here
/// has opened a file or seen an event.
package struct PipelineDefinition: Sendable, Equatable {
    package var name: String
    /// IANA name; days are cut in this zone.
    package var timezone: String = "UTC"
    package var sources: [SourceDefinition]
    package var identity: IdentityDefinition
    /// In the order of the file.
    package var channels: [ChannelDefinition] = []
    package var sessions = SessionDefinition()
    package var journeys: [JourneyDefinition] = []
    package var errorOutcomes: [String] = ["error", "failed", "failure", "timeout"]
    /// Lines longer than this many bytes, line end not counted, are quarantined.
    package var maxLineBytes: Int = 1 << 20

    package init(name: String, sources: [SourceDefinition], identity: IdentityDefinition) {
        self.name = name
        self.sources = sources
        self.identity = identity
    }
}

package struct SourceDefinition: Sendable, Equatable {
    package var name: String
    /// Globs as written, relative to the pipeline file.
    package var inputs: [String] = []
    /// Where each plain field stands in a line's object; absent where not mapped.
    package var fields: [SourceField: FieldPath] = [:]
    /// In the order of the file: identity type and place.
    package var identifiers: [(type: String, path: FieldPath)] = []
    /// In the order of the file: attribute name and place.
    package var attributes: [(name: String, path: FieldPath)] = []
    /// Fixed values; they stand before a mapped field of the same name.
    package var constants: [SourceField: String] = [:]
    /// IANA name for times without a zone; such times are `bad_time` without it.
    package var timezone: String?
    package var timeUnit: TimeUnit?

    package init(name: String) { self.name = name }

    package static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.inputs == right.inputs && left.fields == right.fields
            && left.identifiers.elementsEqual(right.identifiers, by: ==) && left.attributes.elementsEqual(right.attributes, by: ==)
            && left.constants == right.constants && left.timezone == right.timezone && left.timeUnit == right.timeUnit
    }
}

/// The plain fields of a source mapping, with the names they have in the file.
package enum SourceField: String, Sendable, CaseIterable {
    case time, sequence, channel, touchpoint, action, outcome, value, initiator
    case eventID = "event_id"
}

package struct IdentityDefinition: Sendable, Equatable {
    /// Types in order of preference.
    package var known: [String] = []
    /// Types in order of trust.
    package var linking: [String] = []
    /// A linking id seen with more known ids than this is a placeholder.
    package var maxKnown: Int = 5
    /// Values that are no ids, besides the built-in ones; compared exactly.
    package var block: [String] = []
    package var blockDefaults: Bool = true

    package init() {}
}

package struct ChannelDefinition: Sendable, Equatable {
    package var name: String
    package var kind: Kind?
    package var owner: String?
    /// nil: the pipeline's session gap.
    package var gap: Microseconds?

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
    package var steps: [StepDefinition] = []
    package var funnel = FunnelDefinition()

    package init(name: String) { self.name = name }
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
