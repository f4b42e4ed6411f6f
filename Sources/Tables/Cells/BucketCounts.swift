import Events

/// How often each (cell, measure, bucket) occurred: the histograms of a table, all in one.
///
/// Values are noted one after the other and summed up from time to time by sorting: a nanosecond or two each, where
/// a hash table of millions of buckets would miss the cache at every value. Counts are integers, so neither
/// order nor the moment of summing can change them.
final class BucketCounts {
    /// Keys, `notedCount` of them; summed up before it is full.
    var noted = Slots<UInt64>(count: 1 << 8)
    var notedCount = 0
    /// Room for notes before they are summed up: few tables come so far, and many are made for one person.
    private static let notedLimitFull = 1 << 15
    /// What was summed up, ascending by keys, each once.
    private var sums = Slots<UInt64>(count: 16)
    private var sumCount = 0
    /// By key: the counts that a sum has no room for.
    private var large: [UInt64: Int64] = [:]

    deinit {
        noted.release()
        sums.release()
    }

    // MARK: One number for all

    // A key is, from its highest bits on, the cell, the measure, and the bucket; a sum is a key and, in two's complement, its count.
    // Most of what a run holds in memory are sums, and nearly all counts are small.
    private static let bucketBits: UInt64 = 14
    private static let cellShift: UInt64 = 18
    private static let countBits: UInt64 = 18
    /// Stands for a count that is among the large ones.
    private static let largeCount: Int64 = -1 << 17
    /// Cells that have distributions are fewer; so many would take gigabytes.
    static let cellsMax = 1 << 28

    @inline(__always)
    private static func key(_ cell: Int, _ measure: Int, _ bucket: UInt32) -> UInt64 {
        assert(cell < cellsMax && measure < 16 && bucket <= LogLinear.lastBucket, "no such bucket")
        return UInt64(cell) << cellShift | UInt64(measure) << bucketBits | UInt64(bucket)
    }

    @inline(__always)
    private static func small(_ sum: UInt64) -> Int64 { Int64(bitPattern: sum << (64 - countBits)) >> Int64(64 - countBits) }

    /// The sum of a key, whose count is not among the large ones yet.
    @inline(__always)
    private func sum(_ key: UInt64, _ count: Int64) -> UInt64 {
        if abs(count) < -Self.largeCount { return key << Self.countBits | UInt64(bitPattern: count) & (1 << Self.countBits - 1) }
        large[key] = count
        return key << Self.countBits | UInt64(bitPattern: Self.largeCount) & (1 << Self.countBits - 1)
    }

    // MARK: What was summed up

    /// How many buckets have been met.
    var count: Int { sumCount }

    @inline(__always)
    private func key(at place: Int) -> UInt64 { sums[place] >> Self.countBits }

    func cell(at place: Int) -> Int { Int(key(at: place) >> Self.cellShift) }

    func measure(at place: Int) -> Int { Int(key(at: place) >> Self.bucketBits & (1 << (Self.cellShift - Self.bucketBits) - 1)) }

    func bucket(at place: Int) -> UInt32 { UInt32(key(at: place) & (1 << Self.bucketBits - 1)) }

    @inline(__always)
    func count(at place: Int) -> Int64 {
        let small = Self.small(sums[place])
        return small != Self.largeCount ? small : large[key(at: place)]!
    }

    /// Whether two places are of the same measure of the same cell.
    func isSameRun(_ one: Int, _ other: Int) -> Bool { key(at: one) >> Self.bucketBits == key(at: other) >> Self.bucketBits }

    // MARK: Counting

    /// Notes one value of `microseconds`.
    @inline(__always)
    func note(cell: Int, measure: Int, microseconds: Int64) {
        note(cell: cell, measure: measure, bucket: LogLinear.bucket(microseconds))
    }

    /// The same of a bucket that is told by its number.
    @inline(__always)
    func note(cell: Int, measure: Int, bucket: UInt32) {
        noted[notedCount] = Self.key(cell, measure, bucket)
        notedCount += 1
        if notedCount == noted.count { makeRoom() }
    }

    @inline(never)
    func makeRoom() {
        guard noted.count < Self.notedLimitFull else { return sum() }
        noted.grow(to: noted.count * 4, used: notedCount)
    }

    /// Sums up what was noted. Room for notes grows with the sums, so that merging stays O(log n) a note.
    @inline(never)
    func sum() {
        guard notedCount > 0 else { return }
        RadixSort.sort(noted, count: notedCount)
        var rest = notedCount
        merge(atMost: notedCount) {
            guard rest > 0 else { return nil }
            let (key, end) = (noted[rest - 1], rest)
            while rest > 0, noted[rest - 1] == key { rest -= 1 }
            return (key, Int64(end - rest))
        }
        notedCount = 0
        if noted.count >= Self.notedLimitFull, sumCount > 4 * noted.count { noted.grow(to: noted.count * 2, used: 0) }
    }

    /// Sums up what was noted, and gives back the room for more.
    func finish() {
        sum()
        noted.release()
        noted = Slots(count: 1 << 8)
    }

    /// Gives the memory back of what another has taken in.
    private func letGo() {
        finish()
        sums.release()
        (sums, sumCount, large) = (Slots(count: 16), 0, [:])
    }

    /// Makes room for so many buckets in all, so that none is copied for want of it before.
    func reserve(_ count: Int) {
        if count > sums.count { sums.grow(to: count, used: sumCount) }
    }

    /// Puts a bucket with its count behind all others. Nothing may be noted. Answers false, and puts nothing, where it is not behind
    /// them all.
    @inline(__always)
    func append(cell: Int, measure: Int, bucket: UInt32, count: Int64) -> Bool {
        assert(notedCount == 0)
        let key = Self.key(cell, measure, bucket)
        guard sumCount == 0 || self.key(at: sumCount - 1) < key else { return false }
        if sumCount == sums.count { reserve(sumCount * 2) }
        sums[sumCount] = sum(key, count)
        sumCount += 1
        return true
    }

    /// From the back to the front, in place.
    /// - Parameter next: gives keys in descending order.
    @inline(__always)
    private func merge(atMost added: Int, _ next: () -> (key: UInt64, count: Int64)?) {
        let end = sumCount + added
        if end > sums.count { reserve(max(end, sums.count * 2)) }
        // Below `left` lies what is still to be looked at, from `place` on what is done.
        var (left, place) = (sumCount, end)
        while let (key, added) = next() {
            while left > 0, self.key(at: left - 1) > key {
                (left, place) = (left - 1, place - 1)
                sums[place] = sums[left]
            }
            var count = added
            if left > 0, self.key(at: left - 1) == key {
                left -= 1
                count += self.count(at: left)
                if !large.isEmpty { large[key] = nil }
                if count == 0 { continue }
            }
            place -= 1
            sums[place] = sum(key, count)
        }
        sums.move(place..<end, to: left)
        sumCount = left + end - place
    }

    /// Adds the counts of `other`, whose cell n is this one's `cells[n]`, times `sign`. The other's are gone then.
    func absorb(_ other: BucketCounts, cells: [UInt32], sign: Int64) {
        sum()
        other.sum()
        defer { other.letGo() }
        if sumCount == 0, sign == 1, other.sums.count >= sums.count, cells.indices.allSatisfy({ cells[$0] == $0 }) {
            // What comes first is taken as it lies, unless there is more room here.
            swap(&sums, &other.sums)
            swap(&sumCount, &other.sumCount)
            swap(&large, &other.large)
            return
        }
        // Cells keep their runs of buckets together, so it is enough to put the cells in order.
        var runs: [(cell: Int, range: Range<Int>)] = []
        var start = 0
        for place in 0..<other.count where place + 1 == other.count || other.cell(at: place + 1) != other.cell(at: place) {
            runs.append((Int(cells[other.cell(at: place)]), start..<place + 1))
            start = place + 1
        }
        runs.sort { $0.cell < $1.cell }
        var (run, place) = (runs.count, 0)
        merge(atMost: other.count) {
            while run == runs.count || place == runs[run].range.lowerBound {
                guard run > 0 else { return nil }
                run -= 1
                place = runs[run].range.upperBound
            }
            place -= 1
            let key = other.key(at: place) & (1 << Self.cellShift - 1) | UInt64(runs[run].cell) << Self.cellShift
            return (key, sign * other.count(at: place))
        }
    }
}
