import Testing

@testable import TestSupport

/// Random cases must reach what the metrics and the scorecard are for.
@Suite struct MetricCaseTests {
    /// In how many cases some row is such a one, by the words for it.
    private struct Tally {
        var counts: [String: Int] = [:]

        mutating func count(_ words: String, _ rows: [NaiveRow], _ key: (String, String), _ isMeant: (NaiveRow) -> Bool) {
            let found = rows.contains { $0.text(key.0) == ExactText(key.1) && isMeant($0) }
            counts[words, default: 0] += found ? 1 : 0
        }
    }

    private static func isBetween(_ row: NaiveRow, _ column: String = "value", _ all: Double = 1) -> Bool {
        row.ratio(column).map { $0 > 0 && $0 < all } ?? false
    }

    private static func isPositive(_ row: NaiveRow, _ column: String = "value") -> Bool { row.ratio(column).map { $0 > 0 } ?? false }

    private static func isTold(_ row: NaiveRow, _ column: String = "value") -> Bool { row.ratio(column) != nil }

    @Test func casesReachTheCornersOfMetrics() {
        var tally = Tally()
        for seed in UInt64(0)..<90 {
            let rows = RandomCase(seed: seed).expected.decisions.metrics
            func count(_ words: String, _ metric: String, _ isMeant: (NaiveRow) -> Bool) {
                tally.count(words, rows, ("metric", metric), isMeant)
            }
            tally.counts["nothing", default: 0] += rows.isEmpty ? 1 : 0
            count("surveys", "surveys") { Self.isTold($0, "low") }
            count("no answers", "surveys") { !Self.isTold($0) }
            count("all on the scale", "surveys") { $0["reason"] == .filled(false) }
            count("off the scale", "surveys") { Self.isTold($0) && $0["reason"] == .filled(true) }
            count("points", "surveys") { $0.text("unit") == "points" && Self.isTold($0) && $0["numerator"] != .ratio(0) }
            for part in NaiveEffortPart.allCases {
                count(part.rawValue, "effort") { $0.text("name") == ExactText(part.rawValue) && Self.isPositive($0) }
            }
            count("no effort", "effort") { $0.text("name") == "mean" && !Self.isTold($0) }
            count("effort cut", "effort") { $0.text("name") == "mean" && Self.isPositive($0, "low") }
            count("correlation", "effort") { $0.text("unit") == "coefficient" && Self.isTold($0) }
            count("correlation's interval", "effort") { $0.text("unit") == "coefficient" && Self.isTold($0, "low") }
            for name in ["1d", "7d", "30d"] {
                count(name, "time_to_value") { $0.text("name") == ExactText(name) && Self.isBetween($0) }
                count("\(name) untold", "time_to_value") { $0.text("name") == ExactText(name) && !Self.isTold($0) }
            }
            count("median", "time_to_value") { $0.text("name") == "median" && $0["value"] != .duration(nil) }
            count("aligned", "channel_alignment") { Self.isBetween($0) }
            count("contained", "containment") { Self.isBetween($0) }
        }
        #expect(tally.counts.values.allSatisfy { $0 >= 5 }, "\(tally.counts)")
    }

    @Test func casesReachTheCornersOfTheScorecard() {
        var tally = Tally()
        for seed in UInt64(0)..<150 {
            let tables = RandomCase(seed: seed).expected
            let rows = tables.decisions.scorecard
            tally.counts["nothing", default: 0] += rows.isEmpty ? 1 : 0
            for part in ["consistent", "seamless", "orchestrated", "collaborative", "optimized"] {
                tally.count(part, rows, ("part", part)) { Self.isBetween($0, "score", 100) }
                tally.count("\(part) untold", rows, ("part", part)) { !Self.isTold($0, "score") }
            }
            guard !tables.stalls.contains(where: { $0.thresholdSource == "learned" }) else { continue }
            tally.count("optimized compared", rows, ("part", "optimized")) { Self.isTold($0, "score") }
        }
        #expect(tally.counts.values.allSatisfy { $0 >= 3 }, "\(tally.counts)")
    }

    /// A limit one microsecond shorter changes a table only where something is exactly as long as the limit.
    @Test func casesReachTheLimitsOfTerms() {
        var changed = 0
        for seed in UInt64(90)..<140 {
            let drawn = RandomCase(seed: seed)
            guard !drawn.pipeline.terms.isEmpty else { continue }
            var pipeline = drawn.pipeline
            for index in pipeline.terms.indices { pipeline.terms[index].within -= 1 }
            let metrics = NaiveReference.tables(pipeline, drawn.files, asOf: drawn.asOf).decisions.metrics
            changed += metrics == drawn.expected.decisions.metrics ? 0 : 1
        }
        #expect(changed >= 3, "\(changed)")
    }
}
