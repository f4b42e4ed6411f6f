package import Definitions
package import Events
import Expressions
package import Identity
package import Ingest
package import Journeys
package import Tables

/// The way of a whole log, which every command takes that has to see all of it: read, merge, stitch, shard, fold, sum.
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
    private let cancellation: Cancellation

    /// Reads the pipeline file and finds the inputs. Throws `PipelineFileError`, `RunError`.
    package convenience init(_ options: LogOptions, cancellation: Cancellation) throws {
        try self.init(options, cancellation: cancellation, choosing: nil)
    }

    /// - Parameters:
    ///   - places: where the command reads and writes; nil: it writes nothing.
    ///   - choosing: with a state, which of the inputs found are to be read; rows are then kept with their origin and
    ///     with every attribute that is mapped, so that they can be folded by another pipeline one day.
    init(
        _ options: LogOptions, places: RunPlaces? = nil, cancellation: Cancellation, interval: ReadInterval? = nil,
        choosing: (([InputFile], PipelineDefinition) throws -> [InputFile])?
    ) throws {
        self.options = options
        self.interval = interval
        self.cancellation = cancellation
        definition = try PipelineReader.read(path: options.pipelinePath)
        guard !options.keepsRawText || !definition.privacy.hasKeyFile && definition.privacy.drop.isEmpty else {
            throw RunError.usage(
                "--quarantine-raw: the text of unusable lines would show what the pipeline keeps out (privacy: key_file, drop); run without it"
            )
        }
        let files = InputFiles(sources: definition.inputSources, pipelinePath: options.pipelinePath, allowsEmpty: options.allowsEmpty)
        let found: InputFiles.Found
        do {
            found = options.readsNothing ? InputFiles.Found() : try files.find(arguments: options.inputs, source: options.source)
        } catch {
            throw RunError(error)
        }
        try (places ?? RunPlaces(pipeline: options.pipelinePath)).check(key: definition.privacy.keyPath, found)
        notes = found.notes
        inputs = try choosing?(found.inputs, definition) ?? found.inputs
        scalars = choosing == nil ? definition.scalars : definition.mappedScalars
        plan = definition.readPlan(
            scalars: scalars, asOf: choosing == nil ? options.asOf : nil, keepsRawText: options.keepsRawText, hasOrigin: choosing != nil)
        reader = LogReader(
            inputs: inputs, plan: plan, threads: options.threads,
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
        package let persons: Int
        /// Events that belong to nobody.
        package let filtered: Int64
        package let counts: [IdentityCounts]
        /// Who is who, where it was asked for.
        package let graph: IdentityGraph?
        package let asOf: EventTime?
        package let plan: FoldPlan
    }

    /// Gives the log's rows their persons, and compiles the pipeline for its symbols.
    /// - Parameter keepsGraph: for names of persons.
    package func stitch(_ log: inout EventLog, keepsGraph: Bool, _ clock: inout StageClock) throws -> Stitched {
        let symbols = MergedSymbols(log.readers)
        log.readers = []
        clock.finish("merge")
        let stitching = try Stitching(
            log, symbols: symbols, definition: definition.identity, layout: plan.layout, keepsGraph: keepsGraph, threads: options.threads,
            cancellation: cancellation)
        clock.finish("stitch")
        let asOf = options.asOf(latest: log.latest)
        let foldPlan = try definition.foldPlan(
            texts: symbols.texts, kinds: symbols.kinds, scalars: scalars, layout: plan.layout, asOf: asOf ?? 0)
        return Stitched(
            texts: symbols.texts, persons: stitching.persons, filtered: stitching.filtered, counts: stitching.counts,
            graph: stitching.graph,
            asOf: asOf, plan: foldPlan)
    }

    /// Takes the rows out of the log, person by person.
    package func shard(_ log: inout EventLog, _ stitched: Stitched, _ clock: inout StageClock) throws -> PersonShards {
        defer { clock.finish("shard") }
        return try PersonShards(
            &log.blocks, persons: stitched.persons, layout: plan.layout, memoryBytes: options.memoryBytes, threads: options.threads,
            cancellation: cancellation)
    }

    /// All persons' contributions; `sum` makes one of them.
    package func fold(_ shards: PersonShards, _ plan: FoldPlan, _ clock: inout StageClock) throws -> [PersonFold] {
        let folds = try Parallel.run(count: shards.count, threads: options.threads, cancellation: cancellation, state: { _ in Fold(plan) })
        {
            fold, shard in
            try shards.forEachPerson(in: shard, fold.scratch) { person, rows in fold.fold.add(person: person, rows: rows) }
        }
        clock.finish("fold")
        return folds.map(\.fold)
    }

    /// The cells of all workers together, ready for tables.
    package func sum(_ folds: [PersonFold], _ clock: inout StageClock) throws -> MetricCells {
        let shares = folds.map(\.cells)
        _ = try Parallel.run(count: shares.count, threads: options.threads, cancellation: cancellation, state: { _ in }) { _, index in
            shares[index].finish()
        }
        let cells = shares[0]
        for other in shares.dropFirst() { cells.absorb(other) }
        clock.finish("sum")
        cells.finish()
        return cells
    }

    /// A fold belongs to one worker at a time; `Parallel` hands it over.
    private struct Fold: @unchecked Sendable {
        let fold: PersonFold
        let scratch = RowScratch()
        init(_ plan: FoldPlan) { fold = PersonFold(plan: plan) }
    }
}
