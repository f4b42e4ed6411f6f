import Foundation
import RunSupport
import Runs
import TestSupport
import Testing

/// Clocks that are wrong, in the nights of a state: later nights are right, and nothing is sealed for them.
@Suite struct StateAsOfTests {
    private static let day = Nights.minutesOfDay
    /// 2038-01-19, by minutes since 2026-03-01.
    private static let farAhead = 6_252_194

    /// Twenty people, of whom ten get there: 30 lines.
    private func night(_ number: Int) -> [String] {
        (0..<20).flatMap { person -> [String] in
            let minute = number * Self.day + 600 + person
            return ["\(minute) begin c=p\(number)x\(person)"] + (person < 10 ? ["\(minute + 60) end c=p\(number)x\(person)"] : [])
        }
    }

    private func asOf(_ nights: Nights) throws -> String? { try nights.record("as_of") }

    /// One line of 2038 in the second night.
    @Test func aNightWithAWrongClock() throws {
        let nights = try Nights(Nights.pipeline.replacingOccurrences(of: "inactivity: 2h", with: "inactivity: 7d"))
        for number in 0..<4 {
            let output = try nights.run(
                "\(number)", night(number) + (number == 1 ? ["\(Self.farAhead) look c=x"] : []), acceptsJump: false)
            #expect(try RunLedgers(folder: output).run["late"] == 0)
            #expect(try asOf(nights) == "2026-03-0\(number + 1)T11:09:00Z")
            try nights.expectWhole()
            let warnings = try nights.record("warnings/0/code") ?? nights.lines("run.json").filter { $0.contains("\"ahead\"") }.first
            #expect((warnings != nil) == (number > 0))
        }
        #expect(try nights.table("journeys", "started", "completed", "abandoned", "open") == ["80 40 0 40"])
        #expect(try nights.lines("run.json").contains { $0.contains("source log, night-1.ndjson, line 31") })
    }

    /// A first night on which everybody comes from one wrong clock: as-of goes back when there are right ones.
    @Test func asOfGoesBack() throws {
        let nights = try Nights()
        try nights.run("0", ["\(90 * Self.day) begin c=ann", "5 begin c=bob"])
        #expect(try asOf(nights) == "2026-05-30T00:00:00Z")
        #expect(try nights.table("journeys", "abandoned", "open") == ["1 1"])
        try nights.run("1", (0..<5).map { "\(6 + $0) look c=p\($0)" })
        #expect(try asOf(nights) == "2026-03-01T00:10:00Z")
        #expect(try nights.table("journeys", "abandoned", "open") == ["0 2"])
        try nights.expectWhole()
    }

    /// What lay ahead of the last as-of took part, and waits once an as-of is given that it has not reached, though later than the last.
    @Test func whatIsAheadWaitsBehindAGivenAsOf() throws {
        let nights = try Nights()
        try nights.run("0", night(0) + ["\(90 * Self.day) look c=x"])
        #expect(try nights.table("touchpoints", "touchpoint", "events") == ["begin 20", "end 10", "look 1"])
        let next = 2 * Self.day
        try nights.run(asOfMinute: next)
        #expect(try nights.table("touchpoints", "touchpoint", "events") == ["begin 20", "end 10"])
        try nights.expectWhole(asOfMinute: next)
        try nights.run()
        #expect(try nights.table("touchpoints", "touchpoint", "events") == ["begin 20", "end 10", "look 1"])
        try nights.expectWhole()
    }

    /// The latest event of the last day turns out to be nobody's: what stands before it is somebody's whom nothing touches.
    @Test func theLatestEventBecomesNobodys() throws {
        let nights = try Nights()
        try nights.run("0", ["0 look c=ann d=till", "1 look c=bob d=till", "50 look c=dan", "90 look d=till"])
        #expect(try asOf(nights) == "2026-03-01T01:30:00Z")
        try nights.run("1", ["2 look c=cid d=till"])
        #expect(try asOf(nights) == "2026-03-01T00:50:00Z")
        try nights.expectWhole()
    }

    /// The file with the wrong clock is exchanged.
    @Test func theLatestEventIsTakenOut() throws {
        let nights = try Nights()
        try nights.run("0", ["0 look c=ann", "50 look c=dan"])
        try nights.run("1", ["\(3 * Self.day) look c=bob"])
        #expect(try asOf(nights) == "2026-03-04T00:00:00Z")
        try nights.run("1", ["20 look c=bob"], reprocesses: true)
        #expect(try asOf(nights) == "2026-03-01T00:50:00Z")
        try nights.expectWhole()
    }

    /// Who is forgotten makes no day; the next run says so.
    @Test func theLatestIsForgotten() throws {
        let nights = try Nights()
        try nights.run("0", ["50 look c=dan", "60 look c=bob", "\(Self.day) look c=bob"])
        #expect(try asOf(nights) == "2026-03-02T00:00:00Z")
        #expect(try nights.forget("bob").events == 2)
        try nights.run()
        #expect(try asOf(nights) == "2026-03-01T00:50:00Z")
        try nights.write("0", ["50 look c=dan"])
        try nights.expectWhole()
    }

    /// Events wait behind an explicit as-of, night after night, and are released as it passes them.
    @Test func releasedByAndBy() throws {
        let nights = try Nights()
        let first = try nights.run("0", ["0 begin c=ann", "10 end c=ann id=1", "20 end c=ann id=1", "30 look c=bob"], asOfMinute: 5)
        #expect(try RunLedgers(folder: first).run["filtered"] == 3)
        func released(_ asOfMinute: Int?) throws -> [Int?] {
            let run = try RunLedgers(folder: nights.run(asOfMinute: asOfMinute)).run
            try nights.expectWhole(asOfMinute: asOfMinute)
            return ["released", "events", "duplicates", "filtered"].map { run[$0] }
        }
        #expect(try released(9) == [0, 0, 0, 0])
        #expect(try released(10) == [1, 1, 0, 0])
        #expect(try released(25) == [1, 0, 1, 0])
        #expect(try released(nil) == [1, 1, 0, 0])
        #expect(try released(nil) == [0, 0, 0, 0])
        // And back.
        #expect(try released(15) == [0, 0, 0, 0])
        #expect(try released(nil) == [2, 1, 1, 0])
    }

    // MARK: Jumps

    /// As-of would move on by more than a quarter of ten days, and seal the first night.
    @Test func aJumpIsRefused() throws {
        let nights = try Nights(Nights.sealing)
        try nights.run("00", ["0 begin c=ann", "10 end c=ann"])
        let refusal = #expect(throws: RunError.self) {
            try nights.run("20", ["11 look c=bob", "\(20 * Self.day) begin c=bob"], acceptsJump: false)
        }
        #expect(refusal?.exitStatus == 1)
        let words = "\(String(describing: refusal))"
        for part in [
            "2026-03-01T00:10:00Z", "2026-03-21T00:00:00Z", "(10d)", "source log, night-20.ndjson, line 2", "--as-of", "--accept-jump",
            "Nothing was published",
        ] {
            #expect(words.contains(part), "\(part) in \(words)")
        }
        // The state is as it was: with a given as-of the event waits.
        let output = try nights.run(asOfMinute: Self.day, acceptsJump: false)
        #expect(try RunLedgers(folder: output).run["filtered"] == 1 && asOf(nights) == "2026-03-02T00:00:00Z")
        #expect(throws: RunError.self) { try nights.run(acceptsJump: false) }
        try nights.run(acceptsJump: true)
        #expect(try asOf(nights) == "2026-03-21T00:00:00Z")
        try nights.run(acceptsJump: false)
    }

    /// Two and a half days are no jump, nor is a long way where nothing would be sealed.
    @Test func noJumps() throws {
        let nights = try Nights(Nights.sealing)
        try nights.run("00", ["0 begin c=ann"])
        try nights.run("09", ["\(9 * Self.day) begin c=ann"], acceptsJump: false)
        let quarter = 9 * Self.day + 5 * Self.day / 2
        #expect(throws: RunError.self) { try nights.run("12", ["\(quarter + 1) begin c=ann"], acceptsJump: false) }
        try nights.run("12", ["\(quarter) begin c=ann"], acceptsJump: false)
        try nights.expectWhole()
    }
}
