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

    package var areKept: Bool { if case .kept = self { true } else { false } }
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
            channels: channels, sessions: sessions, journeys: journeys, frictions: frictions, dimensions: dimensions,
            contacts: contacts, measures: measures, errorOutcomes: errorOutcomes,
            symbols: EventSymbols(texts: texts, kinds: kinds, channels: channels, scalars: scalars, layout: layout), layout: layout,
            zone: ZoneOffsets.named(timezone) ?? .utc, asOf: asOf, countsPersonsOfRows: privacy.minCount != nil)
    }

    /// The fields of dynamic type that an expression or key asks for; only they become columns. Attributes that the shipped rules ask for and no source has are left out.
    package var scalars: [EventField] {
        let declared = Set(sources.flatMap(\.attributeNames))
        // What a converted journey is worth is what its goal says.
        let worth: [EventField] = maps(.value) && journeys.contains { $0.goal != nil } ? [.value] : []
        // So do answers to surveys.
        let answers: [EventField] = maps(.value) && !measures.surveys.isEmpty ? [.value] : []
        let seen = measures.terms.flatMap { [$0.item, $0.value] }
        let asked = measures.surveys.flatMap(\.condition.fields)
        let besides = worth + answers + seen + asked + dimensions.map(\.field) + [contacts.topic].compactMap { $0 }
        return FoldPlan.scalars(of: journeys, frictions, channels: channels, besides: besides).filter { field in
            if case .attribute(let name) = field { return declared.contains(name) }
            return true
        }
    }

    /// Those that some source has.
    package var mappedScalars: [EventField] {
        let attributes = Set(sources.flatMap(\.attributeNames)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let hasValue = maps(.value)
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
        let layout = RowLayout(
            hasEventID: maps(.eventID), hasSequence: maps(.sequence), hasOrigin: hasOrigin,
            hasRecords: sources.contains(where: \.hasRecords), scalarCount: scalars.count)
        let columns = identityColumns
        var plan = ReadPlan(
            sources: sources.map { self.plan($0, columns: columns, scalars: scalars) }, layout: layout, identityTypes: columns,
            blocked: BlockedValues(defaults: identity.blockDefaults, listed: identity.block), maxLineBytes: maxLineBytes)
        precondition(!privacy.hasKeyFile || privacy.key != nil, "identifiers would be kept as they are")
        plan.pseudonymKey = privacy.key?.hmac
        plan.asOf = asOf
        plan.keepsRawText = keepsRawText
        return plan
    }
}

extension PipelineDefinition {
    private func maps(_ field: SourceField) -> Bool { sources.contains { $0.mappings.contains { $0.fields[field] != nil } } }

    /// The columns of an identity tuple by the number of their type: one for each type, and for a linking type as many as
    /// one event may have ids of it.
    package var identityColumns: [Int] {
        let mappings = sources.flatMap(\.mappings)
        return identity.types.enumerated().flatMap { number, type in
            let most = mappings.map { mapping in mapping.identifiers.first { $0.type == type }?.forms.count ?? 0 }.max() ?? 0
            return Array(repeating: number, count: number < identity.known.count ? 1 : max(1, most))
        }
    }

    private func plan(_ source: SourceDefinition, columns: [Int], scalars: [EventField]) -> SourcePlan {
        var plan = SourcePlan(name: source.name)
        plan.each = source.each
        plan.mappings = source.mappings.map { self.plan($0, columns: columns, scalars: scalars) }
        plan.condition = source.condition
        if source.condition != nil {
            plan.channelKinds = Dictionary(
                uniqueKeysWithValues: channels.compactMap { channel in
                    channel.kind.map { (channel.name, $0.rawValue) }
                })
        }
        plan.keepsLast = source.keepsLast
        plan.zone = source.timezone.flatMap { ZoneOffsets.named($0) }
        plan.numberZone = source.epochTimezone.flatMap { ZoneOffsets.named($0) }
        plan.timeUnit = source.timeUnit
        plan.precision = source.precision ?? 1
        return plan
    }

    private func plan(_ mapping: SourceDefinition.Mapping, columns: [Int], scalars: [EventField]) -> RecordMapping {
        var plan = RecordMapping()
        plan.fields = mapping.fields
        plan.named = mapping.named
        plan.identifiers = columns.enumerated().map { column, type in
            let forms = mapping.identifiers.first { $0.type == identity.types[type] }?.forms ?? []
            // Of a known type the first id counts; of a linking type each is one, in a column of its own.
            guard type >= identity.known.count else { return forms }
            return Array(forms.dropFirst(column - columns.firstIndex(of: type)!).prefix(1))
        }
        plan.attributes = Dictionary(mapping.attributes.map { ($0.name, $0.form) }) { first, _ in first }
        plan.scalars = scalars.map { field in
            switch field {
            case .value: mapping.fields[.value]
            case .attribute(let name): plan.attributes[name]
            default: nil
            }
        }
        return plan
    }
}
