import Definitions
import Disk
import Events
import Ingest
import Reports
import States
import Tables

/// The middle of a run with a state: what is new is added to what is kept, in one transaction.
final class IncrementalRun: Sendable {
    let route: LogRoute
    private let options: RunOptions
    let state: StateFolder
    let inputs: StateInputs
    private let change: StateChange
    private var definition: PipelineDefinition { route.definition }

    /// Opens the state, which says what of the log is to be read. Throws `RunError`.
    init(_ log: FoundLog, _ options: RunOptions, stateFolder: String, _ cancellation: Cancellation) throws {
        do {
            state = try StateOpening.open(stateFolder, for: log.definition, rebuilds: options.rebuilds)
            inputs = try state.use { state in
                try StateInputs(
                    log.inputs, log.definition, state, reprocesses: options.reprocesses, skipsCommitted: options.skipsCommitted)
            }
        } catch {
            throw RunError(error)
        }
        route = LogRoute(
            log, reading: inputs.wanted.map(\.input), rows: .kept, interval: options.every.map { ReadInterval(microseconds: $0) },
            cancellation: cancellation)
        self.options = options
        change = StateChange(definition: log.definition, options: options.log, cancellation: cancellation)
    }

    /// What comes next on the same inputs. Throws as the state's reading does.
    init(after run: IncrementalRun) throws {
        (route, options, state, change) = (run.route, run.options, run.state, run.change)
        inputs = try state.use { try run.inputs.following(in: $0) }
    }

    /// Gives up what was not committed.
    func giveUp() { state.use { $0.rollback() } }

    /// All lines of the first input that are committed, blank ones too; nil where the state cannot say.
    var committedLines: Int64? { try? state.use { try inputs.following(in: $0).wanted.first?.known.linesBehind } }

    /// Lines of inputs that are not read, as earlier runs read them.
    var doneLines: Int64 { inputs.doneLines }

    /// What was committed is published; restated is from now on what changes after.
    func notePublished() throws {
        try state.use { state in
            try state.begin()
            try state.set(.published, try state.number(.commits) ?? 0)
            try RestatedStore(state).removeAll()
            try state.commit()
        }
    }

    /// The transaction stays open: it ends with what is computed being committed, or with `giveUp`.
    func compute(_ log: inout EventLog, _ ledger: Ledger, _ clock: StageClock) throws -> PipelineRun.Computed {
        do {
            return try add(&log, ledger, clock)
        } catch is DamagedBytes {
            throw StateError.damaged(path: state.path, reason: "what is stored in it makes no sense")
        }
    }

    private func add(_ log: inout EventLog, _ ledger: Ledger, _ clock: StageClock) throws -> PipelineRun.Computed {
        var clock = clock
        var ledger = ledger
        let (read, rejected) = (log.inputs, log.rejected)
        var warnings = route.warnings(log)
        let intent = try state.use { try begin(&log, $0) }
        var judged = AsOfDecision.Judged()
        let (result, sums) = try intent.fold.run(
            &log, state, intent.waiting, sealedBefore: intent.decision.sealedBefore, files, clock: &clock,
            touchpoints: route.touchpoints
        ) { days in
            judged = try intent.decision.judge(days)
            return judged.moments
        }
        let (moments, asOf) = (judged.moments, judged.moments.asOf)
        ledger.events = result.newEvents
        ledger.duplicates = result.newDuplicates
        ledger.filtered = result.newFiltered
        ledger.released = result.released
        ledger.late = Int64(result.late.count)
        guard ledger.balances else { throw RunError.broken("the ledger does not balance: \(ledger)") }
        return try state.use { state in
            let total = try total(ledger, sums.total, state, isChanged: intent.isChanged)
            try store(read, result, rejected, state, isChanged: intent.isChanged)
            try storeAside(rejected, result, moments, state)
            let names = try change.names(sums, asOf: asOf ?? 0, aliveDays: judged.aliveDays, state)
            let (tables, daily, outlook) = try definition.tables(
                sums.cells, names, identity: sums.identity, threads: options.log.threads, change.cancellation)
            try warnings?.look(
                at: result.symbols.texts, result.symbols.kinds, result.hubs, touchpoints: result.touchpoints, tables)
            try change.storeRestated(sums, names, before: moments.before, daily, state)
            let restated = try Restatement.table(RestatedStore(state).all())
            try state.set(.asOf, asOf)
            try state.set(.waitsAfter, intent.waiting.now)
            try state.set(.sealedBefore, moments.willSealBefore == .min ? nil : moments.willSealBefore)
            clock.finish("tables")
            let linesBehind = read.first?.linesBehind
            return PipelineRun.Computed(
                ledger: ledger, total: total, read: read, reasons: rejected.reasons, asOf: asOf, tables: tables,
                daily: daily, outlook: outlook, persons: Int(sums.total.persons),
                quarantine: { try self.forEachQuarantined($0) }, late: { try self.forEachLate($0) }, restated: restated,
                commit: { [state = self.state, change] in
                    let commits = try state.use { try change.commit($0) }
                    return linesBehind.map { PipelineRun.Outcome.Commit(number: commits, linesBehind: $0) }
                },
                warnings: judged.warnings + (warnings?.found ?? []), clock: clock)
        }
    }

    /// What a run is to do, as it is decided before anything is folded.
    private struct Intent {
        var fold: IncrementalFold
        var waiting: IncrementalFold.Waiting
        var decision: AsOfDecision
        /// Whether the sums hold for another pipeline.
        var isChanged: Bool
    }

    /// Begins the transaction, and puts before the log's events what is stored and to be folded anew.
    private func begin(_ log: inout EventLog, _ state: StateFile) throws -> Intent {
        try state.begin()
        let fingerprint = try state.text(.pipelineHash)
        let isChanged = fingerprint.map { !definition.fingerprint.differences(from: $0).isEmpty } ?? false
        var fold = IncrementalFold(
            definition: definition, layout: route.plan.layout, scalars: route.scalars, threads: options.log.threads,
            memoryBytes: options.log.memoryBytes, cancellation: change.cancellation)
        let waiting = IncrementalFold.Waiting(before: try state.number(.waitsAfter), now: options.log.asOf ?? .max)
        // What cannot be reached by adding is folded anew: another pipeline, files that were exchanged, events that are to wait
        // although they took part.
        if isChanged || !inputs.replaced.isEmpty {
            fold.reload = .init(
                cause: isChanged ? .pipeline : .removed, leaving: Set(inputs.replaced.map { Int($0.id) }), forgetsSums: isChanged)
        } else if let before = waiting.before, waiting.now < before, try !ComponentStore(state).later(than: waiting.now).isEmpty {
            fold.reload = .init(cause: .timePassed, forgetsSums: false)
        }
        let isSealed = inputs.files.contains { $0.sealed > 0 }
        if let reload = fold.reload {
            if isSealed, !reload.forgetsSums { throw AsOfDecision.sealedError }
            try fold.addStored(to: &log, state)
        }
        let decision = AsOfDecision(
            options: options, definition: definition, files: inputs.files, last: try state.number(.asOf), hasRun: waiting.before != nil,
            sealedBefore: try state.number(.sealedBefore) ?? .min, isSealed: isSealed && fold.reload == nil)
        return Intent(fold: fold, waiting: waiting, decision: decision, isChanged: isChanged)
    }

    private func total(_ ledger: Ledger, _ totals: Totals, _ state: StateFile, isChanged: Bool) throws -> Ledger {
        let replaced = inputs.replaced
        let lines = Ledger(
            lines: ledger.lines - replaced.reduce(0) { $0 + $1.lines },
            expanded: ledger.expanded - replaced.reduce(0) { $0 + $1.expanded },
            quarantined: ledger.quarantined - replaced.reduce(0) { $0 + $1.quarantined },
            late: ledger.late - replaced.reduce(0) { $0 + $1.late })
        var total = try change.total(lines, totals, state)
        if isChanged {
            // Events that are no longer kept cannot be folded by the new pipeline: for it they lie in sealed time.
            total.late = total.lines + total.expanded - total.events - total.quarantined - total.duplicates - total.filtered
            try state.set(.late, total.late)
        }
        try change.check(total, state)
        return total
    }

    /// The files by their numbers, in the state and in the order of positions.
    private var files: IncrementalFold.Files {
        IncrementalFold.Files(
            ofInputs: inputs.wanted.map { ($0.known.id, $0.input.linesBefore) }, ranks: change.ranks(of: inputs.files))
    }

    /// In the order of positions.
    var orderedFiles: [KnownFile] {
        let ranks = change.ranks(of: inputs.files)
        return inputs.files.sorted { ranks[Int($0.id)] < ranks[Int($1.id)] }
    }

    /// What became of the files: those of this run, and those whose events are no longer kept.
    private func store(
        _ read: [LogInput], _ result: IncrementalFold.Result, _ rejected: RejectedLines, _ state: StateFile, isChanged: Bool
    ) throws {
        for file in inputs.replaced { try AsideStore(state).remove(file: file.id) }
        let place = Dictionary(uniqueKeysWithValues: inputs.wanted.enumerated().map { ($0.element.known.id, $0.offset) })
        for known in inputs.files {
            var file = known
            if let index = place[file.id] {
                let (wanted, read) = (inputs.wanted[index], read[index])
                file.bytes = read.bytes
                file.modified = wanted.input.modified
                file.sha256 = read.sha256
                file.lines += read.lines
                file.expanded += read.expanded
                file.fields.add(read.there, names: route.plan.sources[wanted.input.source].fieldNames)
                file.linesBehind = read.linesBehind
                file.endsWhole = read.endsWhole
                file.quarantined += rejected.count(ofInput: index)
                file.late += Int64(result.late.count { $0.input == index })
            }
            if isChanged {
                file.late += file.sealed
                file.sealed = 0
            }
            file.sealed += result.sealed[Int(file.id)] ?? 0
            if file != known || place[file.id] != nil { try FileStore(state).store(file) }
        }
    }
}
