import Events

/// The cells of one shape that belong to no segment, in the order of a table's rows. Nothing is copied: counters and buckets are
/// read where they lie, when a row asks for them. Only after `finish`.
final class GroupedCells: Sendable {
    let table: CellTable
    private let granularity: Granularity
    /// Row by row.
    private let cells: [UInt32]
    /// Beside each of them: whether it is that of all days. A key lies elsewhere, and would be asked for by every counter.
    private let isOverall: [Bool]
    /// By row: where its cells begin; one more entry than rows.
    private let starts: [UInt32]
    /// By cell: where its buckets begin; one more entry than cells, none where nothing is measured.
    private let bucketStarts: [UInt32]
    /// Of rows of many cells, by row and measure: made at once.
    private let wide: [Int: [Distribution]]
    private static let narrowMax = 4

    /// One of the texts or numbers that a row is sorted by.
    struct Ranking {
        /// At most so great.
        let most: UInt32
        let rank: (CellKey) -> UInt32
    }

    /// - Parameter rankings: the first decides first. By day, the day decides before them.
    init(_ table: CellTable, _ granularity: Granularity, _ rankings: [Ranking]) {
        (self.table, self.granularity) = (table, granularity)
        let entries = Self.sorted(table, granularity, rankings)
        var starts: [UInt32] = []
        for (place, entry) in entries.enumerated() where place == 0 || entries[place - 1].key != entry.key { starts.append(UInt32(place)) }
        starts.append(UInt32(entries.count))
        let cells = entries.map(\.cell)
        let bucketStarts = table.bucketStarts
        (self.starts, self.cells, self.bucketStarts) = (starts, cells, bucketStarts)
        isOverall = cells.map { table.key(of: Int($0)).day == CellKey.allDays }
        var wide: [Int: [Distribution]] = [:]
        if table.shape.measureCount > 0 {
            var dense = DenseHistogram()
            for row in 0..<(starts.count - 1) where starts[row + 1] - starts[row] > Self.narrowMax {
                wide[row] = (0..<table.shape.measureCount).map { measure in
                    dense.sum(Self.buckets(cells[Int(starts[row])..<Int(starts[row + 1])], measure, table, bucketStarts), of: table)
                }
            }
        }
        self.wide = wide
    }

    private typealias Entry = (key: UInt128, cell: UInt32)

    private static func sorted(_ table: CellTable, _ granularity: Granularity, _ rankings: [Ranking]) -> [Entry] {
        var entries: [Entry] = []
        entries.reserveCapacity(table.count)
        let widths = rankings.map { UInt128(UInt32.bitWidth - $0.most.leadingZeroBitCount) }
        let isByDay = granularity == .daily
        precondition(widths.reduce(isByDay ? 32 : 0, +) <= 128, "\(table.shape.name): the keys of rows are too long to be sorted")
        for cell in 0..<table.count {
            let key = table.key(of: cell)
            guard key.slice == 0, !isByDay || key.day != CellKey.allDays else { continue }
            var sorting = isByDay ? UInt128(UInt32(bitPattern: key.day) ^ 0x8000_0000) : 0
            for (ranking, width) in zip(rankings, widths) { sorting = sorting << width | UInt128(ranking.rank(key)) }
            entries.append((sorting, UInt32(cell)))
        }
        entries.sort { $0.key < $1.key }
        return entries
    }

    /// The stretches of buckets that cells have of one measure.
    private static func buckets(_ cells: ArraySlice<UInt32>, _ measure: Int, _ table: CellTable, _ starts: [UInt32]) -> [Range<Int>] {
        cells.compactMap { cell in
            var range = Int(starts[Int(cell)])..<Int(starts[Int(cell) + 1])
            while let first = range.first, table.measure(first) < measure { range = first + 1..<range.upperBound }
            while let last = range.last, table.measure(last) > measure { range = range.lowerBound..<last }
            return range.isEmpty ? nil : range
        }
    }

    // MARK: Rows

    var count: Int { starts.count - 1 }

    private func cells(of row: Int) -> ArraySlice<UInt32> { cells[Int(starts[row])..<Int(starts[row + 1])] }

    /// Of the whole time, that of all its days.
    func key(of row: Int) -> CellKey {
        let key = table.key(of: Int(cells[Int(starts[row])]))
        return granularity == .total ? key.overall : key
    }

    func counter(_ counter: Int, of row: Int) -> Int64 {
        let ofOverall = table.shape.overall.contains(counter)
        return cells(of: row).indices.reduce(0) { sum, place in
            guard granularity == .daily || isOverall[place] == ofOverall else { return sum }
            return sum + table.counter(counter, of: Int(cells[place]))
        }
    }

    func distribution(_ measure: Int, of row: Int) -> Distribution {
        if let found = wide[row] { return found[measure] }
        let ranges = Self.buckets(cells(of: row), measure, table, bucketStarts)
        if ranges.count == 1 { return Distribution(ascending: ranges[0].map { table.entry($0) }) }
        return Distribution(ranges.joined().map { table.entry($0) })
    }
}
