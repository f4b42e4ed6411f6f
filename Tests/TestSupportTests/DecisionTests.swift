import Foundation
import Testing

@testable import TestSupport

/// The decision tables of logs that can be counted by hand.
@Suite struct DecisionTests {
    private static func phone(_ change: (inout NaiveChannel) -> Void = { _ in }) -> [NaiveChannel] {
        var phone = NaiveChannel(name: "phone", kind: "assisted", owner: "centre", gap: NaiveDuration.microseconds("10m"))
        change(&phone)
        return [phone, NaiveChannel(name: "chat", kind: "assisted", gap: NaiveDuration.microseconds("10m")), NaiveChannel(name: "web")]
    }

    // MARK: Contacts

    /// From the phone the customer is handed over to the chat, which the agent ends; the day after they call about it again.
    private static let calls = """
        0 ann phone call order=7
        4m ann phone talk by=agent
        14m ann phone talk by=agent
        19m ann chat hello order=7
        20m ann chat bye by=agent
        2h ann phone call order=8
        23h ann phone call order=7
        30h bob phone call
        """

    private static func contacts(_ drawing: String, asOf: String, _ change: (inout NaivePipeline) -> Void = { _ in }) -> [NaiveRow] {
        DrawnLog.tables(drawing, asOf: asOf) {
            $0.channels = phone()
            $0.contacts.topic = "attributes.order"
            $0.contacts.windows = [NaiveDuration.microseconds("1d")]
            change(&$0)
        }.decisions.contacts
    }

    @Test func aHandoverIsOneContactAndARepeatMayBeElsewhere() throws {
        let rows = Self.contacts(Self.calls, asOf: "44h20m")
        #expect(
            rows.map { "\($0.text("channel")) \($0.text("topic"))" } == [
                "(all) (all)", "(all) (none)", "(all) 7", "(all) 8", "phone (all)", "phone (none)", "phone 7", "phone 8",
            ])
        let mine = try #require(rows.first { $0.text("channel") == "phone" && $0.text("topic") == "7" })
        #expect(mine["contacts"] == .integer(2))
        // The first ended at 20m, the second is too young.
        #expect(mine["judged"] == .integer(1) && mine["repeated"] == .integer(1) && mine["repeated_elsewhere"] == .integer(0))
        #expect(mine["fcr"] == .ratio(0) && mine["customers"] == .integer(1))
        let all = rows[0]
        #expect(all["contacts"] == .integer(4) && all["judged"] == .integer(2) && all["repeated"] == .integer(1))
        #expect(all["fcr"] == .ratio(0.5) && all["customers"] == .integer(2))

        let elsewhere = Self.contacts(Self.calls.replacingOccurrences(of: "23h ann phone", with: "23h ann chat"), asOf: "44h20m")
        #expect(elsewhere[0]["repeated_elsewhere"] == .integer(1))
    }

    /// Each to the microsecond: the silence, the hand-over, the window and the age.
    @Test func limitsOfContacts() {
        func count(_ drawing: String, _ column: String, asOf: String = "50h", _ change: (inout NaivePipeline) -> Void = { _ in })
            -> NaiveComparison.Cell?
        {
            Self.contacts(drawing, asOf: asOf, change)[0][column]
        }
        let handed = "0 ann phone a\n10m ann phone a by=agent\n20m ann chat a"
        #expect(count(handed, "contacts") == .integer(1))
        #expect(count(handed.replacingOccurrences(of: "20m", with: "20m+1"), "contacts") == .integer(2))
        // What the agent does after too long a silence is not part of it.
        #expect(count(handed.replacingOccurrences(of: "\n10m ", with: "\n10m+1 "), "contacts") == .integer(2))
        let again = "0 ann phone a\n1d ann phone a"
        #expect(count(again, "repeated") == .integer(1))
        #expect(count(again.replacingOccurrences(of: "1d", with: "1d+1"), "repeated") == .integer(0))
        #expect(count("0 ann phone a", "judged", asOf: "1d") == .integer(1))
        #expect(count("0 ann phone a", "judged", asOf: "1d+-1") == .integer(0))
        #expect(count("0 ann phone a order=1\n1h ann phone a order=2", "repeated") == .integer(0))
        #expect(count("0 ann phone a order=1\n1h ann phone a order=2", "repeated") { $0.contacts.topic = nil } == .integer(1))
    }

    // MARK: Answers

    @Test func waitsAndAnswers() throws {
        let drawing = """
            0 ann phone ask
            5m ann phone ask
            10m ann phone hm by=system
            10m ann phone say by=agent
            11m ann phone say by=agent
            20m bob phone ask
            30m+1 bob phone say by=agent
            50m cem phone ask
            """
        func responses(asOf: String) throws -> NaiveRow {
            let tables = DrawnLog.tables(drawing, asOf: asOf) {
                $0.channels = Self.phone { $0.responseSLA = NaiveDuration.microseconds("10m") }
            }
            return try #require(tables.decisions.responses.first)
        }
        let row = try responses(asOf: "1h")
        #expect(row["waits"] == .integer(3) && row["answered"] == .integer(2) && row["open"] == .integer(1))
        #expect(row["judged"] == .integer(3) && row["within_sla"] == .integer(1) && row["within_rate"] == .ratio(1.0 / 3))
        #expect(row["p50_seconds"] == .duration(600_000_000) && row["p90_seconds"] == .duration(600_000_001))
        #expect(try responses(asOf: "59m")["judged"] == .integer(2))
    }

    @Test func busyHoursAreThoseOfAnotherChannel() throws {
        // A week apart, so that both waits are of one hour of the week; the web is busy in the first of its two hours.
        let drawing =
            "0 ann phone ask\n1m bob web a\n2m bob web a\n30m ann phone say by=agent\n7d ann phone ask\n7d bob web a\n169h bob web a"
        let tables = DrawnLog.tables(drawing + "\n169h ann phone say by=agent", asOf: "10d") {
            $0.channels = Self.phone { $0.responseSLA = NaiveDuration.microseconds("30m") }
        }
        let row = try #require(tables.decisions.busy.first)
        #expect(tables.decisions.busy.count == 1 && row.text("other_channel") == "web")
        // Its hours have 2, 1 and 1 events: the third of them in order is 2.
        #expect(row["busy_waits"] == .integer(1) && row["busy_within"] == .integer(1))
        #expect(row["calm_waits"] == .integer(1) && row["calm_within"] == .integer(0))
        #expect(row["difference"] == .ratio(1))
    }

    // MARK: Priorities

    /// Ten journeys: `a`, then `b`, then the goal `c`. Half of them meet an error at `b`, of which one gets through.
    private static func journeys(error: (Int) -> String) -> String {
        (0..<10).map { person in
            let end = person == 0 || person >= 5 ? "\n10m p\(person) web c" : ""
            return "0 p\(person) web a\n4m p\(person) web b\n\(error(person))\(end)"
        }.joined(separator: "\n")
    }

    private static func priorities(_ drawing: String) -> [NaiveRow] {
        DrawnLog.tables(drawing, asOf: "60d") {
            $0.journeys = [DrawnLog.journey("abc") { $0.steps[0].sla = NaiveDuration.microseconds("3m") }]
            let outcome = "outcome == \"error\""
            $0.frictions = [
                NaiveFrictionRules(name: "stuck", pattern: "e", where: ["e": outcome]),
                // It has the same journeys and more, all of those that get on to `b`.
                NaiveFrictionRules(name: "alike", pattern: "e", where: ["e": "\(outcome) || touchpoint == \"b\""]),
            ]
        }.decisions.priorities
    }

    /// What costs, and beside it a friction that looks like it and only comes with it: nobody got as far without that one.
    @Test func aFrictionThatOnlyComesWithTheStepCostsNothing() throws {
        let rows = Self.priorities(Self.journeys { $0 < 5 ? "5m p\($0) web x outcome=error" : "5m p\($0) web x" })
        let stuck = try #require(rows.first { $0.text("problem") == "stuck" })
        #expect(stuck["journeys"] == .integer(5) && stuck["converted"] == .integer(1) && stuck["unmatched"] == .integer(0))
        // Of the five that came to `b` without it all converted.
        #expect(stuck["conversion_rate"] == .ratio(0.2) && stuck["expected_rate"] == .ratio(1) && stuck["lost"] == .ratio(4))
        #expect(stuck["rank"] == .integer(1) && stuck.text("verdict") == "costs")
        // 5·5·6·4 / (10·10·9) of variance, and 1 where 3 are expected.
        #expect(abs((stuck.ratio("p_value") ?? 1) - 0.0143) < 1e-4)
        // Alive is one day.
        #expect(stuck["lost_per_30_days"] == .ratio(120) && stuck["value_lost"] == .ratio(nil))
        let alike = try #require(rows.first { $0.text("problem") == "alike" })
        #expect(alike["journeys"] == .integer(10) && alike["unmatched"] == .integer(10) && alike["converted"] == .integer(0))
        #expect(alike["lost"] == .ratio(nil) && alike.text("verdict") == "unclear")
        // Everybody was too long at `a`.
        let stall = try #require(rows.first { $0.text("kind") == "stall" })
        #expect(stall["journeys"] == .integer(10) && stall["unmatched"] == .integer(10))
    }

    /// Those that match only further on had come as far without it.
    @Test func whoMatchesLaterIsComparedWithWhoMatchesNow() throws {
        // Two at `a`, two at `b`.
        let rows = Self.priorities(
            Self.journeys { person in
                person < 2 ? "1m p\(person) web x outcome=error" : person < 4 ? "5m p\(person) web x outcome=error" : "5m p\(person) web x"
            })
        let stuck = try #require(rows.first { $0.text("problem") == "stuck" })
        // At `a` 5 of 8 others converted, at `b` 5 of 6; of those with it 1 of 2 and 0 of 2.
        #expect(stuck["journeys"] == .integer(4) && stuck["converted"] == .integer(1))
        #expect(abs((stuck.ratio("lost") ?? 0) - (2 * 5.0 / 8 + 2 * 5.0 / 6 - 1)) < 1e-12)
    }

    // MARK: Segments

    @Test func whatHasNoSegmentIsNotPartOfTheRest() throws {
        let drawing = """
            0 ann web a
            1m ann web b order=x
            2m ann web c
            0 bob web a order=x
            0 cem web a order=y
            1m cem web c
            0 dan web a
            """
        let tables = DrawnLog.tables(drawing, asOf: "60d") {
            $0.journeys = [DrawnLog.journey("abc")]
            $0.dimensions = [NaiveDimension(name: "d", field: "attributes.order")]
        }
        let rows = tables.decisions.segments
        #expect(rows.map { $0.text("segment") } == ["(none)", "x", "y"])
        #expect(rows[0]["started"] == .integer(1) && rows[0]["rest_rate"] == .ratio(nil) && rows[0]["p_value"] == .ratio(nil))
        #expect(rows[1]["conversion_rate"] == .ratio(0.5) && rows[1]["rest_rate"] == .ratio(1) && rows[1]["difference"] == .ratio(-0.5))
        #expect(rows[2]["rest_rate"] == .ratio(0.5))
        // Bob stops at `a`; nobody else of them does.
        let step = try #require(tables.decisions.segmentSteps.first { $0.text("segment") == "x" })
        #expect(step["mature"] == .integer(2) && step["lost"] == .integer(1) && step["rest_rate"] == .ratio(0))
    }

    /// In byte order where as many journeys began.
    @Test func fiftySegmentsKeepTheirNames() {
        let drawing = (10..<62).map { "0 p\($0) web a order=s\($0)" }.joined(separator: "\n") + "\n0 q web a order=s61"
        let rows = DrawnLog.tables(drawing, asOf: "60d") {
            $0.journeys = [DrawnLog.journey("ab")]
            $0.dimensions = [NaiveDimension(name: "d", field: "attributes.order")]
        }.decisions.segments
        #expect(rows.map { $0.text("segment") } == ["(other)"] + (10..<59).map { ExactText("s\($0)") } + ["s61"])
        #expect(rows[0]["started"] == .integer(2) && rows[0]["customers"] == .integer(nil))
    }

    // MARK: Hand-overs and what comes next

    @Test func handoversGoBack() throws {
        let tables = DrawnLog.tables("0 ann phone a\n1m ann web b\n3m ann web a by=agent\n4m ann phone c", asOf: "60d") {
            $0.channels = Self.phone()
            $0.journeys = [DrawnLog.journey("abc") { $0.steps[1].owner = "shop" }]
        }
        let rows = tables.decisions.handoffs.filter { $0.text("scope") == "owner" }
        // `a` on the web is nobody's: it is passed over.
        #expect(rows.map { "\($0.text("from")) \($0.text("to"))" } == ["centre shop", "shop centre"])
        #expect(rows[0]["returned"] == .integer(1) && rows[0]["wait_p50_seconds"] == .duration(60_000_000))
        #expect(rows[1]["returned"] == .integer(0) && rows[1]["wait_p50_seconds"] == .duration(180_000_000))
        #expect(rows[1]["converted"] == .integer(1))
        // After the customer on the phone, and before the agent on the web.
        #expect(
            tables.decisions.holders.map { "\($0.text("holder")) \($0.text("owner"))" } == [
                "customer ", "organization centre", "organization shop",
            ])
        #expect(tables.decisions.holders[2]["seconds"] == .exact(120_000_000) && tables.decisions.holders[2]["share"] == .ratio(0.5))
    }

    @Test func whatComesNext() {
        let rows = DrawnLog.tables("0 ann web a\n1m ann web b\n2m ann web c\n0 bob web a\n5m bob web a\n1m cem web b", asOf: "60d") {
            $0.journeys = [DrawnLog.journey("abc")]
        }.decisions.nextSteps
        #expect(
            rows.map { "\($0.text("previous"))|\($0.text("step"))|\($0.text("next"))" } == [
                "|a|abandoned", "|a|b", "|b|abandoned", "*|a|abandoned", "*|a|b", "*|b|abandoned", "*|b|c", "*|c|goal", "a|b|c", "b|c|goal",
            ])
        #expect(rows[0]["seconds_p50"] == .duration(300_000_000) && rows[0]["share"] == .ratio(0.5))
        #expect(rows[5]["conversion_rate"] == .ratio(0) && rows[6]["conversion_rate"] == .ratio(1))
    }

    // MARK: The map

    /// ann goes straight, bob skips and comes back, cem goes no further and dan is under way; nobody comes to `d`.
    @Test func waysAgainstTheDeclaredOrder() {
        let log =
            "0 ann web a\n1m ann web b\n2m ann web c\n0 bob web a\n1m bob web c by=agent\n2m bob web a\n3m bob web c\n4m bob web x\n"
            + "0 cem web b\n50d dan web a"
        let rows = DrawnLog.tables(log, asOf: "60d") {
            $0.journeys = [DrawnLog.journey("abcd") { $0.goal = "touchpoint == \"c\" && initiator == \"customer\"" }]
        }.decisions.map
        func words(_ cell: NaiveComparison.Cell?) -> String { cell?.words ?? "" }
        #expect(
            rows.map { row in
                let (count, journeys) = (words(row["count"]), words(row["journeys"]))
                return "\(row.text("from"))>\(row.text("to")) \(row.text("kind")) \(count) \(journeys)"
            } == [
                ">a start 3 3", ">b start 1 1", "a>b next 1 1", "a>c skip 2 1", "b>abandoned end 1 1", "b>c next 1 1", "c>a back 1 1",
                "c>d next 0 0", "c>goal end 2 2",
            ])
        // Of `a`: dan's visit is open and leaves nowhere. Nobody's is mature but those of the first day.
        #expect(rows[2]["share"] == .ratio(1.0 / 3) && rows[7]["share"] == .ratio(0))
        #expect(
            rows[0]["conversion_rate"] == .ratio(1) && rows[4]["conversion_rate"] == .ratio(0) && rows[7]["conversion_rate"] == .ratio(nil))
    }

    /// Two steps of one type and one of another; where two match, the event belongs to the first, and still counts for both.
    @Test func touchpointsAreInSteps() {
        let tables = DrawnLog.tables("0 ann web a\n1m ann web b\n2m ann web b action=go\n3m ann web x") {
            $0.journeys = [
                DrawnLog.journey("ab") {
                    $0.steps.append(NaiveStep(name: "also", match: "touchpoint != \"x\""))
                },
                DrawnLog.journey("c") { journey in
                    journey.name = "k"
                    journey.scope = "touchpoint == \"none\""
                    journey.steps[0].match = "action == \"go\""
                },
            ]
        }
        #expect(tables.touchpoints.map { "\($0.touchpoint) \($0.inSteps)" } == ["a 2", "b 3", "x 0"])
    }

    // MARK: Sources

    /// Five lines: one comes twice, one is nobody's; an hour and a minute are silent, and an hour less a minute is behind as-of.
    @Test func whatCameOfASource() throws {
        let log = "0 ann web a id=1\n0 ann web a id=1\n30s ann web b value=7\n61m+5 ann web c\n62m - web d"
        let decisions = DrawnLog.tables(log, asOf: "2h").decisions
        #expect(
            decisions.sources == [
                [
                    "source": .text("log"), "lines": .integer(5), "events": .integer(3), "quarantined": .integer(1),
                    "duplicates": .integer(1), "filtered": .integer(0), "late": .integer(0), "first": .text("2026-03-01T00:00:00Z"),
                    "last": .text("2026-03-01T01:01:00.000005Z"), "behind_seconds": .exact(3_539_999_995),
                    "gap_max_seconds": .exact(3_660_000_000), "gap_max_from": .text("2026-03-01T00:00:00Z"), "expanded": .integer(0),
                ]
            ])
        func field(_ name: ExactText) throws -> NaiveRow { try #require(decisions.sourceFields.first { $0.text("field") == name }) }
        #expect(try field("time")["share"] == .ratio(1) && field("ids.customer")["there"] == .integer(4))
        #expect(
            try field("event_id")["share"] == .ratio(0.4) && field("value")["there"] == .integer(1)
                && field("ids.email")["there"] == .integer(0))
    }
}
