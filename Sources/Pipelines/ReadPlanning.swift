import Events
import Expressions
import Identity
import Ingest
import Journeys

extension PipelineDefinition {
    /// What reading needs to know. Only what an expression or key asks for becomes a column.
    func readPlan(asOf: EventTime?, keepsRawText: Bool) -> ReadPlan {
        readPlan(scalars: scalars, asOf: asOf, keepsRawText: keepsRawText)
    }

    /// The fields of dynamic type that rows keep. Attributes that the shipped rules ask for and no source has are left out.
    var scalars: [EventField] {
        let declared = Set(sources.flatMap(\.attributes).map(\.name))
        return FoldPlan.scalars(of: journeys, frictions).filter { field in
            if case .attribute(let name) = field { return declared.contains(name) }
            return true
        }
    }

    func readPlan(scalars: [EventField], asOf: EventTime?, keepsRawText: Bool) -> ReadPlan {
        func maps(_ field: SourceField) -> Bool { sources.contains { $0.fields[field] != nil || $0.constants[field] != nil } }
        let layout = RowLayout(hasEventID: maps(.eventID), hasSequence: maps(.sequence), scalarCount: scalars.count)
        var plan = ReadPlan(
            sources: sources.map { $0.plan(types: identity.types, scalars: scalars) }, layout: layout, identityTypeCount: identity.types.count,
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
