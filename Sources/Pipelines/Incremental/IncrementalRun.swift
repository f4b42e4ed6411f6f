import Events
import Ingest
import Reports
import Store
import Tables

/// Opens a state while a run is being set up: the inputs to be read depend on it, and it on the pipeline.
final class StateOpening {
    private let folder: String
    private let options: RunOptions
    private var opened: (state: StateFile, inputs: StateInputs)?

    init(_ folder: String, _ options: RunOptions) {
        self.folder = folder
        self.options = options
    }

    func choose(_ inputs: [InputFile], _ definition: PipelineDefinition) throws -> [InputFile] {
        do {
            let state = try StateFile(folder: folder)
            if let text = try state.text(.pipelineHash), !options.rebuilds {
                let changed = definition.fingerprint.differences(from: text)
                guard changed.isEmpty else {
                    throw RunError.usage(
                        "the pipeline has changed since the state in \(folder) was made: \(changed.joined(separator: ", ")). Its sums hold only for the "
                            + "old one. Use --rebuild to fold everything that is kept by the new pipeline, or another --state folder. Nothing was published")
                }
            }
            let chosen = try StateInputs(inputs, definition, state, reprocesses: options.reprocesses, skipsCommitted: options.skipsCommitted)
            opened = (state, chosen)
            return chosen.wanted.map(\.input)
        } catch {
            throw RunError(error)
        }
    }

    func run(_ route: LogRoute, _ cancellation: Cancellation) throws -> IncrementalRun {
        guard let opened else { throw RunError.broken("the state was not opened") }
        return IncrementalRun(route, options, opened.state, opened.inputs, cancellation)
    }
}

/// The middle of a run with a state: what is new is added to what is kept, in one transaction.
final class IncrementalRun: Sendable {
    private let route: LogRoute
    private let options: RunOptions
    private let state: StateFile
    private let inputs: StateInputs
    private let cancellation: Cancellation
    private var definition: PipelineDefinition { route.definition }

    init(_ route: LogRoute, _ options: RunOptions, _ state: StateFile, _ inputs: StateInputs, _ cancellation: Cancellation) {
        self.route = route
        self.options = options
        self.state = state
        self.inputs = inputs
        self.cancellation = cancellation
    }

    /// Gives up what was not committed.
    func giveUp() { state.rollback() }

    /// All lines of the first input that are committed, blank ones too; nil where the state cannot say.
    var committedLines: Int64? { (try? FileStore(state).all())?.first { $0.id == inputs.wanted.first?.known.id }?.linesBehind }

    /// What was committed is published; restated is from now on what changes after.
    func notePublished() throws {
        try state.begin()
        try state.set(.published, try state.number(.commits) ?? 0)
        try RestatedStore(state).removeAll()
        try state.commit()
    }

    /// - Parameter quarantine: this run's lines, in order.
    func compute(_ log: inout EventLog, _ ledger: Ledger, _ quarantine: [[UInt8]], _ clock: StageClock) throws -> PipelineRun.Computed {
        var clock = clock
        var ledger = ledger
        try state.begin()
        let (read, reasons, rejected) = (log.inputs, Ledger.reasons(log.rejected), log.rejected)
        let before = try state.number(.asOf)
        let latest = [try state.number(.latest), log.latest].compactMap { $0 }.max()
        let asOf = options.log.asOf ?? latest
        let sealedBefore = try state.number(.sealedBefore) ?? .min
        let willSealBefore = max(sealedBefore, asOf.map { $0.subtractingReportingOverflow(definition.retention).partialValue } ?? .min)
        let result = try IncrementalFold(
            definition: definition, layout: route.plan.layout, scalars: route.scalars, threads: options.log.threads, memoryBytes: options.log.memoryBytes,
            cancellation: cancellation
        ).run(
            &log, state, files: inputs.wanted.map(\.known.id), fileRanks: fileRanks, before: before, asOf: asOf ?? 0, sealedBefore: sealedBefore,
            willSealBefore: willSealBefore, clock: &clock)
        ledger.events = result.newEvents
        ledger.duplicates = result.newDuplicates
        ledger.filtered = result.newFiltered
        ledger.late = Int64(result.late.count)
        guard ledger.balances else { throw RunError.broken("the ledger does not balance: \(ledger)") }
        var total = Ledger(lines: try sum(.lines, ledger.lines), quarantined: try sum(.quarantined, ledger.quarantined))
        total.late = try sum(.late, ledger.late)
        total.events = result.total.events
        total.duplicates = result.total.duplicates
        total.filtered = result.total.filtered
        guard total.balances else { throw StateError.damaged(path: state.path, reason: "its lines do not add up") }
        try store(read)
        let late = result.late.map { (position: $0.position, json: LateFile.line($0, result.symbols, route, inputs)) }
        try storeAside(zip(rejected, quarantine).map { ($0.0, $0.1) }, late, willSealBefore, asOf ?? 0)
        let names = definition.tableNames(texts: result.texts, asOf: asOf ?? 0, examples: try examples())
        let (tables, daily) = try result.cells.tables(names, threads: options.log.threads, cancellation)
        if let before { try storeRestated(result, names, before: before, daily) }
        let restated = try Restatement.table(RestatedStore(state).all())
        let (allQuarantined, allLate) = try aside()
        clock.finish("tables")
        try state.set(.asOf, asOf)
        try state.set(.latest, latest)
        try state.set(.sealedBefore, willSealBefore == .min ? nil : willSealBefore)
        try state.set(.pipelineHash, definition.fingerprint.text)
        try state.set(.version, SojournVersion.current)
        let commits = try (state.number(.commits) ?? 0) + 1
        try state.set(.commits, commits)
        if cancellation.isCancelled { throw RunError.cancelled }
        try state.commit()
        clock.finish("commit")
        return PipelineRun.Computed(
            ledger: ledger, total: total, read: read, reasons: reasons, asOf: asOf, tables: tables + [definition.identity.table(result.identity, minCount: definition.privacy.rowPersonsMin)],
            daily: daily, persons: Int(result.persons), quarantine: allQuarantined, late: allLate, restated: restated,
            commit: read.first.map { PipelineRun.Outcome.Commit(number: commits, linesBehind: $0.linesBehind) }, clock: clock)
    }

    private func sum(_ value: StateValue, _ more: Int64) throws -> Int64 {
        let sum = try (state.number(value) ?? 0) + more
        try state.set(value, sum)
        return sum
    }

    /// By number of a file: its place by source in the pipeline's order, then by name in bytes (contract 3.1).
    private var fileRanks: [Int] {
        let sources = definition.sources.map { Array($0.name.utf8) }
        func place(_ file: KnownFile) -> Int { sources.firstIndex(of: Array(file.source.utf8)) ?? sources.count }
        let ordered = inputs.files.sorted { left, right in
            let (one, other) = (place(left), place(right))
            return one != other ? one < other : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        var ranks = [Int](repeating: 0, count: Int(inputs.files.map(\.id).max() ?? 0) + 1)
        for (rank, file) in ordered.enumerated() { ranks[Int(file.id)] = rank + 1 }
        return ranks
    }

    private func store(_ read: [EventLog.Input]) throws {
        for (wanted, read) in zip(inputs.wanted, read) {
            var file = wanted.known
            file.bytes = read.contents.bytes
            file.modified = wanted.input.modified
            file.sha256 = read.contents.sha256
            file.lines += read.lines
            file.linesBehind = read.linesBehind
            file.endsWhole = read.contents.endsWhole
            try FileStore(state).store(file)
        }
    }

    /// The names of persons that have frictions, as they stand in the state now.
    private func examples() throws -> @Sendable (Int, Int) -> [String] {
        var names: [[[String]]] = []
        for type in definition.journeys.indices {
            names.append(
                try definition.frictions.indices.map {
                    try ExampleStore(state).first(PipelineRun.examplesMax, type: UInt32(type), friction: UInt32($0))
                })
        }
        return { [names] in names[$0][$1] }
    }

    // MARK: Lines that take no part

    private func storeAside(
        _ rejected: [(line: RejectedLine, json: [UInt8])], _ late: [(position: Int64, json: [UInt8])], _ sealedBefore: EventTime, _ asOf: EventTime
    ) throws {
        let lines = rejected.map {
            AsideLine(reason: $0.line.reason.rawValue, file: inputs.wanted[$0.line.input].known.id, line: $0.line.line, json: $0.json)
        }
        let lateLines = late.map {
            AsideLine(reason: "late", file: Int64(RowPosition.file($0.position)), line: RowPosition.line($0.position), json: $0.json)
        }
        try AsideStore(state).add(lines + lateLines, time: asOf)
        try AsideStore(state).remove(before: sealedBefore)
    }

    private func aside() throws -> (quarantined: [[UInt8]], late: [[UInt8]]) {
        let ranks = fileRanks
        let lines = try AsideStore(state).all().sorted { (ranks[Int($0.file)], $0.line) < (ranks[Int($1.file)], $1.line) }
        return (lines.filter { $0.reason != "late" }.map(\.json), lines.filter { $0.reason == "late" }.map(\.json))
    }

    private func storeRestated(_ result: IncrementalFold.Result, _ names: TableNames, before: EventTime, _ daily: [ReportTable]) throws {
        var namesBefore = names
        namesBefore.asOf = before
        let tables = try result.before.tables(.daily, namesBefore, threads: options.log.threads, cancellation)
        let zone = ZoneOffsets.named(definition.timezone) ?? .utc
        let restatement = Restatement(
            lastDay: zone.day(of: before),
            changes: try result.changes.map { ($0.cause, try $0.cells.tables(.daily, names, threads: options.log.threads, cancellation)) })
        try RestatedStore(state).add(restatement.cells(before: tables, now: daily))
    }
}
