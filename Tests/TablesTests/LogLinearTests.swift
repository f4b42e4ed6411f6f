import TestSupport
import Testing

@testable import Tables

/// Bucket numbers are stored, so these tests pin them down one by one.
struct LogLinearTests {
    @Test func theNumbersAreFixed() {
        let known: [(Int64, UInt32)] = [
            (0, 0), (1, 1), (511, 511), (512, 512), (513, 512), (514, 513), (1023, 767), (1024, 768), (1027, 768), (1028, 769),
            (1_000_000, 3304), (86_400_000_000, 7489), (Int64.max, 14335),
        ]
        for (value, bucket) in known { #expect(LogLinear.bucket(value) == bucket, "value \(value)") }
    }

    @Test func valuesBelow512AreExact() {
        for value in Int64(0)..<512 {
            #expect(LogLinear.bucket(value) == UInt32(value))
            #expect(LogLinear.representative(of: UInt32(value)) == value)
        }
    }

    @Test func negativeValuesCountAsZero() {
        for value: Int64 in [-1, -512, Int64.min] { #expect(LogLinear.bucket(value) == 0) }
    }

    /// Buckets cover all of 0...Int64.max without a gap or an overlap.
    @Test func everyBoundary() {
        #expect(LogLinear.lowerBound(of: 0) == 0)
        #expect(LogLinear.lastBucket < 65536)
        #expect(LogLinear.bucket(Int64.max) == LogLinear.lastBucket)
        for bucket in 0...LogLinear.lastBucket {
            let lower = LogLinear.lowerBound(of: bucket)
            #expect(LogLinear.bucket(lower) == bucket)
            #expect(LogLinear.bucket(LogLinear.representative(of: bucket)) == bucket)
            if bucket > 0 { #expect(LogLinear.bucket(lower - 1) == bucket - 1) }
        }
    }

    @Test func theRepresentativeIsWithinTwoThousandths() {
        let seed: UInt64 = 20_240_131
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200_000 {
            let value = Int64.random(in: 0...Int64.max, using: &generator) >> Int64.random(in: 0...62, using: &generator)
            let representative = LogLinear.representative(of: LogLinear.bucket(value))
            let error = Double((representative - value).magnitude)
            if error > 0.002 * Double(value) { Issue.record("value \(value), representative \(representative), seed \(seed)") }
        }
        // The edges of each bucket are the worst cases.
        for bucket in 1...LogLinear.lastBucket {
            let upper = bucket == LogLinear.lastBucket ? Int64.max : LogLinear.lowerBound(of: bucket + 1) - 1
            for value in [LogLinear.lowerBound(of: bucket), upper] {
                let error = Double((LogLinear.representative(of: bucket) - value).magnitude)
                if error > 0.002 * Double(value) { Issue.record("value \(value) of bucket \(bucket)") }
            }
        }
    }
}

struct DistributionTests {
    @Test func anEmptyOneHasNoQuantile() {
        let empty = Distribution(values: [Int64]())
        #expect(empty.total == 0)
        #expect(empty.quantileNearestRank(0.5) == nil)
    }

    @Test func cellsAreAddedUpWhateverTheirOrder() {
        let cells = [(7, 2), (3, 1), (7, -1), (900, 5), (3, 4), (12, 3), (12, -3)].map { Distribution.Entry(bucket: $0, count: $1) }
        let distribution = Distribution(cells)
        #expect(distribution.entries.map(\.bucket) == [3, 7, 900])
        #expect(distribution.entries.map(\.count) == [5, 1, 5])
        #expect(distribution.total == 11)
        #expect(Distribution(cells.reversed()) == distribution)
        var dense = DenseHistogram()
        for _ in 0..<2 {
            #expect(dense.take() == Distribution([]))
            for cell in cells { dense.add(cell.count, to: cell.bucket) }
            #expect(dense.take() == distribution)
        }
    }

    @Test func nearestRankByHand() {
        let ten = Distribution(values: Array(1...10))
        let expected: [(Double, Int64)] = [
            (0, 1), (0.05, 1), (0.1, 1), (0.11, 2), (0.25, 3), (0.5, 5), (0.75, 8), (0.9, 9), (0.95, 10), (1, 10),
        ]
        for (q, value) in expected { #expect(ten.quantileNearestRank(q) == value, "q \(q)") }
        #expect(Distribution(values: [42]).quantileNearestRank(0.5) == 42)
    }

    @Test func ranksDoNotOverflow() {
        let many = Distribution([1, 2].map { Distribution.Entry(bucket: $0, count: Int64.max / 2) })
        #expect(many.quantileNearestRank(0.5) == 1)
        #expect(many.quantileNearestRank(0.500001) == 2)
    }

    /// Against the definition: the value at rank ceil(q · n) of the sorted values.
    @Test(arguments: UInt64(1)...200) func quantilesAgreeWithSortedValues(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let scale = Int64.random(in: 1...40, using: &generator)
        let values = (0..<Int.random(in: 1...300, using: &generator)).map { _ in
            Int64.random(in: 0...(Int64(1) << scale), using: &generator)
        }
        let sorted = values.sorted()
        let distribution = Distribution(values: values)
        #expect(distribution.total == Int64(values.count))
        for (numerator, denominator) in [(0, 1), (1, 4), (1, 2), (3, 4), (9, 10), (99, 100), (1, 1)] {
            let rank = max(1, (numerator * values.count + denominator - 1) / denominator)
            let quantile = try #require(distribution.quantileNearestRank(Double(numerator) / Double(denominator)))
            #expect(LogLinear.bucket(quantile) == LogLinear.bucket(sorted[rank - 1]), "seed \(seed), \(numerator)/\(denominator)")
        }
    }

    /// By buckets: below 512 µs each value is one.
    @Test func countAboveIsStrict() {
        let distribution = Distribution(values: [10, 10, 11, 500, 1001, 1002])
        func above(_ microseconds: Double) -> Int64 {
            distribution.count(above: StallThreshold(microseconds: microseconds, source: .learned(dwells: 30)))
        }
        #expect(above(10) == 4 && above(9.4) == 6 && above(500) == 2)
        #expect(above(1000) == 1 && above(1002) == 0)
        #expect(above(1e30) == 0)
    }
}
