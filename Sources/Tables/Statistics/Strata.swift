import Glibc

/// Exposed and compared ones of one stratum, within which they are comparable: how many there are, and how many of them succeed.
public struct Stratum: Sendable, Equatable {
    public var exposed: Share
    public var compared: Share

    public init(exposed: Share, compared: Share) { (self.exposed, self.compared) = (exposed, compared) }
}

/// What is asked of a comparison over strata.
extension Statistics {
    /// Cochran–Mantel–Haenszel test without continuity correction, two-sided: how likely shares at least this far apart would be
    /// over all strata if within each they were the same. Nil without variation. Strata of one, or with one side only, say nothing.
    ///
    /// Source: A. Agresti, Categorical Data Analysis, 3rd ed., 6.4.2.
    public static func cochranMantelHaenszel(_ strata: [Stratum]) -> Double? {
        var (seen, expected, variance) = (0.0, 0.0, 0.0)
        for stratum in strata {
            let (n1, n0) = (Double(stratum.exposed.whole), Double(stratum.compared.whole))
            let (all, successes) = (n1 + n0, Double(stratum.exposed.part + stratum.compared.part))
            guard n1 > 0, n0 > 0 else { continue }
            seen += Double(stratum.exposed.part)
            expected += n1 * successes / all
            variance += n1 * n0 * successes * (all - successes) / (all * all * (all - 1))
        }
        return variance > 0 ? erfc(abs(seen - expected) / sqrt(variance) / sqrt(2)) : nil
    }

    /// Mantel and Haenszel's difference of shares over strata: each weighs n1·n0/n. Nil where no stratum has both sides.
    ///
    /// Source: S. Greenland, J. M. Robins, Estimation of a common effect parameter from sparse follow-up data, Biometrics 41 (1985).
    public static func mantelHaenszelDifference(_ strata: [Stratum]) -> Double? {
        var (sum, weights) = (0.0, 0.0)
        for stratum in strata {
            guard let p1 = stratum.exposed.rate, let p0 = stratum.compared.rate else { continue }
            let (n1, n0) = (Double(stratum.exposed.whole), Double(stratum.compared.whole))
            let weight = n1 * n0 / (n1 + n0)
            sum += weight * (p1 - p0)
            weights += weight
        }
        return weights > 0 ? sum / weights : nil
    }

    /// How many of the exposed ones would have succeeded had they done so as often as the compared ones of their stratum, and how
    /// many fewer did.
    public struct Loss: Sendable, Equatable {
        /// Exposed ones of strata in which there is somebody to compare with, and those of them that succeeded.
        public var exposed = Share(0, of: 0)
        public var expected = 0.0
        var variance = 0.0

        public var lost: Double { expected - Double(exposed.part) }
        /// lost ± z times its standard error.
        public var interval: (low: Double, high: Double) {
            let half = Statistics.z95 * sqrt(variance)
            return (lost - half, lost + half)
        }
    }

    /// Direct standardization to the exposed ones (D. G. Kleinbaum et al., Epidemiologic Research, 1982, ch. 17); both sides' binomial
    /// variances count. Nil where no stratum has both sides.
    public static func loss(_ strata: [Stratum]) -> Loss? {
        var loss = Loss()
        for stratum in strata {
            guard let p1 = stratum.exposed.rate, let p0 = stratum.compared.rate else { continue }
            let (n1, n0) = (Double(stratum.exposed.whole), Double(stratum.compared.whole))
            loss.exposed += stratum.exposed
            loss.expected += n1 * p0
            loss.variance += n1 * n1 * p0 * (1 - p0) / n0 + n1 * p1 * (1 - p1)
        }
        return loss.exposed.whole > 0 ? loss : nil
    }
}
