import Foundation

extension NaiveStatistics {
    /// The mean ± z standard errors, from the variance of a sample; nil for fewer than two numbers.
    static func interval95(ofMean numbers: [Double]) -> (low: Double, high: Double)? {
        guard numbers.count >= 2 else { return nil }
        let n = Double(numbers.count)
        let mean = numbers.reduce(0, +) / n
        let variance = numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (n - 1)
        let margin = z * (variance / n).squareRoot()
        return (mean - margin, mean + margin)
    }

    /// Pearson's coefficient of pairs; nil where either side does not vary.
    static func correlation(_ pairs: [(x: Int, y: Int)]) -> Double? {
        guard Set(pairs.map(\.x)).count > 1, Set(pairs.map(\.y)).count > 1 else { return nil }
        let n = Double(pairs.count)
        let meanX = Double(pairs.map(\.x).reduce(0, +)) / n
        let meanY = Double(pairs.map(\.y).reduce(0, +)) / n
        let deviations = pairs.map { (x: Double($0.x) - meanX, y: Double($0.y) - meanY) }
        let together = deviations.map { $0.x * $0.y }.reduce(0, +)
        let (ofX, ofY) = (deviations.map { $0.x * $0.x }.reduce(0, +), deviations.map { $0.y * $0.y }.reduce(0, +))
        return together / (ofX * ofY).squareRoot()
    }

    /// Fisher's interval of such a coefficient; nil for fewer than four pairs, and where all lie on one line: it would have no width.
    static func fisher95(_ r: Double, of pairs: [(x: Int, y: Int)]) -> (low: Double, high: Double)? {
        guard pairs.count >= 4, !areOnALine(pairs) else { return nil }
        let margin = z / Double(pairs.count - 3).squareRoot()
        return (tanh(atanh(r) - margin), tanh(atanh(r) + margin))
    }

    /// In whole numbers: a coefficient of 1 need not be one after rounding.
    private static func areOnALine(_ pairs: [(x: Int, y: Int)]) -> Bool {
        guard let first = pairs.first, let other = pairs.first(where: { $0 != first }) else { return true }
        return pairs.allSatisfy { pair in
            Int128(pair.x - first.x) * Int128(other.y - first.y) == Int128(other.x - first.x) * Int128(pair.y - first.y)
        }
    }
}
