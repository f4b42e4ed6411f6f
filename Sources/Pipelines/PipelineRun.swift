package import Events
import Foundation
package import Ingest
import Identity
import Journeys
import Reports
package import Tables

/// One run, from files to published folder: the log's route, then tables and files.
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

    package let route: LogRoute
    package var definition: PipelineDefinition { route.definition }
    private var inputs: [InputFile] { route.inputs }
    private let options: RunOptions
    private let cancellation: Cancellation
    private let publication: Publication

    /// Reads the pipeline file and finds the inputs. Throws `PipelineFileError`, `RunError`.
    package init(_ options: RunOptions, cancellation: Cancellation) throws {
        self.options = options
        self.cancellation = cancellation
        route = try LogRoute(options.log, cancellation: cancellation)
        do {
            publication = try Publication(options.outputFolder)
        } catch {
            throw RunError.output("\(error)")
        }
    }

    /// Removes what was written so far, from any thread. False: the output was already published.
    package func discard() -> Bool { publication.discard() }

    /// Runs to the end. Throws `RunError`; then nothing was published and nothing is left behind.
    package func run() throws -> Outcome {
        do {
            return try publish(compute())
        } catch {
            publication.discard()
            throw RunError(error)
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
        var log = try route.read(&clock)
        var ledger = Ledger(lines: log.lines, quarantined: Int64(log.rejected.count), filtered: log.filtered)
        try checkRejects(log, ledger)
        let stitched = try route.stitch(&log, keepsGraph: !definition.frictions.isEmpty, &clock)
        ledger.filtered += stitched.filtered
        let folds = try route.fold(route.shard(&log, stitched, &clock), stitched.plan, &clock)
        ledger.events = folds.reduce(0) { $0 + $1.events }
        ledger.duplicates = folds.reduce(0) { $0 + $1.duplicates }
        let cells = try route.sum(folds, &clock)
        guard ledger.balances else { throw RunError.broken("the ledger does not balance: \(ledger)") }
        let persons = stitched.graph.map { PersonNames($0, persons: cells.frictionPersons.all, types: definition.identity.types) }
        let (tables, daily) = try Self.tables(
            cells, definition.tableNames(texts: stitched.texts, persons), threads: options.log.threads, cancellation)
        clock.finish("tables")
        return Computed(
            log: log, asOf: stitched.asOf, ledger: ledger, tables: tables + [definition.identity.table(stitched.counts, minCount: definition.privacy.rowPersonsMin)], daily: daily,
            persons: stitched.persons, clock: clock)
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
            packageName: definition.name, title: "sojourn: \(definition.name)", databaseMode: definition.privacy.minCount == nil ? 0o644 : 0o600)
        clock.finish("write")
        let record = RunRecord(
            definition: definition, options: options, inputs: inputs, read: computed.log.inputs, tables: computed.tables, ledger: computed.ledger,
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

    func tableNames(texts: SymbolTable, _ persons: PersonNames?) -> TableNames {
        let needs = FrictionNeeds(frictions).ofRules
        var names = TableNames(
            journeys: journeys.map { journey in
                TableNames.Journey(
                    name: journey.name,
                    steps: journey.steps.map { .init(name: $0.name, owner: $0.owner, sla: $0.sla, inFunnel: $0.inFunnel) })
            },
            channelOwners: Dictionary(channels.compactMap { channel in channel.owner.map { (Array(channel.name.utf8), $0) } }) { first, _ in first }, texts: texts,
            frictions: zip(frictions, needs).map { .init(name: $0.name, owner: $0.owner, needs: $1) },
            examples: { persons?.first(Self.examplesMax, of: $0) ?? [] })
        names.minCount = privacy.rowPersonsMin
        return names
    }
}
