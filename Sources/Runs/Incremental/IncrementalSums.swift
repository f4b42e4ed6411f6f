import Events
import Identity
import States
import Tables

extension IncrementalFold {
    /// All sums as they are now, and what was otherwise before.
    struct Sums {
        /// All cells, without zeros.
        var cells: MetricCells
        /// The days of which any cell changed, with what their cells and those of stalls were before.
        var days: Set<Int32>
        var before: MetricCells
        /// What changed for which reason, as sizes.
        var changes: [(cause: ChangeCause, cells: MetricCells)]
        var identity: [IdentityCounts]
        /// Of all lines that any run read.
        var total: Totals
        /// Symbols in cells.
        var texts: SymbolTable
    }

    /// Adds to what is stored what the workers found, and takes away what they found it was before.
    /// - Parameters:
    ///   - nobodysAdded: how many more events are nobody's.
    ///   - forgottenCells: what was published, where the stored sums were forgotten.
    func sum(
        _ folds: [ComponentFold], _ state: StateFile, _ texts: SymbolTable, nobodysAdded: Int64 = 0, forgottenCells: MetricCells? = nil
    ) throws -> Sums {
        let cells = MetricCells()
        try CellStore(state).load(into: cells, texts: texts)
        var total = try StoredTotals.load(state, types: definition.identity.types.count)
        total.filtered += nobodysAdded
        var changes: [(cause: ChangeCause, cells: MetricCells)] = []
        var changedParts: [String: Set<Int32>] = [:]
        for cause in ChangeCause.allCases {
            let added = folds.compactMap { fold in fold.added[cause].map { (part: $0, texts: fold.texts) } }
            let removed = folds.compactMap { fold in fold.removed[cause].map { (part: $0, texts: fold.texts) } }
            guard !added.isEmpty || !removed.isEmpty else { continue }
            let change = MetricCells()
            // Each worker's texts grew with the rows it loaded.
            for (one, own) in added {
                one.fold.cells.finish()
                change.absorb(one.fold.cells, texts: TranslatedTexts(from: own, to: texts))
                total += one.totals
            }
            for (one, own) in removed {
                one.fold.cells.finish()
                change.absorb(one.fold.cells, sign: -1, texts: TranslatedTexts(from: own, to: texts))
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
        try CellStore(state).load(into: before, texts: texts) { shape, part in shape.isReadWhole || days.contains(part) }
        before.finish()
        for table in now.cells {
            if let parts = changedParts[table.shape.name] { try CellStore(state).store(table, parts: parts, texts: texts) }
        }
        try StoredTotals.store(total, state)
        var identity = total.identity
        for (type, _) in try PlaceholderStore(state).all() {
            identity[type].values += 1
            identity[type].placeholders += 1
        }
        return Sums(cells: now, days: days, before: before, changes: changes, identity: identity, total: total, texts: texts)
    }
}
