import Testing

@testable import Tables

struct StatisticsTests {
    private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-12 }

    /// 81 of 263 is the example of Newcombe (1998): 0.2553 to 0.3662.
    @Test func wilson() throws {
        let known: [(Int64, Int64, Double, Double)] = [
            (81, 263, 0.2552885198782742, 0.36620957698280004), (8, 10, 0.49016247153664183, 0.9433178485456247),
            (0, 10, 0, 0.2775327998628892), (10, 10, 0.7224672001371107, 1), (1, 1, 0.20654931437723745, 1),
        ]
        for (successes, trials, low, high) in known {
            let interval = try #require(Statistics.wilsonInterval(successes: successes, trials: trials))
            #expect(isClose(interval.low, low) && isClose(interval.high, high), "\(successes) of \(trials)")
            #expect(interval.low >= 0 && interval.high <= 1)
        }
        #expect(Statistics.wilsonInterval(successes: 0, trials: 0) == nil)
    }

    /// 45 of 100 against 30 of 100: z = 2.19089.
    @Test func twoProportions() throws {
        #expect(isClose(try #require(Statistics.pValueThatFirstIsHigher((45, 100), (30, 100))), 0.014229868458155284))
        #expect(isClose(try #require(Statistics.pValueThatFirstIsHigher((30, 100), (45, 100))), 0.9857701315418447))
        #expect(Statistics.pValueThatFirstIsHigher((5, 10), (50, 100)) == 0.5)
    }

    @Test func noTestWithoutTrialsOrVariation() {
        #expect(Statistics.pValueThatFirstIsHigher((0, 0), (3, 10)) == nil)
        #expect(Statistics.pValueThatFirstIsHigher((3, 10), (0, 0)) == nil)
        #expect(Statistics.pValueThatFirstIsHigher((0, 10), (0, 10)) == nil)
        #expect(Statistics.pValueThatFirstIsHigher((10, 10), (5, 5)) == nil)
    }

    /// The fifteen p-values of Benjamini and Hochberg (1995): four are rejected, Bonferroni would reject three.
    @Test func benjaminiHochberg() {
        let published = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
        ]
        let rejected = Statistics.benjaminiHochberg(published, level: 0.05)
        #expect(rejected == published.indices.map { $0 < 4 })
        #expect(Statistics.benjaminiHochberg(published.reversed(), level: 0.05) == rejected.reversed())
    }

    @Test func benjaminiHochbergStepsUp() {
        // 0.04 alone fails its own line (0.025), but the largest one passes and takes it along.
        #expect(Statistics.benjaminiHochberg([0.04, 0.05], level: 0.05) == [true, true])
        #expect(Statistics.benjaminiHochberg([0.04, 0.06], level: 0.05) == [false, false])
        #expect(Statistics.benjaminiHochberg([0.05], level: 0.05) == [true])
        #expect(Statistics.benjaminiHochberg([], level: 0.05).isEmpty)
    }

    @Test func learnedThresholdByHand() throws {
        // Quartiles 100 µs and 400 µs: 400 · (400 / 100)^1.5 = 3200 µs.
        let values = [Int64](repeating: 100, count: 10) + [Int64](repeating: 200, count: 10) + [Int64](repeating: 400, count: 20)
        let threshold = try #require(Statistics.learnedThreshold(progressedDwells: Distribution(values: values)))
        #expect(abs(threshold - 3200) < 1e-6)
    }

    @Test func learnedThresholdNeedsThirtyDwellsAboveZero() {
        let thirty = [Int64](repeating: 5, count: 30)
        #expect(Statistics.learnedThreshold(progressedDwells: Distribution(values: thirty)) != nil)
        #expect(Statistics.learnedThreshold(progressedDwells: Distribution(values: thirty.dropLast())) == nil)
        let quarterZero = [Int64](repeating: 0, count: 8) + [Int64](repeating: 5, count: 24)
        #expect(Statistics.learnedThreshold(progressedDwells: Distribution(values: quarterZero)) == nil)
    }

    /// 95 dwells of 10 s and five of 30 s: rounding makes none of the 95 longer than the threshold that is learned from them.
    @Test(arguments: [10_000_000, 1, 300, 511, 512, 513, 777_777, 86_400_000_000] as [Int64])
    func aDwellEqualToTheThresholdIsNotOverIt(dwell: Int64) throws {
        let dwells = Distribution(values: [Int64](repeating: dwell, count: 95) + [Int64](repeating: 3 * dwell, count: 5))
        let threshold = try #require(StallThreshold(sla: nil, progressedDwells: dwells))
        #expect(dwells.count(above: threshold) == 5)
        #expect(!threshold.isExceeded(by: dwell) && threshold.isExceeded(by: 3 * dwell))
    }

    @Test func aHugeSpreadStaysFinite() throws {
        let values = [Int64](repeating: 1, count: 15) + [Int64](repeating: Int64.max, count: 15)
        let threshold = try #require(Statistics.learnedThreshold(progressedDwells: Distribution(values: values)))
        #expect(threshold.isFinite && threshold > 9.3e18)
        #expect(!StallThreshold(microseconds: threshold, source: .learned(dwells: 30)).isExceeded(by: .max))
    }
}

struct StallPointsTests {
    private func decide(_ counts: [(Int64, Int64)]) -> [StallPoints.Decision] {
        StallPoints.decide(counts.map { StallPoints.Step(stalled: $0.0, judged: $0.1) })
    }

    @Test func oneStepStandsOut() throws {
        let decisions = decide([(60, 100), (20, 100), (22, 100)])
        #expect(decisions.map(\.isStallPoint) == [true, false, false])
        // 60 of 100 against 42 of 200.
        let expected = try #require(Statistics.pValueThatFirstIsHigher((60, 100), (42, 200)))
        #expect(decisions[0].pValue == expected)
    }

    @Test func significantButLessThanSixFifthsIsNone() {
        // 0.55 against 0.5 with a million visits each.
        let decisions = decide([(550_000, 1_000_000), (500_000, 1_000_000)])
        #expect(decisions[0].pValue ?? 1 < 1e-9)
        #expect(decisions.map(\.isStallPoint) == [false, false])
    }

    @Test func exactlySixFifthsIsEnough() {
        // 0.36 / 0.3 in floating point lies on either side of 1.2, depending on how it is computed.
        #expect(decide([(360_000, 1_000_000), (300_000, 1_000_000)])[0].isStallPoint)
        #expect(!decide([(359_999, 1_000_000), (300_000, 1_000_000)])[0].isStallPoint)
    }

    @Test func othersThatNeverStallAreInfinitelyBetter() {
        #expect(decide([(30, 100), (0, 100), (0, 100)]).map(\.isStallPoint) == [true, false, false])
    }

    @Test func whatCannotBeComparedHasNoPValue() {
        #expect(decide([(5, 10)]).map { $0.pValue == nil && !$0.isStallPoint } == [true])
        #expect(decide([]).isEmpty)
        let decisions = decide([(50, 100), (0, 0), (10, 100)])
        #expect(decisions.map { $0.pValue == nil } == [false, true, false])
        #expect(decisions.map(\.isStallPoint) == [true, false, false])
        #expect(decide([(0, 10), (0, 20)]).allSatisfy { $0.pValue == nil && !$0.isStallPoint })
        #expect(StallPoints.Step(stalled: 0, judged: 0).stallRate == nil)
    }
}
