import Testing

@testable import TestSupport

@Suite struct ScorecardTests {
    /// The scores of a log, with numerator and denominator, by part.
    private static func parts(_ drawing: String, asOf: String = "60d", _ change: (inout NaivePipeline) -> Void) -> [ExactText: NaiveRow] {
        let rows = DrawnLog.tables(drawing, asOf: asOf, change).decisions.scorecard
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.text("part"), $0) })
    }

    private static func says(_ row: NaiveRow?, _ numerator: Double, of denominator: Double) -> Bool {
        row?["numerator"] == .ratio(numerator) && row?["denominator"] == .ratio(denominator) && row?["reason"] == .filled(false)
            && row?.ratio("score").map { abs($0 - 100 * numerator / denominator) < 1e-9 } == true
    }

    private static func isUntold(_ row: NaiveRow?) -> Bool { row?["score"] == .ratio(nil) && row?["reason"] == .filled(true) }

    private static let outcome = "outcome == \"error\""

    @Test func thereIsNoneWithoutItsRules() {
        let tables = DrawnLog.tables("0 ann web a") {
            $0.journeys = [DrawnLog.journey("ab")]
            $0.frictions = [NaiveFrictionRules(name: "stuck", pattern: "e", where: ["e": Self.outcome])]
        }
        #expect(tables.decisions.scorecard == [])
        let some = Self.parts("0 ann web a order=7 value=5\n1m ann app a order=7 value=5\n2m ann web a order=7 value=6") {
            $0.journeys = [DrawnLog.journey("ab")]
            $0.terms = [NaiveTerm(item: "attributes.order", value: "value"), NaiveTerm(item: "channel", value: "value")]
        }
        #expect(some.count == 5 && Self.says(some["consistent"], 1, of: 2))
        #expect(Self.isUntold(some["optimized"]) && Self.isUntold(some["seamless"]) && Self.isUntold(some["orchestrated"]))
        #expect(Self.says(some["collaborative"], 1, of: 1))
    }

    /// Thirty at `a` on the web, of which ten stay; thirty on the phone, of which all go on; and few elsewhere that stay.
    @Test func stepsAreHeldAgainstAllChannels() {
        func visits(_ channel: String, _ numbers: Range<Int>, goOn: (Int) -> Bool) -> String {
            numbers.map { "0 \(channel)\($0) \(channel) a" + (goOn($0) ? "\n1m \(channel)\($0) web b" : "") }.joined(separator: "\n")
        }
        let drawing = [
            visits("web", 0..<30) { $0 >= 10 }, visits("phone", 0..<30) { _ in true }, visits("chat", 0..<10) { _ in false },
        ].joined(separator: "\n")
        let parts = Self.parts(drawing) {
            $0.journeys = [DrawnLog.journey("abc") { $0.steps[0].sla = 60_000_000 }]
            $0.terms = [NaiveTerm(item: "attributes.order", value: "value")]
        }
        // Of 70 at `a` 50 go on: on the web 20 of 30, (2/3) / (5/7). At `b`, on the web alone, all 50 stay: no channel is worse.
        let expected = 30 * (2.0 / 3) / (5.0 / 7) + 30 + 50
        let row = parts["optimized"]
        #expect(row?.ratio("numerator").map { abs($0 - expected) < 1e-9 } == true && row?["denominator"] == .ratio(110))
        #expect(row?["low"] == .ratio(nil) && row?["reason"] == .filled(false))
        let few = Self.parts(visits("web", 0..<29) { _ in false }) {
            $0.journeys = [DrawnLog.journey("abc")]
            $0.terms = [NaiveTerm(item: "attributes.order", value: "value")]
        }
        #expect(Self.isUntold(few["optimized"]))
    }

    private static func seams(_ change: (inout [NaiveFrictionRules]) -> Void = { _ in }) -> [NaiveFrictionRules] {
        var rules = ["channel_restart", "forced_login", "re_explain"].enumerated().map { place, name in
            NaiveFrictionRules(name: name, pattern: "e", where: ["e": "attributes.order == \(place)"])
        }
        change(&rules)
        return rules
    }

    @Test func journeysWithoutSeams() {
        // Ann logs in again, Bob's is in one channel, Cem's has none.
        let drawing = "0 ann web a\n1m ann app b order=1\n0 bob web a order=1\n0 cem web a\n1m cem app b\n59d dan web a\n59d dan app b"
        func parts(_ change: (inout [NaiveFrictionRules]) -> Void) -> [ExactText: NaiveRow] {
            Self.parts(drawing) {
                $0.journeys = [DrawnLog.journey("ab", goal: false)]
                $0.frictions = Self.seams(change)
            }
        }
        let some = parts { _ in }
        #expect(Self.says(some["seamless"], 1, of: 2) && Self.isUntold(some["consistent"]) && Self.isUntold(some["orchestrated"]))
        // One rule is not there, or the log does not tell of it.
        #expect(Self.isUntold(parts { $0.removeLast() }["seamless"]))
        #expect(Self.isUntold(parts { $0[2].needs = [.init("more", "attributes.order == 9")] }["seamless"]))
        let interval = NaiveStatistics.wilson95(1, of: 2)
        #expect(some["seamless"]?["low"] == .ratio(interval.map { 100 * $0.low }))
    }

    /// A type whose steps a rule asks for in vain is left out; the other is judged.
    @Test func typesThatAreNotMeasurableAreLeftOut() {
        let parts = Self.parts("0 ann web a\n1m ann app b order=1") {
            $0.journeys = [DrawnLog.journey("ab"), DrawnLog.journey("xy") { $0.name = "k" }]
            $0.frictions = Self.seams { $0[0].needs = [.init("a step", "has(step)")] }
        }
        #expect(Self.says(parts["seamless"], 0, of: 1))
    }

    private static func sent(_ drawing: String, asOf: String = "60d", needs: String? = nil) -> NaiveRow? {
        parts(drawing, asOf: asOf) {
            $0.channels = [NaiveChannel(name: "mail", kind: "outbound")]
            $0.journeys = [DrawnLog.journey("abc") { $0.steps[1].inFunnel = false }]
            var rules = NaiveFrictionRules(name: "outreach_collision", pattern: "m m", where: ["m": "channel == \"mail\""])
            rules.within = 60_000_000
            if let needs { rules.needs = [.init("something", needs)] }
            $0.frictions = [rules]
        }["orchestrated"]
    }

    @Test func whatIsSentBringsOn() {
        let mail = "0 ann mail m by=system"
        // Just within three days; a step that is not in the funnel, and one reached before, bring nobody on.
        #expect(Self.says(Self.sent("\(mail)\n72h ann web a"), 1, of: 1))
        #expect(Self.says(Self.sent("\(mail)\n72h ann web a", asOf: "3d"), 1, of: 1))
        #expect(Self.isUntold(Self.sent("\(mail)\n1h ann web a", asOf: "3d+-1")))
        #expect(Self.says(Self.sent("\(mail)\n72h+1 ann web a"), 0, of: 1))
        #expect(Self.says(Self.sent("\(mail)\n1h ann web b"), 0, of: 1))
        #expect(Self.says(Self.sent("0 ann web a\n1h ann mail m by=system\n2h ann web b\n3h ann web a"), 0, of: 1))
        // What comes at the same time comes after it or not as its place is; the customer's own mail is none that is sent.
        #expect(Self.says(Self.sent("\(mail)\n0 ann web a"), 1, of: 1) && Self.says(Self.sent("0 ann web a\n\(mail)"), 0, of: 1))
        #expect(Self.isUntold(Self.sent("0 ann mail m\n1h ann web a")))
        // Two at once get in each other's way.
        #expect(Self.says(Self.sent("\(mail)\n1m ann mail m by=agent\n5m ann mail m by=agent\n1h ann web a"), 1, of: 3))
        #expect(Self.isUntold(Self.sent("\(mail)\n72h ann web a", needs: "attributes.order == 9")))
    }

    @Test func severalChannelsAtOnce() {
        // Ann is in both at the same moment, Bob in one after the other, Cem in one.
        let drawing = """
            0 ann web a
            1m ann app b
            2m ann web b
            0 bob web a
            1m bob app b
            0 cem web a
            """
        let parts = Self.parts(drawing) {
            $0.journeys = [DrawnLog.journey("ab", goal: false)]
            $0.frictions = Self.seams()
        }
        #expect(Self.says(parts["collaborative"], 1, of: 2))
    }
}
