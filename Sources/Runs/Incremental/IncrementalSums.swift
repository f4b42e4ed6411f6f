import Events
import Ingest
import States
import Tables

extension IncrementalFold {
    /// Adds to what is stored what the workers found, and takes away what they found it was before.
    func sum(
        _ folds: [ComponentFold], _ state: StateFile, _ symbols: MergedSymbols, _ connection: Connection,
        _ nobodys: (added: Int64, sealed: [Int: Int64]), _ forgotten: Forgotten, _ forgottenCells: MetricCells?,
        _ clock: inout StageClock
    ) throws -> Result {
        let cells = MetricCells()
        try CellStore(state).load(into: cells, texts: symbols.texts)
        var total = try StoredTotals.load(state, types: definition.identity.types.count)
        total.filtered += nobodys.added
        var changes: [(cause: ChangeCause, cells: MetricCells)] = []
        var changedParts: [String: Set<Int32>] = [:]
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
            for table in changes[changes.count - 1].cells.cells { changedParts[table.shape.name, default: []].formUnion(table.parts) }
        }
        cells.finish()
        let now = MetricCells(withoutZeros: cells)
        now.finish()
        guard !now.hasNegatives else {
            throw StateError.damaged(path: state.path, reason: "its sums do not fit its events")
        }
        var days = changedParts.values.reduce(into: Set()) { $0.formUnion($1) }
        for table in forgottenCells?.cells ?? [] { days.formUnion(table.parts) }
        let before = forgottenCells ?? MetricCells()
        try CellStore(state).load(into: before, texts: symbols.texts) { shape, part in shape.isReadWhole || days.contains(part) }
        before.finish()
        for table in now.cells {
            if let parts = changedParts[table.shape.name] { try CellStore(state).store(table, parts: parts, texts: symbols.texts) }
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
            cells: now, days: days, before: before, changes: changes, identity: identity, total: total,
            newEvents: count(\.newEvents), newDuplicates: count(\.newDuplicates), newFiltered: count(\.newFiltered) + connection.newNobodys,
            late: connection.late, sealed: sealed, forgotten: forgotten, symbols: symbols)
    }
}
