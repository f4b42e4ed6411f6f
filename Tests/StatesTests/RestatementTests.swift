import Foundation
import States
import TestSupport
import Testing

/// Every published cell that a later run changes is listed, with what was published and why it changed.
@Suite struct RestatementTests {
    private static let day = Nights.minutesOfDay

    /// The restated cells of a table, as `key column from to reason`.
    private func cells(_ nights: Nights, _ table: String, day: Int = 1) throws -> [String] {
        let start = "\(table) 2026-03-0\(day) "
        let all = try nights.restated("table", "day", "key", "column", "from", "to", "reason")
        return all.filter { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
    }

    /// Why cells changed; those of stalls have a reason of their own, as their thresholds are learned from all days.
    private func reasons(_ nights: Nights) throws -> Set<String> {
        try Set(nights.restated("table", "reason").filter { !$0.hasPrefix("stalls ") }.map { String($0.drop { $0 != " " }.dropFirst()) })
    }

    @Test func lateEvents() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann", "150 begin c=ann", "160 end c=ann"])
        #expect(try nights.restated("reason") == [])
        try nights.run("0", ["100 look c=ann"])
        #expect(try cells(nights, "journeys").filter { $0.contains("started") } == ["journey=buy started 2 1 late events"])
        #expect(try reasons(nights) == ["late events"])
    }

    @Test func newEventsOfAJourneyThatWentOn() throws {
        let nights = try Nights()
        try nights.run("1", ["\(Self.day - 10) begin c=ann"])
        try nights.run("2", ["\(Self.day + 10) end c=ann"])
        #expect(try cells(nights, "journeys").filter { $0.contains(" completed") } == ["journey=buy completed 0 1 new events"])
        #expect(try reasons(nights) == ["new events"])
        // The second day was not published before.
        #expect(try Set(nights.restated("day")) == ["2026-03-01"])
    }

    @Test func newIdentityLinks() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin d=pc", "10 look c=ann"])
        try nights.run("2", ["\(Self.day) end c=ann d=pc"])
        #expect(try cells(nights, "sessions").filter { $0.contains(" customers ") } == ["channel=web customers 2 1 new identity links"])
        #expect(try reasons(nights) == ["new identity links"])
    }

    @Test func timeThatPassed() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann"])
        try nights.run("2", ["\(Self.day) look c=bob"])
        #expect(try cells(nights, "journeys").filter { $0.contains(" abandoned ") } == ["journey=buy abandoned 0 1 time passed"])
        #expect(try reasons(nights) == ["time passed"])
    }

    @Test func aChangedPipeline() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann", "150 end c=ann"])
        try nights.folder.write(Nights.pipeline.replacingOccurrences(of: "inactivity: 2h", with: "inactivity: 3h"), to: "p.yaml")
        try nights.run(rebuilds: true)
        #expect(try cells(nights, "journeys").filter { $0.contains(" completed") } == ["journey=buy completed 0 1 changed pipeline"])
        #expect(try reasons(nights) == ["changed pipeline"])
    }

    @Test func removedEvents() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann", "10 end c=ann", "20 look c=bob"])
        try nights.run("1", ["0 begin c=ann", "20 look c=bob"], reprocesses: true)
        #expect(try cells(nights, "journeys").filter { $0.contains(" completed") } == ["journey=buy completed 1 0 removed events"])
        #expect(try reasons(nights) == ["removed events"])
    }

    /// Nobody's contribution changes when an open visit becomes too long, but what is published does.
    @Test func whatHoldsForAllDays() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann"])
        try nights.run("2", ["61 look c=bob"])
        let idle = try cells(nights, "stalls").filter { $0.contains(" idle ") }
        #expect(idle == ["journey=buy; step_index=1 idle 0 1 as-of or learned threshold"])
        #expect(try reasons(nights) == ["new events"])
    }

    /// One row, changed by two persons for a reason each.
    @Test func severalReasons() throws {
        let nights = try Nights()
        try nights.run("1", ["0 look c=ann", "10 look c=bob"])
        try nights.run("2", ["5 look c=ann", "15 look c=bob"])
        #expect(try cells(nights, "touchpoints") == ["channel=web; touchpoint=look events 2 4 late events, new events"])
    }

    /// As-of itself had been counted when it was published: an event at it is late.
    @Test func anEventAtTheLastAsOf() throws {
        let nights = try Nights()
        try nights.run("1", ["0 look c=ann", "10 look c=ann"])
        try nights.run("2", ["10 look c=bob"])
        #expect(try cells(nights, "touchpoints").contains("channel=web; touchpoint=look events 2 3 late events"))
        #expect(try reasons(nights) == ["late events"])
    }

    /// Twenty o'clock UTC lies on the next day in Tokyo, which is the last that was published.
    @Test func theLastPublishedDayIsOneOfTheZone() throws {
        let nights = try Nights(Nights.pipeline + "timezone: Asia/Tokyo\n")
        try nights.run("1", ["\(20 * 60) look c=ann"])
        try nights.run("2", ["\(20 * 60 - 5) look c=ann"])
        #expect(try cells(nights, "touchpoints", day: 2) == ["channel=web; touchpoint=look events 1 2 late events"])
    }

    /// A cell that several runs change before one publishes: from what was published, with each reason once; and gone where it
    /// comes back to that.
    @Test func runsThatPublishNothing() throws {
        func cell(_ column: String, _ was: String, _ isNow: String, _ reason: String) -> RestatedCell {
            RestatedCell(table: "journeys", day: "2026-03-01", key: "journey=buy", column: column, was: was, isNow: isNow, reason: reason)
        }
        let folder = try ScratchFolder()
        try StateFolder(folder.path("state")).use { state in
            let store = RestatedStore(state)
            try store.add([cell("open", "1", "2", "late events"), cell("started", "1", "2", "late events")])
            try store.add([cell("open", "2", "1", "new events"), cell("started", "2", "3", "new events")])
            try store.add([cell("started", "3", "4", "late events")])
            #expect(try store.all() == [cell("started", "1", "4", "late events, new events")])
        }
    }

    /// What could be measured before is restated from its number.
    @Test func aRuleWithNeeds() throws {
        let needs = "needs: {answers: 'touchpoint == \"answer\"'}"
        let nights = try Nights(Nights.pipeline.replacingOccurrences(of: "pattern: ask,", with: "\(needs), pattern: ask,"))
        try nights.run("1", ["0 begin c=ann", "1 ask c=ann", "100 begin c=bob", "101 ask c=bob", "102 answer c=bob", "230 look c=eve"])
        #expect(try nights.table("frictions", "occurrences", "measurable") == ["1 true"])
        try nights.run("2", ["300 begin c=cid", "301 ask c=cid", "\(Self.day) look c=dan", "\(Self.day) look c=fay"])
        #expect(
            try cells(nights, "frictions").filter { $0.contains("occurrences") || $0.contains("customers") } == [
                "journey=buy; friction=unanswered customers 1 2 new events", "journey=buy; friction=unanswered occurrences 1 2 new events",
            ])
        // Nobody is new, so that nothing that is counted over all days changes.
        try nights.run("3", ["60 ask c=ann"])
        #expect(
            try cells(nights, "frictions").filter { $0.contains("occurrences") } == [
                "journey=buy; friction=unanswered occurrences 2 3 late events"
            ])
    }
}
