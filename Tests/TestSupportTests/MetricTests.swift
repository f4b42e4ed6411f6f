import Foundation
import Testing

@testable import TestSupport

/// What is measured in logs that can be counted by hand.
@Suite struct MetricTests {
    private static func rows(_ drawing: String, asOf: String = "60d", _ change: (inout NaivePipeline) -> Void) -> [NaiveRow] {
        DrawnLog.tables(drawing, asOf: asOf, change).decisions.metrics
    }

    private static func row(_ rows: [NaiveRow], _ metric: String, _ name: String = "") throws -> NaiveRow {
        try #require(rows.first { $0.text("metric") == ExactText(metric) && $0.text("name") == ExactText(name) })
    }

    private static func isNear(_ row: NaiveRow, _ column: String, _ number: Double, _ tolerance: Double = 1e-9) -> Bool {
        row.ratio(column).map { abs($0 - number) <= tolerance } ?? false
    }

    // MARK: Surveys

    private static func survey(_ values: [String], _ survey: NaiveSurvey) throws -> NaiveRow {
        let drawing = values.enumerated().map { "\($0.offset)m p\($0.offset) web a outcome=\($0.element)" }.joined(separator: "\n")
        let rows = DrawnLog.tables(drawing, asOf: "60d") {
            // What is drawn as a text is a number in the log.
            $0.sources[0].forms["value"] = .changed(.path("outcome"), numbers)
            $0.surveys = [survey]
        }.decisions.metrics
        #expect(rows.count == 1)
        return try row(rows, "surveys", survey.name)
    }

    private static var numbers: NaiveChanges {
        var changes = NaiveChanges()
        changes.conversion = "number"
        return changes
    }

    @Test func promotersLessDetractors() throws {
        let nps = NaiveSurvey("nps", where: "has(value)", kind: .nps)
        // 8.9996 is 9 and 6.0004 is 6; what is over ten, under zero or no number is off the scale.
        let row = try Self.survey(["10", "8.9996", "8.9994", "6.0006", "6.0004", "11", "-1", "lots", "10.0004"], nps)
        #expect(row["numerator"] == .ratio(2) && row["denominator"] == .ratio(6) && row.text("unit") == "points")
        #expect(Self.isNear(row, "value", 100.0 / 3) && row["reason"] == .filled(true))
        // p1 = 1/2, p2 = 1/6: 2/3 - 1/9 = 5/9 of variance for one.
        let margin = 100 * 1.959963984540054 * (5.0 / 9 / 6).squareRoot()
        #expect(Self.isNear(row, "low", 100.0 / 3 - margin) && Self.isNear(row, "high", 100.0 / 3 + margin))
        let cut = try Self.survey(["10", "10", "10", "10", "8"], nps)
        #expect(cut["value"] == .ratio(80) && cut["high"] == .ratio(100) && cut["reason"] == .filled(false))
        let none = try Self.survey(["lots"], nps)
        #expect(none["value"] == .ratio(nil) && none["numerator"] == .ratio(0) && none["denominator"] == .ratio(0))
        #expect(none["low"] == .ratio(nil) && none["reason"] == .filled(true))
    }

    @Test func meansOfAnswers() throws {
        let ces = NaiveSurvey("ces", where: "true", kind: .mean, scale: -63...7000)
        // Halves of a thousandth go away from zero.
        let row = try Self.survey(["0.0625", "-0.0625", "-0.064", "7.0004", "7.0006", "5"], ces)
        #expect(row["denominator"] == .ratio(4) && row["numerator"] == .ratio(12) && row["value"] == .ratio(3))
        let squares = [0.063, -0.063, 7, 5].map { ($0 - 3) * ($0 - 3) }.reduce(0, +)
        let margin = 1.959963984540054 * (squares / 3 / 4).squareRoot()
        #expect(row["low"] == .ratio(-0.063) && Self.isNear(row, "high", min(7, 3 + margin)))
        let one = try Self.survey(["5"], ces)
        #expect(one["value"] == .ratio(5) && one["low"] == .ratio(nil) && one["reason"] == .filled(false))
    }

    // MARK: Effort

    /// Ann calls and is called back; Bob sees the first step again.
    private static let efforts = """
        0 ann web a
        1h ann phone b outcome=error
        3h ann phone b by=agent
        4h ann web c value=2
        0 bob web a
        10m bob web b
        20m bob web a
        30m bob web c value=6
        0 cem web a
        10m cem web c value=6
        0 dan web a
        10m dan web c value=6
        """

    private static func efforts(_ weights: [NaiveEffortPart: Int], _ drawing: String = Self.efforts, asOf: String = "60d") -> [NaiveRow] {
        rows(drawing, asOf: asOf) {
            $0.channels = [NaiveChannel(name: "phone", kind: "assisted", gap: NaiveDuration.microseconds("4h"))]
            $0.journeys = [DrawnLog.journey("abc", goal: false) { $0.goal = "value > 0" }]
            $0.effort = NaiveEffortRules(weights)
            $0.surveys = [NaiveSurvey("ces", where: "value > 0", kind: .mean, scale: 1000...7000)]
        }
    }

    @Test func whatCostsEffort() throws {
        let rows = Self.efforts([.switching: 500, .hour: 250])
        let sums = try ["contact", "switch", "repeat", "error", "hour", "mean"].map { try Self.row(rows, "effort", $0).ratio("numerator") }
        // Two hours from the call to the answer; none from the agent's word to the customer's.
        #expect(sums == [1, 2, 1, 1, 2, 1 + 1 + 1 + 1 + 0.5])
        let mean = try Self.row(rows, "effort", "mean")
        #expect(mean["value"] == .ratio(4.5 / 4) && mean["denominator"] == .ratio(4) && mean["low"] == .ratio(0))
        let deviation = ([3.5, 1, 0, 0].map { ($0 - 1.125) * ($0 - 1.125) }.reduce(0, +) / 3).squareRoot()
        #expect(Self.isNear(mean, "high", 1.125 + 1.959963984540054 * deviation / 2))
        #expect(try Self.row(rows, "effort", "hour")["low"] == .ratio(nil) && Self.row(rows, "effort", "hour").text("unit") == "hours")
        // Nobody is old enough.
        let young = Self.efforts([:], asOf: "29d")
        #expect(try Self.row(young, "effort", "mean")["value"] == .ratio(nil))
        #expect(try Self.row(young, "effort", "repeat")["reason"] == .filled(true))
        #expect(try Self.row(young, "effort", "correlation ces")["denominator"] == .ratio(0))
    }

    @Test func hoursAreRoundedAndEffortIsCut() throws {
        func mean(_ held: String, _ weights: [NaiveEffortPart: Int]) throws -> NaiveComparison.Cell? {
            let drawing = "0 ann phone a\n\(held) ann phone b by=agent"
            return try Self.row(Self.efforts(weights, drawing), "effort", "mean")["value"]
        }
        let none: [NaiveEffortPart: Int] = [.contact: 0]
        #expect(try mean("18s", none) == .ratio(0.001) && mean("17s", none) == .ratio(0))
        // 1500 hours of 1000 points and more are over 2^31 thousandths only from 2147.48 on.
        let dear: [NaiveEffortPart: Int] = [.contact: 1_000_000, .hour: 1_000_000]
        #expect(try mean("18s", dear) == .ratio(1005))
        #expect(try mean("29d", dear) == .ratio(1000 + 696_000))
        let more = "0 ann phone a\n28d ann phone b by=agent\n56d ann phone b by=agent\n84d ann phone b by=agent\n112d ann phone b by=agent"
        #expect(try Self.row(Self.efforts(dear, more, asOf: "200d"), "effort", "mean")["value"] == .ratio(2_147_483.647))
    }

    @Test func effortAndAnswers() throws {
        let row = try Self.row(Self.efforts([.hour: 0, .switching: 0]), "effort", "correlation ces")
        // 2, 1, 0, 0 against 2, 6, 6, 6.
        let expected = -5 / (2.75 * 12).squareRoot()
        #expect(Self.isNear(row, "value", expected) && row["denominator"] == .ratio(4) && row["numerator"] == .ratio(nil))
        #expect(Self.isNear(row, "low", tanh(atanh(expected) - 1.959963984540054)))
        // The week after the last event, to the microsecond, and of several answers the first on the scale.
        func value(_ time: String) throws -> NaiveRow {
            let asked = "0 ann web a\n1h ann web c outcome=error value=-1\n\(time) ann web x value=5\n0 bob web a\n1h bob web c value=3"
            return try Self.row(
                Self.rows(asked) {
                    $0.journeys = [DrawnLog.journey("abc") { $0.start = "touchpoint == \"a\"" }]
                    $0.effort = NaiveEffortRules()
                    $0.surveys = [NaiveSurvey("ces", where: "has(value)", kind: .mean, scale: 1000...7000)]
                }, "effort", "correlation ces")
        }
        #expect(try Self.isNear(value("169h"), "value", 1) && value("169h")["low"] == .ratio(nil))
        #expect(try value("169h+1")["denominator"] == .ratio(1) && value("169h+1")["reason"] == .filled(true))
    }

    @Test func pairsOnALineHaveNoInterval() {
        let pairs = [(x: 1, y: 3), (x: 4, y: 9), (x: 4, y: 9), (x: 1001, y: 2003)]
        #expect(NaiveStatistics.correlation(pairs).map { abs($0 - 1) < 1e-12 } == true)
        #expect(NaiveStatistics.fisher95(1, of: pairs) == nil)
        #expect(NaiveStatistics.fisher95(0.9, of: pairs + [(x: 2, y: 0)]) != nil)
        #expect(NaiveStatistics.correlation([(x: 1, y: 2), (x: 1, y: 3)]) == nil)
    }

    // MARK: Terms and machines

    @Test func termsInOtherChannels() throws {
        func row(_ drawing: String) throws -> NaiveRow {
            try Self.row(
                Self.rows(drawing) { $0.terms = [NaiveTerm(item: "attributes.order", value: "value", within: 3_600_000_000)] },
                "channel_alignment", "attributes.order")
        }
        // The sighting without a value is none, and another item stands for itself.
        let drawing = """
            0 ann web a order=7 value=5
            10m ann phone b order=7
            20m ann chat b order=8 value=9
            1h ann phone c order=7 value=5
            2h+1 ann web c order=7 value=5
            3h ann phone c order=7 value=6
            4h ann phone c order=7 value=7
            4h bob web a order=7 value=9
            """
        let some = try row(drawing)
        #expect(some["numerator"] == .ratio(1) && some["denominator"] == .ratio(2) && some["value"] == .ratio(0.5))
        let none = try row("0 ann web a order=7 value=5")
        #expect(none["value"] == .ratio(nil) && none["denominator"] == .nothing && none["reason"] == .filled(true))
    }

    @Test func numbersAreEqualAsNumbers() {
        func isEqual(_ left: NaiveJSON, _ right: NaiveJSON) -> [Bool] {
            let events = [(left, "web"), (right, "app")].map { value, channel in
                NaiveEvent(
                    time: 0, sequence: 0, position: 0, source: "", ids: [:], channel: ExactText(channel), touchpoint: "x",
                    initiator: "customer", value: .absent, attributes: ["price": value])
            }
            return NaiveTerms.pairs(NaiveTerm(item: "touchpoint", value: "attributes.price"), [.anonymous(group: 0): events])
        }
        #expect(isEqual(.number("3"), .number("3.0")) == [true] && isEqual(.number("3"), .string("3.0")) == [false])
        #expect(isEqual(.number("3"), .string("3")) == [true] && isEqual(.bool(true), .string("true")) == [true])
        #expect(isEqual(.number("3"), .string("")) == [] && isEqual(.number("3"), .array([])) == [])
    }

    @Test func machinesThatContain() throws {
        let drawing = """
            0 ann chat a
            1m ann phone b by=agent
            0 bob web a by=agent
            1m bob chat b
            0 cem web menu by=agent
            1m cem web b
            0 dan web a
            """
        let rows = Self.rows(drawing) {
            $0.channels = [NaiveChannel(name: "chat")]
            $0.channels[0].isBot = true
            $0.botTouchpoints = ["menu"]
            $0.journeys = [DrawnLog.journey("abc")]
        }
        let row = try Self.row(rows, "containment")
        #expect(row["numerator"] == .ratio(2) && row["denominator"] == .ratio(3))
        #expect(rows.map { $0.text("metric") } == ["containment"] + Array(repeating: "time_to_value", count: 5))
    }
}
