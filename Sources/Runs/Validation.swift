package import Definitions
import Events
import Expressions
import Foundation
package import Ingest
import Journeys
package import Tables

/// `validate`: the pipeline file checked, and for each source the first events as they would be read.
package struct Validation: Sendable {
    package struct Source: Sendable {
        package var name: String
        package var files: Int
        package var lines: Int64
        package var mapped: Int
        package var reasons: [(reason: RejectReason, count: Int64)]
        package var sample: TextTable
        /// The first line put aside, with its place.
        package var firstReject: String?
    }

    package struct Rule: Sendable {
        package var name: String
        /// What it needs and no event of the sample has.
        package var missing: [String]
    }

    /// What the file says, as far as it is sound.
    package let definition: PipelineDefinition
    package var name: String
    package var summary: String
    /// Of the file. Where there are any, the rest says what its sound parts and the log say of each other.
    package var faults: [PipelineDiagnostic]
    package var sources: [Source]
    /// Whether each rule that needs something of the log can be measured, by all sources' samples; empty where nothing was
    /// read.
    package private(set) var rules: [Rule] = []
    package var warnings: [String]
    /// What the first lines and the pipeline say of each other that is probably a mistake.
    package private(set) var mistakes: [RunWarning] = []
    /// What the user should know of the inputs.
    package var notes: [String]

    /// Throws `PipelineFileError`, where no log can be read by the file, and `RunError`.
    package init(pipelinePath: String, inputs: [String], source: String?, allowsEmpty: Bool, limit: Int = 5) throws {
        let examined = PipelineReader.examine(path: pipelinePath)
        faults = examined.faults
        guard let definition = examined.definition else { throw PipelineFileError(diagnostics: faults) }
        self.definition = definition
        name = definition.name
        warnings = definition.privacy.warnings
        summary = Self.summary(definition)
        let found: InputFiles.Found
        do {
            found = try InputFiles(sources: definition.inputSources, pipelinePath: pipelinePath, allowsEmpty: allowsEmpty)
                .find(arguments: inputs, source: source)
        } catch {
            throw RunError(error)
        }
        try RunPlaces(pipeline: pipelinePath).check(key: definition.privacy.keyPath, found)
        let files = found.inputs
        notes = found.notes
        let attributes = Self.attributes(definition)
        let plan = definition.readPlan(scalars: attributes, asOf: nil, keepsRawText: false)
        sources = []
        var events: [EventSample.Event] = []
        var facts = [SourceFacts](repeating: SourceFacts(), count: definition.sources.count)
        var lines = [Int64](repeating: 0, count: facts.count)
        for (index, source) in definition.sources.enumerated() {
            let own = files.filter { $0.source == index }
            guard let first = own.first else { continue }
            do {
                let sample = try EventSample(path: first.path, source: index, plan: plan)
                events += sample.events
                (facts[index], lines[index]) = (sample.facts, sample.lines)
                sources.append(
                    Source(
                        name: source.name, files: own.count, lines: sample.lines, mapped: Int(sample.lines - sample.rejected.count),
                        reasons: sample.rejected.reasons.map { ($0.reason, $0.count) },
                        sample: Self.table(sample.events.prefix(limit), definition, attributes, columns: plan.identityTypes),
                        firstReject: sample.rejected.first.map { "\(first.name), line \($0.line): \($0.reason.rawValue)" }))
            } catch let error as IngestError {
                throw RunError.input(error)
            }
        }
        if !events.isEmpty, faults.isEmpty { rules = try Self.rules(definition, events.compactMap { Self.event($0, attributes) }) }
        var warnings = LogWarnings(definition, plan, scalars: attributes, inputs: files)
        warnings.look(at: facts, lines: lines)
        let (texts, kinds) = Self.kinds(events)
        try warnings.look(at: texts, kinds)
        mistakes = warnings.found
    }

    private static func kinds(_ events: [EventSample.Event]) -> (SymbolTable, TupleTable) {
        let (texts, kinds) = (SymbolTable(), TupleTable(width: EventKind.width))
        for event in events { _ = kinds.intern(event.fields.map { $0.map { texts.intern($0) } ?? 0 }) }
        return (texts, kinds)
    }

    private static func rules(_ definition: PipelineDefinition, _ events: [FrictionExample.Event]) throws -> [Rule] {
        let rules = definition.frictions.filter { !$0.needs.isEmpty }
        let missing = try NeedSearch.missing(rules, in: events, channels: definition.channels, journeys: definition.journeys)
        return zip(rules, missing).map { Rule(name: $0.name, missing: $1) }
    }

    /// As rules see it; nil for what only links identifiers.
    private static func event(_ read: EventSample.Event, _ attributes: [EventField]) -> FrictionExample.Event? {
        func text(_ field: KindField) -> String? { read.fields[field.rawValue] }
        guard let channel = text(.channel), let touchpoint = text(.touchpoint) else { return nil }
        var event = FrictionExample.Event(time: read.time, channel: channel, touchpoint: touchpoint)
        (event.action, event.outcome, event.initiator) = (text(.action), text(.outcome), text(.initiator))
        event.scalars = zip(attributes, read.scalars).compactMap { field, value in
            value.map { .init(field: field, text: $0.text, type: $0.type) }
        }
        return event
    }

    /// Every attribute that a source declares, in order of first mention, and `value`.
    private static func attributes(_ definition: PipelineDefinition) -> [EventField] {
        var seen: Set<String> = []
        return [.value] + definition.sources.flatMap(\.attributeNames).filter { seen.insert($0).inserted }.map { .attribute($0) }
    }

    private static func summary(_ definition: PipelineDefinition) -> String {
        let journeys = definition.journeys.map { "\($0.name) (\($0.steps.count) steps)" }.joined(separator: ", ")
        let rules = definition.frictions.isEmpty ? "" : ", \(definition.frictions.count) friction rules"
        let checks = definition.checks.isEmpty ? "" : ", \(definition.checks.count) check\(definition.checks.count == 1 ? "" : "s")"
        return
            "\(definition.sources.count) sources, \(definition.channels.count) channels, journeys: \(journeys.isEmpty ? "none" : journeys)\(rules)\(checks)"
    }

    /// Columns that are empty in every row of the sample are left out.
    /// - Parameter columns: by column of an event's identifiers: the number of their type.
    private static func table(
        _ events: ArraySlice<EventSample.Event>, _ definition: PipelineDefinition, _ attributes: [EventField], columns types: [Int]
    ) -> TextTable {
        var columns = [("time", events.map { TimeFormat.utc($0.time) as String? })]
        for field in KindField.allCases { columns.append(("\(field)", events.map { $0.fields[field.rawValue] })) }
        for (type, name) in definition.identity.types.enumerated() {
            columns.append(
                (
                    name,
                    events.map { event in
                        let ids = zip(types, event.identifiers).compactMap { $0 == type ? $1 : nil }
                        return ids.isEmpty ? nil : ids.joined(separator: ", ")
                    }
                ))
        }
        for (column, field) in attributes.enumerated() {
            let name = if case .attribute(let name) = field { name } else { "value" }
            columns.append((name, events.map { $0.scalars[column]?.text }))
        }
        let filled = columns.filter { $0.1.contains { $0 != nil } }
        return TextTable(
            header: filled.map(\.0), rows: (0..<events.count).map { row in filled.map { $0.1[row] ?? "" } })
    }
}
