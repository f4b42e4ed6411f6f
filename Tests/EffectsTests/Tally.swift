import Foundation
import Testing

/// How often something held over logs of many seeds. A count is wrong when it lies where chance puts one in a thousand.
struct Tallies {
    private static let error = 0.001

    private var counts: [String: (hits: Int, trials: Int)] = [:]
    private var sums: [String: (difference: Double, variance: Double)] = [:]
    private var values: [String: [Double]] = [:]

    mutating func count(_ name: String, _ holds: Bool) {
        counts[name, default: (0, 0)].trials += 1
        if holds { counts[name]!.hits += 1 }
    }

    /// Adds successes of trials that have a known chance each.
    mutating func add(_ name: String, _ successes: Int, of trials: Int, chance: Double) {
        sums[name, default: (0, 0)].difference += Double(successes) - Double(trials) * chance
        sums[name]!.variance += Double(trials) * chance * (1 - chance)
    }

    /// Adds by how much a value differs from the true one.
    mutating func add(_ name: String, off difference: Double) { values[name, default: []].append(difference) }

    /// It holds with this chance: neither less often nor more often.
    func expect(_ name: String, chance: Double) {
        let (hits, trials) = counts[name] ?? (0, 0)
        let low = Binomial.quantile(Self.error, trials: trials, chance: chance)
        let high = Binomial.quantile(1 - Self.error, trials: trials, chance: chance)
        report("\(name): \(hits) of \(trials), expected \(low) to \(high)")
        #expect(trials > 0 && hits >= low && hits <= high, "\(name): \(hits) of \(trials), not \(low) to \(high)")
    }

    func expect(_ name: String, atLeast chance: Double) {
        let (hits, trials) = counts[name] ?? (0, 0)
        let low = Binomial.quantile(Self.error, trials: trials, chance: chance)
        report("\(name): \(hits) of \(trials), expected at least \(low)")
        #expect(trials > 0 && hits >= low, "\(name): \(hits) of \(trials), not at least \(low)")
    }

    func expect(_ name: String, atMost chance: Double) {
        let (hits, trials) = counts[name] ?? (0, 0)
        let high = Binomial.quantile(1 - Self.error, trials: trials, chance: chance)
        report("\(name): \(hits) of \(trials), expected at most \(high)")
        #expect(trials > 0 && hits <= high, "\(name): \(hits) of \(trials), not at most \(high)")
    }

    /// What was added is as far from what its chances say as chance may be: 3.29 standard errors, one in a thousand.
    func expectNoDrift(_ name: String) {
        let (difference, variance) = sums[name] ?? (0, 0)
        let z = difference / variance.squareRoot()
        report("\(name): z = \(z)")
        #expect(variance > 0 && abs(z) < 3.29, "\(name): z = \(z)")
    }

    /// The mean of what was added is not further from 0 than 3.9 of its standard errors, for twenty values one in a thousand.
    func expectCentred(_ name: String) {
        let all = values[name] ?? []
        let mean = all.reduce(0, +) / Double(all.count)
        let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count - 1)
        let t = mean / (variance / Double(all.count)).squareRoot()
        report("\(name): off by \(mean) on average, t = \(t)")
        #expect(all.count > 1 && abs(t) < 3.9, "\(name): off by \(mean) on average, t = \(t)")
    }

    /// For whoever runs other seeds, to see how near the bounds the figures lie.
    private func report(_ line: String) {
        if ProcessInfo.processInfo.environment["SOJOURN_SEEDS"] != nil { print(line) }
    }
}
