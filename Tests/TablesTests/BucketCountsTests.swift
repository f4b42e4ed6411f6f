import Testing
import TestSupport

@testable import Tables

/// Sums of buckets against a dictionary: counts that have room beside their key, counts that have none, and those on their way from
/// the one to the other.
@Suite struct BucketCountsTests {
    private struct Key: Hashable, Comparable {
        var cell: Int
        var measure: Int
        var bucket: UInt32

        static func < (left: Key, right: Key) -> Bool {
            (left.cell, left.measure, left.bucket) < (right.cell, right.measure, right.bucket)
        }
    }

    /// The largest count that has room, and its neighbours.
    private static let edges: [Int64] = [131_070, 131_071, 131_072, 131_073, 262_143, 262_144, 1 << 40]

    private func all(_ counts: BucketCounts) -> [Key: Int64] {
        let places = 0..<counts.count
        let keys = places.map { Key(cell: counts.cell(at: $0), measure: counts.measure(at: $0), bucket: counts.bucket(at: $0)) }
        #expect(keys == keys.sorted() && Set(keys).count == keys.count)
        return Dictionary(uniqueKeysWithValues: zip(keys, places.map { counts.count(at: $0) }))
    }

    private func made(_ values: [Key: Int64]) -> BucketCounts {
        let counts = BucketCounts()
        for (key, count) in values.sorted(by: { $0.key < $1.key }) {
            #expect(counts.append(cell: key.cell, measure: key.measure, bucket: key.bucket, count: count))
        }
        return counts
    }

    @Test(arguments: 0..<300)
    func sumsAgainstADictionary(_ seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let cells = Int.random(in: 1...5, using: &random)
        let buckets: [UInt32] = [0, 1, 511, 512, LogLinear.lastBucket - 1, LogLinear.lastBucket]
        func draw() -> [Key: Int64] {
            var values: [Key: Int64] = [:]
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                let key = Key(
                    cell: Int.random(in: 0..<cells, using: &random), measure: Int.random(in: 0...1, using: &random),
                    bucket: buckets.randomElement(using: &random)!)
                let size = Bool.random(using: &random) ? Self.edges.randomElement(using: &random)! : Int64.random(in: 1...3, using: &random)
                values[key] = Bool.random(using: &random) ? size : -size
            }
            return values
        }
        var expected = draw()
        let counts = made(expected)
        #expect(all(counts) == expected)
        for _ in 0..<6 {
            // Values that are noted, and sums of another table whose cells have other numbers here.
            for _ in 0..<Int.random(in: 0...400, using: &random) {
                let key = Key(
                    cell: Int.random(in: 0..<cells, using: &random), measure: Int.random(in: 0...1, using: &random),
                    bucket: buckets.randomElement(using: &random)!)
                counts.note(cell: key.cell, measure: key.measure, bucket: key.bucket)
                expected[key, default: 0] += 1
            }
            let (more, numbers) = (draw(), (0..<UInt32(cells)).shuffled(using: &random))
            let sign: Int64 = Bool.random(using: &random) ? 1 : -1
            counts.absorb(made(more), cells: numbers, sign: sign)
            for (key, count) in more {
                expected[Key(cell: Int(numbers[key.cell]), measure: key.measure, bucket: key.bucket), default: 0] += sign * count
            }
            let found = all(counts)
            #expect(found.filter { $0.value != 0 } == expected.filter { $0.value != 0 })
        }
    }

    /// The cells of the highest numbers, and a bucket that is not behind all others.
    @Test func theLastOfAll() {
        let counts = BucketCounts()
        let last = BucketCounts.cellsMax - 1
        #expect(counts.append(cell: last, measure: 15, bucket: LogLinear.lastBucket, count: -7))
        #expect(!counts.append(cell: last, measure: 15, bucket: LogLinear.lastBucket, count: 1))
        #expect(!counts.append(cell: last, measure: 14, bucket: LogLinear.lastBucket, count: 1))
        #expect(all(counts) == [Key(cell: last, measure: 15, bucket: LogLinear.lastBucket): -7])
    }

    /// A count passes the edge by single notes, and comes back.
    @Test func overTheEdgeAndBack() {
        let counts = made([Key(cell: 3, measure: 1, bucket: 9): 131_070])
        for count in 131_071...131_074 as ClosedRange<Int64> {
            counts.note(cell: 3, measure: 1, bucket: 9)
            counts.sum()
            #expect(counts.count(at: 0) == count)
        }
        counts.absorb(made([Key(cell: 0, measure: 1, bucket: 9): 131_000]), cells: [3], sign: -1)
        #expect(all(counts) == [Key(cell: 3, measure: 1, bucket: 9): 74])
        counts.absorb(made([Key(cell: 0, measure: 1, bucket: 9): 74]), cells: [3], sign: -1)
        #expect(counts.count == 0)
    }
}
