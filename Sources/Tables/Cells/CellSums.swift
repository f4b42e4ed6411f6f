public import Events

/// What is added to sums, or with a sign of -1 taken away from them.
public struct CellShare: Sendable {
    fileprivate let cells: MetricCells
    fileprivate let sign: Int64
    fileprivate let texts: TranslatedTexts

    /// - Parameter texts: where the keys have their symbols in the sums.
    public init(_ cells: MetricCells, sign: Int64, texts: TranslatedTexts) {
        (self.cells, self.sign, self.texts) = (cells, sign, texts)
    }
}

/// Sums of one table's cells, as a run changes them. Tables have nothing in common but texts: several threads may sum up one each.
extension CellTable {
    /// What several groups of shares come to, each by itself as sizes, and all of them together: none with cells that are zero
    /// throughout. The shares must not be used afterwards.
    /// - Parameter place: of the table in the list.
    public static func sum(_ groups: [[CellShare]], at place: Int) -> (each: [CellTable], all: CellTable) {
        let shape = MetricCells.shapes[place]
        var all: CellTable?
        let each = groups.map { shares in
            // They have most cells in common.
            let sum = CellTable(shape, room: CellRoom(cells: shares.map { $0.cells.cells[place].count }.max() ?? 0))
            for share in shares { sum.absorb(share.cells.cells[place], sign: share.sign, texts: share.texts) }
            sum.finish()
            let sizes = sum.withoutZeros(magnitudes: true)
            if let all { all.absorb(sum) } else { all = sum }
            return sizes
        }
        let sum = all ?? CellTable(shape, room: CellRoom())
        sum.finish()
        return (each, sum.withoutZeros())
    }

    /// The cells of stored parts of one table. Throws `DamagedBytes`.
    public convenience init(_ shape: CellShape, decoding parts: some Sequence<CellPart>, texts: SharedTexts) throws {
        self.init(shape, room: parts.reduce(CellRoom()) { $0 + $1.room(of: shape) })
        for part in parts { try decode(part, texts) }
    }

    /// Adds a change to what is stored. Answers all cells, without zeros. Parts that did not change are read as they are: only the
    /// others are summed up and looked through. Throws `DamagedBytes`, and `NegativeCells`.
    /// - Parameters:
    ///   - change: without zeros; it must not be used afterwards.
    ///   - changed: the days of all its cells.
    public static func sum(_ stored: [CellPart], _ change: CellTable, changed: Set<Int32>, texts: SharedTexts) throws -> CellTable {
        let room = stored.reduce(change.room) { $0 + $1.room(of: change.shape) }
        var sum = CellTable(change.shape, room: room)
        for part in stored where changed.contains(part.day) { try sum.decode(part, texts) }
        sum.absorb(change)
        sum.finish()
        guard !sum.hasNegatives else { throw NegativeCells() }
        sum = sum.withoutZeros(room: room)
        for part in stored where !changed.contains(part.day) { try sum.decode(part, texts) }
        return sum
    }

    private func decode(_ part: CellPart, _ texts: SharedTexts) throws {
        try part.bytes.withUnsafeBytes { try decode(part: part.day, $0, texts: texts) }
    }

    /// The same cells without those that are zero throughout; as sizes where `magnitudes` is true. Itself, where that is the same.
    /// - Parameter room: as much as the answer will hold; nil: no more than this.
    func withoutZeros(magnitudes: Bool = false, room: CellRoom? = nil) -> CellTable {
        let filled = filledCells
        if !magnitudes, !filled.contains(false) { return self }
        func size(_ count: Int64) -> Int64 { magnitudes ? abs(count) : count }
        let least = CellRoom(cells: filled.count { $0 }, buckets: buckets.count)
        let table = CellTable(shape, room: room ?? least)
        var cells = [UInt32](repeating: 0, count: count)
        for cell in 0..<count where filled[cell] {
            let copy = table.cell(key(of: cell))
            cells[cell] = UInt32(copy)
            for counter in 0..<shape.counterCount { table.add(size(self.counter(counter, of: cell)), toPlace: counter, of: copy) }
        }
        // Cells keep their order, so the buckets keep theirs.
        for place in 0..<buckets.count {
            let entry = entry(place)
            _ = table.buckets.append(
                cell: Int(cells[buckets.cell(at: place)]), measure: buckets.measure(at: place), bucket: entry.bucket,
                count: size(entry.count))
        }
        return table
    }
}

/// Sums that are below zero: they do not fit what was taken away from them.
public struct NegativeCells: Error {}
