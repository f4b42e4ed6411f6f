import Events
import Expressions
import Identity
import Ingest
import Journeys
import Store
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
        var texts: SymbolTable
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
        var persons: Int64
    }

    private typealias Worker = (fold: ComponentFold?, scratch: RowScratch)

    /// Changes the state within the transaction that is open. Throws; then the transaction is to be given up.
    /// - Parameters:
    ///   - files: by input, its number in the state; and by number, its place in the order of positions.
    ///   - before: as-of of the last run.
    func run(
        _ log: inout EventLog, _ state: StateFile, files: [Int64], fileRanks: [Int], before: EventTime?, asOf: EventTime, sealedBefore: EventTime,
        willSealBefore: EventTime, linesBefore: [Int64], clock: inout StageClock
    ) throws -> Result {
        if let reload { try StoredEvents.add(to: &log, state, storedLayout, leaving: reload.leaving) }
        try state.set(.layout, storedLayout.bytes)
        let symbols = MergedSymbols(log.readers)
        log.readers = []
        let stateSymbols = try StateSymbols(TextStore(state), texts: symbols.texts, kinds: symbols.kinds)
        let stored = Set(try PlaceholderStore(state).all().map { [UInt8($0.type)] + $0.text })
        // What is folded anew learns its placeholders anew.
        let known = reload == nil ? stored : []
        clock.finish("merge")
        let store = try ComponentStore(state)
        let connection = try Connection(
            log, symbols, layout: layout, files: files, identity: definition.identity, known: known, asOf: asOf, sealedBefore: sealedBefore,
            store: reload == nil ? store : nil, threads: threads, cancellation: cancellation)
        clock.finish("connect")
        var placeholders = known
        for symbol in connection.placeholders { placeholders.insert(ComponentFold.name(symbol, symbols.identifiers)) }
        let plan = IncrementalPlan(
            identity: (definition.identity.known.count, definition.identity.types, definition.identity.maxKnown), layout: layout, symbols: stateSymbols,
            fileRanks: fileRanks, before: before, asOf: asOf, sealedBefore: willSealBefore, retention: definition.retention,
            reach: definition.reach, canCut: definition.canCut,
            linesBefore: linesBefore, placeholdersBefore: stored, placeholders: placeholders)
        let access = try StateAccess(state)
        var leaving: [Int64] = []
        if let reload {
            if reload.forgetsSums { try state.forgetSums() } else { leaving = try store.all() }
            try PlaceholderStore(state).removeAll()
        }
        let nobodys = try storeNobodys(connection, state, plan, symbols)
        let due = reload == nil && before != nil ? try store.due(asOf: asOf) : []
        var folds = try fold(&log, connection, due: due, leaving: leaving, plan, symbols, access, &clock)
        var forgotten = Forgotten()
        if let forgetting {
            if folds.isEmpty { folds.append(try worker(plan, symbols)) }
            forgotten = try forget(forgetting, folds[0], store, access)
        }
        for symbol in connection.placeholders {
            try PlaceholderStore(state).add(type: Int(symbols.identifiers.tag(of: symbol)), Array(symbols.identifiers.bytes(of: symbol)))
        }
        try state.set(.components, access.lastComponent)
        return try sum(folds, state, stateSymbols, symbols, connection, nobodys, forgotten, &clock)
    }

    private var storedLayout: StoredLayout { StoredLayout(types: definition.identity.types, scalars: scalars, rows: layout) }

    // MARK: Touched components

    private func fold(
        _ log: inout EventLog, _ connection: Connection, due: [Int64], leaving: [Int64], _ plan: IncrementalPlan, _ symbols: MergedSymbols, _ access: StateAccess,
        _ clock: inout StageClock
    ) throws -> [ComponentFold] {
        let shards = try PersonShards(
            &log.blocks, persons: connection.count, layout: layout, memoryBytes: memoryBytes, threads: threads, cancellation: cancellation)
        clock.finish("shard")
        let withLeaving = try batches(leaving, state: { _ in Hands() }, plan, symbols, access) { $0.fold(former: [$1], leaving: { _ in true }, cause: reload?.cause) }
        let done = DoneList(count: connection.count)
        let (former, homes) = (connection.former, connection.homes)
        let withNew = try Parallel.run(count: shards.count, threads: threads, cancellation: cancellation, state: { withLeaving[$0] }) { hands, shard in
            let fold = try hands.fold ?? worker(plan, symbols)
            hands.fold = fold
            var outcomes: [ComponentFold.Outcome] = []
            var failure: (any Error)?
            try shards.forEachPerson(in: shard, hands.scratch) { number, rows in
                guard failure == nil else { return }
                done.mark(Int(number))
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
        let touched = Set(former.enumerated().filter { done.isMarked($0.offset) }.flatMap(\.element))
        let rest = Set(former.joined()).union(due).subtracting(touched).sorted()
        let all = try batches(rest, state: { withNew[$0] }, plan, symbols, access) { $0.fold(former: [$1]) }
        clock.finish("due")
        return all.compactMap(\.fold)
    }

    /// Folds stored components that have no new events.
    /// - Parameter state: a worker's things from an earlier stage.
    private func batches(
        _ ids: [Int64], state: @Sendable (Int) -> Hands, _ plan: IncrementalPlan, _ symbols: MergedSymbols, _ access: StateAccess,
        _ fold: @Sendable (ComponentFold, Int64) -> ComponentFold.Outcome
    ) throws -> [Hands] {
        let batch = 256
        return try Parallel.run(count: (ids.count + batch - 1) / batch, threads: threads, cancellation: cancellation, state: state) { hands, index in
            let worker = try hands.fold ?? worker(plan, symbols)
            hands.fold = worker
            var outcomes: [ComponentFold.Outcome] = []
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
    }

    private func load(_ ids: [Int64], _ access: StateAccess, _ fold: ComponentFold) throws {
        fold.rows.clear()
        for (id, bytes) in zip(ids, try access.load(ids)) { try fold.load(bytes, id: id) }
    }

    /// Adds this run's rows of a component, whose tuples are the run's yet.
    private func append(_ new: UnsafeBufferPointer<UnsafeRawPointer>, _ symbols: MergedSymbols, _ homes: [Int64], to rows: ComponentRows) {
        var translated: [UInt32: UInt32] = [:]
        for row in new {
            let tuple = row.load(fromByteOffset: layout.tupleOffset!, as: UInt32.self)
            let own = translated[tuple] ?? {
                let identifiers = symbols.identities[Int(tuple)].map { symbol in
                    symbol == 0 ? 0 : rows.identifier(symbols.identifiers.bytes(of: symbol), type: symbols.identifiers.tag(of: symbol), home: homes[Int(symbol)])
                }
                return rows.intern(tuple: identifiers)
            }()
            translated[tuple] = own
            rows.append(row, tuple: own)
        }
    }

    /// Every worker has texts and plans of its own: texts grow with the stored rows it loads.
    private func worker(_ plan: IncrementalPlan, _ symbols: MergedSymbols) throws -> ComponentFold {
        let texts = SymbolTable(capacity: symbols.texts.count * 2)
        _ = texts.absorb(symbols.texts)
        func foldPlan(_ asOf: EventTime) throws -> FoldPlan {
            try FoldPlan(
                channels: definition.channels, sessions: definition.sessions, journeys: definition.journeys, frictions: definition.frictions,
                errorOutcomes: definition.errorOutcomes,
                symbols: EventSymbols(texts: texts, kinds: symbols.kinds, channels: definition.channels, scalars: scalars, layout: layout),
                layout: layout, zone: ZoneOffsets.named(definition.timezone) ?? .utc, asOf: asOf, countsPersonsOfRows: definition.privacy.minCount != nil)
        }
        return ComponentFold(plan, texts: texts, foldPlans: (try plan.before.map(foldPlan), try foldPlan(plan.asOf)))
    }

    /// Keeps the events that carry nothing but placeholders, and drops those that were sealed. Answers how many more there
    /// are, sealed ones left out of account, and by number of a file how many were sealed.
    private func storeNobodys(
        _ connection: Connection, _ state: StateFile, _ plan: IncrementalPlan, _ symbols: MergedSymbols
    ) throws -> (added: Int64, sealed: [Int: Int64]) {
        let store = NobodyStore(state)
        let before = try store.events()
        if reload != nil { try store.remove() }
        let rows = ComponentRows(layout: layout, identityTypes: definition.identity.types.count)
        var latest = EventTime.min
        connection.nobodys.withUnsafeBytes { bytes in
            let all = (0..<(bytes.count / layout.stride)).map { bytes.baseAddress! + $0 * layout.stride }
            all.withUnsafeBufferPointer { append($0, symbols, connection.homes, to: rows) }
            for row in 0..<rows.count { latest = max(latest, rows.time(row)) }
        }
        if rows.count > 0 {
            try store.add(rows.encode(Array(0..<rows.count), texts: symbols.texts, symbols: plan.symbols), events: rows.count, latest: latest)
        }
        let added = try store.events() - before
        var sealed: [Int: Int64] = [:]
        for bytes in try store.all(before: plan.sealedBefore) {
            rows.clear()
            try bytes.withUnsafeBytes { try rows.decode($0, component: 0, texts: symbols.texts, symbols: plan.symbols) }
            for row in 0..<rows.count { sealed[RowPosition.file(rows.position(row)), default: 0] += 1 }
        }
        try store.remove(before: plan.sealedBefore)
        return (added, sealed)
    }

    /// Takes a person's events out of what is stored. Throws `RunError.notFound` where there is no such person, or several.
    private func forget(_ person: String, _ fold: ComponentFold, _ store: ComponentStore, _ access: StateAccess) throws -> Forgotten {
        let finder = PersonFinder(
            IdentityGraph(identities: TupleTable(width: 1), identifiers: SymbolTable(), knownTypes: 0, maxKnown: 1), definition)
        let keys = SymbolTable()
        let symbols = finder.candidates(person).map { keys.intern($0.id, tag: UInt8($0.type)) }
        let components = try Set(symbols.compactMap { try store.component(ofKey: ComponentFold.key($0, keys)) }).sorted()
        try load(components, access, fold)
        let (leaving, bare, identifiers) = try fold.rowsOfPerson(person, definition)
        var forgotten = Forgotten(events: Int64(leaving.count), identifiers: identifiers)
        for row in leaving { forgotten.ofFiles[RowPosition.file(fold.rows.position(row)), default: 0] += 1 }
        try access.apply([fold.fold(former: components, leaving: { leaving.contains($0) }, leavingBare: bare, cause: .removed)])
        return forgotten
    }

    // MARK: Sums

    private func sum(
        _ folds: [ComponentFold], _ state: StateFile, _ stateSymbols: StateSymbols, _ symbols: MergedSymbols, _ connection: Connection,
        _ nobodys: (added: Int64, sealed: [Int: Int64]), _ forgotten: Forgotten, _ clock: inout StageClock
    ) throws -> Result {
        let cells = MetricCells()
        try CellStore(state).load(into: cells, symbol: stateSymbols.symbol(ofState:))
        var total = try StoredTotals.load(state, types: definition.identity.types.count)
        total.filtered += nobodys.added
        var changes: [(cause: ChangeCause, cells: MetricCells)] = []
        var changedParts: [String: Set<UInt32>] = [:]
        for cause in ChangeCause.allCases {
            let (added, removed) = (folds.compactMap { $0.added[cause] }, folds.compactMap { $0.removed[cause] })
            guard !added.isEmpty || !removed.isEmpty else { continue }
            let change = MetricCells()
            for one in added {
                one.fold.cells.finish()
                change.absorb(one.fold.cells)
                total += one.totals
            }
            for one in removed {
                one.fold.cells.finish()
                change.absorb(one.fold.cells, sign: -1)
                total -= one.totals
            }
            change.finish()
            cells.absorb(change)
            changes.append((cause, MetricCells(withoutZeros: change, magnitudes: true)))
            for (name, table) in changes[changes.count - 1].cells.tables { changedParts[name, default: []].formUnion(table.parts) }
        }
        cells.finish()
        let now = MetricCells(withoutZeros: cells)
        now.finish()
        guard !now.tables.contains(where: { $0.table.hasNegatives }) else {
            throw StateError.damaged(path: state.path, reason: "its sums do not fit its events")
        }
        let days = changedParts.filter { $0.key != "needs" }.values.reduce(into: Set()) { $0.formUnion($1) }
        let before = MetricCells()
        try CellStore(state).load(into: before, symbol: stateSymbols.symbol(ofState:)) { table, part in
            // Thresholds of stalls are learned from all days, and what cannot be measured from all needs.
            days.contains(part) || ["stalls", "open_visits", "needs"].contains(table)
        }
        before.finish()
        for (name, table) in now.tables where changedParts[name] != nil {
            try CellStore(state).store(name, table, parts: changedParts[name]!) { stateSymbols.number(of: $0) }
        }
        try StoredTotals.store(total, state)
        var identity = total.identity
        for (type, _) in try PlaceholderStore(state).all() {
            identity[type].values += 1
            identity[type].placeholders += 1
        }
        clock.finish("sum")
        var sealed = nobodys.sealed
        for fold in folds { sealed.merge(fold.sealed) { $0 + $1 } }
        func count(_ count: (ComponentFold) -> Int64) -> Int64 { folds.reduce(0) { $0 + count($1) } }
        return Result(
            cells: now, days: Set(days.map { Int32(bitPattern: $0) }), before: before, changes: changes, texts: symbols.texts, identity: identity, total: total, newEvents: count(\.newEvents),
            newDuplicates: count(\.newDuplicates), newFiltered: count(\.newFiltered) + connection.newNobodys, late: connection.late, sealed: sealed, forgotten: forgotten, symbols: symbols,
            persons: total.persons)
    }
}

/// Which numbers were worked off, by several workers at once.
private final class DoneList: @unchecked Sendable {  // every number is marked by one worker, and read when all have ended
    private let marks: UnsafeMutablePointer<Bool>
    private let count: Int

    init(count: Int) {
        self.count = count
        marks = .allocate(capacity: max(1, count))
        marks.initialize(repeating: false, count: max(1, count))
    }

    deinit { marks.deallocate() }

    func mark(_ number: Int) {
        precondition(number < count)
        marks[number] = true
    }

    func isMarked(_ number: Int) -> Bool { marks[number] }
}
