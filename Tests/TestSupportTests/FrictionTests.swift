import Testing

@testable import TestSupport

/// Frictions on drawn logs: which lists, which matches count, and the rows.
@Suite struct FrictionTests {
    private static let letters = ["a": "touchpoint == \"a\"", "b": "touchpoint == \"b\""]

    /// Journeys through steps a and b without a goal, unless told otherwise.
    private func tables(
        _ drawing: String, asOf: String? = nil, journey: NaiveJourneyRules = DrawnLog.journey("ab", goal: false), _ pattern: String,
        where variables: [String: String] = letters, _ change: (inout NaiveFrictionRules) -> Void = { _ in }
    ) -> NaiveTables {
        var rules = NaiveFrictionRules(name: "f", pattern: pattern, where: variables)
        change(&rules)
        return DrawnLog.tables(drawing, asOf: asOf) {
            $0.journeys = [journey]
            $0.frictions = [rules]
        }
    }

    private func occurrences(
        _ drawing: String, asOf: String? = nil, journey: NaiveJourneyRules = DrawnLog.journey("ab", goal: false), _ pattern: String,
        where variables: [String: String] = letters, _ change: (inout NaiveFrictionRules) -> Void = { _ in }
    ) -> Int? {
        tables(drawing, asOf: asOf, journey: journey, pattern, where: variables, change).frictions[0].occurrences
    }

    private func minutes(_ text: String) -> Int64 { NaiveDuration.microseconds(text) }

    @Test func aRowInFull() {
        let tables = tables(
            """
            0 ann web a
            1m ann web b
            2m ann web a
            4m ann app b
            5m ann web c
            0 bob web a
            8h bob web b
            23h59m+59999999 eve web a
            24h eve web b
            24h eve web c
            0 joe web a
            0 joe web c
            0 kim web a
            """, journey: DrawnLog.journey("abc"), "a b"
        ) { $0.owner = "payments" }
        let row = tables.frictions[0]
        #expect([row.occurrences, row.journeys, row.customers, row.events] == [4, 3, 3, 8])
        #expect(row.share == 0.6)
        // Of ann, bob and eve ann and eve come to c, and bob, who has not, is open still; of joe and kim likewise.
        #expect(row.completionRateWith == 1)
        #expect(row.completionRateWithout == 1)
        // Gaps of a microsecond, one minute, two and eight hours.
        #expect(row.secondsP50 == 60_000_000)
        #expect([row.firstDay, row.lastDay] == ["2026-03-01", "2026-03-02"])
        #expect(row.place == .init(channel: "web", touchpoint: "b", step: "b"))
        #expect(row.examples == ["customer:ann", "customer:bob", "customer:eve"])
        #expect(
            tables.frictionPlaces.map { "\($0.place.channel) \($0.occurrences) \($0.journeys) \($0.customers)" } == [
                "app 1 1 1", "web 3 3 3",
            ])
        #expect(tables.journeys[0].withFriction == 3)
        #expect(tables.journeys[0].frictionShare == 0.6)
    }

    @Test func withoutMatchesTheNumbersAreZero() {
        let row = tables("0 ann web a", "a b").frictions[0]
        #expect([row.occurrences, row.journeys, row.customers, row.events] == [0, 0, 0, 0])
        #expect(row.share == 0)
        #expect(row.place == nil && row.secondsP50 == nil && row.firstDay == nil && row.examples.isEmpty)
        #expect(DrawnLog.tables("0 ann web a") { $0.journeys = [DrawnLog.journey("a")] }.journeys[0].withFriction == 0)
    }

    @Test func placesWithAsManyMatchesGoByTheirNames() {
        let row = tables("0 ann web b\n1m ann app b\n2m ann app c", "b", where: ["b": "touchpoint != \"d\""]).frictions[0]
        #expect(row.place == .init(channel: "app", touchpoint: "b", step: "b"))
    }

    @Test func daysAreOfTheLastEventInTheZone() {
        let tables = DrawnLog.tables("22h59m ann web a\n23h ann web b") {
            $0.timezone = "Europe/Berlin"
            $0.journeys = [DrawnLog.journey("ab")]
            $0.frictions = [NaiveFrictionRules(name: "f", pattern: "a b", where: Self.letters)]
        }
        #expect(tables.frictions[0].firstDay == "2026-03-02")
    }

    @Test func nothingMayFollowUpToAndIncludingTheDeadline() {
        let absent: (inout NaiveFrictionRules) -> Void = { $0.absent = .init("touchpoint == \"x\"", for: NaiveDuration.microseconds("1h")) }
        #expect(occurrences("0 ann web a\n1h ann web x\n3h ann web c", "a", absent) == 0)
        #expect(occurrences("0 ann web a\n1h+1 ann web x\n3h ann web c", "a", absent) == 1)
        // At the same time, but later in order; and what came before does not count.
        #expect(occurrences("0 ann web a seq=1\n0 ann web x seq=2\n3h ann web c", "a", absent) == 0)
        #expect(occurrences("0 ann web a seq=2\n0 ann web x seq=1\n3h ann web c", "a", absent) == 1)
        // After the last event of the match, not after the first.
        #expect(occurrences("0 ann web a\n30m ann web x\n40m ann web b\n3h ann web c", "a b", absent) == 1)
        #expect(occurrences("0 ann web a\n40m ann web b\n1h10m ann web x\n3h ann web c", "a b", absent) == 0)
    }

    @Test func beforeTheDeadlineAMatchIsNotCounted() {
        let absent: (inout NaiveFrictionRules) -> Void = { $0.absent = .init("touchpoint == \"x\"", for: NaiveDuration.microseconds("1h")) }
        #expect(occurrences("0 ann web a", asOf: "1h", "a", absent) == 1)
        #expect(occurrences("0 ann web a\n59m bob web c", asOf: "59m", "a", absent) == 0)
    }

    @Test func skipCountsEachRepeatInEveryScope() {
        let drawing = "0 ann web a\n1m ann web a\n2m ann web a\n3m ann app a"
        for scope in NaiveFrictionRules.Scope.allCases {
            // The session on the web has three of them.
            let repeats = scope == .session ? 2 : 3
            for skip in [.toLast, .toNext] as [NaiveFrictionRules.Skip] {
                #expect(occurrences(drawing, "a a") { ($0.scope, $0.skip) = (scope, skip) } == repeats)
            }
        }
        #expect(
            occurrences("0 ann web a order=1\n1m ann web a order=2\n2m ann web a order=1\n3m ann web a order=1", "a a") {
                ($0.partitionBy, $0.skip) = (["order"], .toLast)
            } == 2)
    }

    @Test func aMatchThatIsRejectedMovesTheSearchOnLikeACountedOne() {
        let absent = NaiveFrictionRules.Absence("touchpoint == \"x\"", for: NaiveDuration.microseconds("1m"))
        let drawing = "0 ann web a\n1m ann web a\n90s ann web x\n2m ann web a\n4m ann web a\n5h ann web c"
        #expect(occurrences(drawing, "a a") { $0.absent = absent } == 1)
        // Those that end at 2m and at 4m.
        #expect(occurrences(drawing, "a a") { ($0.absent, $0.skip) = (absent, .toLast) } == 2)
        // The first ends at 2m, so none begins at 1m.
        #expect(occurrences(drawing, "a a a") { ($0.absent, $0.skip) = (absent, .toLast) } == 1)
        #expect(occurrences(drawing, "a a a") { ($0.absent, $0.skip) = (absent, .toNext) } == 2)
    }

    @Test func aMatchThatIsRejectedUsesUpItsEvents() {
        // a at 0 and 1m is followed by x; a at 1m and 2m would not be.
        let drawing = "0 ann web a\n1m ann web a\n90s ann web x\n2m ann web a\n3h ann web c"
        #expect(occurrences(drawing, "a a") { $0.absent = .init("touchpoint == \"x\"", for: NaiveDuration.microseconds("1m")) } == 0)
        #expect(occurrences(drawing, "a a") == 1)
    }

    @Test func whatIsAbsentIsOfTheListAndThePartition() {
        let drawing = "0 ann web a order=1\n1m ann web x order=2\n2m ann web x\n3h ann web c"
        let absent = NaiveFrictionRules.Absence("touchpoint == \"x\"", for: NaiveDuration.microseconds("1h"))
        #expect(occurrences(drawing, "a") { $0.absent = absent } == 0)
        #expect(
            occurrences(drawing, "a") {
                $0.absent = absent
                $0.partitionBy = ["attributes.order"]
            } == 1)
        // x is another journey's.
        let journey = DrawnLog.journey("ab", goal: false) { $0.key = "order" }
        #expect(occurrences(drawing, journey: journey, "a") { $0.absent = absent } == 1)
        #expect(
            occurrences(drawing, journey: journey, "a") {
                $0.absent = absent
                $0.scope = .person
            } == 0)
        // Neither the expression nor its events need be visible or look back.
        #expect(
            occurrences(drawing, "a") { $0.absent = .init("touchpoint == prev.touchpoint", for: NaiveDuration.microseconds("1h")) } == 1)
    }

    @Test func partitionsAreMatchedApart() {
        let drawing = "0 ann web a order=1\n1m ann web a order=2\n2m ann web b order=1\n3m ann web b order=2"
        #expect(occurrences(drawing, "a b") == 1)
        for name in ["order", "attributes.order"] { #expect(occurrences(drawing, "a b") { $0.partitionBy = [name] } == 2) }
        // b without an order is nobody's; where nothing is asked it is b.
        #expect(occurrences("0 ann web a order=1\n1m ann web b\n2m ann web b order=1", "a b") { $0.partitionBy = ["order"] } == 1)
        #expect(occurrences("0 ann web a order=1\n1m ann web b", "a b") { $0.partitionBy = ["order"] } == 0)
        // By a field, and by two names.
        #expect(occurrences("0 ann web a\n1m ann app b\n2m ann web b", "a b b") { $0.partitionBy = ["channel"] } == 0)
        #expect(occurrences("0 ann web a order=1\n1m ann app b order=1", "a b") { $0.partitionBy = ["order", "channel"] } == 0)
        #expect(occurrences("0 ann web a\n1m ann web b", "a b", where: ["a": "true", "b": "true"]) { $0.partitionBy = ["step"] } == 0)
    }

    @Test func aNumberAndATextAreOneValueOfAPartition() {
        func line(_ minute: Int, _ touchpoint: String, _ order: String) -> String {
            #"{"t":\#(DrawnLog.start + Int64(minute) * 60_000_000),"customer":"ann","ch":"web","tp":"\#(touchpoint)","order":\#(order)}"#
        }
        func occurrences(_ first: String, _ second: String) -> Int? {
            let text = line(0, "a", first) + "\n" + line(1, "b", second)
            var rules = NaiveFrictionRules(name: "f", pattern: "a b", where: Self.letters)
            rules.partitionBy = ["order"]
            let pipeline = DrawnLog.pipeline {
                $0.journeys = [DrawnLog.journey("ab")]
                $0.frictions = [rules]
            }
            return NaiveReference.tables(pipeline, [NaiveFile(source: "log", path: "x", text: text)]).frictions[0].occurrences
        }
        #expect(occurrences("7", "\"7\"") == 1)
        #expect(occurrences("1.5", "1.50") == 0)
        for nothing in ["null", "[]", "{\"x\":1}"] { #expect(occurrences(nothing, nothing) == 0) }
    }
}
