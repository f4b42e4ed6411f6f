public import Events

/// The cells of one table: integer counters under a key of a few numbers, and distributions of durations.
/// Sums of such tables are sums of their cells, in any order (pipelines/rules.md, 2).
///
/// Unsafe code: counters lie in raw memory, because every event adds to several. Cells come only from `cell(…)`.
public final class CellTable: @unchecked Sendable {  // owned by one worker while it is filled, then only read
    public let width: Int
    public let counterCount: Int
    /// Which numbers of a key are symbols of texts.
    let textColumns: Set<Int>
    public let keys: TupleTable
    @usableFromInline var counters: UnsafeMutablePointer<Int64>
    /// For each counter of each cell, whom it counted last: so that the same one counts once.
    @usableFromInline var lastOwner: UnsafeMutablePointer<UInt32>
    @usableFromInline var capacity = 64
    @usableFromInline let buckets = BucketCounts()

    public init(width: Int, counterCount: Int, textColumns: Set<Int> = []) {
        self.textColumns = textColumns
        self.width = width
        self.counterCount = counterCount
        keys = TupleTable(width: width)
        counters = .allocate(capacity: capacity * counterCount)
        counters.initialize(repeating: 0, count: capacity * counterCount)
        lastOwner = .allocate(capacity: capacity * counterCount)
        lastOwner.initialize(repeating: 0, count: capacity * counterCount)
    }

    deinit {
        counters.deallocate()
        lastOwner.deallocate()
    }

    /// The cell of a key of `width` numbers; new cells hold zeros.
    @inlinable
    public func cell(_ key: UnsafePointer<UInt32>) -> Int {
        let cell = Int(keys.intern(key))
        if cell >= capacity { grow() }
        return cell
    }

    @inlinable
    public func cell(_ a: UInt32, _ b: UInt32) -> Int {
        withUnsafePointer(to: (a, b)) { $0.withMemoryRebound(to: UInt32.self, capacity: 2) { cell($0) } }
    }

    @inlinable
    public func cell(_ a: UInt32, _ b: UInt32, _ c: UInt32) -> Int {
        withUnsafePointer(to: (a, b, c)) { $0.withMemoryRebound(to: UInt32.self, capacity: 3) { cell($0) } }
    }

    @inlinable
    public func cell(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ e: UInt32) -> Int {
        withUnsafePointer(to: (a, b, c, d, e)) { $0.withMemoryRebound(to: UInt32.self, capacity: 5) { cell($0) } }
    }

    public func cell(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ e: UInt32, _ f: UInt32) -> Int {
        withUnsafePointer(to: (a, b, c, d, e, f)) { $0.withMemoryRebound(to: UInt32.self, capacity: 6) { cell($0) } }
    }

    @usableFromInline @inline(never)
    func grow() {
        let size = capacity * counterCount
        let grown = UnsafeMutablePointer<Int64>.allocate(capacity: size * 2)
        grown.moveInitialize(from: counters, count: size)
        (grown + size).initialize(repeating: 0, count: size)
        counters.deallocate()
        counters = grown
        let owners = UnsafeMutablePointer<UInt32>.allocate(capacity: size * 2)
        owners.moveInitialize(from: lastOwner, count: size)
        (owners + size).initialize(repeating: 0, count: size)
        lastOwner.deallocate()
        lastOwner = owners
        capacity *= 2
    }

    @inlinable @inline(__always)
    public func add(_ amount: Int64, to counter: Int, of cell: Int) { counters[cell &* counterCount &+ counter] &+= amount }

    /// Adds one unless `owner` (a person, a journey; not 0) was the last that this counter counted in this cell.
    /// Right as long as each owner's calls come one after the other. Returns whether it counted.
    @inlinable @inline(__always) @discardableResult
    public func addOnce(_ owner: UInt32, to counter: Int, of cell: Int) -> Bool {
        let index = cell &* counterCount &+ counter
        guard lastOwner[index] != owner else { return false }
        lastOwner[index] = owner
        counters[index] &+= 1
        return true
    }

    /// Lets `owner` pass for the last that this counter counted in this cell.
    func mark(_ owner: UInt32, counter: Int, of cell: Int) { lastOwner[cell * counterCount + counter] = owner }

    @inlinable @inline(__always)
    public func note(_ microseconds: Int64, measure: Int, of cell: Int) {
        buckets.note(cell: cell, measure: measure, microseconds: microseconds)
    }

    public func counter(_ counter: Int, of cell: Int) -> Int64 {
        precondition(cell < keys.count && counter < counterCount)
        return counters[cell * counterCount + counter]
    }

    /// Adds all cells of `other`, or with a sign of -1 takes them away; `other` must not be used afterwards.
    public func absorb(_ other: CellTable, sign: Int64 = 1) {
        precondition(other.width == width && other.counterCount == counterCount)
        let cells = (0..<other.keys.count).map { UInt32(cell(other.keys[$0].baseAddress!)) }
        for (theirs, mine) in cells.enumerated() {
            for counter in 0..<counterCount { add(sign * other.counter(counter, of: theirs), to: counter, of: Int(mine)) }
        }
        buckets.absorb(other.buckets, cells: cells, sign: sign)
    }

    /// Sums up what was noted; afterwards the table may be read from several threads.
    public func finish() { buckets.sum() }

    /// Calls `body` for every measure of every cell that has values, in order of cells, with its sorted buckets.
    /// Only after `finish`.
    func forEachDistribution(_ body: (_ cell: Int, _ measure: Int, _ buckets: Range<Int>) -> Void) {
        precondition(buckets.notedCount == 0, "finish() first")
        let keys = buckets.keys
        var index = 0
        while index < keys.count {
            var end = index
            while end < keys.count, keys[end] >> 16 == keys[index] >> 16 { end += 1 }
            body(Int(keys[index] >> 24), Int(keys[index] >> 16 & 0xFF), index..<end)
            index = end
        }
    }

    /// The entry at an index that `forEachDistribution` gave.
    func bucket(_ index: Int) -> (bucket: UInt32, count: Int64) { (UInt32(buckets.keys[index] & 0xFFFF), buckets.counts[index]) }
}
