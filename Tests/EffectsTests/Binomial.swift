import Foundation

/// How many of so many independent trials succeed.
enum Binomial {
    /// The least number of successes up to which at least `share` of all series of trials remain.
    /// - Complexity: O(trials).
    static func quantile(_ share: Double, trials: Int, chance: Double) -> Int {
        var sum = 0.0
        for successes in 0...trials {
            sum += probability(of: successes, trials: trials, chance: chance)
            if sum >= share { return successes }
        }
        return trials
    }

    private static func probability(of successes: Int, trials: Int, chance: Double) -> Double {
        let (n, k) = (Double(trials), Double(successes))
        let ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
        return exp(ways + k * log(chance) + (n - k) * log(1 - chance))
    }
}
