import Foundation

/// The statistics of the tables, each from its definition.
enum NaiveStatistics {
    static let z = 1.959963984540054

    /// The smallest value that at least `percent` of all values do not exceed; nil for none.
    static func nearestRank(_ values: [Int64], percent: Int) -> Int64? {
        guard !values.isEmpty else { return nil }
        let rank = max(1, (values.count * percent + 99) / 100)
        return values.sorted()[rank - 1]
    }

    static func ratio(_ part: Int, _ whole: Int) -> Double? { whole == 0 ? nil : Double(part) / Double(whole) }

    /// The Wilson score interval of a proportion at 95 %.
    static func wilson95(_ successes: Int, of trials: Int) -> (low: Double, high: Double)? {
        guard trials > 0 else { return nil }
        let (n, p) = (Double(trials), Double(successes) / Double(trials))
        let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        return (centre - half, centre + half)
    }

    /// The chance of a rate so much above the other if both were one: z-test with the pooled rate. nil where a side is empty
    /// or where nothing, or everything, is a success: then there is nothing to test.
    static func oneSidedP(_ successes: Int, _ trials: Int, against otherSuccesses: Int, _ otherTrials: Int) -> Double? {
        guard trials > 0, otherTrials > 0 else { return nil }
        let all = successes + otherSuccesses
        guard all > 0, all < trials + otherTrials else { return nil }
        let pooled = Double(all) / Double(trials + otherTrials)
        let deviation = (pooled * (1 - pooled) * (1 / Double(trials) + 1 / Double(otherTrials))).squareRoot()
        let z = (Double(successes) / Double(trials) - Double(otherSuccesses) / Double(otherTrials)) / deviation
        return 0.5 * erfc(z / 2.0.squareRoot())
    }

    /// Which tests stand: those whose p-value is at most the largest p(i) with p(i) <= level · i / m, the p-values being sorted
    /// and m their number. Without a p-value there is no test.
    static func benjaminiHochberg(_ pValues: [Double?], level: Double) -> [Bool] {
        let sorted = pValues.compactMap { $0 }.sorted()
        let bound = sorted.enumerated().last { $0.element <= level * Double($0.offset + 1) / Double(sorted.count) }?.element
        return pValues.map { p in
            guard let p, let bound else { return false }
            return p <= bound
        }
    }

    /// Newcombe's interval of the difference of two shares, first - second, at 95 %: the hybrid of their two Wilson intervals.
    static func newcombe95(_ part: Int, of whole: Int, _ otherPart: Int, of otherWhole: Int) -> (low: Double, high: Double)? {
        guard let (low, high) = wilson95(part, of: whole), let (otherLow, otherHigh) = wilson95(otherPart, of: otherWhole) else {
            return nil
        }
        let (share, otherShare) = (Double(part) / Double(whole), Double(otherPart) / Double(otherWhole))
        func distance(_ one: Double, _ other: Double) -> Double { (one * one + other * other).squareRoot() }
        return (
            share - otherShare - distance(share - low, otherHigh - otherShare),
            share - otherShare + distance(high - share, otherShare - otherLow)
        )
    }

    /// The chance of two rates at least so far apart, in either direction, if both were one: pooled as in `oneSidedP`.
    static func twoSidedP(_ successes: Int, _ trials: Int, against otherSuccesses: Int, _ otherTrials: Int) -> Double? {
        oneSidedP(successes, trials, against: otherSuccesses, otherTrials).map { 2 * min($0, 1 - $0) }
    }

    /// The smallest level at which each test would stand by Benjamini and Hochberg: of p(i) * m / i the least at its own place in
    /// order or any later one, and never over 1. Tests without a p-value are none.
    static func qValues(_ pValues: [Double?]) -> [Double?] {
        let sorted = pValues.compactMap { $0 }.sorted()
        return pValues.map { p in
            guard let p else { return nil }
            let levels = sorted.indices.filter { sorted[$0] >= p }.map { sorted[$0] * Double(sorted.count) / Double($0 + 1) }
            return min(1, levels.min() ?? 1)
        }
    }

    /// So many of two groups of like things, and with how many of each it went well.
    struct Stratum {
        var exposed, exposedWell, compared, comparedWell: Int
    }

    /// Cochran, Mantel and Haenszel's test without correction for continuity, two-sided: whether what went well has to do with the
    /// group, like with like. nil where nothing varies.
    static func cochranMantelHaenszel(_ strata: [Stratum]) -> Double? {
        var (surplus, variance) = (0.0, 0.0)
        for one in strata where one.exposed + one.compared > 1 {
            let all = Double(one.exposed + one.compared)
            let well = Double(one.exposedWell + one.comparedWell)
            surplus += Double(one.exposedWell) - Double(one.exposed) * well / all
            variance += Double(one.exposed) * Double(one.compared) * well * (all - well) / (all * all * (all - 1))
        }
        return variance > 0 ? erfc(abs(surplus) / (2 * variance).squareRoot()) : nil
    }

    /// Mantel and Haenszel's difference of rates, exposed - compared; nil where no stratum has both.
    static func mantelHaenszelDifference(_ strata: [Stratum]) -> Double? {
        var (sum, weights) = (0.0, 0.0)
        for one in strata where one.exposed > 0 && one.compared > 0 {
            let (n1, n0) = (Double(one.exposed), Double(one.compared))
            let weight = n1 * n0 / (n1 + n0)
            sum += weight * (Double(one.exposedWell) / n1 - Double(one.comparedWell) / n0)
            weights += weight
        }
        return weights > 0 ? sum / weights : nil
    }
}
