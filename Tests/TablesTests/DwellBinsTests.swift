import TestSupport
import Testing

@testable import Tables

/// Bins are few, of one ratio, and every value lies in its own.
@Suite struct DwellBinsTests {
    private func check(_ values: [Int64], _ words: String) {
        let buckets = Array(Set(values.map(LogLinear.bucket))).sorted()
        let bins = DwellBins(buckets)
        #expect(bins.numbers.count <= DwellBins.countMax, "\(words): \(bins.numbers.count) bins")
        #expect(bins.width <= DwellBins.widthMax, "\(words)")
        for value in values {
            let bin = bins.bin(ofBucket: LogLinear.bucket(value))
            let (from, to) = bins.bounds(ofBin: bin)
            #expect(bins.numbers.contains(bin) && from <= value && (value < to || to == .max), "\(words): \(value) in \(from) to \(to)")
        }
        let bounds = bins.numbers.map { bins.bounds(ofBin: $0) }
        let scale = bounds.filter { $0.from > 0 }
        #expect(zip(scale, scale.dropFirst()).allSatisfy { $0.to == $1.from }, "\(words): \(scale)")
        // Written with three decimals, no two begin alike.
        #expect(Set(bounds.map { ($0.from + 500) / 1000 }).count == bounds.count, "\(words): \(bounds)")
    }

    @Test func anyValues() {
        var random = SeededGenerator(seed: 40)
        for round in 0..<2000 {
            let exponents = (random.int(0...62), random.int(0...62))
            let values = (0..<random.int(1...30)).map { _ -> Int64 in
                let exponent = random.int(min(exponents.0, exponents.1)...max(exponents.0, exponents.1))
                return Int64(random.next() >> UInt64(63 - exponent)) >> 1
            }
            check(values, "round \(round)")
        }
    }

    @Test func ends() {
        check([0], "nothing")
        check([0, 1023, 1024, .max], "all")
        check([1024], "first")
        check([1024, .max], "longest")
        check([.max], "last")
        #expect(DwellBins([]).numbers.isEmpty)
    }

    /// A minute to a day are ten doublings and a half: bins of a quarter of one would be too many.
    @Test func theNarrowestThatAreFew() {
        func width(_ seconds: Int64...) -> Int { DwellBins(seconds.map { LogLinear.bucket($0 * 1_000_000) }).width }
        #expect(width(60, 1500) == 1 && width(60, 60 * 40) == 2 && width(60, 86_400) == 3 && width(1, 30 * 86_400) == 5)
        // Milliseconds apart at least: from 2 ms on only doublings are.
        #expect(DwellBins([LogLinear.bucket(1200)]).width == 8)
    }
}
