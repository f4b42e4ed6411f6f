import Foundation
import Testing

@testable import Tables

/// The statistics of tables against what well-known libraries say (`statistics.json`, made by Benchmarks/statistics.py).
@Suite struct LibraryStatisticsTests {
    private struct Known: Decodable {
        struct Pair: Decodable {
            var first, second: [Int64]
            var low, high: Double
            var p: Double?
        }

        struct Strata: Decodable {
            var strata: [[[Int64]]]
            var p, difference: Double
        }

        struct Discoveries: Decodable { var p, q: [Double] }

        struct Interval: Decodable {
            var share: [Int64]
            var low, high: Double
        }

        var pairs: [Pair]
        var strata: [Strata]
        var discoveries: [Discoveries]
        var wilson: [Interval]
    }

    private let known: Known

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("statistics.json")
        known = try JSONDecoder().decode(Known.self, from: Data(contentsOf: file))
    }

    private func share(_ numbers: [Int64]) -> Share { Share(numbers[0], of: numbers[1]) }

    private func isClose(_ one: Double?, _ other: Double?) -> Bool {
        guard let one, let other else { return one == nil && other == nil }
        return abs(one - other) <= 1e-9 * max(1, abs(other))
    }

    @Test func differencesOfShares() throws {
        #expect(known.pairs.count >= 60)
        for pair in known.pairs {
            let found = try #require(ShareDifference(share(pair.first), share(pair.second)))
            #expect(isClose(found.low, pair.low) && isClose(found.high, pair.high), "\(pair)")
            #expect(isClose(found.pValue, pair.p), "\(pair)")
            let turned = try #require(ShareDifference(share(pair.second), share(pair.first)))
            #expect(isClose(turned.low, -found.high) && isClose(turned.difference, -found.difference) && isClose(turned.pValue, pair.p))
        }
        #expect(ShareDifference(Share(0, of: 0), Share(1, of: 2)) == nil && ShareDifference(Share(1, of: 2), Share(0, of: 0)) == nil)
    }

    @Test func strata() {
        #expect(known.strata.count >= 30)
        for entry in known.strata {
            let strata = entry.strata.map { Stratum(exposed: share($0[0]), compared: share($0[1])) }
            #expect(isClose(Statistics.cochranMantelHaenszel(strata), entry.p), "\(entry)")
            #expect(isClose(Statistics.mantelHaenszelDifference(strata), entry.difference), "\(entry)")
            // A stratum with one side only says nothing.
            let more =
                strata + [
                    Stratum(exposed: Share(3, of: 4), compared: Share(0, of: 0)),
                    Stratum(exposed: Share(0, of: 0), compared: Share(1, of: 9)),
                ]
            #expect(Statistics.cochranMantelHaenszel(more) == Statistics.cochranMantelHaenszel(strata))
            #expect(Statistics.mantelHaenszelDifference(more) == Statistics.mantelHaenszelDifference(strata))
            #expect(Statistics.loss(more) == Statistics.loss(strata))
        }
        #expect(Statistics.cochranMantelHaenszel([]) == nil && Statistics.mantelHaenszelDifference([]) == nil && Statistics.loss([]) == nil)
        let same = [Stratum(exposed: Share(2, of: 2), compared: Share(5, of: 5))]
        #expect(Statistics.cochranMantelHaenszel(same) == nil && Statistics.mantelHaenszelDifference(same) == 0)
    }

    /// Ten exposed ones of which 4 succeed where half do, and twenty of which 10 do where 4 of 5 do: 5 + 16 − 14.
    @Test func lossByHand() throws {
        let loss = try #require(
            Statistics.loss([
                Stratum(exposed: Share(4, of: 10), compared: Share(20, of: 40)),
                Stratum(exposed: Share(10, of: 20), compared: Share(80, of: 100)),
            ]))
        #expect(loss.exposed == Share(14, of: 30) && isClose(loss.expected, 21) && isClose(loss.lost, 7))
        // 100 · 0.25 / 40 + 10 · 0.24 + 400 · 0.16 / 100 + 20 · 0.25.
        let half = Statistics.z95 * (0.625 + 2.4 + 0.64 + 5).squareRoot()
        #expect(isClose(loss.interval.low, 7 - half) && isClose(loss.interval.high, 7 + half))
    }

    @Test func falseDiscoveries() {
        #expect(known.discoveries.count >= 30)
        for entry in known.discoveries {
            let found = Statistics.qValues(entry.p.map { $0 })
            #expect(zip(found, entry.q).allSatisfy { isClose($0, $1) }, "\(entry)")
            // What has no p-value is no test.
            let padded = Statistics.qValues([nil] + entry.p.map { $0 } + [nil])
            #expect(padded.first == .some(nil) && padded.last == .some(nil) && Array(padded.dropFirst().dropLast()) == found)
            let rejected = Statistics.benjaminiHochberg(entry.p, level: Statistics.falseDiscoveryLevel)
            #expect(rejected == found.map { $0! <= Statistics.falseDiscoveryLevel })
        }
        // Families do not count together.
        let apart = Statistics.qValues([0.01, 0.04, 0.02, nil], family: { $0 % 2 })
        #expect(isClose(apart[0], 0.02) && isClose(apart[1], 0.04) && isClose(apart[2], 0.02) && apart[3] == nil)
    }

    @Test func wilson() throws {
        for entry in known.wilson {
            let found = try #require(share(entry.share).interval)
            #expect(isClose(found.low, entry.low) && isClose(found.high, entry.high), "\(entry)")
        }
    }
}
