import Definitions
import Events
import Ingest
import Journeys
import States

/// Touched components, folded by all workers: those with new events, those that an identifier or a placeholder led to, and those
/// whose time has come.
extension IncrementalFold {
    /// - Parameter workers: with what they hold from counting days.
    func fold(
        _ shards: PersonShards, _ start: Start, _ due: [Int64], _ moments: Moments, _ workers: [Hands], _ symbols: MergedSymbols,
        _ access: StateAccess, _ clock: inout StageClock
    ) throws -> [ComponentFold] {
        let (former, plan) = (start.connection.former, start.plan)
        func fold(_ ids: [Int64], _ workers: [Hands], _ fold: @Sendable (ComponentFold, Int64) -> ComponentOutcome) throws -> [Hands] {
            try batches(ids, state: { workers[$0] }) { hands, ids in
                let worker = try hands.fold(moments, symbols, plan, self)
                var outcomes: [ComponentOutcome] = []
                try worker.component.load(each: ids, access) { outcomes.append(fold(worker, $0)) }
                try access.apply(outcomes)
            }
        }
        let withLeaving = try fold(start.leaving, workers) { $0.fold(former: [$1], leaving: { _ in true }, cause: reload?.cause) }
        let withNew = try Parallel.run(count: shards.count, threads: threads, cancellation: cancellation, state: { withLeaving[$0] }) {
            hands, shard in
            let worker = try hands.fold(moments, symbols, plan, self)
            var outcomes: [ComponentOutcome] = []
            try forEachTouched(in: shard, of: shards, start.connection, symbols, access, hands.scratch, worker.component) {
                outcomes.append(worker.fold(former: former[$0], cause: reload?.cause))
            }
            try access.apply(outcomes)
        }
        clock.finish("fold")
        // What is left: components whose time has come, those with events that waited, and those that only a placeholder led to.
        let touched = Set(withNew.flatMap(\.done).flatMap { former[$0] })
        let rest = Set(former.joined()).union(due).union(start.waiting).subtracting(touched).sorted()
        let all = try fold(rest, withNew) { $0.fold(former: [$1]) }
        clock.finish("due")
        return all.compactMap(\.fold)
    }

    /// Calls `body` with the number of every component of a shard that has new events, while it is at hand: what is stored of it, and
    /// behind that its new rows.
    func forEachTouched(
        in shard: Int, of shards: PersonShards, _ connection: Connection, _ symbols: MergedSymbols, _ access: StateAccess,
        _ scratch: PersonShards.Scratch, _ component: ComponentAtHand, _ body: (Int) -> Void
    ) throws {
        let first = shards.first(ofShard: shard)
        // All of the shard at once: workers come to the state in turns.
        let stored = try access.load(connection.former[first..<shards.first(ofShard: shard + 1)])
        var failure: (any Error)?
        try shards.forEachPerson(in: shard, scratch) { number, rows in
            guard failure == nil else { return }
            do {
                try component.load(connection.former[Int(number)], stored[Int(number) - first])
                append(rows, symbols, connection.homes, to: component.rows)
            } catch {
                failure = error
                return
            }
            body(Int(number))
        }
        if let failure { throw failure }
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
}
