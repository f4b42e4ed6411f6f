import Foundation
import Testing

@testable import TestSupport

@Suite struct TimeToValueTests {
    private static let day: Int64 = 86_400_000_000

    private static func course(_ drawing: String) -> NaiveCourse {
        NaiveCourse(
            drawing.split(separator: " ").map { word in
                let kind: NaiveCourse.End.Kind = word.last == "v" ? .value : word.last == "o" ? .other : .unknown
                return .init(time: Int64(word.dropLast())!, kind: kind)
            })
    }

    /// Without anybody unknown it is counting, with a binomial's variance.
    @Test func countsWhereAllIsKnown() throws {
        let course = Self.course("1v 2o 3v 3o 4v 5o 5v 6v")
        #expect(course.count(by: 4) == 3 && abs(course.share(by: 4) - 3.0 / 8) < 1e-12)
        let interval = try #require(course.interval(by: 4))
        let (share, variance) = (3.0 / 8, 3.0 / 8 * 5 / 8 / 8)
        let exponent = 1.959963984540054 * variance.squareRoot() / (share * log(share))
        #expect(abs(interval.low - pow(share, exp(-exponent))) < 1e-9 && abs(interval.high - pow(share, exp(exponent))) < 1e-9)
        #expect(interval.low < share && share < interval.high)
        #expect(course.isTold(by: 900) && course.median() == 5)
    }

    /// Four: one gets there, one is last seen just then, one goes away, one gets there.
    @Test func theUnknownLeaveAfterWhatHappens() {
        let course = Self.course("1v 1? 2o 3v")
        #expect(course.share(by: 0) == 0 && course.share(by: 1) == 0.25)
        // Of the two left of three quarters half goes away; the other half gets there.
        #expect(course.share(by: 2) == 0.25 && abs(course.share(by: 3) - 0.625) < 1e-12 && course.median() == 3)
        #expect(course.interval(by: 0) == nil && course.isTold(by: 4))
    }

    /// Worked through with a pencil: 1/4 at 1; then of three, one unknown; 3/8 more at 3.
    @Test func theVarianceByHand() throws {
        let interval = try #require(Self.course("1v 2? 3v 4o").interval(by: 3))
        // F = 1/4 + 3/4 * 1/2 = 5/8. At 1: (3/8)^2 * 1/12 + 3/64 - 2 * 3/8 * 1/16. At 3: (3/4)^2 * 1/8.
        let variance = 9.0 / 64 / 12 + 3.0 / 64 - 3.0 / 64 + 9.0 / 16 / 8
        let exponent = 1.959963984540054 * variance.squareRoot() / (0.625 * log(0.625))
        #expect(abs(interval.low - pow(0.625, exp(-exponent))) < 1e-9 && abs(interval.high - pow(0.625, exp(exponent))) < 1e-9)
    }

    @Test func whatIsNotTold() {
        let open = Self.course("1v 7?")
        #expect(open.isTold(by: 7) && !open.isTold(by: 8))
        #expect(!Self.course("").isTold(by: 8) && Self.course("").median() == nil)
        // Thirds add up to one, and a sixth, a third and nothing to a half.
        let all = Self.course("1v 2v 3v")
        #expect(all.interval(by: 3) == nil && all.interval(by: 2) != nil)
        #expect(Self.course("1v 2v 3v 4o 5o 6o").median() == 3)
    }

    @Test func buckets() {
        #expect(NaiveStatistics.bucket(511) == 511..<512 && NaiveStatistics.bucket(512) == 512..<514)
        #expect(NaiveStatistics.bucket(1023) == 1022..<1024 && NaiveStatistics.bucket(1024) == 1024..<1028)
        #expect(NaiveStatistics.bucket(0) == 0..<1 && NaiveStatistics.bucket((1 << 40) - 1) == ((1 << 40) - (1 << 31))..<(1 << 40))
    }

    /// What becomes of journeys, and when: each in a log of its own.
    @Test func endsOfJourneys() throws {
        func rows(_ drawing: String, asOf: String, _ change: (inout NaiveJourneyRules) -> Void = { _ in }) -> [NaiveRow] {
            DrawnLog.tables(drawing, asOf: asOf) {
                $0.effort = NaiveEffortRules()
                $0.journeys = [
                    DrawnLog.journey("abc") {
                        $0.inactivity = 10 * Self.day
                        change(&$0)
                    }
                ]
            }.decisions.metrics.filter { $0.text("metric") == "time_to_value" }
        }
        func values(_ rows: [NaiveRow]) -> [NaiveComparison.Cell?] { rows.dropLast().map { $0["value"] } }
        let none = NaiveComparison.Cell.ratio(nil)
        // Open: nothing is known behind as-of.
        let open = rows("0 ann web a", asOf: "8d")
        #expect(open.map { $0.text("name") } == ["1d", "30d", "7d", "90d", "median"])
        #expect(values(open) == [.ratio(0), none, .ratio(0), none] && open[0]["low"] == none)
        #expect(open[4]["value"] == .duration(nil) && open[4]["reason"] == .filled(true) && open[4]["denominator"] == .ratio(1))
        // Given up and failed: it is known that nothing more comes.
        #expect(values(rows("0 ann web a", asOf: "11d")) == Array(repeating: .ratio(0), count: 4))
        let failed = rows("0 ann web a\n1h ann web b\n0 bob web a\n2d bob web c", asOf: "3d") { $0.fail = "touchpoint == \"b\"" }
        #expect(values(failed) == [.ratio(0), .ratio(0.5), .ratio(0.5), .ratio(0.5)] && failed[1]["numerator"] == .ratio(1))
        let median = NaiveStatistics.bucket(2 * Self.day)
        #expect(failed[4]["value"] == .duration((median.lowerBound + median.upperBound - 1) / 2))
        // Another value than the goal, by its step, and a goal without it.
        let value: (inout NaiveJourneyRules) -> Void = { $0.valueWhen = "step == \"b\"" }
        #expect(values(rows("0 ann web a\n1h ann web b\n2h ann web b", asOf: "3d", value)).first == .ratio(1))
        #expect(values(rows("0 ann web a\n1h ann web c", asOf: "3d", value)) == Array(repeating: .ratio(0), count: 4))
        // Nothing is known yet; and a greatest length ends sooner than silence, which would tell of more days.
        #expect(rows("0 ann web a", asOf: "0")[0]["value"] == none)
        #expect(values(rows("0 ann web a\n5d bob web a", asOf: "7d") { $0.maxLength = 2 * Self.day }) == [.ratio(0), none, none, none])
    }
}
