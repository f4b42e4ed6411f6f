import TestSupport
import Testing

@testable import Journeys
@testable import Tables

/// In a log without a trend no rate by day has one, up to the last day that is judged: what went quickly, or badly, is judged no
/// sooner than the rest.
@Suite struct LevelRateTests {
    private static let (minute, day): (Int64, Int64) = (60_000_000, 86_400_000_000)
    private static let days = 60

    /// As many journeys begin on every day, and all go alike: some fail within the hour, some end with their first event,
    /// the others go on after minutes or a day, and most of them reach the goal after as long.
    private func log() -> (log: FoldedLog, events: [FoldedEvent]) {
        var random = SeededGenerator(seed: 11)
        func wait() -> Int64 {
            random.pick([5, 10, 20, 40, 90, 180, 300, 420, 900, 1440]) * Self.minute + Int64(random.int(0...59_000_000))
        }
        var log = FoldedLog()
        log.journeys = [
            JourneyDefinition.steps("abc") {
                $0.key = .attribute("order")
                $0.start = .of("touchpoint == \"a\"")
                $0.goal = .of("touchpoint == \"c\"")
                $0.fail = .of("touchpoint == \"x\"")
                $0.inactivity = 7 * Self.day
                $0.horizon = 10 * Self.day
                $0.steps[1].sla = 360 * Self.minute
            }
        ]
        let asOf = Int64(Self.days) * Self.day
        log.asOf = asOf
        var events: [FoldedEvent] = []
        for number in 0..<150 * Self.days {
            var event = FoldedEvent(person: "p\(number % 40)", time: Int64(number) * asOf / Int64(150 * Self.days), touchpoint: "a")
            event.order = "\"\(number)\""
            events.append(event)
            func goOn(_ touchpoint: String, after wait: Int64) {
                event.time += wait
                event.touchpoint = touchpoint
                events.append(event)
            }
            switch random.int(1...100) {
            case ...15: goOn("x", after: Int64(random.int(1...60)) * Self.minute)
            case ...35: break
            default:
                goOn("b", after: wait())
                if random.chance(percent: 75) { goOn("c", after: wait()) }
            }
        }
        return (log, events.filter { $0.time <= asOf })
    }

    private struct Share {
        var day: Int
        var part: Int64
        var whole: Int64
    }

    private func shares(_ table: ReportTable, _ part: String, of whole: String, step: Int64? = nil) -> [Share] {
        func cell(_ name: String, _ row: [ReportTable.Cell]) -> ReportTable.Cell { row[table.columns.firstIndex { $0.name == name }!] }
        func number(_ name: String, _ row: [ReportTable.Cell]) -> Int64 {
            if case .integer(let number) = cell(name, row) { number } else { 0 }
        }
        return table.rows.compactMap { row in
            if let step, cell("step_index", row) != .integer(step) { return nil }
            guard case .day(let day) = cell("day", row), number(whole, row) > 0 else { return nil }
            return Share(day: Int(day), part: number(part, row), whole: number(whole, row))
        }
    }

    /// Every day, and the newest ones together, within four and a half standard deviations of all.
    private func expectLevel(_ shares: [Share], _ name: String, until last: Int) {
        #expect(shares.map(\.day) == Array(0...last), "\(name) is judged on \(shares.count) days")
        let rate = Double(shares.reduce(0) { $0 + $1.part }) / Double(shares.reduce(0) { $0 + $1.whole })
        #expect(rate > 0.02 && rate < 0.98, "\(name) is \(rate): there is nothing to be seen")
        func check(_ some: some Sequence<Share>, _ what: String) {
            let (part, whole) = some.reduce((0, 0)) { ($0.0 + Double($1.part), $0.1 + Double($1.whole)) }
            let deviation = (whole * rate * (1 - rate)).squareRoot()
            #expect(abs(part - whole * rate) <= 4.5 * deviation + 0.5, "\(name) of \(what): \(part) of \(whole) against \(rate)")
        }
        for share in shares { check([share], "day \(share.day)") }
        for count in [2, 4, 8] { check(shares.suffix(count), "the last \(count) days") }
        check(shares.prefix(shares.count / 2), "the first half")
    }

    @Test func noRateByDayHasATrend() throws {
        let (log, events) = log()
        let (cells, names, _) = try log.fold(events)
        let (journeys, funnel) = (JourneyTable.make(.daily, cells, names), FunnelTable.make(.daily, cells, names))
        let stalls = StallTable.make(.daily, cells, names)
        // On the last of these days only what began at its very start is judged.
        let mature = Self.days - 10
        expectLevel(shares(journeys, "converted", of: "mature"), "conversion_rate", until: mature)
        expectLevel(shares(funnel, "lost", of: "mature", step: 1), "lost_rate of a", until: mature)
        expectLevel(shares(funnel, "lost", of: "mature", step: 2), "lost_rate of b", until: mature - 1)
        expectLevel(shares(stalls, "stalled", of: "judged", step: 1), "stall_rate of a", until: Self.days - 7)
        expectLevel(shares(stalls, "stalled", of: "judged", step: 2), "stall_rate of b", until: Self.days - 1)
        let completion = journeys.columns.firstIndex { $0.name == "completion_rate" }!
        #expect(journeys.rows.allSatisfy { $0[completion] == .unknown })
    }

    /// The same log, judged as soon as an end is known: what the test above would see.
    @Test func closedJourneysWouldHaveOne() throws {
        let (log, events) = log()
        let (cells, names, _) = try log.fold(events)
        let journeys = JourneyTable.make(.daily, cells, names)
        let completed = shares(journeys, "completed", of: "started")
        let lost = shares(journeys, "abandoned", of: "started")
        #expect(completed.last(where: { $0.day == Self.days - 3 })!.part > 30)
        #expect(lost.last(where: { $0.day == Self.days - 3 })!.part == 0)
    }
}
