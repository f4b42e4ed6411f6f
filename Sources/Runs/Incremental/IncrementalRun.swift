import Definitions
import Disk
import Events
import Ingest
import Reports
import States
import Tables

/// The middle of a run with a state: what is new is added to what is kept, in one transaction.
final class IncrementalRun: Sendable {
    private let route: LogRoute
    private let options: RunOptions
    let state: StateFolder
    let inputs: StateInputs
    private let cancellation: Cancellation
    private var definition: PipelineDefinition { route.definition }

    init(_ route: LogRoute, _ options: RunOptions, _ state: StateFolder, _ inputs: StateInputs, _ cancellation: Cancellation) {
        self.route = route
        self.options = options
        self.state = state
        self.inputs = inputs
        self.cancellation = cancellation
    }

    /// What comes next on the same inputs. Throws as the state's reading does.
    init(after run: IncrementalRun) throws {
        (route, options, state, cancellation) = (run.route, run.options, run.state, run.cancellation)
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
        let intent = try state.use { try begin(&log, $0) }
        let asOf = intent.asOf
        let result = try intent.fold.run(
            &log, state, files: inputs.wanted.map(\.known.id), fileRanks: fileRanks, before: intent.before, asOf: asOf ?? 0,
            sealedBefore: intent.sealedBefore, willSealBefore: intent.willSealBefore, linesBefore: linesBefore, clock: &clock)
        ledger.events = result.newEvents
        ledger.duplicates = result.newDuplicates
        ledger.filtered = result.newFiltered
        ledger.late = Int64(result.late.count)
        guard ledger.balances else { throw RunError.broken("the ledger does not balance: \(ledger)") }
        return try state.use { state in
            let lateForgotten = try forgetAside(result.forgotten, state)
            let total = try total(ledger, result, state, isChanged: intent.isChanged, lateForgotten: lateForgotten.values.reduce(0, +))
            try store(lateForgotten, read, result, rejected, state, isChanged: intent.isChanged)
            try storeAside(rejected, result, route, intent, state)
            let names = definition.tableNames(texts: result.symbols.texts, asOf: asOf ?? 0, examples: try examples(state))
            let (tables, daily) = try definition.tables(
                result.cells, names, identity: result.identity, threads: options.log.threads, cancellation)
            if let before = intent.before { try storeRestated(result, names, before: before, daily, state) }
            let restated = try Restatement.table(RestatedStore(state).all())
            clock.finish("tables")
            try state.set(.asOf, asOf)
            try state.set(.latest, intent.latest)
            try state.set(.sealedBefore, intent.willSealBefore == .min ? nil : intent.willSealBefore)
            try state.set(.pipelineHash, definition.fingerprint.text)
            // Its list of blocked values may hold identifiers, which a state with a key must not.
            if definition.privacy.key == nil { try state.set(.pipeline, definition.fileText) }
            try state.set(.version, SojournVersion.current)
            try state.set(.pipelinePath, FilePaths.absolute(options.log.pipelinePath, from: FilePaths.workingFolder))
            let commits = try (state.number(.commits) ?? 0) + 1
            try state.set(.commits, commits)
            if cancellation.isCancelled { throw RunError.cancelled }
            try state.commit()
            clock.finish("commit")
            return PipelineRun.Computed(
                ledger: ledger, total: total, read: read, reasons: rejected.reasons, asOf: asOf, tables: tables,
                daily: daily, persons: Int(result.total.persons),
                quarantine: { try self.aside(late: false, $0) }, late: { try self.aside(late: true, $0) }, restated: restated,
                forgotten: result.forgotten.events,
                commit: read.first.map { PipelineRun.Outcome.Commit(number: commits, linesBehind: $0.linesBehind) }, clock: clock)
        }
    }

    /// What a run is to do, as it is decided before anything is folded.
    struct Intent {
        var fold: IncrementalFold
        /// As-of of the last run, and of this one.
        var before: EventTime?
        var asOf: EventTime?
        /// Of all lines so far.
        var latest: EventTime?
        var sealedBefore: EventTime
        var willSealBefore: EventTime
        /// Whether the sums hold for another pipeline.
        var isChanged: Bool
    }

    /// Begins the transaction, and puts before the log's events what is stored and to be folded anew.
    private func begin(_ log: inout EventLog, _ state: StateFile) throws -> Intent {
        try state.begin()
        let before = try state.number(.asOf)
        let fingerprint = try state.text(.pipelineHash)
        let isChanged = fingerprint.map { !definition.fingerprint.differences(from: $0).isEmpty } ?? false
        var fold = IncrementalFold(
            definition: definition, layout: route.plan.layout, scalars: route.scalars, threads: options.log.threads,
            memoryBytes: options.log.memoryBytes,
            cancellation: cancellation)
        // What cannot be reached by adding is folded anew: another pipeline, files that were exchanged, an earlier as-of.
        var known = try state.number(.latest)
        if isChanged || !inputs.replaced.isEmpty {
            fold.reload = .init(
                cause: isChanged ? .pipeline : .removed, leaving: Set(inputs.replaced.map { Int($0.id) }), forgetsSums: isChanged)
            // The latest time may have stood in what is exchanged.
            known = try fold.addStored(to: &log, state) ?? log.latest ?? known
        }
        let latest = [known, log.latest].compactMap { $0 }.max()
        // Forgetting is no reason for time to move on.
        let asOf = options.forgets == nil ? options.log.asOf(latest: latest) : before
        if fold.reload == nil, let before, let asOf, asOf < before {
            fold.reload = .init(cause: .timePassed, forgetsSums: false)
            _ = try fold.addStored(to: &log, state)
        }
        if let reload = fold.reload, !reload.forgetsSums, inputs.files.contains(where: { $0.sealed > 0 }) {
            // What is left of dropped events says who was counted, but could not be dealt out anew.
            throw RunError.usage(
                "an earlier as-of, or other content of a file that was read, cannot be brought into a state of which events are sealed "
                    + "(`retention`): those that are dropped would be missing. Nothing was published")
        }
        fold.forgetting = options.forgets
        let sealedBefore = try state.number(.sealedBefore) ?? .min
        let willSealBefore = max(sealedBefore, asOf?.saturatingSubtract(definition.retention) ?? .min)
        return Intent(
            fold: fold, before: before, asOf: asOf, latest: latest, sealedBefore: sealedBefore, willSealBefore: willSealBefore,
            isChanged: isChanged)
    }

    /// Where all lines of all runs went.
    private func total(
        _ ledger: Ledger, _ result: IncrementalFold.Result, _ state: StateFile, isChanged: Bool, lateForgotten: Int64
    ) throws -> Ledger {
        var total = Ledger(
            lines: try state.add(
                .lines, ledger.lines - inputs.replaced.reduce(0) { $0 + $1.lines } - result.forgotten.events - lateForgotten),
            expanded: try state.add(.expanded, ledger.expanded - inputs.replaced.reduce(0) { $0 + $1.expanded }),
            events: result.total.events,
            quarantined: try state.add(.quarantined, ledger.quarantined - inputs.replaced.reduce(0) { $0 + $1.quarantined }),
            duplicates: result.total.duplicates, filtered: result.total.filtered)
        total.late = try state.add(.late, ledger.late - inputs.replaced.reduce(0) { $0 + $1.late } - lateForgotten)
        if isChanged {
            // Events that are no longer kept cannot be folded by the new pipeline: for it they lie in sealed time.
            total.late = total.lines + total.expanded - total.events - total.quarantined - total.duplicates - total.filtered
            try state.set(.late, total.late)
        }
        guard total.balances else { throw StateError.damaged(path: state.path, reason: "its lines do not add up") }
        return total
    }

    /// By number of a file: the last of its lines that earlier runs read; beyond all lines where this run reads none of it.
    private var linesBefore: [Int64] {
        var lines = [Int64](repeating: .max, count: Int(inputs.files.map(\.id).max() ?? 0) + 1)
        for (input, known) in inputs.wanted { lines[Int(known.id)] = input.linesBefore }
        return lines
    }

    /// By number of a file: its place by source in the pipeline's order, then by name in bytes (pipelines/rules.md, 5).
    var fileRanks: [Int] {
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

    /// What became of the files: those of this run, and those whose events are no longer kept.
    private func store(
        _ lateForgotten: [Int64: Int64], _ read: [EventLog.Input], _ result: IncrementalFold.Result, _ rejected: RejectedLines,
        _ state: StateFile, isChanged: Bool
    ) throws {
        for file in inputs.replaced { try AsideStore(state).remove(file: file.id) }
        let place = Dictionary(uniqueKeysWithValues: inputs.wanted.enumerated().map { ($0.element.known.id, $0.offset) })
        for known in inputs.files {
            var file = known
            if let index = place[file.id] {
                let (wanted, read) = (inputs.wanted[index], read[index])
                file.bytes = read.contents.bytes
                file.modified = wanted.input.modified
                file.sha256 = read.contents.sha256
                file.lines += read.lines
                file.expanded += read.expanded
                file.linesBehind = read.linesBehind
                file.endsWhole = read.contents.endsWhole
                file.quarantined += rejected.count(ofInput: index)
                file.late += Int64(result.late.count { $0.input == index })
            }
            if isChanged {
                file.late += file.sealed
                file.sealed = 0
            }
            file.sealed += result.sealed[Int(file.id)] ?? 0
            file.late -= lateForgotten[file.id] ?? 0
            file.lines -= (lateForgotten[file.id] ?? 0) + (result.forgotten.ofFiles[Int(file.id)] ?? 0)
            if file != known || place[file.id] != nil { try FileStore(state).store(file) }
        }
    }

    /// The names of persons that have frictions, as they stand in the state now.
    private func examples(_ state: StateFile) throws -> @Sendable (Int, Int) -> [String] {
        var names: [[[String]]] = []
        for type in definition.journeys.indices {
            names.append(
                try definition.frictions.indices.map {
                    try ExampleStore(state).first(PipelineRun.examplesMax, type: UInt32(type), friction: UInt32($0))
                })
        }
        return { [names] in names[$0][$1] }
    }

    private func storeRestated(
        _ result: IncrementalFold.Result, _ names: TableNames, before: EventTime, _ daily: [ReportTable], _ state: StateFile
    ) throws {
        var namesBefore = names
        // Where another version of this program wrote it, it may not be readable any more; the names of today serve then.
        if let text = try state.bytes(.pipeline), let then = try? PipelineReader.read(text: text, name: "") {
            namesBefore = then.tableNames(texts: result.symbols.texts, asOf: before) { _, _ in [] }
        }
        namesBefore.asOf = before
        let tables = try result.before.tables(.daily, namesBefore, threads: options.log.threads, cancellation)
        let zone = ZoneOffsets.named(definition.timezone) ?? .utc
        let restatement = Restatement(
            lastDay: zone.day(of: before), days: result.days,
            changes: try result.changes.map { ($0.cause, try $0.cells.tables(.daily, names, threads: options.log.threads, cancellation)) })
        try RestatedStore(state).add(restatement.cells(before: tables, now: daily))
    }
}
