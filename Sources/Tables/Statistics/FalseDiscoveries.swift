/// Many tests at once (Y. Benjamini, Y. Hochberg, Controlling the false discovery rate, J. R. Statist. Soc. B 57, 1995).
extension Statistics {
    /// The share of tests that may be wrong about their null hypotheses being so.
    public static let falseDiscoveryLevel = 0.05

    /// Which of the hypotheses are rejected when the false discovery rate is to stay at `level`. The answer for a value does not
    /// depend on the order of the values; equal values share their fate.
    /// - Complexity: O(n log n).
    public static func benjaminiHochberg(_ pValues: [Double], level: Double) -> [Bool] {
        let ascending = pValues.sorted()
        var cutoff: Double?
        for (index, p) in ascending.enumerated() where p <= level * Double(index + 1) / Double(ascending.count) {
            cutoff = p
        }
        guard let cutoff else { return pValues.map { _ in false } }
        return pValues.map { $0 <= cutoff }
    }

    /// By value: the least level at which its hypothesis is rejected, at most 1; nil where there is no p-value. Only values that are
    /// there count as tests.
    /// - Complexity: O(n log n).
    public static func qValues(_ pValues: [Double?]) -> [Double?] {
        let tested = pValues.indices.filter { pValues[$0] != nil }.sorted { pValues[$0]! < pValues[$1]! }
        var qValues = [Double?](repeating: nil, count: pValues.count)
        var least = 1.0
        for (place, index) in tested.enumerated().reversed() {
            least = min(least, pValues[index]! * Double(tested.count) / Double(place + 1))
            qValues[index] = least
        }
        return qValues
    }

    /// The same in families: tests of different families do not count together.
    public static func qValues<Family: Hashable>(_ pValues: [Double?], family: (Int) -> Family) -> [Double?] {
        var qValues = [Double?](repeating: nil, count: pValues.count)
        for places in Dictionary(grouping: pValues.indices, by: family).values {
            for (place, q) in zip(places, Self.qValues(places.map { pValues[$0] })) { qValues[place] = q }
        }
        return qValues
    }
}
