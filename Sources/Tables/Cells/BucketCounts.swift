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
    private static let notedLimitFull = 1 << 16
    private(set) var keys: [UInt64] = []
    private(set) var counts: [Int64] = []

    deinit { noted.release() }

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
        var runKeys: [UInt64] = []
        var runCounts: [Int64] = []
        var index = 0
        while index < notedCount {
            var end = index + 1
            while end < notedCount, noted[end] == noted[index] { end += 1 }
            runKeys.append(noted[index])
            runCounts.append(Int64(end - index))
            index = end
        }
        notedCount = 0
        merge(runKeys, runCounts)
        if noted.count >= Self.notedLimitFull, keys.count > noted.count { noted.grow(to: noted.count * 2, used: 0) }
    }

    /// Adds sorted keys, each once, with their counts. What comes to nothing is dropped.
    func merge(_ otherKeys: [UInt64], _ otherCounts: [Int64]) {
        guard let last = keys.last else {
            (keys, counts) = (otherKeys, otherCounts)
            return
        }
        guard let first = otherKeys.first else { return }
        if last < first {
            keys += otherKeys
            counts += otherCounts
            return
        }
        var mergedKeys: [UInt64] = []
        var mergedCounts: [Int64] = []
        mergedKeys.reserveCapacity(keys.count + otherKeys.count)
        mergedCounts.reserveCapacity(keys.count + otherKeys.count)
        var (left, right) = (0, 0)
        while left < keys.count || right < otherKeys.count {
            if right == otherKeys.count || (left < keys.count && keys[left] < otherKeys[right]) {
                mergedKeys.append(keys[left])
                mergedCounts.append(counts[left])
                left += 1
            } else if left == keys.count || otherKeys[right] < keys[left] {
                mergedKeys.append(otherKeys[right])
                mergedCounts.append(otherCounts[right])
                right += 1
            } else {
                let sum = counts[left] + otherCounts[right]
                if sum != 0 {
                    mergedKeys.append(keys[left])
                    mergedCounts.append(sum)
                }
                left += 1
                right += 1
            }
        }
        keys = mergedKeys
        counts = mergedCounts
    }

    /// Adds the counts of `other`, whose cell n is this one's `cells[n]`, times `sign`.
    func absorb(_ other: BucketCounts, cells: [UInt32], sign: Int64) {
        sum()
        other.sum()
        // Cells keep their runs of buckets together, so it is enough to put the cells in order.
        var runs: [(cell: UInt64, range: Range<Int>)] = []
        var start = 0
        for index in other.keys.indices where index + 1 == other.keys.count || other.keys[index + 1] >> 24 != other.keys[index] >> 24 {
            runs.append((UInt64(cells[Int(other.keys[index] >> 24)]), start..<index + 1))
            start = index + 1
        }
        runs.sort { $0.cell < $1.cell }
        var movedKeys: [UInt64] = []
        var movedCounts: [Int64] = []
        movedKeys.reserveCapacity(other.keys.count)
        movedCounts.reserveCapacity(other.keys.count)
        for run in runs {
            for index in run.range {
                movedKeys.append(run.cell << 24 | other.keys[index] & 0xFF_FFFF)
                movedCounts.append(sign * other.counts[index])
            }
        }
        merge(movedKeys, movedCounts)
    }
}

/// Sorts 64-bit keys, least significant digit first, leaving out digits that all keys share. O(n) a digit.
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
        for shift in stride(from: UInt64(0), to: 64, by: digitBits) where differing >> shift & UInt64(digits - 1) != 0 {
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
