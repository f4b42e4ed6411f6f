package import Definitions
package import Events
import Expressions
package import Identity
package import Ingest
package import Journeys
package import Tables

/// The way of a whole log, which every command takes that has to see all of it: read, merge, stitch, shard, judge, fold, sum.
/// Nothing is written here; what becomes of the sums is the command's affair.
package final class LogRoute: Sendable {
    package let definition: PipelineDefinition
    package let inputs: [InputFile]
    /// What the user should know of the inputs.
    package let notes: [String]
    let options: LogOptions
    let plan: ReadPlan
    /// The fields of dynamic type that rows keep.
    let scalars: [EventField]
    private let reader: LogReader
    /// For inputs without end; nil: `read` goes to their ends.
    let interval: ReadInterval?
    /// For the progress line.
    package let stages: RunProgress
    private let cancellation: Cancellation

    /// Reads the pipeline file and finds the inputs, for a command that writes nothing. Throws `PipelineFileError`, `RunError`.
    package convenience init(_ options: LogOptions, cancellation: Cancellation) throws {
        let found = try FoundLog(options, places: RunPlaces(pipeline: options.pipelinePath))
        self.init(found, rows: .once(asOf: options.asOf), cancellation: cancellation)
    }

    /// - Parameters:
    ///   - inputs: those of the log that are to be read; nil: all.
    ///   - interval: for inputs without end.
    init(
        _ log: FoundLog, reading inputs: [InputFile]? = nil, rows: RowUse, interval: ReadInterval? = nil, cancellation: Cancellation
    ) {
        options = log.options
        definition = log.definition
        notes = log.notes
        self.inputs = inputs ?? log.inputs
        self.interval = interval
        self.cancellation = cancellation
        stages = RunProgress(stages: rows.areKept ? RunProgress.onState : RunProgress.ofLog, work: cancellation.work)
        (plan, scalars) = definition.readPlan(rows, keepsRawText: options.keepsRawText)
        reader = LogReader(
            inputs: self.inputs, plan: plan, threads: options.threads,
            blockBytes: options.blockBytes,
            memoryBytes: options.memoryBytes, expectsEnd: options.expectsEnd, interval: interval, cancellation: cancellation)
    }

    /// For a progress line: lines and file bytes read so far; the total is nil when an input is a pipe.
    package var progress: (lines: Int64, fileBytes: Int64, totalBytes: Int64?) {
        let (lines, bytes) = reader.progress
        let sizes = inputs.map(\.bytes)
        return (lines, bytes, sizes.contains(nil) ? nil : sizes.reduce(0) { $0 + ($1 ?? 0) })
    }

    // MARK: The stages, in this order

    /// - Parameter rejectsMax: once more lines than this are put aside, no others are read; nil: all are.
    package func read(rejectsMax: Int64? = nil, _ clock: inout StageClock) throws -> EventLog {
        defer { clock.finish("read") }
        return try reader.read(rejectsMax: rejectsMax)
    }

    /// What is known once every row has its person.
    package struct Stitched {
        /// Symbols in rows and cells.
        package let texts: SymbolTable
        let kinds: TupleTable
        package let persons: Int
        /// Events that belong to nobody.
        package let filtered: Int64
        package let counts: [IdentityCounts]
        let hubs: HubIDs
        /// By source, where together they are many.
        let touchpoints: [Int]
        /// Who is who, where it was asked for.
        package var graph: IdentityGraph?
        /// By input: the latest time of its events that are somebody's.
        let latest: [EventTime?]
    }

    /// As of when a log is judged, nil where it has no events, and the pipeline compiled for that and for its symbols.
    package struct Judging {
        package let asOf: EventTime?
        package let plan: FoldPlan
        /// UTC days, ascending.
        package let aliveDays: [Int32]
        /// By symbol of the source's name.
        package let spans: SourceSpans
        package let warnings: [RunWarning]
    }

    /// Gives the log's rows their persons.
    /// - Parameter keepsGraph: for names of persons.
    package func stitch(_ log: inout EventLog, keepsGraph: Bool, _ clock: inout StageClock) throws -> Stitched {
        let symbols = MergedSymbols(log.readers)
        log.readers = []
        clock.finish("merge")
        let stitching = try Stitching(
            log, symbols: symbols, definition: definition.identity, keepsGraph: keepsGraph, threads: options.threads,
            cancellation: cancellation)
        let touchpoints = try touchpoints(log, symbols.kinds)
        clock.finish("stitch")
        return Stitched(
            texts: symbols.texts, kinds: symbols.kinds, persons: stitching.persons, filtered: stitching.filtered, counts: stitching.counts,
            hubs: stitching.hubs, touchpoints: touchpoints, graph: stitching.graph, latest: stitching.latest)
    }

    /// How many each source of the log has, where together they are many.
    func touchpoints(_ log: EventLog, _ kinds: TupleTable) throws -> [Int] {
        try log.touchpointCounts(kinds, beyond: LogWarnings.touchpointsMax, sources: definition.sources.count) { inputs[$0].source }
    }

    /// What the log and the pipeline say of each other; nil in an interval of a stream, which is too short to tell.
    func warnings(_ log: EventLog) -> LogWarnings? {
        guard interval == nil else { return nil }
        var warnings = LogWarnings(definition, plan, scalars: scalars, inputs: inputs)
        var lines = [Int64](repeating: 0, count: definition.sources.count)
        for (input, read) in zip(inputs, log.inputs) { lines[input.source] += read.lines }
        warnings.look(at: log.facts, lines: lines)
        return warnings
    }

    /// Takes the rows out of the log, person by person.
    package func shard(_ log: inout EventLog, _ stitched: Stitched, _ clock: inout StageClock) throws -> PersonShards {
        defer { clock.finish("shard") }
        return try PersonShards(
            &log.blocks, persons: stitched.persons, layout: plan.layout, memoryBytes: options.memoryBytes, threads: options.threads,
            cancellation: cancellation)
    }

    /// Finds as-of where it is not given: the latest time on the last alive day (pipelines/rules.md, 2).
    package func judge(_ shards: PersonShards, _ stitched: Stitched, _ clock: inout StageClock) throws -> Judging {
        var (asOf, warnings) = (options.asOf, [RunWarning]())
        let (days, spans) = try shards.countDays(KindSources(stitched.kinds), threads: options.threads, cancellation: cancellation)
        if asOf == nil {
            if let last = days.lastAlive {
                asOf = last.latest
                if let ahead = days.ahead(of: last.day) {
                    let place = stitched.latest.firstIndex { $0 == ahead.latest }.map { inputs[$0] }
                    warnings = [
                        .ahead(
                            events: ahead.events, furthest: ahead.latest, asOf: last.latest,
                            place: place.map { "source \(definition.sources[$0.source].name), \($0.name)" } ?? "")
                    ]
                }
            }
        }
        clock.finish("days")
        let foldPlan = try definition.foldPlan(
            texts: stitched.texts, kinds: stitched.kinds, scalars: scalars, layout: plan.layout, asOf: asOf ?? 0)
        return Judging(asOf: asOf, plan: foldPlan, aliveDays: days.alive.map(\.day), spans: spans, warnings: warnings)
    }

    /// All persons' contributions; `sum` makes one of them.
    /// - Parameter keepsRows: else the shards are empty afterwards.
    package func fold(_ shards: PersonShards, keepsRows: Bool, _ plan: FoldPlan, _ clock: inout StageClock) throws -> [PersonFold] {
        let folds = try Parallel.run(count: shards.count, threads: options.threads, cancellation: cancellation, state: { _ in Fold(plan) })
        {
            fold, shard in
            try shards.forEachPerson(in: shard, fold.scratch) { person, rows in fold.fold.add(person: person, rows: rows) }
            if !keepsRows { shards.letGo(shard) }
        }
        clock.finish("fold")
        return folds.map(\.fold)
    }

    /// The cells of all workers together, ready for tables.
    package func sum(_ folds: [PersonFold], _ clock: inout StageClock) throws -> MetricCells {
        let shares = folds.map(\.cells)
        let cells = shares[0]
        _ = try Parallel.run(count: cells.cells.count, threads: options.threads, cancellation: cancellation, state: { _ in }) { _, place in
            cells.absorb(shares.dropFirst(), at: place)
        }
        clock.finish("sum")
        return cells
    }

    /// A fold belongs to one worker at a time; `Parallel` hands it over.
    private struct Fold: @unchecked Sendable {
        let fold: PersonFold
        let scratch = PersonShards.Scratch()
        init(_ plan: FoldPlan) { fold = PersonFold(plan: plan) }
    }
}

/// The pipeline and the inputs of a command, found and checked before anything is read.
struct FoundLog: Sendable {
    let options: LogOptions
    let definition: PipelineDefinition
    /// In the order of positions.
    let inputs: [InputFile]
    /// What the user should know of the inputs.
    let notes: [String]

    /// - Parameter places: where the command reads and writes.
    /// Throws `PipelineFileError`, `RunError`.
    init(_ options: LogOptions, places: RunPlaces) throws {
        self.options = options
        definition = try PipelineReader.read(path: options.pipelinePath)
        guard !options.keepsRawText || !definition.privacy.hasKeyFile && definition.privacy.drop.isEmpty else {
            throw RunError.usage(
                "--quarantine-raw: the text of unusable lines would show what the pipeline keeps out (privacy: key_file, drop); run without it"
            )
        }
        let files = InputFiles(sources: definition.inputSources, pipelinePath: options.pipelinePath, allowsEmpty: options.allowsEmpty)
        let found: InputFiles.Found
        do {
            found = try files.find(arguments: options.inputs, source: options.source)
        } catch {
            throw RunError(error)
        }
        try places.check(key: definition.privacy.keyPath, found)
        (inputs, notes) = (found.inputs, found.notes)
    }
}
