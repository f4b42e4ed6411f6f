package import Tables

/// A share on both sides, and what can be said of their difference.
package struct Figure: Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// q ≤ 0.05.
        case changed
        case unclear = "no_clear_change"
        /// The shares differ, and the counts are too small for the test.
        case few = "too_few"
        case onlyInA = "only_in_a"
        case onlyInB = "only_in_b"
        /// Both sides may have the same journeys: a test would take them for different ones.
        case untested = "not_tested"
        /// One side has nothing that could be judged, or could not measure it.
        case unknown = "not_known"
    }

    package let kind: FigureKind
    package let name: FigureName
    /// nil: not there, not measured or left out.
    package let a: Share?
    package let b: Share?
    /// B − A; nil where one of them is of nothing.
    package let difference: ShareDifference?
    /// nil where it is not tested.
    package let pValue: Double?
    /// Over all figures that are tested.
    package var qValue: Double?
    private let isInA: Bool
    private let isInB: Bool
    private let isTested: Bool

    /// - Parameter isTested: whether what one side counts is different from what the other counts.
    init(_ kind: FigureKind, _ name: FigureName, a: ComparedSide.Entry?, b: ComparedSide.Entry?, isTested: Bool = true) {
        (self.kind, self.name, self.a, self.b) = (kind, name, a?.share, b?.share)
        (isInA, isInB) = (a != nil, b != nil)
        let first = a?.share ?? Share(0, of: 0)
        let second = b?.share ?? Share(0, of: 0)
        difference = ShareDifference(second, first)
        self.isTested = isTested
        pValue = isTested && Self.canBeTested(first, second) ? difference?.pValue : nil
    }

    package var state: State {
        if !isInB { return .onlyInA }
        if !isInA { return .onlyInB }
        guard let difference else { return .unknown }
        if let qValue { return qValue <= Statistics.falseDiscoveryLevel ? .changed : .unclear }
        return difference.difference == 0 ? .unclear : isTested ? .few : .untested
    }

    /// The z-test holds where each of the four counts would be 5 or more if both shares were the same: with fewer it finds changes
    /// where there are none, most of all where one side is much smaller than the other.
    ///
    /// Source: W. G. Cochran, Some methods for strengthening the common χ² tests, Biometrics 10 (1954).
    static func canBeTested(_ first: Share, _ second: Share) -> Bool {
        let both = first + second
        let smaller = min(first.whole, second.whole)
        guard smaller > 0 else { return false }
        return Double(smaller) * Double(min(both.part, both.whole - both.part)) >= expectedMin * Double(both.whole)
    }

    private static let expectedMin = 5.0
}
