import Testing

@testable import TestSupport

@Suite struct StallTests {
    @Test func nearestRank() {
        #expect(NaiveStatistics.nearestRank([], percent: 50) == nil)
        #expect(NaiveStatistics.nearestRank([3, 1, 2], percent: 50) == 2)
        #expect(NaiveStatistics.nearestRank([4, 3, 2, 1], percent: 50) == 2)
        #expect(NaiveStatistics.nearestRank([4, 3, 2, 1], percent: 25) == 1)
        #expect(NaiveStatistics.nearestRank(Array(1...10), percent: 90) == 9)
        #expect(NaiveStatistics.nearestRank(Array(1...11), percent: 90) == 10)
    }

    @Test func wilson() throws {
        let half = try #require(NaiveStatistics.wilson95(1, of: 2))
        #expect(abs(half.low - 0.094531) < 1e-6 && abs(half.high - 0.905469) < 1e-6)
        let most = try #require(NaiveStatistics.wilson95(8, of: 10))
        #expect(abs(most.low - 0.4902) < 5e-5 && abs(most.high - 0.9433) < 5e-5)
        let none = try #require(NaiveStatistics.wilson95(0, of: 10))
        #expect(abs(none.low) < 1e-12 && abs(none.high - 0.277533) < 1e-6)
        #expect(NaiveStatistics.wilson95(0, of: 0) == nil)
    }

    @Test func oneSidedTest() throws {
        // 8 of 10 against 2 of 10: pooled 1/2, deviation sqrt(1/20), z = 0.6 / 0.2236 = 2.6833.
        let p = try #require(NaiveStatistics.oneSidedP(8, 10, against: 2, 10))
        #expect(abs(p - 0.003645) < 1e-6)
        let other = try #require(NaiveStatistics.oneSidedP(2, 10, against: 8, 10))
        #expect(abs(other - 0.996355) < 1e-6)
        #expect(NaiveStatistics.oneSidedP(1, 1, against: 0, 0) == nil)
        #expect(NaiveStatistics.oneSidedP(0, 5, against: 0, 5) == nil)
        #expect(NaiveStatistics.oneSidedP(5, 5, against: 5, 5) == nil)
    }

    @Test func benjaminiHochberg() {
        // Four tests: bounds 0.0125, 0.025, 0.0375, 0.05 for the sorted values.
        #expect(NaiveStatistics.benjaminiHochberg([0.04, nil, 0.01, 0.03, 0.5], level: 0.05) == [false, false, true, false, false])
        // Stepping up: only the last is below its bound, and takes all with it.
        #expect(NaiveStatistics.benjaminiHochberg([0.02, 0.045, 0.03, 0.04], level: 0.05) == [true, true, true, true])
        #expect(NaiveStatistics.benjaminiHochberg([nil, 0.051], level: 0.05) == [false, false])
    }

    @Test func visitsAndHowTheyEnd() {
        // ann: a(0-1m) b(2m) a(5m) c goal. bob: a, fails at x. eve: b, open. As-of is 6m: visits from 2m on are too young.
        let tables = DrawnLog.tables(
            """
            0 ann web a
            1m ann web a
            1m ann web .
            2m ann web b
            5m ann web a
            6m ann web c
            0 bob web a
            1m bob web x
            0 eve web b
            2m eve web .
            """
        ) {
            $0.journeys = [
                DrawnLog.journey("abc") {
                    $0.fail = "touchpoint == \"x\""
                    $0.inactivity = 240_000_000
                    $0.steps[1].sla = 180_000_000
                }
            ]
        }
        #expect(
            tables.stalls.map { "\($0.step) \($0.visits) \($0.progressed) \($0.goal) \($0.stopped) \($0.open)" } == [
                "a 3 2 0 1 0", "b 2 1 0 0 1", "c 1 0 1 0 0",
            ])
        #expect(tables.stalls.map { "\($0.judged) \($0.stoppedJudged)" } == ["2 1", "2 0", "0 0"])
        #expect(tables.stalls.map(\.dwellP50) == [120_000_000, 180_000_000, nil])
        #expect(tables.stalls.map(\.dwellP90) == [120_000_000, 180_000_000, nil])
        // b's dwell is exactly its sla of 3m: not slow. eve's visit has lasted 6m: idle.
        #expect(
            tables.stalls.map { "\($0.thresholdSource) \($0.slow) \($0.idle) \($0.stalled)" } == ["none 0 0 1", "sla 0 1 1", "none 0 0 0"])
        #expect(tables.stalls.map(\.stallRate) == [0.5, 0.5, nil])
    }

    @Test func slowIsBeyondTheSLANotAtIt() {
        let change: (inout NaivePipeline) -> Void = { $0.journeys = [DrawnLog.journey("ab") { $0.steps[0].sla = 600_000_000 }] }
        #expect(DrawnLog.tables("0 ann web a\n10m ann web b", change).stalls[0].slow == 0)
        #expect(DrawnLog.tables("0 ann web a\n10m+1 ann web b", change).stalls[0].slow == 1)
        let goal: (inout NaivePipeline) -> Void = {
            change(&$0)
            $0.journeys[0].goal = "touchpoint == \"x\""
        }
        #expect(DrawnLog.tables("0 ann web a\n10m ann web x", goal).stalls[0].slow == 0)
        #expect(DrawnLog.tables("0 ann web a\n10m+1 ann web x", goal).stalls[0].slow == 1)
        #expect(DrawnLog.tables("0 ann web a", asOf: "10m", change).stalls[0].idle == 0)
        #expect(DrawnLog.tables("0 ann web a", asOf: "10m+1", change).stalls[0].idle == 1)
    }

    @Test func thresholdsAreLearnedFrom30DwellsOn() {
        func stall(_ dwells: [Int]) -> NaiveTables.StallRow {
            let lines = dwells.enumerated().map { "0 c\($0.offset) web a\n\($0.element)s c\($0.offset) web b" }
            return DrawnLog.tables(lines.joined(separator: "\n"), asOf: "31d") { $0.journeys = [DrawnLog.journey("ab")] }.stalls[0]
        }
        func repeated(_ value: Int, _ count: Int) -> [Int] { Array(repeating: value, count: count) }
        #expect(stall(repeated(100, 29)).thresholdSource == "none")
        // q1 is the 10th of 40, 100 s; q3 the 30th, 200 s: 200 · 2^1.5 = 565.69 s.
        let row = stall(repeated(100, 25) + repeated(200, 13) + [565, 566])
        #expect(row.thresholdSource == "learned")
        #expect(abs((row.threshold ?? 0) - 565.685425) < 1e-5)
        #expect(row.slow == 1)
        // What equals the threshold is not over it.
        #expect(stall(repeated(10, 95) + repeated(30, 5)).slow == 5)
        // No logarithm of no time.
        #expect(stall(repeated(0, 20) + repeated(5, 20)).thresholdSource == "none")
    }

    @Test func aStallPointStandsOut() {
        // Ten visits of a end, eight of them stopped; b has ten that progress to c but for two.
        let lines =
            (0..<10).map { $0 < 8 ? "0 p\($0) web a\n1m p\($0) web x" : "0 p\($0) web a\n1m p\($0) web c" }
            + (0..<10).map { $0 < 2 ? "0 q\($0) web b\n1m q\($0) web x" : "0 q\($0) web b\n1m q\($0) web c" }
        let tables = DrawnLog.tables(lines.joined(separator: "\n"), asOf: "31d") {
            $0.journeys = [DrawnLog.journey("abc") { $0.fail = "touchpoint == \"x\"" }]
        }
        #expect(tables.stalls.map(\.stallRate) == [0.8, 0.2, 0])
        #expect(tables.stalls.map(\.isStallPoint) == [true, false, false])
        // 8 of 10 against 2 of 20: pooled 1/3, deviation sqrt(1/30), z = 0.7 / 0.18257 = 3.834.
        #expect(abs((tables.stalls[0].pValue ?? 0) - 0.000063) < 1e-6)
        #expect((tables.stalls[2].pValue ?? 0) > 0.99)
    }
}
