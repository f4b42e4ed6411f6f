import Definitions
import Events
import Expressions
import Foundation
import Ingest
package import Tables

/// `validate`: the pipeline file checked, and for each source the first events as they would be read.
package struct Validation: Sendable {
    package struct Source: Sendable {
        package var name: String
        package var files: Int
        package var lines: Int64
        package var mapped: Int
        package var reasons: [(reason: String, count: Int64)]
        package var sample: TextTable
        /// The first line put aside, with its place.
        package var firstReject: String?
    }

    package var name: String
    package var summary: String
    package var sources: [Source]
    package var warnings: [String]
    /// What the user should know of the inputs.
    package var notes: [String]

    /// Throws `PipelineFileError`, `RunError`.
    package init(pipelinePath: String, inputs: [String], source: String?, allowsEmpty: Bool, limit: Int = 5) throws {
        let definition = try PipelineReader.read(path: pipelinePath)
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
        for (index, source) in definition.sources.enumerated() {
            let own = files.filter { $0.source == index }
            guard let first = own.first else { continue }
            do {
                let sample = try EventSample(path: first.path, source: index, plan: plan, limit: limit)
                sources.append(
                    Source(
                        name: source.name, files: own.count, lines: sample.lines, mapped: Int(sample.lines - sample.rejected.count),
                        reasons: sample.rejected.reasons.map { ($0.reason.rawValue, $0.count) },
                        sample: Self.table(sample, definition, attributes),
                        firstReject: sample.rejected.first.map { "\(first.name), line \($0.line): \($0.reason.rawValue)" }))
            } catch let error as IngestError {
                throw RunError.input(error)
            }
        }
    }

    /// Every attribute that a source declares, in order of first mention, and `value`.
    private static func attributes(_ definition: PipelineDefinition) -> [EventField] {
        var names: [String] = []
        for source in definition.sources {
            for name in source.attributeNames where !names.contains(name) { names.append(name) }
        }
        return [.value] + names.map { .attribute($0) }
    }

    private static func summary(_ definition: PipelineDefinition) -> String {
        let journeys = definition.journeys.map { "\($0.name) (\($0.steps.count) steps)" }.joined(separator: ", ")
        let rules = definition.frictions.isEmpty ? "" : ", \(definition.frictions.count) friction rules"
        let checks = definition.checks.isEmpty ? "" : ", \(definition.checks.count) check\(definition.checks.count == 1 ? "" : "s")"
        return
            "\(definition.sources.count) sources, \(definition.channels.count) channels, journeys: \(journeys.isEmpty ? "none" : journeys)\(rules)\(checks)"
    }

    /// Columns that are empty in every row of the sample are left out.
    private static func table(_ sample: EventSample, _ definition: PipelineDefinition, _ attributes: [EventField]) -> TextTable {
        var columns = [("time", sample.events.map { TimeFormat.utc($0.time) as String? })]
        for field in KindField.allCases { columns.append(("\(field)", sample.events.map { $0.fields[field.rawValue] })) }
        for (type, name) in definition.identity.types.enumerated() { columns.append((name, sample.events.map { $0.identifiers[type] })) }
        for (column, field) in attributes.enumerated() {
            let name = if case .attribute(let name) = field { name } else { "value" }
            columns.append((name, sample.events.map { $0.scalars[column] }))
        }
        let filled = columns.filter { $0.1.contains { $0 != nil } }
        return TextTable(
            header: filled.map(\.0), rows: sample.events.indices.map { row in filled.map { $0.1[row] ?? "" } })
    }
}
