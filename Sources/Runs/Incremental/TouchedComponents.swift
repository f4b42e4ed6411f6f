import Definitions
import Events
import Ingest
import Journeys
import States

/// Touched components, folded by all workers: those with new events, those that an identifier or a placeholder led to, and those
/// whose time has come.
extension IncrementalFold {
    func fold(
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
    func append(_ new: Span<EventRow>, _ symbols: MergedSymbols, _ homes: [Int64], to rows: ComponentRows) {
        var translated: [UInt32: UInt32] = [:]
        for index in new.indices {
            let tuple = new[index].load(layout.tupleOffset!, as: UInt32.self)
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
            rows.append(new[index].address, tuple: own)
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
