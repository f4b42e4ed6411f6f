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
    /// What was summed up: keys, ascending and each once, with their counts; so many of both.
    private var keyMemory = Slots<UInt64>(count: 16)
    private var countMemory = Slots<Int64>(count: 16)
    private var sumCount = 0

    var keys: SlotRange<UInt64> { keyMemory.range(0..<sumCount) }
    var counts: SlotRange<Int64> { countMemory.range(0..<sumCount) }

    deinit {
        noted.release()
        keyMemory.release()
        countMemory.release()
    }

    /// Notes one value of `microseconds`. Cells below 2^40, measures below 2^8, buckets below 2^16.
    @inline(__always)
    func note(cell: Int, measure: Int, microseconds: Int64) {
        note(cell: cell, measure: measure, bucket: LogLinear.bucket(microseconds))
    }

    /// The same of a bucket that is told by its number.
    @inline(__always)
    func note(cell: Int, measure: Int, bucket: UInt32) {
        noted[notedCount] = UInt64(cell) << 24 | UInt64(measure) << 16 | UInt64(bucket)
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
        keyMemory.release()
        countMemory.release()
        (keyMemory, countMemory, sumCount) = (Slots(count: 16), Slots(count: 16), 0)
    }

    /// Makes room for so many keys in all, so that none is copied for want of it before.
    func reserve(_ count: Int) {
        guard count > keyMemory.count else { return }
        keyMemory.grow(to: count, used: sumCount)
        countMemory.grow(to: count, used: sumCount)
    }

    /// Puts a key with its count behind all others. Nothing may be noted. Answers false, and puts nothing, where it is not above
    /// them all.
    @inline(__always)
    func append(_ key: UInt64, count: Int64) -> Bool {
        assert(notedCount == 0)
        guard sumCount == 0 || keyMemory[sumCount - 1] < key else { return false }
        if sumCount == keyMemory.count { reserve(sumCount * 2) }
        (keyMemory[sumCount], countMemory[sumCount]) = (key, count)
        sumCount += 1
        return true
    }

    /// From the back to the front, in place.
    /// - Parameter next: gives keys in descending order.
    @inline(__always)
    private func merge(atMost added: Int, _ next: () -> (key: UInt64, count: Int64)?) {
        let end = sumCount + added
        if end > keyMemory.count { reserve(max(end, keyMemory.count * 2)) }
        // Below `left` lies what is still to be looked at, from `place` on what is done.
        var (left, place) = (sumCount, end)
        while let (key, added) = next() {
            while left > 0, keyMemory[left - 1] > key {
                (left, place) = (left - 1, place - 1)
                (keyMemory[place], countMemory[place]) = (keyMemory[left], countMemory[left])
            }
            var count = added
            if left > 0, keyMemory[left - 1] == key {
                left -= 1
                count += countMemory[left]
                if count == 0 { continue }
            }
            place -= 1
            (keyMemory[place], countMemory[place]) = (key, count)
        }
        keyMemory.move(place..<end, to: left)
        countMemory.move(place..<end, to: left)
        sumCount = left + end - place
    }

    /// Adds the counts of `other`, whose cell n is this one's `cells[n]`, times `sign`. The other's are gone then.
    func absorb(_ other: BucketCounts, cells: [UInt32], sign: Int64) {
        sum()
        other.sum()
        defer { other.letGo() }
        if sumCount == 0, sign == 1, other.keyMemory.count >= keyMemory.count, cells.indices.allSatisfy({ cells[$0] == $0 }) {
            // What comes first is taken as it lies, unless there is more room here.
            swap(&keyMemory, &other.keyMemory)
            swap(&countMemory, &other.countMemory)
            swap(&sumCount, &other.sumCount)
            return
        }
        let (keys, counts) = (other.keys, other.counts)
        // Cells keep their runs of buckets together, so it is enough to put the cells in order.
        var runs: [(cell: UInt64, range: Range<Int>)] = []
        var start = 0
        for index in keys.indices where index + 1 == keys.count || keys[index + 1] >> 24 != keys[index] >> 24 {
            runs.append((UInt64(cells[Int(keys[index] >> 24)]), start..<index + 1))
            start = index + 1
        }
        runs.sort { $0.cell < $1.cell }
        var (run, index) = (runs.count, 0)
        merge(atMost: keys.count) {
            while run == runs.count || index == runs[run].range.lowerBound {
                guard run > 0 else { return nil }
                run -= 1
                index = runs[run].range.upperBound
            }
            index -= 1
            return (runs[run].cell << 24 | keys[index] & 0xFF_FFFF, sign * counts[index])
        }
    }
}

/// Sorts 64-bit keys, least significant digit first; a digit begins at a bit in which keys differ. O(n) a digit.
enum RadixSort {
    private static let digitBits = 11
    private static let digits = 1 << digitBits
    /// So many are sorted by comparing.
    private static let fewMax = 256

    /// Sorts the first `count` keys.
    static func sort(_ keys: Slots<UInt64>, count: Int) {
        guard count > fewMax else {
            for (index, key) in keys.stretch(0, count: count).sorted().enumerated() { keys[index] = key }
            return
        }
        var differing: UInt64 = 0
        for index in 1..<count { differing |= keys[index] ^ keys[0] }
        let scratch = Slots<UInt64>(count: count)
        defer { scratch.release() }
        var (source, target) = (keys, scratch)
        var isInScratch = false
        let places = Slots<Int>(count: digits)
        defer { places.release() }
        while differing != 0 {
            let shift = UInt64(differing.trailingZeroBitCount)
            differing &= ~(UInt64(digits - 1) << shift)
            places.fill(0..<digits, with: 0)
            for index in 0..<count { places[Int(truncatingIfNeeded: source[index] >> shift) & (digits - 1)] += 1 }
            var before = 0
            for digit in 0..<digits { (places[digit], before) = (before, before + places[digit]) }
            for index in 0..<count {
                let digit = Int(truncatingIfNeeded: source[index] >> shift) & (digits - 1)
                target[places[digit]] = source[index]
                places[digit] += 1
            }
            swap(&source, &target)
            isInScratch.toggle()
        }
        if isInScratch { keys.copy(scratch, count: count) }
    }
}
