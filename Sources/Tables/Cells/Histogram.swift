/// Log-linear numbering of lengths of time: a histogram whose buckets are the same on every machine and in
/// every run, so that histograms are added bucket by bucket and the sum does not depend on order.
///
/// Values below 512 µs have a bucket each. Above, every power of two is cut into 256 buckets of equal width,
/// so a bucket is never wider than 1/256 of its lower bound and its midpoint is within 0.2 % of every value in
/// it. The numbers are integers computed from integers; they are stored, so they can never change.
public enum LogLinear {
    /// Values below this many microseconds are kept exactly.
    static let exactLimit: Int64 = 512
    /// Buckets to a power of two, as a power of two.
    static let subBucketBits = 8

    /// The bucket of `Int64.max`; every bucket number is at most this.
    public static let lastBucket: UInt32 = 512 + 54 * 256 - 1

    /// The bucket that holds `value` microseconds. Negative values count as 0.
    /// - Complexity: O(1), no branch on the size beyond the exact range.
    public static func bucket(_ value: Int64) -> UInt32 {
        guard value >= exactLimit else { return UInt32(truncatingIfNeeded: max(0, value)) }
        // 9...62: the guard above leaves only values of at least 2^9.
        let exponent = 63 &- value.leadingZeroBitCount
        let sub = (value &>> Int64(exponent &- subBucketBits)) & 255
        return UInt32(truncatingIfNeeded: 512 &+ (exponent &- 9) &* 256 &+ Int(sub))
    }

    /// The smallest value of a bucket, in microseconds. The bucket's values end before the next one's lower bound.
    public static func lowerBound(of bucket: UInt32) -> Int64 {
        precondition(bucket <= lastBucket, "there is no bucket \(bucket)")
        guard bucket >= 512 else { return Int64(bucket) }
        let (power, sub) = (Int64(bucket) - 512).quotientAndRemainder(dividingBy: 256)
        return (256 + sub) << (power + 1)
    }

    /// The value published for everything in a bucket: its midpoint, rounded down to a whole microsecond.
    /// Within 0.2 % of each of the bucket's values, and itself one of them.
    public static func representative(of bucket: UInt32) -> Int64 {
        let lower = lowerBound(of: bucket)
        guard bucket >= 512 else { return lower }
        let width = Int64(2) << ((Int64(bucket) - 512) / 256)
        return lower + (width - 1) / 2
    }
}

/// How often each bucket of `LogLinear` occurred, and what can be read from that.
public struct Distribution: Sendable, Equatable {
    public struct Entry: Sendable, Equatable {
        public var bucket: UInt32
        public var count: Int64
    }

    /// Ascending by bucket, each bucket once, every count above zero.
    public let entries: [Entry]
    /// How many values were counted.
    public let total: Int64

    /// Adds up cells of the same bucket; cells that come to nothing are dropped. The order does not matter.
    /// A count below zero after adding is a broken sum of cells, not a property of the input, and traps.
    public init(_ cells: some Sequence<Entry>) {
        var entries: [Entry] = []
        for cell in cells.sorted(by: { $0.bucket < $1.bucket }) {
            if entries.last?.bucket == cell.bucket {
                entries[entries.count - 1].count += cell.count
            } else {
                entries.append(cell)
            }
        }
        entries.removeAll { $0.count == 0 }
        precondition(entries.allSatisfy { $0.count > 0 && $0.bucket <= LogLinear.lastBucket }, "a bucket with a negative count")
        self.entries = entries
        self.total = entries.reduce(0) { $0 + $1.count }
    }

    /// Of buckets that are ascending already, each once, with counts above zero.
    init(ascending entries: [Entry]) {
        self.entries = entries
        total = entries.reduce(0) { $0 + $1.count }
    }

    /// The distribution of values that are all at hand.
    public init(values: some Sequence<Int64>) {
        self.init(values.lazy.map { Entry(bucket: LogLinear.bucket($0), count: 1) })
    }

    /// The smallest value that at least the share `q` of all values does not exceed: rank `ceil(q · total)`, at
    /// least 1. `q` is taken to a millionth, so that 0.9 of 10 values is 9 and never 10. Nil without values.
    /// - Returns: microseconds, within 0.2 % of the exact quantile.
    /// - Complexity: O(buckets).
    public func quantileNearestRank(_ q: Double) -> Int64? {
        precondition(q >= 0 && q <= 1, "a quantile lies between 0 and 1")
        guard total > 0 else { return nil }
        let million: Int64 = 1_000_000
        let millionths = Int64((q * 1_000_000).rounded())
        // total = whole · 10^6 + rest, so that nothing overflows: ceil(q · total) in integers.
        let (whole, rest) = total.quotientAndRemainder(dividingBy: million)
        let rank = max(1, whole * millionths + (rest * millionths + million - 1) / million)
        var seen: Int64 = 0
        for entry in entries {
            seen += entry.count
            if seen >= rank { return LogLinear.representative(of: entry.bucket) }
        }
        return nil
    }

    /// How many values lie in buckets beyond that of a learned threshold; exact below 512 µs.
    func count(above threshold: StallThreshold) -> Int64 {
        let bucket = threshold.bucket
        return entries.reduce(0) { $1.bucket > bucket ? $0 + $1.count : $0 }
    }
}
