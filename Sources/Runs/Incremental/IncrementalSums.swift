import Events
import Identity
import Ingest
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

    /// Adds to what is stored what the workers found, and takes away what they found it was before. Each table is summed up by
    /// itself, on one of the threads; only texts are shared, and only this thread uses the state.
    /// - Parameters:
    ///   - nobodysAdded: how many more events are nobody's.
    ///   - forgottenCells: what was published, where the stored sums were forgotten.
    func sum(
        _ folds: [ComponentFold], _ state: StateFile, _ texts: SymbolTable, nobodysAdded: Int64 = 0, forgottenCells: MetricCells? = nil
    ) throws -> Sums {
        var total = try StoredTotals.load(state, types: definition.identity.types.count)
        total.filtered += nobodysAdded
        let changes = try changes(folds, &total, texts)
        var days = changes.parts.reduce(into: Set()) { $0.formUnion($1) }
        for table in forgottenCells?.cells ?? [] { days.formUnion(table.parts) }
        let (before, now) = try add(changes, days: days, state, texts)
        try StoredTotals.store(total, state)
        var identity = total.identity
        for (type, _) in try PlaceholderStore(state).all() {
            identity[type].values += 1
            identity[type].placeholders += 1
        }
        return Sums(
            cells: now, days: days, before: forgottenCells ?? before, changes: changes.byCause, identity: identity, total: total,
            texts: texts)
    }

    /// What the workers found to be otherwise.
    private struct Changes {
        /// As sizes, without zeros.
        var byCause: [(cause: ChangeCause, cells: MetricCells)]
        /// What is to be added to the sums, which may be less than nothing.
        var all: MetricCells
        /// By place in the list of cells: the days that any cause changed.
        var parts: [Set<Int32>]
    }

    /// Takes what the folds have found.
    /// - Parameter total: to which their lines are added.
    private func changes(_ folds: [ComponentFold], _ total: inout Totals, _ texts: SymbolTable) throws -> Changes {
        var (added, removed): ([ChangeCause: [CellShare]], [ChangeCause: [CellShare]]) = ([:], [:])
        for fold in folds {
            let found = fold.takeContributions()
            // Each worker's texts grew with the rows it loaded.
            let texts = TranslatedTexts([found.added, found.removed].flatMap(\.values).map(\.fold.cells), from: fold.texts, to: texts)
            for (cause, one) in found.added {
                total += one.totals
                added[cause, default: []].append(CellShare(one.fold.cells, sign: 1, texts: texts))
            }
            for (cause, one) in found.removed {
                total -= one.totals
                removed[cause, default: []].append(CellShare(one.fold.cells, sign: -1, texts: texts))
            }
        }
        let causes = ChangeCause.allCases.filter { added[$0] != nil || removed[$0] != nil }
        let groups = causes.map { (added[$0] ?? []) + (removed[$0] ?? []) }
        let made = try forEachTable { place in
            let (each, all) = CellTable.sum(groups, at: place)
            return (each, all, parts: each.reduce(into: Set()) { $0.formUnion($1.parts) })
        }
        return Changes(
            byCause: causes.enumerated().map { number, cause in (cause, MetricCells(made.map { $0.0[number] })) },
            all: MetricCells(made.map(\.1)), parts: made.map(\.parts))
    }

    /// Adds what changed to what is stored, and stores it.
    /// - Parameter days: those of which any cell changed.
    /// - Returns: the cells of these days as they were, with all of tables whose rows depend on other days too; and all cells as they
    ///   are, without zeros.
    private func add(_ changes: Changes, days: Set<Int32>, _ state: StateFile, _ texts: SymbolTable) throws
        -> (before: MetricCells, now: MetricCells)
    {
        let store = CellStore(state)
        let stored = try store.read()
        let shared = SharedTexts(texts)
        // The largest first, so that the workers end together.
        let order = stored.indices.sorted { stored[$0].byteCount > stored[$1].byteCount }
        let made: [(before: CellTable, now: CellTable, changed: ChangedCells?)]
        do {
            made = try forEachTable(in: order) { place in
                let (shape, parts) = (stored[place].shape, try stored[place].opened())
                let before = try CellTable(
                    shape, decoding: parts.filter { shape.isReadWhole || days.contains($0.day) }, texts: shared)
                let changed = changes.parts[place]
                let now = try CellTable.sum(parts, changes.all.cells[place], changed: changed, texts: shared)
                return (before, now, changed.isEmpty ? nil : ChangedCells(now, parts: changed, texts: shared))
            }
        } catch is NegativeCells {
            throw StateError.damaged(path: state.path, reason: "its sums do not fit its events")
        }
        for table in made { if let changed = table.changed { try store.store(changed) } }
        return (MetricCells(made.map(\.before)), MetricCells(made.map(\.now)))
    }

    /// Calls `body` for every place in the list of cells, on all threads, and answers in order of places.
    private func forEachTable<Made: Sendable>(in order: [Int]? = nil, _ body: @Sendable (Int) throws -> Made) throws -> [Made] {
        let order = order ?? Array(MetricCells.shapes.indices)
        let made = try Parallel.run(count: order.count, threads: threads, cancellation: cancellation, state: { _ in [(Int, Made)]() }) {
            made, number in
            made.append((order[number], try body(order[number])))
        }
        return made.joined().sorted { $0.0 < $1.0 }.map(\.1)
    }
}
