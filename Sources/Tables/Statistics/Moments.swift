import Glibc

/// Exact sums over values in thousandths, from which mean and variance are computed without loss.
public struct Moments: Sendable, Equatable {
    public var count: Int64
    public var sum: Int128
    public var squares: Int128

    public init(count: Int64, sum: Int128, squares: Int128) { (self.count, self.sum, self.squares) = (count, sum, squares) }

    /// nil of nothing.
    public var mean: Double? { count > 0 ? Double(sum) / Double(count) : nil }

    /// Half the width of the mean's interval at 95 % by the normal distribution, z · s / √n with the variance over n − 1; nil of
    /// fewer than two.
    public var half: Double? {
        guard count > 1 else { return nil }
        let n = Double(count)
        return Statistics.z95 * sqrt(Double(Int128(count) * squares - sum * sum) / n / (n - 1) / n)
    }
}

/// Exact sums over pairs of values in thousandths.
public struct PairedMoments: Sendable, Equatable {
    public var first: Moments
    public var second: Moments
    public var products: Int128

    public init(first: Moments, second: Moments, products: Int128) { (self.first, self.second, self.products) = (first, second, products) }

    /// Pearson's coefficient; nil of fewer than two, and where one side does not vary.
    public var correlation: Double? {
        let n = Int128(first.count)
        let variances = (n * first.squares - first.sum * first.sum, n * second.squares - second.sum * second.sum)
        guard first.count > 1, variances.0 > 0, variances.1 > 0 else { return nil }
        let covariance = n * products - first.sum * second.sum
        return max(-1, min(1, Double(covariance) / sqrt(Double(variances.0)) / sqrt(Double(variances.1))))
    }

    /// At 95 %; nil of fewer than four, and where all pairs lie on a line.
    ///
    /// Source: R. A. Fisher, On the probable error of a coefficient of correlation, Metron 1 (1921): the inverse hyperbolic tangent of
    /// the coefficient is close to normal with variance 1 / (n − 3).
    public var interval: (low: Double, high: Double)? {
        guard first.count > 3, let correlation, abs(correlation) < 1 else { return nil }
        let half = Statistics.z95 / sqrt(Double(first.count - 3))
        return (tanh(atanh(correlation) - half), tanh(atanh(correlation) + half))
    }
}

extension Statistics {
    /// Of promoters − detractors among all who answered, at 95 %: two cells of a multinomial have the variance
    /// (p₁ + p₂ − (p₁ − p₂)²) / n. Cut off at −1 and 1. Nil of nothing.
    ///
    /// Source: L. A. Goodman, On simultaneous confidence intervals for multinomial proportions, Technometrics 7 (1965), for one contrast.
    public static func netShareInterval(promoters: Int64, detractors: Int64, of all: Int64) -> (low: Double, high: Double)? {
        guard all > 0 else { return nil }
        let (p1, p2) = (Double(promoters) / Double(all), Double(detractors) / Double(all))
        let half = z95 * sqrt((p1 + p2 - (p1 - p2) * (p1 - p2)) / Double(all))
        return (max(-1, p1 - p2 - half), min(1, p1 - p2 + half))
    }
}
