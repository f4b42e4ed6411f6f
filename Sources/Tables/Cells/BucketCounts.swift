/// How often each (cell, measure, bucket) occurred: the histograms of a table, all in one.
///
/// Values are noted one after the other and summed up from time to time by sorting: a nanosecond or two each, where
/// a hash table of millions of buckets would miss the cache at every value. Counts are integers, so neither
/// order nor the moment of summing can change them.
///
/// Unsafe code: `noted` holds `notedCount` keys and is summed up before it is full.
final class BucketCounts {
    var noted: UnsafeMutablePointer<UInt64>
    var notedCount = 0
    var notedLimit = 1 << 8
    /// Room for notes before they are summed up: few tables come so far, and many are made for one person.
    private static let notedLimitFull = 1 << 16
    private(set) var keys: [UInt64] = []
    private(set) var counts: [Int64] = []

    init() { noted = .allocate(capacity: 1 << 8) }

    deinit { noted.deallocate() }

    /// Notes one value of `microseconds`. Cells below 2^40, measures below 2^8, buckets below 2^16.
    @inline(__always)
    func note(cell: Int, measure: Int, microseconds: Int64) {
        noted[notedCount] = UInt64(cell) << 24 | UInt64(measure) << 16 | UInt64(LogLinear.bucket(microseconds))
        notedCount &+= 1
        if notedCount == notedLimit { makeRoom() }
    }

    @inline(never)
    func makeRoom() {
        guard notedLimit < Self.notedLimitFull else { return sum() }
        let grown = UnsafeMutablePointer<UInt64>.allocate(capacity: notedLimit * 4)
        grown.moveInitialize(from: noted, count: notedCount)
        noted.deallocate()
        noted = grown
        notedLimit *= 4
    }

    /// Sums up what was noted. Room for notes grows with the sums, so that merging stays O(log n) a note.
    @inline(never)
    func sum() {
        guard notedCount > 0 else { return }
        RadixSort.sort(UnsafeMutableBufferPointer(start: noted, count: notedCount))
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
        if notedLimit >= Self.notedLimitFull, keys.count > notedLimit {
            noted.deallocate()
            notedLimit *= 2
            noted = .allocate(capacity: notedLimit)
        }
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
