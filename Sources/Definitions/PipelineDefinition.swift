package import Events
package import Expressions
package import Identity
package import Journeys

/// A pipeline file, read and checked, with every default filled in (pipelines/rules.md, 14). Plain values: nothing here
/// has opened a file or seen an event.
package struct PipelineDefinition: Sendable, Equatable {
    package var name: String
    /// SHA-256 of the file's bytes as 64 hexadecimal digits; nil for what was not read from a file.
    package var fileSHA256: String?
    /// IANA name; days are cut in this zone.
    package var timezone: String = "UTC"
    package var sources: [SourceDefinition]
    package var identity: IdentityDefinition
    /// In the order of the file.
    package var channels: [ChannelDefinition] = []
    package var sessions = SessionDefinition()
    package var journeys: [JourneyDefinition] = []
    /// Those of the library that are included, in its order, then the pipeline's own.
    package var frictions: [FrictionDefinition] = []
    /// What the published tables must hold; a breach is told by the exit status.
    package var checks: [TableCheck] = []
    package var privacy = PrivacyDefinition()
    package var errorOutcomes: [String] = ["error", "failed", "failure", "timeout"]
    /// Lines longer than this many bytes, line end not counted, are quarantined.
    package var maxLineBytes: Int = 1 << 20
    /// With a state, time that lies longer than this before as-of is sealed.
    package var retention: Microseconds = 400 * 86_400_000_000
    /// What the file's sections mean for the numbers, to tell whether a state was made with the same.
    package var fingerprint = PipelineFingerprint()
    /// The file as it was read.
    package var fileText: [UInt8] = []

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

extension PipelineDefinition {
    /// The longest time over which one event may decide what another one counts for: silences and lengths of sessions and
    /// journeys, windows of frictions. At least a day.
    package var reach: Microseconds {
        var times: [Microseconds] = [86_400_000_000, sessions.gap, sessions.maxLength] + channels.compactMap(\.gap)
        for journey in journeys { times += [journey.inactivity] + [journey.maxLength].compactMap { $0 } }
        for friction in frictions { times.append((friction.within ?? 0) + (friction.absent?.time ?? 0)) }
        return times.max() ?? 0
    }

    /// Whether no rule looks at all of a person's events however far they lie apart.
    package var canCut: Bool { frictions.allSatisfy { $0.scope != .person || $0.within != nil && !$0.pattern.hasAnchor } }
}
