import Foundation
import States
import TestSupport
import Testing

/// Of a person who is still there, old events are dropped only where nothing that is counted now or later hangs on them.
@Suite struct StateSealingTests {
    private static let day = Nights.minutesOfDay

    private func minute(_ day: Int, _ hour: Int, _ minute: Int = 0) -> Int { day * Self.day + hour * 60 + minute }

    /// A journey of one day with a question in it.
    private func question(_ day: Int) -> [String] {
        ["\(minute(day, 8)) begin c=ann", "\(minute(day, 8, 2)) ask c=ann", "\(minute(day, 8, 5)) end c=ann"]
    }

    /// Time up to ten days before as-of is sealed; one rule besides.
    private func nights(_ rule: String) throws -> Nights {
        let old = try #require(Nights.sealing.split(separator: "\n").first { $0.contains("name: unanswered") })
        return try Nights(Nights.sealing.replacingOccurrences(of: old, with: "    - \(rule)"))
    }

    private static func unanswered(_ pattern: String = "ask", within: String = "2d", for time: String = "3d") -> String {
        "{name: unanswered, scope: person, within: \(within), pattern: \(pattern), where: {ask: 'touchpoint == \"ask\"'}, "
            + "absent: {where: 'touchpoint == \"answer\"', for: \(time)}}"
    }

    private func sealed(_ nights: Nights) throws -> Int64 {
        try StateFolder(nights.folder.path("state")).use { try FileStore($0).all() }.reduce(0) { $0 + $1.sealed }
    }

    /// She asks every day, and every three questions are one match: between them nothing is under way, but a cut there would
    /// group the later ones otherwise.
    @Test func aMatchIsNotCutInTwo() throws {
        let nights = try nights("{name: thrice, scope: person, within: 3d, pattern: p p p, where: {p: 'touchpoint == \"ask\"'}}")
        for night in 0..<30 {
            try nights.run(String(format: "%02d", night), question(night))
            #expect(try nights.table("frictions", "occurrences") == ["\((night + 1) / 3)"], "night \(night)")
        }
        #expect(try sealed(nights) > 15)
        try nights.expectWhole()
    }

    /// An answer that comes late, but not for sealed time, takes back what was counted long ago.
    @Test func aDeadlineIsWithinReach() throws {
        let nights = try nights(Self.unanswered(within: "1h", for: "5d"))
        try nights.run("00", question(0))
        try nights.run("12", ["\(minute(12, 8)) look c=bob"])
        #expect(try nights.table("frictions", "occurrences") == ["1"])
        try nights.run("03", ["\(minute(3, 8)) answer c=ann"])
        #expect(try nights.table("frictions", "occurrences") == ["0"])
        try nights.expectWhole()
    }

    // MARK: As of an earlier time

    /// As of day 100 there is too little of old events to look for a cut, so that nothing is dropped; as of day 50 there are
    /// no others, and ten days before day 100 is still what is sealed. What has not come to its end by day 50 must stay.
    private func expectNothingIsLost(
        _ nights: Nights, _ events: [String], asOf: Int, friction: String, dropped: Int64
    ) throws {
        let looks = (0..<8).map { "\(minute(48, 8, $0)) look c=ann" } + (0..<48).map { "\(minute(99, 8, $0)) look c=ann" }
        try nights.run("1", looks + events + ["\(minute(100, 0)) look c=ann"])
        #expect(try sealed(nights) == 0)
        try nights.expectWhole()
        try nights.run(asOfMinute: asOf)
        try nights.expectWhole(asOfMinute: asOf)
        #expect(try sealed(nights) == dropped)
        try nights.run()
        #expect(try nights.table("frictions", "occurrences") == [friction])
        try nights.expectWhole()
    }

    /// The question of day 49 waits for its answer until day 52, while the journey of day 50 is open.
    @Test func aDeadlineThatLiesAheadOfTheOldPart() throws {
        let events = question(49) + ["\(minute(50, 11)) begin c=ann"]
        try expectNothingIsLost(try nights(Self.unanswered()), events, asOf: minute(50, 11, 10), friction: "1", dropped: 8)
    }

    /// Only both questions together are a match, which waits until day 53; either alone is over.
    @Test func aDeadlineThatOnlyBothPartsHave() throws {
        let rule = Self.unanswered("ask ask")
        try expectNothingIsLost(try nights(rule), question(49) + question(50), asOf: minute(50, 20), friction: "1", dropped: 8)
    }

    /// Nothing but the open journey of the one day there is: nothing to cut, and no reason to drop all.
    @Test func aJourneyThatIsOpen() throws {
        let events = ["\(minute(48, 8, 9)) begin c=ann"]
        try expectNothingIsLost(try nights(Self.unanswered()), events, asOf: minute(48, 8, 10), friction: "0", dropped: 0)
    }

    /// What several persons share is dropped as a whole. By a pipeline that looks less far back it is all old, but for an
    /// event that is still to come.
    @Test func aSharedDeviceWithAnEventToCome() throws {
        let nights = try Nights(Nights.sealing.replacingOccurrences(of: "inactivity: 12h", with: "inactivity: 30d"))
        let events = ["\(minute(64, 8)) begin c=ann d=pc", "\(minute(64, 8, 1)) look c=bob d=pc", "\(minute(64, 8, 2)) look d=pc"]
        try nights.run("1", events + ["\(minute(65, 8)) end d=pc", "\(minute(100, 0)) look c=cid"])
        try nights.folder.write(Nights.sealing, to: "p.yaml")
        try nights.run(asOfMinute: minute(64, 20), rebuilds: true)
        #expect(try sealed(nights) == 0)
        try nights.expectWhole(asOfMinute: minute(64, 20))
        try nights.run()
        #expect(try sealed(nights) == 4)
        try nights.expectWhole()
    }
}
