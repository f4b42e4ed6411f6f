import Events

/// The cells of one shape: integer counters under keys, and distributions of durations. Sums of such tables are sums of
/// their cells, in any order (pipelines/rules.md, 2).
///
/// A cell's number comes from `cell(_:)` and lies below `count`, for which there is room; debug builds check each access.
public final class CellTable: @unchecked Sendable {  // owned by one worker while it is filled, then only read
    public let shape: CellShape
    private let keys: TupleTable
    private let counterCount: Int
    private var counters: Slots<Int64>
    /// For each counter of each cell, whom it counted last: so that the same one counts once. As far as anybody was counted so; what
    /// lies behind counted nobody; sums count nobody so.
    private var lastOwner = Slots<UInt32>(count: 0)
    let buckets = BucketCounts()

    /// - Parameter room: as much as it will hold, where that is known: what is copied for want of room costs more than what it is
    ///   added up from.
    init(_ shape: CellShape, room: CellRoom = CellRoom(cells: 63)) {
        self.shape = shape
        let cells = max(16, room.cells)
        keys = TupleTable(width: CellKey.width, capacity: cells + 1)
        counterCount = shape.counterCount
        counters = Slots(repeating: 0, count: cells * counterCount)
        buckets.reserve(room.buckets)
    }

    deinit {
        counters.release()
        lastOwner.release()
    }

    var count: Int { keys.count }

    /// What it takes to hold all of it.
    var room: CellRoom { CellRoom(cells: count, buckets: buckets.count) }

    /// The cell of a key; new cells hold zeros.
    func cell(_ key: CellKey) -> Int {
        // A key is seven words without padding.
        let cell = Int(keys.intern(record: key))
        if cell * counterCount == counters.count { grow() }
        return cell
    }

    func key(of cell: Int) -> CellKey { keys.record(cell, as: CellKey.self) }

    @inline(never)
    private func grow() {
        let size = counters.count
        precondition(count < BucketCounts.cellsMax, "\(shape.name): more than \(BucketCounts.cellsMax) cells")
        counters.grow(to: size * 2, used: size)
        counters.fill(size..<size * 2, with: 0)
    }

    /// Makes room for all counters there are.
    @inline(never)
    private func growOwners() {
        let size = lastOwner.count
        lastOwner.grow(to: counters.count, used: size)
        lastOwner.fill(size..<counters.count, with: 0)
    }

    /// Where a counter of a cell lies.
    @inline(__always)
    private func place(_ counter: Int, of cell: Int) -> Int {
        assert(cell >= 0 && cell < count && counter >= 0 && counter < counterCount, "no such counter of \(shape.name)")
        return cell * counterCount + counter
    }

    // MARK: Counting

    @inline(__always)
    func add(_ amount: Int64, to counter: some CellCounter, of cell: Int) { counters[place(counter.rawValue, of: cell)] += amount }

    /// Adds one unless `owner` (a person, a journey; not 0) was the last that this counter counted in this cell.
    /// Right as long as each owner's calls come one after the other. Returns whether it counted.
    @inline(__always) @discardableResult
    func addOnce(_ owner: UInt32, to counter: some CellCounter, of cell: Int) -> Bool {
        let place = place(counter.rawValue, of: cell)
        if place >= lastOwner.count { growOwners() }
        guard lastOwner[place] != owner else { return false }
        lastOwner[place] = owner
        counters[place] += 1
        return true
    }

    /// Counts `owner` once in the cell of a day, and once over all days. Returns whether it is new over all days.
    /// - Parameter overall: the cell over all days; asked for only where the owner is new on the day.
    @inline(__always) @discardableResult
    func addOnce(_ owner: UInt32, to counter: some CellCounter, of cell: Int, overall: @autoclosure () -> Int) -> Bool {
        addOnce(owner, to: counter, of: cell) && addOnce(owner, to: counter, of: overall())
    }

    /// Lets `owner` pass for the last that the counter of persons counted in this cell.
    func mark(_ owner: UInt32, of cell: Int) {
        guard let persons = shape.persons else { return }
        let place = place(persons, of: cell)
        if place >= lastOwner.count { growOwners() }
        lastOwner[place] = owner
    }

    @inline(__always)
    func note(_ microseconds: Int64, measure: Int, of cell: Int) { buckets.note(cell: cell, measure: measure, microseconds: microseconds) }

    /// Counts in a bucket by its number, at most `LogLinear.lastBucket`, where what is counted is no length of time.
    @inline(__always)
    func note(bucket: UInt32, measure: Int, of cell: Int) { buckets.note(cell: cell, measure: measure, bucket: bucket) }

    func counter(_ counter: Int, of cell: Int) -> Int64 {
        precondition(cell < count && counter < counterCount, "no such counter of \(shape.name)")
        return counters[place(counter, of: cell)]
    }

    func counter(_ counter: some CellCounter, of cell: Int) -> Int64 { self.counter(counter.rawValue, of: cell) }

    /// Adds to a counter by its place; for sums and stored cells.
    func add(_ amount: Int64, toPlace counter: Int, of cell: Int) { counters[place(counter, of: cell)] += amount }

    // MARK: Sums

    /// Adds all cells of `other`, or with a sign of -1 takes them away; `other` must not be used afterwards.
    /// - Parameter texts: where the other's keys hold symbols of another table.
    func absorb(_ other: CellTable, sign: Int64 = 1, texts: TranslatedTexts? = nil) {
        precondition(other.shape.name == shape.name)
        let cells = (0..<other.count).map { place in
            let key = other.key(of: place)
            return UInt32(cell(texts?.key(key, of: shape) ?? key))
        }
        for (theirs, mine) in cells.enumerated() {
            for counter in 0..<counterCount { add(sign * other.counter(counter, of: theirs), toPlace: counter, of: Int(mine)) }
        }
        buckets.absorb(other.buckets, cells: cells, sign: sign)
    }

    /// Sums up what was noted; afterwards the table may be read from several threads.
    func finish() { buckets.finish() }

    /// By cell: where its buckets begin, with one more entry than cells; none where nothing is measured. Only after `finish`.
    var bucketStarts: [UInt32] {
        guard shape.measureCount > 0 else { return [] }
        var starts = [UInt32](repeating: 0, count: count + 1)
        for place in 0..<buckets.count { starts[buckets.cell(at: place) + 1] += 1 }
        for cell in 0..<count { starts[cell + 1] += starts[cell] }
        return starts
    }

    /// Calls `body` for every measure of every cell that has values, in order of cells, with its sorted buckets.
    /// Only after `finish`.
    func forEachDistribution(_ body: (_ cell: Int, _ measure: Int, _ buckets: Range<Int>) -> Void) {
        precondition(buckets.notedCount == 0, "finish() first")
        var index = 0
        while index < buckets.count {
            var end = index
            while end < buckets.count, buckets.isSameRun(end, index) { end += 1 }
            body(buckets.cell(at: index), buckets.measure(at: index), index..<end)
            index = end
        }
    }

    /// Of the bucket at an index that `bucketStarts` bounds.
    func measure(_ index: Int) -> Int { buckets.measure(at: index) }

    /// The bucket at an index that `forEachDistribution` gave, or that `bucketStarts` bounds.
    func entry(_ index: Int) -> Distribution.Entry { .init(bucket: buckets.bucket(at: index), count: buckets.count(at: index)) }
}

/// How much a table is to hold.
struct CellRoom: Sendable {
    var cells = 0
    var buckets = 0

    static func + (left: CellRoom, right: CellRoom) -> CellRoom {
        CellRoom(cells: left.cells + right.cells, buckets: left.buckets + right.buckets)
    }
}

/// Remembers where a table's cells are for dense numbers and days: a cache with one place for each remainder, small enough for
/// the processor's, so that most events need no look-up by key.
final class DayMemo {
    private typealias Entry = (number: Int, day: Int32, slice: UInt32, cell: Int32)

    private let entries: Slots<Entry>
    private let mask: Int
    /// So many days of a number lie side by side, as long as all numbers have room.
    private static let days = 64
    private static let entriesMax = 1 << 13

    /// - Parameter count: of the numbers that will be asked for.
    init(count: Int) {
        var size = Self.days
        while size < Self.entriesMax, size / Self.days < count { size *= 2 }
        mask = size - 1
        entries = Slots(repeating: (-1, 0, 0, 0), count: size)
    }

    deinit { entries.release() }

    /// The table's cell of (number, day, segment), found by its key where it is not remembered. Numbers are not negative.
    @inline(__always)
    func cell(_ number: Int, day: Int32, slice: UInt32 = 0, in table: CellTable, _ key: @autoclosure () -> CellKey) -> Int {
        let place = (number &* Self.days &+ Int(day) &+ Int(slice)) & mask
        let entry = entries[place]
        if entry.number == number, entry.day == day, entry.slice == slice { return Int(entry.cell) }
        let cell = table.cell(key())
        entries[place] = (number, day, slice, Int32(cell))
        return cell
    }
}
