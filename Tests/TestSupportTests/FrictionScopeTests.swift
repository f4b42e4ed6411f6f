import Testing

@testable import TestSupport

/// In which lists a friction is looked for, and for which journeys a match counts.
@Suite struct FrictionScopeTests {
    private func tables(
        _ drawing: String, asOf: String? = nil, _ scope: NaiveFrictionRules.Scope, _ pattern: String,
        where variables: [String: String] = ["a": "touchpoint == \"a\"", "b": "touchpoint == \"b\""],
        _ change: (inout NaivePipeline) -> Void = { _ in }
    ) -> NaiveTables {
        var rules = NaiveFrictionRules(name: "f", pattern: pattern, where: variables)
        rules.scope = scope
        return DrawnLog.tables(drawing, asOf: asOf) {
            $0.journeys = [DrawnLog.journey("ab")]
            $0.frictions = [rules]
            change(&$0)
        }
    }

    private func occurrences(_ tables: NaiveTables) -> [Int?] { tables.frictions.map(\.occurrences) }

    @Test func eachScopeHasItsOwnLists() {
        // One session for web and one for app; b ends the first journey; the agent is in no session.
        let drawing = "0 ann web x\n1m ann web a\n2m ann app a\n3m ann web b\n4m ann web a by=agent\n5m ann web b"
        let variables = ["a": "touchpoint == \"a\"", "b": "touchpoint == \"b\"", "x": "touchpoint == \"x\""]
        #expect(occurrences(tables(drawing, .journey, "a b", where: variables)) == [2])
        #expect(occurrences(tables(drawing, .session, "a b", where: variables)) == [1])
        #expect(occurrences(tables(drawing, .session, "b b", where: variables)) == [1])
        #expect(occurrences(tables(drawing, .journey, "b b", where: variables)) == [0])
        #expect(occurrences(tables(drawing, .person, "b a b", where: variables)) == [1])
    }

    @Test func aMatchCountsForTheJourneyOfItsLastEvent() {
        // c is out of scope: what ends there belongs to no journey.
        let drawing = "0 ann web a\n1m ann web b\n2m ann web c\n3m ann web a"
        let variables = ["a": "touchpoint == \"a\"", "b": "touchpoint == \"b\"", "c": "touchpoint == \"c\""]
        func counts(_ pattern: String) -> [Int?] {
            let tables = tables(drawing, .person, pattern, where: variables) {
                $0.journeys[0].scope = "touchpoint != \"c\""
                $0.journeys.append(DrawnLog.journey("c", goal: false))
                $0.journeys[1].name = "k"
            }
            return tables.frictions.map(\.occurrences) + tables.journeys.map(\.withFriction)
        }
        #expect(counts("b c") == [0, 1, 0, 1])
        #expect(counts("c a") == [1, 1, 1, 1])
        #expect(counts("(a | b)") == [3, 3, 2, 1])
    }

    @Test func stepsAreThoseOfTheTypeAlsoOutsideItsJourneys() {
        // In k, b is the step, and nothing starts a journey before b at 2m; in j, a and b are.
        let drawing = "0 ann web b\n1m ann web a\n2m ann web b"
        let tables = tables(drawing, .person, "s s", where: ["s": "has(step)"]) {
            $0.journeys.append(DrawnLog.journey("b", goal: false) { $0.start = "touchpoint == \"a\"" })
            $0.journeys[1].name = "k"
        }
        #expect(occurrences(tables) == [1, 1])
        #expect(tables.frictions.map(\.events) == [2, 2])
        #expect(tables.frictions.map(\.secondsP50) == [60_000_000, 120_000_000])
    }

    @Test func theEndOfAJourneyIsThatItIsClosed() {
        #expect(occurrences(tables("0 ann web a", .journey, "a $")) == [0])
        #expect(occurrences(tables("0 ann web a\n1m ann web b", .journey, "b $")) == [1])
        #expect(occurrences(tables("0 ann web a", asOf: "31d", .journey, "a $")) == [1])
    }

    @Test func theEndOfASessionIsThatItIsOver() {
        // The journey is open all the time.
        #expect(occurrences(tables("0 ann web a", asOf: "30m", .session, "a $")) == [0])
        #expect(occurrences(tables("0 ann web a", asOf: "30m+1", .session, "a $")) == [1])
        func long(_ asOf: String) -> [Int?] {
            occurrences(
                tables("0 ann web a\n30m ann web a", asOf: asOf, .session, "a $") {
                    $0.sessions.maxLength = NaiveDuration.microseconds("40m")
                })
        }
        #expect(long("40m") == [0])
        #expect(long("40m+1") == [1])
        let gap = { (pipeline: inout NaivePipeline) in
            pipeline.channels = [NaiveChannel(name: "web", gap: NaiveDuration.microseconds("2h"))]
        }
        #expect(occurrences(tables("0 ann web a", asOf: "1h", .session, "a $", gap)) == [0])
    }

    @Test func theEndOfAPersonCountsOnlyForClosedJourneys() {
        // The first journey is completed; then c alone is open.
        let drawing = "0 ann web a\n1m ann web b"
        #expect(occurrences(tables(drawing, .person, "b $")) == [1])
        #expect(occurrences(tables("0 ann web a", .person, "a $")) == [0])
        // Without the end it counts, though the end was there to be seen.
        #expect(occurrences(tables("0 ann web a", .person, "(a | a $)")) == [1])
        #expect(occurrences(tables("0 ann web a", .person, "(a $ | a)")) == [0])
        #expect(occurrences(tables("0 ann web a", asOf: "31d", .person, "a $")) == [1])
        // Open for one type, closed for the other.
        let both = tables(drawing, .person, "b $") {
            $0.journeys.append(DrawnLog.journey("a", goal: false))
            $0.journeys[1].name = "k"
        }
        #expect(occurrences(both) == [1, 0])
    }

    @Test func whatTheLogLacksIsNamed() {
        func row(_ needs: [NaiveFrictionRules.Need]) -> NaiveTables.FrictionRow {
            tables("0 ann web a\n1m ann web b", .journey, "a b") { $0.frictions[0].needs = needs }.frictions[0]
        }
        let (there, gone) = (NaiveFrictionRules.Need("a step", "has(step)"), NaiveFrictionRules.Need("a phone", "channel == \"phone\""))
        #expect(row([there]).occurrences == 1)
        #expect(row([gone, there, .init("x", "touchpoint == \"x\"")]).missing == ["a phone", "x"])
        #expect(row([gone]).occurrences == nil)
        #expect(row([gone]).share == nil)
        // An event in no journey will do, and so will an agent's.
        let elsewhere = tables("0 ann web a\n1m ann web b\n2m ann phone x by=agent", .journey, "a b") {
            $0.journeys[0].scope = "channel == \"web\""
            $0.frictions[0].needs = [gone]
        }
        #expect(occurrences(elsewhere) == [1])
    }

    @Test func examplesAreTheFirstFivePersonsByName() {
        let people = ["10", "9", "b", "a", "Z", "é", "a-"].map { "0 \($0) web b" }
        #expect(
            tables(people.joined(separator: "\n"), .journey, "b").frictions[0].examples == [
                "customer:10", "customer:9", "customer:Z", "customer:a", "customer:a-",
            ])
    }

    @Test func anonymousPersonsAreNamedByTheirGroupsFirstId() {
        // The e-mail is trusted more than the device, though another event brought it, and x@ sorts before y@.
        let drawing =
            "0 - web b device=d\n1m - web c device=d email=y\n2m - web c device=d email=x\n0 - web b device=c\n0 ann web b account=1"
        #expect(tables(drawing, .journey, "b").frictions[0].examples == ["customer:ann", "device:c", "email:x"])
        // An account stands for itself; a placeholder is nobody's name.
        let placeholder = "0 - web b device=d email=x\n0 ann web c email=x\n0 bob web c email=x\n0 - web b account=1"
        #expect(
            tables(placeholder, .journey, "b") { $0.identity.maxKnown = 1 }.frictions[0].examples == ["account:1", "device:d"])
    }
}
