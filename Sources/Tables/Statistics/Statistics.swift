import Glibc

/// What is computed from summed cells when a table is written: intervals, tests, thresholds. Every function is
/// pure; nothing here is stored, so floating point is allowed.
public enum Statistics {
    /// The 97.5 % point of the standard normal distribution.
    public static let z95 = 1.959963984540054

    /// Wilson's score interval at 95 % for a share; nil without trials. Within 0...1 by construction; rounding
    /// beyond that is cut off.
    public static func wilsonInterval(successes: Int64, trials: Int64) -> (low: Double, high: Double)? {
        precondition(successes >= 0 && successes <= trials, "more successes than trials")
        guard trials > 0 else { return nil }
        let n = Double(trials)
        let p = Double(successes) / n
        let z = z95
        let scale = 1 + z * z / n
        let center = (p + z * z / (2 * n)) / scale
        let half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / scale
        return (max(0, center - half), min(1, center + half))
    }

    /// A learned threshold needs at least this many progressed judged visits.
    public static let learnedThresholdMinimumDwells: Int64 = 30

    /// The threshold of a step without an SLA (pipelines/rules.md, 9): `exp(q3 + 1.5 · (q3 − q1))` on natural-log seconds,
    /// quartiles by nearest rank. Nil with fewer than 30 dwells, and when the lower quartile is 0 (its logarithm
    /// does not exist).
    /// - Returns: microseconds. May exceed `Int64.max` where the quartiles are far apart: write it as
    ///   `ReportTable.Cell.seconds`, do not convert it.
    public static func learnedThreshold(progressedDwells dwells: Distribution) -> Double? {
        guard dwells.total >= learnedThresholdMinimumDwells,
            let q1 = dwells.quantileNearestRank(0.25), let q3 = dwells.quantileNearestRank(0.75), q1 > 0
        else { return nil }
        let low = log(Double(q1) / 1_000_000)
        let high = log(Double(q3) / 1_000_000)
        return exp(high + 1.5 * (high - low)) * 1_000_000
    }
}

/// Which steps of a journey type stall more than its other steps (pipelines/rules.md, 9).
public enum StallPoints {
    /// False discovery rate over the steps of one journey type.
    public static let level = 0.05

    /// One step's counts; both of judged visits.
    public struct Step: Sendable, Equatable {
        public var stalled: Int64
        public var judged: Int64

        public init(stalled: Int64, judged: Int64) {
            self.stalled = stalled
            self.judged = judged
        }

        /// Nil where no visit could have stalled.
        public var stallRate: Double? { judged > 0 ? Double(stalled) / Double(judged) : nil }
    }

    public struct Decision: Sendable, Equatable {
        /// Nil where the step cannot be compared: no judged visits here or in the others, or no variation.
        public var pValue: Double?
        public var isStallPoint: Bool
    }

    /// Compares each step with the type's other steps together. A step is a stall point when its p-value is
    /// rejected by Benjamini–Hochberg over the steps that have one, and its rate is at least 1.2 times the
    /// others'; against a rate of 0 any rate is infinitely higher.
    public static func decide(_ steps: [Step]) -> [Decision] {
        let stalled = steps.reduce(0) { $0 + $1.stalled }
        let judged = steps.reduce(0) { $0 + $1.judged }
        var decisions: [Decision] = []
        for step in steps {
            let p = Statistics.pValueThatFirstIsHigher(
                (step.stalled, step.judged), (stalled - step.stalled, judged - step.judged))
            decisions.append(Decision(pValue: p, isStallPoint: false))
        }
        let tested = decisions.indices.filter { decisions[$0].pValue != nil }
        let rejected = Statistics.benjaminiHochberg(tested.compactMap { decisions[$0].pValue }, level: level)
        for (index, isRejected) in zip(tested, rejected) where isRejected {
            let step = steps[index]
            let others = Step(stalled: stalled - step.stalled, judged: judged - step.judged)
            decisions[index].isStallPoint = isAtLeastSixFifths(step, of: others)
        }
        return decisions
    }

    /// rate ≥ 1.2 · others' rate, in integers: 0.36 against 0.3 must not depend on rounding.
    private static func isAtLeastSixFifths(_ step: Step, of others: Step) -> Bool {
        Int128(5) * Int128(step.stalled) * Int128(others.judged)
            >= Int128(6) * Int128(others.stalled) * Int128(step.judged)
    }
}
