import Glibc

/// So many of so many.
public struct Share: Sendable, Equatable {
    public var part: Int64
    public var whole: Int64

    public init(_ part: Int64, of whole: Int64) { (self.part, self.whole) = (part, whole) }

    /// nil of nothing.
    public var rate: Double? { whole > 0 ? Double(part) / Double(whole) : nil }

    /// Wilson's score interval at 95 %; nil of nothing.
    public var interval: (low: Double, high: Double)? { Statistics.wilsonInterval(successes: part, trials: whole) }

    public static func + (left: Share, right: Share) -> Share { Share(left.part + right.part, of: left.whole + right.whole) }
    public static func += (left: inout Share, right: Share) { left = left + right }
}

/// Two shares of different things set side by side: first − second.
public struct ShareDifference: Sendable, Equatable {
    public let difference: Double
    /// Newcombe's hybrid score interval at 95 %.
    public let low: Double
    public let high: Double
    /// Of `Statistics.pValueThatTheyDiffer`; nil without variation.
    public let pValue: Double?

    /// Nil where one of them is of nothing.
    ///
    /// Source: R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17
    /// (1998), method 10: the square-and-add limits of the two Wilson intervals.
    public init?(_ first: Share, _ second: Share) {
        guard let (low1, high1) = first.interval, let (low2, high2) = second.interval, let p1 = first.rate, let p2 = second.rate else {
            return nil
        }
        difference = p1 - p2
        low = difference - sqrt((p1 - low1) * (p1 - low1) + (high2 - p2) * (high2 - p2))
        high = difference + sqrt((high1 - p1) * (high1 - p1) + (p2 - low2) * (p2 - low2))
        pValue = Statistics.pValueThatTheyDiffer(first, second)
    }
}

extension Statistics {
    /// One-sided two-proportion z-test with pooled variance: how likely a first share at least this much above
    /// the second would be if both were the same. Nil where a side has no trials or the standard error is 0
    /// (nobody or everybody on both sides).
    public static func pValueThatFirstIsHigher(
        _ first: (successes: Int64, trials: Int64), _ second: (successes: Int64, trials: Int64)
    ) -> Double? {
        pooledZ(Share(first.successes, of: first.trials), Share(second.successes, of: second.trials)).map { 0.5 * erfc($0 / sqrt(2)) }
    }

    /// The same two-sided: how likely shares at least this far apart would be if both were the same.
    public static func pValueThatTheyDiffer(_ first: Share, _ second: Share) -> Double? {
        pooledZ(first, second).map { erfc(abs($0) / sqrt(2)) }
    }

    private static func pooledZ(_ first: Share, _ second: Share) -> Double? {
        guard let p1 = first.rate, let p2 = second.rate else { return nil }
        let (n1, n2) = (Double(first.whole), Double(second.whole))
        let pooled = Double(first.part + second.part) / (n1 + n2)
        let standardError = sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
        return standardError > 0 ? (p1 - p2) / standardError : nil
    }
}
