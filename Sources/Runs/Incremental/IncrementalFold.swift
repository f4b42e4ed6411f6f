import Definitions
import Events
import Expressions
import Identity
import Ingest
import Journeys
import States
import Tables

/// The fold of a run with a state: Σ of what the touched persons contribute now, minus Σ of what they contributed before,
/// added to what is stored. Touched is who has new events, whose identifiers occur with new ones, and whose contribution
/// changes because as-of moved on. Nobody else is looked at.
struct IncrementalFold {
    let definition: PipelineDefinition
    let layout: RowLayout
    let scalars: [EventField]
    let threads: Int
    let memoryBytes: Int
    let cancellation: Cancellation
    /// What is to become of what is stored: nil where it stays and is added to.
    var reload: Reload?

    /// After which time events wait: in the last run, nil where there was none, and in this one. `EventTime.max` where as-of is not
    /// given: then none do.
    struct Waiting {
        var before: EventTime?
        var now: EventTime
    }

    /// As of when persons were judged by the last run, nil where there was none, and are by this one, nil where there is no event.
    /// And before which time events come late, and are sealed by this run.
    struct Moments {
        var before: EventTime?
        var asOf: EventTime?
        var sealedBefore: EventTime
        var willSealBefore: EventTime
    }

    struct Files {
        /// By input: its number in the state, and the last of its lines that earlier runs read.
        var ofInputs: [(id: Int64, linesBefore: Int64)] = []
        /// By number of a file: its place in the order of positions.
        var ranks: [Int]

        /// By number of a file: the last of its lines that earlier runs read; beyond all lines where this run reads none of it.
        var linesBefore: [Int64] {
            var lines = [Int64](repeating: .max, count: ranks.count)
            for (id, linesBefore) in ofInputs { lines[Int(id)] = linesBefore }
            return lines
        }
    }

    /// How what is stored is folded anew, as if all of it were read once more.
    struct Reload {
        /// Why published cells change.
        var cause: ChangeCause
        /// Files whose events are left out, by number.
        var leaving: Set<Int> = []
        /// The stored sums hold for another pipeline: they are forgotten. Otherwise what the stored events contributed is
        /// taken away from them, and what was sealed stays.
        var forgetsSums: Bool
    }

    /// What became of the lines of this run.
    struct Result {
        var newEvents: Int64
        var newDuplicates: Int64
        var newFiltered: Int64
        var released: Int64
        var late: [Connection.LateEvent]
        /// By number of a file: events that are kept no longer.
        var sealed: [Int: Int64]
        var symbols: MergedSymbols
        /// Of everybody who was looked at.
        var hubs: HubIDs
        /// By source, where together they are many.
        var touchpoints: [Int]
    }

    /// Changes the state within the transaction that is open. Throws; then the transaction is to be given up.
    /// - Parameters:
    ///   - sealedBefore: events before come late.
    ///   - judge: says as of when, once it is known how many persons each day has.
    func run(
        _ log: inout EventLog, _ state: StateFolder, _ waiting: Waiting, sealedBefore: EventTime, _ files: Files, clock: inout StageClock,
        touchpoints countTouchpoints: (EventLog, TupleTable) throws -> [Int], judge: (EventDays) throws -> Moments
    ) throws -> (Result, Sums) {
        let symbols = MergedSymbols(log.readers)
        log.readers = []
        let start = try state.use { try self.start(log, symbols, $0, waiting, sealedBefore, files, clock: &clock) }
        let touchpoints = try countTouchpoints(log, symbols.kinds)
        let access = try StateAccess(state)
        let shards = try PersonShards(
            &log.blocks, persons: start.connection.count, layout: layout, memoryBytes: memoryBytes, threads: threads,
            cancellation: cancellation)
        clock.finish("shard")
        let (workers, days) = try countDays(shards, start, symbols, state, access)
        let moments = try judge(days)
        let (nobodys, due) = try state.use { state in
            (
                try storeNobodys(start.connection, state, sealedBefore: moments.willSealBefore, symbols, start.plan),
                try self.due(moments, ComponentStore(state))
            )
        }
        clock.finish("days")
        let folds = try fold(shards, start, due, moments, workers, symbols, access, &clock)
        try access.finish()
        return try state.use { state in
            for symbol in start.connection.placeholders {
                try PlaceholderStore(state).add(
                    type: Int(symbols.identifiers.tag(of: symbol)), Array(symbols.identifiers.bytes(of: symbol)))
            }
            let sums = try sum(folds, state, symbols.texts, nobodysAdded: nobodys.added, forgottenCells: start.forgottenCells)
            clock.finish("sum")
            var sealed = nobodys.sealed
            for fold in folds { sealed.merge(fold.sealed) { $0 + $1 } }
            var hubs = HubIDs()
            for fold in folds { hubs.add(fold.hubs) }
            func count(_ count: (ComponentFold) -> Int64) -> Int64 { folds.reduce(0) { $0 + count($1) } }
            let result = Result(
                newEvents: count(\.newEvents), newDuplicates: count(\.newDuplicates),
                newFiltered: count(\.newFiltered) + start.connection.newNobodys, released: count(\.released), late: start.connection.late,
                sealed: sealed, symbols: symbols, hubs: hubs, touchpoints: touchpoints)
            return (result, sums)
        }
    }

    /// What is known before components are folded.
    struct Start {
        var connection: Connection
        var plan: IncrementalPlan
        /// Stored components to be folded: all where what they contributed is taken away, or those with events that waited.
        var leaving: [Int64] = []
        var waiting: [Int64] = []
        var forgottenCells: MetricCells?
    }

    private func start(
        _ log: EventLog, _ symbols: MergedSymbols, _ state: StateFile, _ waiting: Waiting, _ sealedBefore: EventTime, _ files: Files,
        clock: inout StageClock
    ) throws -> Start {
        try state.set(.layout, storedLayout.bytes)
        var words = try SharedWords(exchanging: symbols.kinds, texts: symbols.texts, state)
        let stored = try storedPlaceholders(state)
        // What is folded anew learns its placeholders anew.
        let known = reload == nil ? stored : []
        clock.finish("merge")
        let (store, keys) = (try ComponentStore(state), try IdentifierKeys(state))
        let connection = try Connection(
            log, symbols, layout: layout, files: files.ofInputs.map(\.id), identity: definition.identity, known: known,
            until: waiting.now, sealedBefore: sealedBefore, store: reload == nil ? store : nil, keys: keys, threads: threads,
            cancellation: cancellation)
        try words.add(fieldSets: connection.fieldSets, texts: symbols.texts, state)
        clock.finish("connect")
        var plan = IncrementalPlan(
            definition, layout, words: words, keys: keys, waiting, files, placeholdersBefore: stored, placeholders: known)
        for symbol in connection.placeholders { plan.placeholders.insert(ComponentAtHand.name(symbol, symbols.identifiers)) }
        var leaving: [Int64] = []
        var forgottenCells: MetricCells?
        if let reload {
            if reload.forgetsSums {
                forgottenCells = try CellStore(state).load(texts: symbols.texts)
                try state.forgetSums()
            } else {
                leaving = try store.all()
            }
            try PlaceholderStore(state).removeAll()
        }
        var waited: [Int64] = []
        // Later than what waited: events that took part and are to wait now are a reason to load all of it anew.
        if reload == nil, let before = waiting.before, before != waiting.now { waited = try store.later(than: before) }
        return Start(connection: connection, plan: plan, leaving: leaving, waiting: waited, forgottenCells: forgottenCells)
    }

    /// Stored components that contribute something else as of the new moment. Up to when they contribute the same is known of
    /// later moments only: where as-of goes back, because the days that were the last ones are alive no longer, all are asked.
    private func due(_ moments: Moments, _ store: ComponentStore) throws -> [Int64] {
        guard reload == nil, let before = moments.before else { return [] }
        let asOf = moments.asOf ?? 0
        return asOf < before ? try store.all() : try store.due(asOf: asOf)
    }

    /// Type and text of linking ids that are placeholders by the state.
    func storedPlaceholders(_ state: StateFile) throws -> Set<[UInt8]> {
        Set(try PlaceholderStore(state).all().map { [UInt8($0.type)] + $0.text })
    }

    /// With `reload`, before `run`: puts the stored events before the log's own.
    func addStored(to log: inout EventLog, _ state: StateFile) throws {
        try StoredEvents.add(to: &log, state, storedLayout, leaving: reload?.leaving ?? [])
    }

    private var storedLayout: StoredLayout {
        StoredLayout(types: definition.identityColumns.map { definition.identity.types[$0] }, scalars: scalars, rows: layout)
    }
}
