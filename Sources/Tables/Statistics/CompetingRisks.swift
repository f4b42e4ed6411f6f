import Glibc

/// How many have had an event of interest by when, where others may have another event that rules it out, and the rest are only known
/// not to have had one so far: the cumulative incidence of Aalen and Johansen over buckets of time.
///
/// Sources: O. O. Aalen, S. Johansen, An empirical transition matrix for non-homogeneous Markov chains based on censored observations,
/// Scandinavian Journal of Statistics 5 (1978); the variance by the delta method and the interval on the scale of log(−log F) as in
/// D. Collett, Modelling Survival Data in Medical Research, 3rd ed., 12.3. Events count before those that are lost from sight at the
/// same time.
public struct CompetingRisks: Sendable {
    /// One bucket in which any event happened.
    private struct Moment {
        var bucket: UInt32
        /// Followed up to here.
        var atRisk: Double
        var events: Double
        /// Those of interest among them.
        var wanted: Double
        /// Share without any event before, and of those with the event of interest up to and including here.
        var freeBefore: Double
        var incidence: Double
    }

    private var moments: [Moment] = []
    public let total: Int64
    /// The last bucket in which there was an event or somebody was lost from sight.
    private let lastBucket: UInt32?
    private let freeAtEnd: Double
    /// Shares are sums of rounded products: what is so close to a bound is the bound.
    private static let rounding = 1e-12

    public init(wanted: Distribution, competing: Distribution, censored: Distribution) {
        total = wanted.total + competing.total + censored.total
        var counts: [UInt32: (wanted: Int64, competing: Int64, censored: Int64)] = [:]
        for entry in wanted.entries { counts[entry.bucket, default: (0, 0, 0)].wanted += entry.count }
        for entry in competing.entries { counts[entry.bucket, default: (0, 0, 0)].competing += entry.count }
        for entry in censored.entries { counts[entry.bucket, default: (0, 0, 0)].censored += entry.count }
        var (atRisk, free, incidence) = (total, 1.0, 0.0)
        for (bucket, count) in counts.sorted(by: { $0.key < $1.key }) {
            let events = count.wanted + count.competing
            if events > 0 {
                incidence += free * Double(count.wanted) / Double(atRisk)
                moments.append(
                    Moment(
                        bucket: bucket, atRisk: Double(atRisk), events: Double(events), wanted: Double(count.wanted), freeBefore: free,
                        incidence: incidence))
                free *= Double(atRisk - events) / Double(atRisk)
            }
            atRisk -= events + count.censored
        }
        lastBucket = counts.keys.max()
        freeAtEnd = free
    }

    /// Whether the share at this bucket is known: somebody was followed that long, or everybody has had an event.
    public func isKnown(at bucket: UInt32) -> Bool { lastBucket.map { bucket <= $0 || freeAtEnd == 0 } ?? false }

    /// Share with the event of interest up to and including the bucket. O(events), as `interval`.
    public func incidence(at bucket: UInt32) -> Double { moments.last { $0.bucket <= bucket }?.incidence ?? 0 }

    /// At 95 %; nil where the share is 0 or 1.
    public func interval(at bucket: UInt32) -> (low: Double, high: Double)? {
        let share = incidence(at: bucket)
        guard share > Self.rounding, share < 1 - Self.rounding else { return nil }
        var variance = 0.0
        for moment in moments where moment.bucket <= bucket {
            let (n, d, mine) = (moment.atRisk, moment.events, moment.wanted)
            let later = share - moment.incidence
            // Where all that were left had an event, nothing comes later.
            if n > d { variance += later * later * d / (n * (n - d)) }
            variance += moment.freeBefore * moment.freeBefore * mine * (n - mine) / (n * n * n)
            variance -= 2 * later * moment.freeBefore * mine / (n * n)
        }
        let exponent = Statistics.z95 * sqrt(max(0, variance)) / (share * log(share))
        let (one, other) = (pow(share, exp(exponent)), pow(share, exp(-exponent)))
        return (min(one, other), max(one, other))
    }

    /// The first bucket up to which half have had the event of interest; nil where there is none.
    public var median: UInt32? { moments.first { $0.incidence >= 0.5 - Self.rounding }?.bucket }
}
