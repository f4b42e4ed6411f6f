import Foundation
import Testing

@testable import Tables

/// The statistics of tables against what well-known libraries say (`statistics.json`, made by Benchmarks/reference_statistics.py).
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

        struct Incidence: Decodable {
            var times: [Int64]
            /// 1: wanted, 2: competing, 0: lost from sight.
            var events: [Int]
            /// Time, share, low, high.
            var points: [[Double]]
        }

        struct Moments: Decodable {
            var first, second: [Int64]
            var r, rLow, rHigh, mean, low, high: Double
        }

        struct NetShare: Decodable {
            var counts: [Int64]
            var low, high: Double
        }

        var incidence: [Incidence]
        var moments: [Moments]
        var netShares: [NetShare]
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

    /// Below 512 µs each microsecond is a bucket, so that buckets are times.
    @Test func cumulativeIncidence() throws {
        #expect(known.incidence.count >= 20 && known.incidence.map(\.points.count).reduce(0, +) >= 60)
        for entry in known.incidence {
            func times(_ event: Int) -> Distribution {
                Distribution(values: zip(entry.times, entry.events).filter { $0.1 == event }.map(\.0))
            }
            let risks = CompetingRisks(wanted: times(1), competing: times(2), censored: times(0))
            for point in entry.points {
                let bucket = UInt32(point[0])
                #expect(isClose(risks.incidence(at: bucket), point[1]), "\(entry) \(point)")
                let interval = try #require(risks.interval(at: bucket))
                #expect(isClose(interval.low, point[2]) && isClose(interval.high, point[3]), "\(interval) \(entry) \(point)")
            }
            #expect(risks.isKnown(at: UInt32(entry.times.max()!)))
        }
    }

    /// Of four one gets there at 1, one goes otherwise at 2, one is lost from sight at 2 after that, one gets there at 3: 1/4, then
    /// of the one who is left all of the half that is free.
    @Test func incidenceOfFour() {
        let risks = CompetingRisks(
            wanted: Distribution(values: [1, 3]), competing: Distribution(values: [2]), censored: Distribution(values: [2]))
        #expect([0, 1, 2, 3, 400].map { risks.incidence(at: $0) } == [0, 0.25, 0.25, 0.75, 0.75])
        #expect(risks.median == 3 && risks.isKnown(at: 400))
        let open = CompetingRisks(wanted: Distribution(values: [1]), competing: Distribution([]), censored: Distribution(values: [5, 5]))
        #expect(open.median == nil && open.isKnown(at: 5) && !open.isKnown(at: 6))
        let nobody = CompetingRisks(wanted: Distribution([]), competing: Distribution([]), censored: Distribution([]))
        #expect(nobody.median == nil && !nobody.isKnown(at: 0) && nobody.interval(at: 0) == nil)
    }

    @Test func meansAndCorrelations() throws {
        #expect(known.moments.count >= 25)
        func sums(_ values: [Int64]) -> Tables.Moments {
            Tables.Moments(
                count: Int64(values.count), sum: values.reduce(0) { $0 + Int128($1) },
                squares: values.reduce(0) { $0 + Int128($1) * Int128($1) })
        }
        for entry in known.moments {
            let first = sums(entry.first)
            let mean = try #require(first.mean)
            let half = try #require(first.half)
            #expect(isClose(mean, entry.mean) && isClose(mean - half, entry.low) && isClose(mean + half, entry.high))
            let products = zip(entry.first, entry.second).reduce(0) { $0 + Int128($1.0) * Int128($1.1) }
            let pairs = PairedMoments(first: first, second: sums(entry.second), products: products)
            #expect(isClose(pairs.correlation, entry.r), "\(entry)")
            // Of exactly 1 or -1 Fisher's transform is infinite: there is no interval, where the library gives one of no width.
            guard abs(entry.r) < 1 - 1e-9 else {
                #expect(pairs.interval == nil, "\(entry)")
                continue
            }
            #expect(isClose(pairs.interval?.low, entry.rLow) && isClose(pairs.interval?.high, entry.rHigh), "\(entry)")
        }
        #expect(sums([]).mean == nil && sums([5]).half == nil && sums([5]).mean == 5 && sums([5, 5]).half == 0)
        #expect(PairedMoments(first: sums([1, 1]), second: sums([1, 2]), products: 3).correlation == nil)
    }

    @Test func netShares() throws {
        #expect(known.netShares.count >= 25)
        for entry in known.netShares {
            let found = try #require(
                Statistics.netShareInterval(promoters: entry.counts[0], detractors: entry.counts[2], of: entry.counts.reduce(0, +)))
            #expect(isClose(found.low, entry.low) && isClose(found.high, entry.high), "\(entry)")
        }
        #expect(Statistics.netShareInterval(promoters: 0, detractors: 0, of: 0) == nil)
    }
}
