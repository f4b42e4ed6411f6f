package import Events
package import Expressions
import Identity
package import Ingest
package import Journeys

/// What becomes of the rows that are read, which says what they must have.
package enum RowUse: Sendable {
    /// They are folded by this pipeline and then let go. Lines after as-of are left out as filtered; nil: none are.
    case once(asOf: EventTime?)
    /// A state keeps them: with their origin and with every attribute that is mapped, so that they can be folded by another
    /// pipeline and as of another moment one day.
    case kept
}

extension PipelineDefinition {
    /// Where files are looked for.
    package var inputSources: [InputFiles.Source] { sources.map { .init(name: $0.name, inputs: $0.inputs) } }

    /// What the fold of a person needs to know: the pipeline compiled for a log's symbols.
    /// - Parameter scalars: that the rows of this layout keep.
    /// Throws where an expression cannot be compiled.
    package func foldPlan(texts: SymbolTable, kinds: TupleTable, scalars: [EventField], layout: RowLayout, asOf: EventTime) throws
        -> FoldPlan
    {
        try FoldPlan(
            channels: channels, sessions: sessions, journeys: journeys, frictions: frictions, errorOutcomes: errorOutcomes,
            symbols: EventSymbols(texts: texts, kinds: kinds, channels: channels, scalars: scalars, layout: layout), layout: layout,
            zone: ZoneOffsets.named(timezone) ?? .utc, asOf: asOf, countsPersonsOfRows: privacy.minCount != nil)
    }

    /// The fields of dynamic type that an expression or key asks for; only they become columns. Attributes that the shipped rules ask for and no source has are left out.
    package var scalars: [EventField] {
        let declared = Set(sources.flatMap(\.attributes).map(\.name))
        return FoldPlan.scalars(of: journeys, frictions).filter { field in
            if case .attribute(let name) = field { return declared.contains(name) }
            return true
        }
    }

    /// Those that some source has.
    package var mappedScalars: [EventField] {
        let attributes = Set(sources.flatMap(\.attributes).map(\.name)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let hasValue = sources.contains { $0.fields[.value] != nil || $0.constants[.value] != nil }
        return (hasValue || scalars.contains(.value) ? [.value] : []) + attributes.map { .attribute($0) }
    }

    /// What reading needs to know, and the fields of dynamic type that rows keep.
    package func readPlan(_ use: RowUse, keepsRawText: Bool) -> (plan: ReadPlan, scalars: [EventField]) {
        switch use {
        case .once(let asOf): (readPlan(scalars: scalars, asOf: asOf, keepsRawText: keepsRawText), scalars)
        case .kept: (readPlan(scalars: mappedScalars, asOf: nil, keepsRawText: keepsRawText, hasOrigin: true), mappedScalars)
        }
    }

    /// - Parameter hasOrigin: whether rows say which line they come from.
    package func readPlan(scalars: [EventField], asOf: EventTime?, keepsRawText: Bool, hasOrigin: Bool = false) -> ReadPlan {
        func maps(_ field: SourceField) -> Bool { sources.contains { $0.fields[field] != nil || $0.constants[field] != nil } }
        let layout = RowLayout(hasEventID: maps(.eventID), hasSequence: maps(.sequence), hasOrigin: hasOrigin, scalarCount: scalars.count)
        var plan = ReadPlan(
            sources: sources.map { $0.plan(types: identity.types, scalars: scalars) }, layout: layout,
            identityTypeCount: identity.types.count,
            blocked: BlockedValues(defaults: identity.blockDefaults, listed: identity.block), maxLineBytes: maxLineBytes)
        precondition(!privacy.hasKeyFile || privacy.key != nil, "identifiers would be kept as they are")
        plan.pseudonymKey = privacy.key?.hmac
        plan.asOf = asOf
        plan.keepsRawText = keepsRawText
        return plan
    }
}

extension SourceDefinition {
    fileprivate func plan(types: [String], scalars: [EventField]) -> SourcePlan {
        var plan = SourcePlan(name: name)
        plan.paths = fields
        plan.constants = constants
        plan.identifiers = types.map { type in identifiers.first { $0.type == type }?.path }
        plan.scalars = scalars.map { field in
            switch field {
            case .value: constants[.value].map { .constant($0) } ?? fields[.value].map { .path($0) }
            case .attribute(let name): attributes.first { $0.name == name }.map { .path($0.path) }
            default: nil
            }
        }
        plan.zone = timezone.flatMap { ZoneOffsets.named($0) }
        plan.timeUnit = timeUnit
        return plan
    }
}
