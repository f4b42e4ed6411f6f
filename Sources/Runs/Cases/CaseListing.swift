package import Definitions
import Events
import Identity
package import Ingest
import Journeys
package import Tables

/// `list`: all the cases behind a number, of a log or of what a state keeps. Nothing is written.
package final class CaseListing: Sendable {
    package struct Answer: Sendable {
        package var table: ReportTable
        /// What the reader should know besides.
        package var notes: [String] = []
    }

    package let definition: PipelineDefinition
    /// nil where a state is looked at.
    package let route: LogRoute?
    private let wanted: WantedCases
    private let options: LogOptions
    private let stateFolder: String?
    private let cancellation: Cancellation

    /// - Parameters:
    ///   - journey: only journeys of this type.
    ///   - state: the folder of a state; nil: the log is read.
    /// Throws `PipelineFileError`, `RunError`.
    package init(_ question: CaseQuestion, journey: String?, _ options: LogOptions, state: String?, cancellation: Cancellation) throws {
        if state != nil {
            guard options.inputs.isEmpty, options.asOf == nil, options.source == nil else {
                throw RunError.usage("--state lists what is kept there, as of its last run; give no inputs, --source or --as-of beside it")
            }
            (route, definition) = (nil, try PipelineReader.read(path: options.pipelinePath))
        } else {
            let route = try LogRoute(options, cancellation: cancellation)
            (self.route, definition) = (route, route.definition)
        }
        guard definition.privacy.minCount == nil else {
            throw RunError.usage(
                "the pipeline leaves out rows of few persons (privacy: min_count), and a list of cases is one person a row; it is not made")
        }
        wanted = try WantedCases(question, journey: journey, definition)
        (self.options, stateFolder, self.cancellation) = (options, state, cancellation)
    }

    /// Throws `RunError`.
    package func run() throws -> Answer {
        do {
            if let route { return try list(route) }
            return try StateCases(definition, options, cancellation).list(wanted, of: stateFolder ?? "")
        } catch {
            throw RunError(error)
        }
    }

    private func list(_ route: LogRoute) throws -> Answer {
        let folded = try FoldedLog(route, examples: 0)
        let plan = folded.judging.plan
        let finders = try Parallel.run(
            count: folded.shards.count, threads: options.threads, cancellation: cancellation,
            state: { _ in (finder: CaseFinder(plan, self.wanted, thresholds: folded.thresholds), scratch: PersonShards.Scratch()) }
        ) { worker, shard in
            try folded.shards.forEachPerson(in: shard, worker.scratch) { worker.finder.add(person: $0, rows: $1) }
        }
        let found = finders.flatMap { $0.finder.take() }
        let names = PersonNames(folded.graph, persons: found.lazy.map(\.person), types: definition.identity.types)
        let texts = folded.names.texts
        var answer = Answer(table: Self.table(found.map { $0.named(names, texts) }, definition, asOf: plan.asOf))
        if !RejectLimit.share(percent: 1).allows(folded.lines.rejected, of: folded.lines.read) {
            answer.notes.append(
                "\(folded.lines.rejected) of \(folded.lines.read) lines could not be used and are not in the list; `sojourn run` lists them"
            )
        }
        return answer
    }

    static func table(_ cases: [Case], _ definition: PipelineDefinition, asOf: EventTime) -> ReportTable {
        CaseTable.table(cases.sorted { CaseTable.isBefore($0, $1, definition) }, definition, asOf: asOf)
    }
}
