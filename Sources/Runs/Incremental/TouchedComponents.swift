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
        let (former, homes, plan) = (start.connection.former, start.connection.homes, start.plan)
        func fold(_ ids: [Int64], _ workers: [Hands], _ fold: @Sendable (ComponentFold, Int64) -> ComponentOutcome) throws -> [Hands] {
            try batches(ids, state: { workers[$0] }) { hands, ids in
                let worker = try hands.fold(moments, symbols, plan, self)
                var outcomes: [ComponentOutcome] = []
                for (id, bytes) in zip(ids, try access.load(ids)) {
                    worker.component.rows.clear()
                    try worker.component.load(bytes, id: id)
                    outcomes.append(fold(worker, id))
                }
                try access.apply(outcomes)
            }
        }
        let withLeaving = try fold(start.leaving, workers) { $0.fold(former: [$1], leaving: { _ in true }, cause: reload?.cause) }
        let withNew = try Parallel.run(count: shards.count, threads: threads, cancellation: cancellation, state: { withLeaving[$0] }) {
            hands, shard in
            let worker = try hands.fold(moments, symbols, plan, self)
            var outcomes: [ComponentOutcome] = []
            var failure: (any Error)?
            try shards.forEachPerson(in: shard, hands.scratch) { number, rows in
                guard failure == nil else { return }
                do {
                    try load(former[Int(number)], access, worker.component)
                    append(rows, symbols, homes, to: worker.component.rows)
                    outcomes.append(worker.fold(former: former[Int(number)], cause: reload?.cause))
                } catch {
                    failure = error
                }
            }
            if let failure { throw failure }
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

    func load(_ ids: [Int64], _ access: StateAccess, _ component: ComponentAtHand) throws {
        component.rows.clear()
        for (id, bytes) in zip(ids, try access.load(ids)) { try component.load(bytes, id: id) }
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
