import Foundation

/// The statistics of the tables, each from its definition.
enum NaiveStatistics {
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
        let z = 1.959963984540054
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
}
