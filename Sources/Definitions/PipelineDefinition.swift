package import Events
package import Expressions
package import Identity
package import Ingest
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
    /// In the order of the file.
    package var dimensions: [DimensionDefinition] = []
    package var contacts = ContactDefinition()
    package var measures = MeasureDefinition()
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
    /// Arrays within one another whose elements are records, from the outermost.
    package var each: [RecordPath] = []
    /// What the fields of a record say: one of these for each of `events`, or one in all.
    package var mappings: [Mapping] = [Mapping()]
    /// Records of which it is not true only link identifiers.
    package var condition: Expression?
    /// Of several events with one id the one that sorts last counts, not the first.
    package var keepsLast = false
    /// IANA name for times without a zone; such times are `bad_time` without it.
    package var timezone: String?
    /// IANA name for numbers that count local time.
    package var epochTimezone: String?
    package var timeUnit: TimeUnit?
    /// The unit to which its times are known.
    package var precision: Microseconds?

    package struct Mapping: Sendable, Equatable {
        /// What each plain field says, constants among them; absent where not mapped.
        package var fields: [SourceField: FieldForm] = [:]
        /// In the order of the file. An id that may stand at several places has several forms.
        package var identifiers: [Identifier] = []
        /// In the order of the file.
        package var attributes: [Attribute] = []

        package init() {}

        /// All of it, by names as they stand in `fieldNames`.
        package var named: [NamedField] {
            SourceField.allCases.compactMap { field in fields[field].map { NamedField(name: field.rawValue, forms: [$0]) } }
                + identifiers.map { NamedField(name: "ids.\($0.type)", forms: $0.forms) }
                + attributes.map { NamedField(name: "attributes.\($0.name)", forms: [$0.form]) }
        }
    }

    package struct Identifier: Sendable, Equatable {
        package var type: String
        package var forms: [FieldForm]

        package init(type: String, forms: [FieldForm]) { (self.type, self.forms) = (type, forms) }
    }

    package struct Attribute: Sendable, Equatable {
        package var name: String
        package var form: FieldForm

        package init(name: String, form: FieldForm) { (self.name, self.form) = (name, form) }
    }

    /// Of all fields that are mapped, as the pipeline file gives them; `ids.TYPE` and `attributes.NAME`.
    package var fieldNames: [String] { NamedField.names(mappings.flatMap(\.named)) }

    /// Names of the attributes of all mappings, each once, in the order of the file.
    package var attributeNames: [String] {
        var seen: Set<String> = []
        return mappings.flatMap { $0.attributes.map(\.name) }.filter { seen.insert($0).inserted }
    }

    /// Whether a line may give several events, or none.
    package var hasRecords: Bool { !each.isEmpty || mappings.count > 1 }

    package init(name: String) { self.name = name }
}

extension PipelineDefinition {
    /// The longest time over which one event may decide what another one counts for: silences and lengths of sessions and
    /// journeys, windows of frictions; and after which it is judged. At least a day.
    package var reach: Microseconds {
        var times: [Microseconds] = [86_400_000_000, sessions.gap, sessions.maxLength] + channels.compactMap(\.gap)
        for journey in journeys {
            times += [journey.inactivity, journey.maturity] + [journey.maxLength].compactMap { $0 } + journey.steps.compactMap(\.sla)
        }
        if channels.contains(where: { $0.kind == .assisted }) { times += contacts.windows + [contacts.handover] }
        times += channels.compactMap(\.responseSLA) + measures.terms.map(\.within)
        if measures.effort != nil { times.append(MeasureDefinition.answerMax) }
        if frictions.contains(where: { $0.name == ScorecardRules.collision }) { times.append(MeasureDefinition.outreachMax) }
        for friction in frictions { times.append((friction.within ?? 0) + (friction.absent?.time ?? 0)) }
        return times.max() ?? 0
    }

    /// Whether no rule looks at all of a person's events however far they lie apart.
    package var canCut: Bool { frictions.allSatisfy { $0.scope != .person || $0.within != nil && !$0.pattern.hasAnchor } }
}
