package import Events
import Foundation
package import Ingest
import Identity
import Journeys
import Reports
package import Tables

/// One run, from files to published folder: the whole route, top to bottom.
package final class PipelineRun: Sendable {
    package struct Outcome: Sendable {
        package var ledger: Ledger
        package var reasons: [(reason: RejectReason, count: Int64)]
        package var asOf: EventTime?
        package var persons: Int
        package var folder: String
        package var tables: [ReportTable]
        package var stages: [StageTime]
    }

    package let definition: PipelineDefinition
    package let inputs: [InputFile]
    private let options: RunOptions
    private let plan: ReadPlan
    private let reader: LogReader
    private let cancellation: Cancellation
    private let publication: Publication

    /// Reads the pipeline file and finds the inputs. Throws `PipelineFileError`, `RunError`.
    package init(_ options: RunOptions, cancellation: Cancellation) throws {
        self.options = options
        self.cancellation = cancellation
        definition = try PipelineReader.read(path: options.pipelinePath)
        let files = InputFiles(definition: definition, pipelinePath: options.pipelinePath, allowsEmpty: options.allowsEmpty)
        inputs = try files.find(arguments: options.inputs, source: options.source)
        do {
            publication = try Publication(options.outputFolder)
        } catch {
            throw RunError.output("\(error)")
        }
        plan = definition.readPlan(asOf: options.asOf, keepsRawText: options.keepsRawText)
        reader = LogReader(
            inputs: inputs.map { .init(path: $0.path, source: $0.source) }, plan: plan, threads: options.threads, blockBytes: options.blockBytes,
            memoryBytes: options.memoryBytes, cancellation: cancellation)
    }

    /// For a progress line: lines and file bytes read so far; the total is nil when an input is a pipe.
    package var progress: (lines: Int64, fileBytes: Int64, totalBytes: Int64?) {
        let (lines, bytes) = reader.progress
        let sizes = inputs.map(\.bytes)
        return (lines, bytes, sizes.contains(nil) ? nil : sizes.reduce(0) { $0 + ($1 ?? 0) })
    }

    /// Removes what was written so far, from any thread. False: the output was already published.
    package func discard() -> Bool { publication.discard() }

    /// Runs to the end. Throws `RunError`; then nothing was published and nothing is left behind.
    package func run() throws -> Outcome {
        do {
            return try publish(compute())
        } catch {
            publication.discard()
            switch error {
            case let error as RunError: throw error
            case IngestError.cancelled: throw RunError.cancelled
            case let error as IngestError: throw RunError.input(error)
            default: throw RunError.output("\(error)")
            }
        }
    }

    private struct Computed {
        var log: EventLog
        var asOf: EventTime?
        var ledger: Ledger
        var tables: [ReportTable]
        var daily: [ReportTable]
        var persons: Int
        var clock: StageClock
    }

    private func compute() throws -> Computed {
        var clock = StageClock()
        var log = try reader.read()
        clock.finish("read")
        var ledger = Ledger(lines: log.lines, quarantined: Int64(log.rejected.count), filtered: log.filtered)
        try checkRejects(log, ledger)
        let symbols = MergedSymbols(log.readers)
        log.readers = []
        clock.finish("merge")
        let stitching = try Stitching(
            log, symbols: symbols, definition: definition.identity, layout: plan.layout, keepsGraph: !definition.frictions.isEmpty,
            threads: options.threads, cancellation: cancellation)
        ledger.filtered += stitching.filtered
        clock.finish("stitch")
        let asOf = options.asOf ?? log.latest
        let foldPlan = try FoldPlan(
            channels: definition.channels, sessions: definition.sessions, journeys: definition.journeys, frictions: definition.frictions,
            errorOutcomes: definition.errorOutcomes,
            symbols: EventSymbols(
                texts: symbols.texts, kinds: symbols.kinds, channels: definition.channels, scalars: definition.scalars,
                layout: plan.layout),
            layout: plan.layout, zone: ZoneOffsets.named(definition.timezone) ?? .utc, asOf: asOf ?? 0)
        let shards = try PersonShards(&log.blocks, persons: stitching.persons, layout: plan.layout, memoryBytes: options.memoryBytes, threads: options.threads, cancellation: cancellation)
        clock.finish("shard")
        let folds = try Parallel.run(
            count: shards.count, threads: options.threads, cancellation: cancellation, state: { _ in Fold(foldPlan) }
        ) { fold, shard in
            try shards.forEachPerson(in: shard, fold.scratch) { person, rows in fold.fold.add(person: person, rows: rows) }
        }
        clock.finish("fold")
        _ = try Parallel.run(count: folds.count, threads: options.threads, cancellation: cancellation, state: { _ in }) { _, index in
            folds[index].fold.cells.finish()
        }
        let cells = folds[0].fold.cells
        for other in folds.dropFirst() { cells.absorb(other.fold.cells) }
        ledger.events = folds.reduce(0) { $0 + $1.fold.events }
        ledger.duplicates = folds.reduce(0) { $0 + $1.fold.duplicates }
        clock.finish("sum")
        guard ledger.balances else { throw RunError.broken("the ledger does not balance: \(ledger)") }
        cells.finish()
        let persons = stitching.graph.map { PersonNames($0, persons: cells.frictionPersons.all, types: definition.identity.types) }
        let (tables, daily) = try Self.tables(cells, definition.tableNames(texts: symbols.texts, persons), threads: options.threads, cancellation)
        clock.finish("tables")
        return Computed(log: log, asOf: asOf, ledger: ledger, tables: tables + [definition.identity.table(stitching.counts)], daily: daily, persons: stitching.persons, clock: clock)
    }

    /// A fold belongs to one worker at a time; `Parallel` hands it over.
    private struct Fold: @unchecked Sendable {
        let fold: PersonFold
        let scratch = RowScratch()
        init(_ plan: FoldPlan) { fold = PersonFold(plan: plan) }
    }

    /// Both forms of every table: for the whole time and by day.
    private static func tables(
        _ cells: MetricCells, _ names: TableNames, threads: Int, _ cancellation: Cancellation
    ) throws -> (total: [ReportTable], daily: [ReportTable]) {
        // The largest first, so that the workers end together.
        let makers: [@Sendable (Granularity) -> ReportTable] = [
            { cells.transitionTable($0, names: names) }, { cells.touchpointTable($0, names: names) }, { cells.stallTable($0, names: names) },
            { cells.funnelTable($0, names: names) }, { cells.journeyTable($0, names: names) }, { cells.sessionTable($0, names: names) },
            { cells.frictionTable($0, names: names) }, { cells.frictionPlaceTable($0, names: names) },
        ]
        let made = try Parallel.run(
            count: makers.count * 2, threads: threads, cancellation: cancellation, state: { _ in [(index: Int, table: ReportTable)]() }
        ) { tables, index in
            tables.append((index, makers[index / 2](index % 2 == 0 ? .daily : .total)))
        }
        let ordered = made.joined().sorted { $0.table.name.utf8.lexicographicallyPrecedes($1.table.name.utf8) }
        return (ordered.filter { $0.index % 2 == 1 }.map(\.table), ordered.filter { $0.index % 2 == 0 }.map(\.table))
    }

    private func checkRejects(_ log: EventLog, _ ledger: Ledger) throws {
        guard !options.maxRejects.allows(ledger.quarantined, of: ledger.lines), let first = log.rejected.first else { return }
        throw RunError.tooManyRejects(
            quarantined: ledger.quarantined, lines: ledger.lines, limit: options.maxRejects.description,
            reasons: Ledger.reasons(log.rejected).map { ($0.reason.rawValue, $0.count) },
            first: "\(inputs[first.input].name), line \(first.line): \(first.reason.rawValue)")
    }

    private func publish(_ computed: Computed) throws -> Outcome {
        var clock = computed.clock
        try QuarantineFile.write(computed.log.rejected, inputs: inputs, sources: definition.sources, to: publication)
        try publication.write(
            computed.tables, byDay: computed.daily, run: RunRecord.databaseRows(definition, computed.ledger, asOf: computed.asOf, persons: computed.persons),
            packageName: definition.name, title: "sojourn: \(definition.name)")
        clock.finish("write")
        let record = RunRecord(
            definition: definition, options: options, inputs: inputs, linesOfInput: computed.log.linesOfInput, ledger: computed.ledger,
            reasons: Ledger.reasons(computed.log.rejected), asOf: computed.asOf, persons: computed.persons, stages: clock.stages)
        try publication.write(JSONText.pretty(record.json), to: "run.json")
        if cancellation.isCancelled { throw RunError.cancelled }
        try publication.publish()
        clock.finish("publish")
        return Outcome(
            ledger: computed.ledger, reasons: Ledger.reasons(computed.log.rejected), asOf: computed.asOf, persons: computed.persons,
            folder: options.outputFolder, tables: computed.tables, stages: clock.stages)
    }
}

extension PipelineDefinition {
    /// How many persons of a friction are named.
    private static let examplesMax = 5

    fileprivate func tableNames(texts: SymbolTable, _ persons: PersonNames?) -> TableNames {
        let needs = FrictionNeeds(frictions).ofRules
        return TableNames(
            journeys: journeys.map { journey in
                TableNames.Journey(
                    name: journey.name,
                    steps: journey.steps.map { .init(name: $0.name, owner: $0.owner, sla: $0.sla, inFunnel: $0.inFunnel) })
            },
            channelOwners: Dictionary(channels.compactMap { channel in channel.owner.map { (Array(channel.name.utf8), $0) } }) { first, _ in first }, texts: texts,
            frictions: zip(frictions, needs).map { .init(name: $0.name, owner: $0.owner, needs: $1) },
            examples: { persons?.first(Self.examplesMax, of: $0) ?? [] })
    }
}
