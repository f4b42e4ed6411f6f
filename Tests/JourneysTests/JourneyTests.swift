import Events
import Expressions
import Testing

@testable import Journeys
@testable import Tables
@testable import TestSupport

/// Touchpoints of one character, a minute apart: `s` starts, `g` is the goal, `f` the failure; ten minutes of silence end.
@Suite struct JourneyTests {
    private func journeys(_ drawing: String, asOf minutes: Int64? = nil, _ change: (inout JourneyDefinition) -> Void = { _ in }) throws
        -> String
    {
        var journey = JourneyDefinition.steps("sxg") {
            $0.start = .of("touchpoint == \"s\"")
            $0.goal = .of("touchpoint == \"g\"")
            $0.fail = .of("touchpoint == \"f\"")
            $0.inactivity = 600_000_000
        }
        change(&journey)
        var log = FoldedLog()
        log.journeys = [journey]
        log.asOf = minutes.map { $0 * 60_000_000 }
        let (cells, names, _) = try log.fold(FoldedEvent.drawn(drawing))
        return JourneyTable.make(.total, cells, names).lines(["started", "completed", "failed", "abandoned", "open", "events"])[0]
    }

    @Test(
        arguments: [
            ("", "0 0 0 0 0 0"), ("xg", "0 0 0 0 0 0"), ("sxg", "1 1 0 0 0 3"), ("xsxgx", "1 1 0 0 0 3"), ("ssg", "1 1 0 0 0 3"),
            ("sgsg", "2 2 0 0 0 4"), ("sxf", "1 0 1 0 0 3"), ("sx", "1 0 0 0 1 2"), ("s         g", "1 1 0 0 0 2"),
            // Ten minutes of silence are not too long, eleven are; the event after them may open the next.
            ("s          s", "2 0 0 1 1 2"), ("s          g", "1 0 0 1 0 1"), ("s          xs", "2 0 0 1 1 2"),
        ])
    func drawn(_ drawing: String, _ expected: String) throws {
        #expect(try journeys(drawing) == expected)
    }

    @Test func atAsOf() throws {
        #expect(try journeys("s", asOf: 10) == "1 0 0 0 1 1")
        #expect(try journeys("s", asOf: 11) == "1 0 0 1 0 1")
        #expect(try journeys("s   x   x", asOf: 9) { $0.maxLength = 480_000_000 } == "1 0 0 1 0 3")
        #expect(try journeys("s   x   x", asOf: 8) { $0.maxLength = 480_000_000 } == "1 0 0 0 1 3")
    }

    @Test func maxLengthCloses() throws {
        #expect(try journeys("s   x   g") { $0.maxLength = 480_000_000 } == "1 1 0 0 0 3")
        #expect(try journeys("s   x    g") { $0.maxLength = 480_000_000 } == "1 0 0 1 0 2")
        #expect(try journeys("s   x    s") { $0.maxLength = 480_000_000 } == "2 0 0 1 1 3")
    }

    @Test func theOpeningEventIsTestedAndGoalComesFirst() throws {
        #expect(try journeys("gg") { $0.start = nil } == "2 2 0 0 0 2")
        #expect(try journeys("ss") { $0.goal = .of("touchpoint == \"s\"") } == "2 2 0 0 0 2")
        #expect(try journeys("sg") { $0.fail = .of("touchpoint == \"g\"") } == "1 1 0 0 0 2")
        #expect(try journeys("ss") { $0.fail = .of("touchpoint == \"s\"") } == "2 0 2 0 0 2")
    }

    @Test func eventsOutOfScopeAreNotThere() throws {
        #expect(try journeys("s x x g") { $0.scope = .of("touchpoint != \"x\"") } == "1 1 0 0 0 2")
        #expect(try journeys("s     x     g") { $0.scope = .of("touchpoint != \"x\"") } == "1 0 0 1 0 1")
    }

    /// More steps of one journey than 16 bits count, and more events than 16 bits: only kinds of steps are few.
    @Test func aJourneyOfManyEvents() throws {
        let events = (0..<70_000).map { FoldedEvent(time: Int64($0), touchpoint: $0 == 0 ? "s" : $0 % 2 == 0 ? "x" : "y") }
        var log = FoldedLog()
        log.journeys = [.steps("sxy")]
        let (cells, names, _) = try log.fold(events)
        #expect(JourneyTable.make(.total, cells, names).lines(["started", "open", "events"]) == ["1 1 70000"])
        #expect(
            StallTable.make(.total, cells, names).lines(["step", "visits", "progressed", "open"]) == [
                "s 1 1 0", "x 34999 34999 0", "y 35000 34999 1",
            ])
    }

    /// The earliest and latest times there are: no sum of times overflows, days before 1970 count down.
    @Test func timesAtTheLimits() throws {
        let events = [-62_167_219_200_000_000, -1, 0, 253_402_300_799_999_999].map { FoldedEvent(time: $0, touchpoint: "s") }
        var log = FoldedLog()
        log.journeys = [.steps("s")]
        log.journeys[0].inactivity = Int64.max
        log.sessions.gap = Int64.max
        let (cells, names, _) = try log.fold(events)
        #expect(JourneyTable.make(.total, cells, names).lines(["started", "events"]) == ["1 4"])
        let days = TouchpointTable.make(.daily, cells, names).rows.map { $0[0] }
        #expect(days == [.day(-719_528), .day(-1), .day(0), .day(2_932_896)])
    }
}
