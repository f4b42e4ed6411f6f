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
        let change = MetricCells()
        var total = try StoredTotals.load(state, types: definition.identity.types.count)
        total.filtered += nobodysAdded
        var changes: [(cause: ChangeCause, cells: MetricCells)] = []
        for cause in ChangeCause.allCases {
            let added = folds.compactMap { fold in fold.added[cause].map { (part: $0, texts: fold.texts) } }
            let removed = folds.compactMap { fold in fold.removed[cause].map { (part: $0, texts: fold.texts) } }
            guard !added.isEmpty || !removed.isEmpty else { continue }
            let ofCause = MetricCells()
            // Each worker's texts grew with the rows it loaded.
            for (one, own) in added {
                one.fold.cells.finish()
                ofCause.absorb(one.fold.cells, texts: TranslatedTexts(from: own, to: texts))
                total += one.totals
            }
            for (one, own) in removed {
                one.fold.cells.finish()
                ofCause.absorb(one.fold.cells, sign: -1, texts: TranslatedTexts(from: own, to: texts))
                total -= one.totals
            }
            ofCause.finish()
            changes.append((cause, MetricCells(withoutZeros: ofCause, magnitudes: true)))
            change.absorb(ofCause)
        }
        change.finish()
        var changedParts: [String: Set<Int32>] = [:]
        for table in changes.flatMap(\.cells.cells) { changedParts[table.shape.name, default: []].formUnion(table.parts) }
        var days = changedParts.values.reduce(into: Set()) { $0.formUnion($1) }
        for table in forgottenCells?.cells ?? [] { days.formUnion(table.parts) }
        let before = forgottenCells ?? MetricCells()
        try CellStore(state).load(into: before, texts: texts) { shape, part in shape.isReadWhole || days.contains(part) }
        before.finish()
        let now = try add(change, changedParts, state, texts)
        try StoredTotals.store(total, state)
        var identity = total.identity
        for (type, _) in try PlaceholderStore(state).all() {
            identity[type].values += 1
            identity[type].placeholders += 1
        }
        return Sums(cells: now, days: days, before: before, changes: changes, identity: identity, total: total, texts: texts)
    }

    /// Adds what changed to what is stored, and stores it. Answers all cells, without zeros. Parts that did not change are read as
    /// they are: only the others are summed up, looked through and written.
    private func add(_ change: MetricCells, _ changedParts: [String: Set<Int32>], _ state: StateFile, _ texts: SymbolTable) throws
        -> MetricCells
    {
        func isChanged(_ shape: CellShape, _ part: Int32) -> Bool { changedParts[shape.name]?.contains(part) ?? false }
        let store = CellStore(state)
        let now = MetricCells()
        try store.load(into: now, texts: texts) { !isChanged($0, $1) }
        let touched = MetricCells()
        try store.load(into: touched, texts: texts, isWanted: isChanged)
        touched.absorb(change)
        touched.finish()
        let filled = MetricCells(withoutZeros: touched)
        filled.finish()
        guard !filled.hasNegatives else {
            throw StateError.damaged(path: state.path, reason: "its sums do not fit its events")
        }
        for table in filled.cells {
            guard let parts = changedParts[table.shape.name], !parts.isEmpty else { continue }
            try store.store(table, parts: parts, texts: texts)
        }
        now.absorb(filled)
        now.finish()
        return now
    }
}
