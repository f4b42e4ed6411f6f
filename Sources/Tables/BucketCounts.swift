/// How often each (cell, measure, bucket) occurred: the histograms of a table, all in one.
///
/// Values are noted one after the other and summed up from time to time by sorting: a nanosecond or two each, where
/// a hash table of millions of buckets would miss the cache at every value. Counts are integers, so neither
/// order nor the moment of summing can change them.
package struct BucketCounts: Sendable {
    private var noted: [UInt64] = []
    private var keys: [UInt64] = []
    private var counts: [Int64] = []
    private static let noteLimitAtLeast = 1 << 18

    package init() {}

    /// Cells below 2^40, measures below 2^8, buckets below 2^16.
    @inline(__always)
    private static func key(_ cell: Int, _ measure: Int, _ bucket: UInt32) -> UInt64 {
        UInt64(cell) << 24 | UInt64(measure) << 16 | UInt64(bucket)
    }

    /// Notes one value of `microseconds`.
    @inline(__always)
    mutating func note(cell: Int, measure: Int, microseconds: Int64) {
        noted.append(Self.key(cell, measure, LogLinear.bucket(microseconds)))
        if noted.count >= max(Self.noteLimitAtLeast, keys.count / 2) { sum() }
    }

    mutating func sum() {
        guard !noted.isEmpty else { return }
        RadixSort.sort(&noted)
        var runs: ([UInt64], [Int64]) = ([], [])
        var index = 0
        while index < noted.count {
            var end = index + 1
            while end < noted.count, noted[end] == noted[index] { end += 1 }
            runs.0.append(noted[index])
            runs.1.append(Int64(end - index))
            index = end
        }
        noted.removeAll(keepingCapacity: true)
        merge(runs.0, runs.1)
    }

    /// Adds sorted keys with their counts.
    private mutating func merge(_ otherKeys: [UInt64], _ otherCounts: [Int64]) {
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
                mergedKeys.append(keys[left])
                mergedCounts.append(counts[left] + otherCounts[right])
                left += 1
                right += 1
            }
        }
        keys = mergedKeys
        counts = mergedCounts
    }

    /// Adds the counts of `other`, whose cell n is this one's `cells[n]`.
    mutating func absorb(_ other: consuming BucketCounts, cells: [UInt32]) {
        sum()
        other.sum()
        let moved = other.keys.indices.map { index in
            (key: UInt64(cells[Int(other.keys[index] >> 24)]) << 24 | other.keys[index] & 0xFF_FFFF, count: other.counts[index])
        }.sorted { $0.key < $1.key }
        merge(moved.map(\.key), moved.map(\.count))
    }

    /// Calls `body` for every measure of every cell that has values, in order of cells.
    mutating func forEachDistribution(_ body: (_ cell: Int, _ measure: Int, _ distribution: Distribution) -> Void) {
        sum()
        var index = 0
        while index < keys.count {
            var end = index
            while end < keys.count, keys[end] >> 16 == keys[index] >> 16 { end += 1 }
            let buckets = (index..<end).map { (bucket: UInt32(keys[$0] & 0xFFFF), count: counts[$0]) }
            body(Int(keys[index] >> 24), Int(keys[index] >> 16 & 0xFF), Distribution(buckets))
            index = end
        }
    }
}
