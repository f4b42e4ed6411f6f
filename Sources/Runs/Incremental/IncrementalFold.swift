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

    /// A person that is to be forgotten, as somebody asks for it.
    var forgetting: String?

    /// What was forgotten.
    struct Forgotten: Sendable {
        /// Events, and by number of a file how many of them it held.
        var events: Int64 = 0
        var ofFiles: [Int: Int64] = [:]
        var identifiers: [(type: String, id: String)] = []
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

    struct Result {
        /// All cells, without zeros.
        var cells: MetricCells
        /// The days of which any cell changed, with what their cells and those of stalls were before.
        var days: Set<Int32>
        var before: MetricCells
        /// What changed for which reason, as sizes.
        var changes: [(cause: ChangeCause, cells: MetricCells)]
        var identity: [IdentityCounts]
        /// Of all lines that any run read, and of this run's.
        var total: Totals
        var newEvents: Int64
        var newDuplicates: Int64
        var newFiltered: Int64
        var late: [Connection.LateEvent]
        /// By number of a file: events that are kept no longer.
        var sealed: [Int: Int64]
        var forgotten: Forgotten
        var symbols: MergedSymbols
    }

    /// Changes the state within the transaction that is open. Throws; then the transaction is to be given up.
    /// - Parameters:
    ///   - files: by input, its number in the state; and by number, its place in the order of positions.
    ///   - before: as-of of the last run.
    func run(
        _ log: inout EventLog, _ state: StateFolder, files: [Int64], fileRanks: [Int], before: EventTime?, asOf: EventTime,
        sealedBefore: EventTime,
        willSealBefore: EventTime, linesBefore: [Int64], clock: inout StageClock
    ) throws -> Result {
        let symbols = MergedSymbols(log.readers)
        log.readers = []
        let start = try state.use { state in
            try self.start(
                log, symbols, state, files: files, fileRanks: fileRanks, before: before, asOf: asOf, sealedBefore: sealedBefore,
                willSealBefore: willSealBefore, linesBefore: linesBefore, clock: &clock)
        }
        let access = try StateAccess(state)
        var folds = try fold(&log, start, symbols, access, &clock)
        var forgotten = Forgotten()
        if let forgetting {
            if folds.isEmpty { folds.append(try worker(start.plan, symbols)) }
            forgotten = try forget(forgetting, start.plan, folds[0], state, access)
        }
        try access.finish()
        return try state.use { state in
            for symbol in start.connection.placeholders {
                try PlaceholderStore(state).add(
                    type: Int(symbols.identifiers.tag(of: symbol)), Array(symbols.identifiers.bytes(of: symbol)))
            }
            return try sum(folds, state, symbols, start.connection, start.nobodys, forgotten, start.forgottenCells, &clock)
        }
    }

    /// What is known before components are folded.
    private struct Start {
        var connection: Connection
        var plan: IncrementalPlan
        /// Stored components to be folded: all where what they contributed is taken away, or those whose time has come.
        var leaving: [Int64] = []
        var due: [Int64] = []
        var forgottenCells: MetricCells?
        var nobodys: (added: Int64, sealed: [Int: Int64])
    }

    private func start(
        _ log: EventLog, _ symbols: MergedSymbols, _ state: StateFile, files: [Int64], fileRanks: [Int], before: EventTime?,
        asOf: EventTime,
        sealedBefore: EventTime, willSealBefore: EventTime, linesBefore: [Int64], clock: inout StageClock
    ) throws -> Start {
        try state.set(.layout, storedLayout.bytes)
        try KindStore(state).exchange(texts: symbols.texts, kinds: symbols.kinds)
        let stored = Set(try PlaceholderStore(state).all().map { [UInt8($0.type)] + $0.text })
        // What is folded anew learns its placeholders anew.
        let known = reload == nil ? stored : []
        clock.finish("merge")
        let (store, keys) = (try ComponentStore(state), try IdentifierKeys(state))
        let connection = try Connection(
            log, symbols, layout: layout, files: files, identity: definition.identity, known: known, asOf: asOf, sealedBefore: sealedBefore,
            store: reload == nil ? store : nil, keys: keys, threads: threads, cancellation: cancellation)
        clock.finish("connect")
        var placeholders = known
        for symbol in connection.placeholders { placeholders.insert(ComponentFold.name(symbol, symbols.identifiers)) }
        let plan = IncrementalPlan(
            identity: (
                definition.identity.known.count, definition.identity.types, definition.identityColumns.count, definition.identity.maxKnown
            ), layout: layout,
            kinds: symbols.kinds,
            keys: keys, fileRanks: fileRanks, before: before, asOf: asOf, sealedBefore: willSealBefore, retention: definition.retention,
            reach: definition.reach, canCut: definition.canCut,
            linesBefore: linesBefore, placeholdersBefore: stored, placeholders: placeholders)
        var leaving: [Int64] = []
        var forgottenCells: MetricCells?
        if let reload {
            if reload.forgetsSums {
                let cells = MetricCells()
                try CellStore(state).load(into: cells, texts: symbols.texts)
                cells.finish()
                forgottenCells = cells
                try state.forgetSums()
            } else {
                leaving = try store.all()
            }
            try PlaceholderStore(state).removeAll()
        }
        let nobodys = try storeNobodys(connection, state, plan, symbols)
        let due = reload == nil && before != nil ? try store.due(asOf: asOf) : []
        return Start(connection: connection, plan: plan, leaving: leaving, due: due, forgottenCells: forgottenCells, nobodys: nobodys)
    }

    /// With `reload`, before `run`: puts the stored events before the log's own, and answers the latest time among them.
    func addStored(to log: inout EventLog, _ state: StateFile) throws -> EventTime? {
        try StoredEvents.add(to: &log, state, storedLayout, leaving: reload?.leaving ?? [])
    }

    private var storedLayout: StoredLayout {
        StoredLayout(types: definition.identityColumns.map { definition.identity.types[$0] }, scalars: scalars, rows: layout)
    }

    // MARK: Touched components

    private func fold(
        _ log: inout EventLog, _ start: Start, _ symbols: MergedSymbols, _ access: StateAccess, _ clock: inout StageClock
    ) throws -> [ComponentFold] {
        let (connection, plan) = (start.connection, start.plan)
        let shards = try PersonShards(
            &log.blocks, persons: connection.count, layout: layout, memoryBytes: memoryBytes, threads: threads, cancellation: cancellation)
        clock.finish("shard")
        let withLeaving = try batches(start.leaving, state: { _ in Hands() }, plan, symbols, access) {
            $0.fold(former: [$1], leaving: { _ in true }, cause: reload?.cause)
        }
        let (former, homes) = (connection.former, connection.homes)
        let withNew = try Parallel.run(count: shards.count, threads: threads, cancellation: cancellation, state: { withLeaving[$0] }) {
            hands, shard in
            let fold = try hands.fold ?? worker(plan, symbols)
            hands.fold = fold
            var outcomes: [ComponentOutcome] = []
            var failure: (any Error)?
            try shards.forEachPerson(in: shard, hands.scratch) { number, rows in
                guard failure == nil else { return }
                hands.done.append(Int(number))
                do {
                    try load(former[Int(number)], access, fold)
                    append(rows, symbols, homes, to: fold.rows)
                    outcomes.append(fold.fold(former: former[Int(number)], cause: reload?.cause))
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
            try access.apply(outcomes)
        }
        clock.finish("fold")
        // What is left: components whose time has come, and those that only a placeholder led to.
        let touched = Set(withNew.flatMap(\.done).flatMap { former[$0] })
        let rest = Set(former.joined()).union(start.due).subtracting(touched).sorted()
        let all = try batches(rest, state: { withNew[$0] }, plan, symbols, access) { $0.fold(former: [$1]) }
        clock.finish("due")
        return all.compactMap(\.fold)
    }

    /// Folds stored components that have no new events.
    /// - Parameter state: a worker's things from an earlier stage.
    private func batches(
        _ ids: [Int64], state: @Sendable (Int) -> Hands, _ plan: IncrementalPlan, _ symbols: MergedSymbols, _ access: StateAccess,
        _ fold: @Sendable (ComponentFold, Int64) -> ComponentOutcome
    ) throws -> [Hands] {
        let batch = 256
        return try Parallel.run(count: (ids.count + batch - 1) / batch, threads: threads, cancellation: cancellation, state: state) {
            hands, index in
            let worker = try hands.fold ?? worker(plan, symbols)
            hands.fold = worker
            var outcomes: [ComponentOutcome] = []
            for id in ids[(index * batch)..<min((index + 1) * batch, ids.count)] {
                try load([id], access, worker)
                outcomes.append(fold(worker, id))
            }
            try access.apply(outcomes)
        }
    }

    /// A worker's own things; `Parallel` hands them over.
    private struct Hands: @unchecked Sendable {
        var fold: ComponentFold?
        let scratch = RowScratch()
        /// Numbers of the components it folded with new events.
        var done: [Int] = []
    }

    func load(_ ids: [Int64], _ access: StateAccess, _ fold: ComponentFold) throws {
        fold.rows.clear()
        for (id, bytes) in zip(ids, try access.load(ids)) { try fold.load(bytes, id: id) }
    }

    /// Adds this run's rows of a component, whose tuples are the run's yet.
    func append(_ new: UnsafeBufferPointer<UnsafeRawPointer>, _ symbols: MergedSymbols, _ homes: [Int64], to rows: ComponentRows) {
        var translated: [UInt32: UInt32] = [:]
        for row in new {
            let tuple = row.load(fromByteOffset: layout.tupleOffset!, as: UInt32.self)
            let own =
                translated[tuple]
                ?? {
                    let identifiers = symbols.identities[Int(tuple)].map { symbol in
                        symbol == 0
                            ? 0
                            : rows.identifier(
                                symbols.identifiers.bytes(of: symbol), type: symbols.identifiers.tag(of: symbol), home: homes[Int(symbol)])
                    }
                    return rows.intern(tuple: identifiers)
                }()
            translated[tuple] = own
            rows.append(row, tuple: own)
        }
    }

    /// Every worker has texts and plans of its own: texts grow with the stored rows it loads.
    func worker(_ plan: IncrementalPlan, _ symbols: MergedSymbols) throws -> ComponentFold {
        let texts = SymbolTable(capacity: symbols.texts.count * 2)
        _ = texts.absorb(symbols.texts)
        func foldPlan(_ asOf: EventTime) throws -> FoldPlan {
            try definition.foldPlan(texts: texts, kinds: symbols.kinds, scalars: scalars, layout: layout, asOf: asOf)
        }
        return ComponentFold(plan, texts: texts, foldPlans: (try plan.before.map(foldPlan), try foldPlan(plan.asOf)))
    }
}
