package import Definitions
package import Events
import Foundation
package import Ingest
import Reports
import States
package import Tables

/// One run, from files to published folder: the log's route, then tables and files.
package final class PipelineRun: Sendable {
    package struct Outcome: Sendable {
        /// What went wrong after the publication.
        package var mishaps: [String]
        /// What is probably a mistake; and whether it is to be one for the exit status.
        package var warnings: [RunWarning]
        package var isStrict: Bool
        package var ledger: Ledger
        package var reasons: [(reason: RejectReason, count: Int64)]
        package var asOf: EventTime?
        package var persons: Int
        package var folder: String
        /// With a state.
        package var commit: Commit?
        /// Whether no other run comes after this one on the same input.
        package var isLast: Bool
        package var tables: [ReportTable]
        package var outlook: RunOutlook
        /// In the order of the pipeline.
        package var checks: [CheckResult]
        package var stages: [StageTime]

        /// What the state holds after the run.
        package struct Commit: Sendable {
            /// How many runs were committed, this one included.
            package var number: Int64
            /// All lines of the run's first input that were read, blank ones too, over all runs.
            package var linesBehind: Int64
        }

        /// The exit status of a run that published and whose checks do not all hold, or that has warnings with `--strict`.
        package static let breachedStatus: Int32 = 4

        package var breached: [CheckResult] { checks.filter { !$0.holds } }
        package var exitStatus: Int32 { breached.isEmpty && !(isStrict && !warnings.isEmpty) ? 0 : Self.breachedStatus }
    }

    package let route: LogRoute
    package var definition: PipelineDefinition { route.definition }
    var inputs: [InputFile] { route.inputs }
    let options: RunOptions
    let started = Date()
    let cancellation: Cancellation
    let publication: Publication
    let state: IncrementalRun?

    /// Reads the pipeline file and finds the inputs. Throws `PipelineFileError`, `RunError`.
    package init(_ options: RunOptions, cancellation: Cancellation) throws {
        self.options = options
        self.cancellation = cancellation
        // The working directory is refused as such, whatever else lies in it.
        do { _ = try OutputFolder(options.outputFolder) } catch { throw RunError.output("\(error)") }
        let places = RunPlaces(options)
        try places.check()
        let log = try FoundLog(options.log, places: places)
        if let folder = options.stateFolder {
            // No state is begun for an output that is refused.
            do { _ = try OutputFolder(options.outputFolder).occupant() } catch { throw RunError.output("\(error)") }
            let run = try IncrementalRun(log, options, stateFolder: folder, cancellation)
            (route, state) = (run.route, run)
        } else {
            route = LogRoute(log, rows: .once(asOf: options.log.asOf), cancellation: cancellation)
            state = nil
        }
        publication = try Self.publication(options)
    }

    /// A run over what comes next on the same input: the route and the state go on, the output is another one. Throws `RunError`.
    init(after run: PipelineRun) throws {
        (options, cancellation, route) = (run.options, run.cancellation, run.route)
        do { state = try run.state.map { try IncrementalRun(after: $0) } } catch { throw RunError(error) }
        publication = try Self.publication(options)
    }

    private static func publication(_ options: RunOptions) throws -> Publication {
        do { return try Publication(options.outputFolder) } catch { throw RunError.output("\(error)") }
    }

    /// Removes what was written so far, from any thread. False: the output was already published.
    package func discard() -> Bool { publication.discard() }

    /// What the state holds of the first input; nil without a state, or where it cannot be read.
    var committedLines: Int64? { state?.committedLines }

    /// Runs to the end. Throws `RunError`; then nothing was published and nothing is left behind.
    package func run() throws -> Outcome {
        do {
            return try publish(compute())
        } catch {
            publication.discard()
            state?.giveUp()
            throw RunError(error)
        }
    }

    private func compute() throws -> Computed {
        var clock = StageClock(route.stages)
        var log = try route.read(rejectsMax: options.maxRejects.countMax, &clock)
        var ledger = Ledger(lines: log.lines, expanded: log.expanded, quarantined: log.rejected.count, filtered: log.filtered)
        try checkLineCount(log)
        try checkRejects(log, ledger)
        let rejected = log.rejected
        if let state {
            let isLast = log.isLast
            var computed = try state.compute(&log, ledger, clock)
            computed.isLast = isLast
            return computed
        }
        var warnings = route.warnings(log)
        var stitched = try route.stitch(&log, keepsGraph: !definition.journeys.isEmpty, &clock)
        // Persons are named from here on, and nobody is looked for.
        stitched.graph?.keepNamesOnly()
        ledger.filtered += stitched.filtered
        let shards = try route.shard(&log, stitched, &clock)
        let judging = try route.judge(shards, stitched, &clock)
        let folds = try route.fold(shards, keepsRows: false, judging.plan, &clock)
        ledger.events = folds.reduce(0) { $0 + $1.events }
        ledger.duplicates = folds.reduce(0) { $0 + $1.duplicates }
        let found = route.found(folds)
        let cells = try route.sum(folds, &clock)
        guard ledger.balances else { throw RunError.broken("the ledger does not balance: \(ledger)") }
        var names = definition.tableNames(
            texts: stitched.texts, asOf: judging.plan.asOf, aliveDays: judging.aliveDays, examples: { _, _ in [] })
        let named = route.named(found, stitched.graph, limit: Self.examplesMax) { cells.shown($0, names: names) }
        names.examples = { named.examples.names(ofType: $0, friction: $1) }
        names.openJourneys = named.openJourneys
        var sources = SourceSums(definition)
        for (index, input) in log.inputs.enumerated() {
            var file = KnownFile(id: 0, source: definition.sources[inputs[index].source].name, name: input.file.name)
            (file.lines, file.expanded, file.quarantined) = (input.lines, input.expanded, rejected.count(ofInput: index))
            file.fields.add(input.there, names: route.plan.sources[inputs[index].source].fieldNames)
            sources.add(file)
        }
        names.sources = sources.rows(judging.spans, stitched.texts)
        let (tables, daily, outlook) = try definition.tables(
            cells, names, identity: stitched.counts, threads: options.log.threads, cancellation)
        try warnings?.look(at: stitched.texts, stitched.kinds, stitched.hubs, touchpoints: stitched.touchpoints, tables)
        clock.finish("tables")
        return Computed(
            ledger: ledger, total: ledger, read: log.inputs, reasons: rejected.reasons, asOf: judging.asOf,
            tables: tables, daily: daily, outlook: outlook, persons: stitched.persons,
            quarantine: { [inputs, definition] write in
                var lines = inputs.map { QuarantineLines(source: definition.sources[$0.source].name, file: $0.name) }
                try rejected.forEachLine { line in
                    try write(
                        lines[line.input].line(
                            reason: line.reason.rawValue, line: line.line, record: line.record, offset: line.offset, text: line.rawText))
                }
            }, warnings: judging.warnings + (warnings?.found ?? []), clock: clock)
    }

    /// How many persons of a friction are named.
    static let examplesMax = 5

    /// Inputs have all their lines, also those that earlier runs on the state read: the same command may be run again.
    private func checkLineCount(_ log: EventLog) throws {
        guard let expected = options.expectedLines, log.isWhole else { return }
        let lines = log.inputs.reduce(state?.doneLines ?? 0) { $0 + $1.linesInAll }
        guard lines == expected else { throw RunError.wrongLineCount(lines: lines, expected: expected) }
    }

    private func checkRejects(_ log: EventLog, _ ledger: Ledger) throws {
        guard !options.maxRejects.allows(ledger.quarantined, of: ledger.lines + max(0, ledger.expanded)), let first = log.rejected.first
        else { return }
        throw RunError.tooManyRejects(
            quarantined: ledger.quarantined, lines: ledger.lines, isCutShort: log.isCutShort, limit: options.maxRejects.description,
            reasons: log.rejected.reasons.map { ($0.reason.rawValue, $0.count) },
            first: "\(inputs[first.input].name), line \(first.line): \(first.reason.rawValue)")
    }
}
