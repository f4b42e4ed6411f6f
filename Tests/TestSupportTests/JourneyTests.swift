import Testing

@testable import TestSupport

@Suite struct JourneyTests {
    private func row(_ drawing: String, asOf: String? = nil, _ journey: NaiveJourneyRules) -> NaiveTables.JourneyRow {
        DrawnLog.tables(drawing, asOf: asOf) { $0.journeys = [journey] }.journeys[0]
    }

    private func counts(_ row: NaiveTables.JourneyRow) -> [Int] { [row.started, row.completed, row.failed, row.abandoned, row.open] }

    @Test func inactivityExactlyAsLongIsNoEnd() {
        let journey = DrawnLog.journey("ab") { $0.inactivity = NaiveDuration.microseconds("1h") }
        #expect(counts(row("0 ann web a\n1h ann web b", journey)) == [1, 1, 0, 0, 0])
        #expect(counts(row("0 ann web a\n1h+1 ann web b", journey)) == [2, 1, 0, 1, 0])
        #expect(counts(row("0 ann web a", asOf: "1h", journey)) == [1, 0, 0, 0, 1])
        #expect(counts(row("0 ann web a", asOf: "1h+1", journey)) == [1, 0, 0, 1, 0])
    }

    @Test func maxLengthCountsFromTheFirstEvent() {
        let journey = DrawnLog.journey("ab") { $0.maxLength = NaiveDuration.microseconds("1h") }
        #expect(counts(row("0 ann web a\n30m ann web a\n1h ann web a", journey)) == [1, 0, 0, 0, 1])
        #expect(counts(row("0 ann web a\n30m ann web a\n1h+1 ann web a", journey)) == [2, 0, 0, 1, 1])
        #expect(counts(row("0 ann web a\n30m ann web a", asOf: "1h+1", journey)) == [1, 0, 0, 1, 0])
    }

    /// Mature when just as old as the horizon, converted when the goal is just within it; without one it is `inactivity`.
    @Test func conversionWithinTheHorizon() {
        func conversion(_ drawing: String, asOf: String, horizon: String?) -> [Int] {
            let row = row(
                drawing, asOf: asOf,
                DrawnLog.journey("ab") {
                    $0.inactivity = NaiveDuration.microseconds("2h")
                    $0.horizon = horizon.map { NaiveDuration.microseconds($0) }
                })
            return [row.completed, row.mature, row.converted]
        }
        let drawing = "0 ann web a\n1h ann web b"
        #expect(conversion(drawing, asOf: "1h", horizon: "1h") == [1, 1, 1])
        #expect(conversion(drawing, asOf: "1h", horizon: "3601s") == [1, 0, 0])
        #expect(conversion("0 ann web a\n1h+1 ann web b", asOf: "3h", horizon: "1h") == [1, 1, 0])
        #expect(conversion(drawing, asOf: "2h", horizon: nil) == [1, 1, 1])
        #expect(conversion(drawing, asOf: "119m", horizon: nil) == [1, 0, 0])
        #expect(conversion("0 ann web a", asOf: "1h", horizon: "1h") == [0, 1, 0])
    }

    @Test func eventsBeforeAStartAreIgnored() {
        let journey = DrawnLog.journey("ab") { $0.start = "touchpoint == \"a\"" }
        let result = row("0 ann web x\n1m ann web b\n2m ann web a\n3m ann web b\n4m ann web b", journey)
        #expect(counts(result) == [1, 1, 0, 0, 0])
        #expect(result.events == 2)
    }

    @Test func goalBeforeFailAndTheOpeningEventToo() {
        var journey = DrawnLog.journey("ab") { $0.fail = "touchpoint in [\"b\", \"c\"]" }
        #expect(counts(row("0 ann web b\n1m ann web c\n2m ann web a", journey)) == [3, 1, 1, 0, 1])
        journey.goal = nil
        #expect(counts(row("0 ann web b\n1m ann web c\n2m ann web a", journey)) == [3, 0, 2, 0, 1])
    }

    @Test func aKeyMakesLinesOfTheirOwn() {
        let journey = DrawnLog.journey("ab") { $0.key = "order" }
        // Number 7 and text "7" are one order; without one there is no journey.
        let file = NaiveFile(
            source: "log", path: "x",
            text: ["7", "\"8\"", "\"7\"", "{}", "null"].map {
                #"{"t":1,"customer":"a","ch":"w","tp":"\#($0.contains("\"7") ? "b" : "a")","order":\#($0)}"#
            }
            .joined(separator: "\n"))
        let tables = NaiveReference.tables(DrawnLog.pipeline { $0.journeys = [journey] }, [file])
        #expect(counts(tables.journeys[0]) == [2, 1, 0, 0, 1])
        #expect(tables.journeys[0].customers == 1)
    }

    @Test func scopeHidesEvents() {
        let journey = DrawnLog.journey("ab") {
            $0.scope = "channel != \"app\""
            $0.inactivity = NaiveDuration.microseconds("1h")
        }
        #expect(counts(row("0 ann web a\n1h ann app a\n2h ann web b", journey)) == [2, 1, 0, 1, 0])
    }

    @Test func durationsSwitchesAndRates() {
        let result = row("0 ann web a\n1m ann app a\n3m ann web b\n0 bob web a\n9m bob web b\n9m eve web a", journey)
        #expect(result.durationP50 == 180_000_000)
        #expect(result.durationP90 == 540_000_000)
        #expect(result.channelSwitches == 2)
        #expect(result.completionRate == 1)
        #expect(result.customers == 3)
        #expect(result.sessions == 4)
    }

    private let journey = DrawnLog.journey("ab")

    @Test func transitionsCountEventsAndJourneys() {
        let tables = DrawnLog.tables("0 ann web a\n1m ann web a\n4m ann app a\n5m ann app b\n0 bob web a\n2m bob web a") {
            $0.journeys = [DrawnLog.journey("ab")]
        }
        #expect(
            tables.transitions.map { "\($0.scope) \($0.from)>\($0.to) \($0.count) \($0.journeys)" } == [
                "channel web>app 1 1", "touchpoint a>a 3 2", "touchpoint a>b 1 1",
            ])
        // Gaps 1, 2 and 3 minutes; bob's journey is open and no part of the rate.
        #expect(tables.transitions[1].gapP50 == 120_000_000)
        #expect(tables.transitions.map(\.completionRate) == [1, 1, 1])
    }

    @Test func touchpointsCountAllTypes() {
        let tables = DrawnLog.tables(
            "0 ann web a\n1m ann web b outcome=error\n2m ann app a outcome=timeout by=agent\n2m bob web a outcome=ok"
        ) {
            $0.journeys = [DrawnLog.journey("ab"), DrawnLog.journey("a", goal: false)]
            $0.journeys[1].name = "k"
            $0.channels = [NaiveChannel(name: "web", owner: "digital")]
        }
        let rows = tables.touchpoints.map {
            "\($0.channel)/\($0.touchpoint) \($0.events) \($0.customers) "
                + "\($0.journeys) \($0.journeyEntries) \($0.journeyExits) \($0.errors)"
        }
        // j: ann a-b, ann app/a, bob a. k: ann a-b-app/a, bob a.
        #expect(rows == ["app/a 1 1 2 1 2 1", "web/a 2 2 4 4 2 0", "web/b 1 1 2 0 1 1"])
        #expect(tables.touchpoints.map(\.owner) == [nil, "digital", "digital"])
    }
}
