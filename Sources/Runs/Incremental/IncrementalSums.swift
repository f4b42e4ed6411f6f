import Events
import Ingest
import States
import Tables

extension IncrementalFold {
    /// Adds to what is stored what the workers found, and takes away what they found it was before.
    func sum(
        _ folds: [ComponentFold], _ state: StateFile, _ stateSymbols: StateSymbols, _ symbols: MergedSymbols, _ connection: Connection,
        _ nobodys: (added: Int64, sealed: [Int: Int64]), _ forgotten: Forgotten, _ forgottenCells: MetricCells?,
        _ clock: inout StageClock
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
        var days = changedParts.filter { $0.key != "needs" }.values.reduce(into: Set()) { $0.formUnion($1) }
        for (_, table) in forgottenCells?.tables ?? [] { days.formUnion(table.parts) }
        let before = forgottenCells ?? MetricCells()
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
            cells: now, days: Set(days.map { Int32(bitPattern: $0) }), before: before, changes: changes, identity: identity, total: total,
            newEvents: count(\.newEvents), newDuplicates: count(\.newDuplicates), newFiltered: count(\.newFiltered) + connection.newNobodys,
            late: connection.late, sealed: sealed, forgotten: forgotten, symbols: symbols)
    }
}
