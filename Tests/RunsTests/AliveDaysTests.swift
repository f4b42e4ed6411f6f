import Foundation
import RunSupport
@testable import TestSupport
import Testing

/// Clocks that are wrong, in a log of one run: they end nobody's journeys.
@Suite struct AliveDaysTests {
    private static let pipeline = """
        version: 1
        name: clocks
        sources:
          - {name: app, input: app.ndjson, constants: {channel: app}, fields: {time: t, touchpoint: tp, ids: {user: u, device: d}}}
        identity: {known: [user], linking: [device], max_known: 2}
        journeys:
          - name: signup
            start: 'touchpoint == "start"'
            goal: 'touchpoint == "done"'
            inactivity: 7d
            steps: [{name: start, match: 'touchpoint == "start"', sla: 1h}, {name: done, match: 'touchpoint == "done"'}]

        """
    private static let day: Int64 = 86_400
    /// 2026-03-02T00:00:00Z
    private static let start: Int64 = 1_772_409_600

    private func line(_ seconds: Int64, _ touchpoint: String, _ ids: String) -> String {
        "{\"t\":\(Self.start + seconds),\"tp\":\"\(touchpoint)\",\(ids)}\n"
    }

    /// A hundred people on one day, half of whom get there.
    private var hundred: String {
        (0..<100).map { person in
            line(60 * Int64(person), "start", "\"u\":\"p\(person)\"")
                + (person < 50 ? line(30_000 + 60 * Int64(person), "done", "\"u\":\"p\(person)\"") : "")
        }.joined()
    }

    private func run(_ log: String, asOf: Int64? = nil) throws -> (journeys: [String], asOf: String, warnings: [String]) {
        let folder = try ScratchFolder()
        try folder.write(Self.pipeline, to: "p.yaml")
        try folder.write(log, to: "app.ndjson")
        let output = try CaseRun.run(
            folder.url.appendingPathComponent("p.yaml"), threads: 2, blockBytes: 500, asOf: asOf.map { (Self.start + $0) * 1_000_000 })
        let csv = try CSVTable(Array(try Data(contentsOf: output.appendingPathComponent("csv/journeys.csv"))))
        let columns = try ["started", "completed", "abandoned", "open"].map { try #require(csv.column($0)) }
        let record = try NaiveJSONParser.parse(Array(try Data(contentsOf: output.appendingPathComponent("run.json"))))
        let warnings = if case .array(let items)? = record.value(at: "warnings") { items } else { [NaiveJSON]() }
        return (
            columns.map { $0[0] }, record.value(at: "as_of")?.text?.description ?? "",
            warnings.map { warning in
                ["code", "text", "where"].map { warning.value(at: $0)?.text?.description ?? "" }.joined(separator: " | ")
            }.filter { $0.hasPrefix("ahead") }
        )
    }

    @Test func oneClockTwoWeeksAhead() throws {
        let found = try run(hundred + line(15 * Self.day + 7, "open", "\"u\":\"x\",\"d\":\"y\""))
        #expect(found.journeys == ["100", "50", "0", "50"] && found.asOf == "2026-03-02T09:09:00Z")
        #expect(
            found.warnings == [
                "ahead | 1 event lies after the last day on which the log is alive, so silences are judged as of 2026-03-02T09:09:00Z; "
                    + "the furthest is at 2026-03-17T00:00:07Z. Is a clock wrong there? | source app, app.ndjson"
            ])
    }

    /// It takes part: a journey of its own that is open, its silence being none, and no stall.
    @Test func whatIsAheadTakesPart() throws {
        let found = try run(hundred + line(15 * Self.day, "start", "\"u\":\"x\"") + line(40 * Self.day, "start", "\"u\":\"x\""))
        #expect(found.journeys == ["102", "50", "1", "51"])
        #expect(found.warnings.count == 1 && found.warnings[0].hasPrefix("ahead | 2 events lie"))
    }

    /// Two people of a day are a day.
    @Test func twoAreAlive() throws {
        let found = try run(hundred + line(15 * Self.day, "open", "\"u\":\"x\"") + line(15 * Self.day + 9, "open", "\"u\":\"y\""))
        #expect(found.journeys == ["100", "50", "50", "0"] && found.asOf == "2026-03-17T00:00:09Z" && found.warnings.isEmpty)
    }

    /// Days are UTC days: what lies beyond midnight by a second is another one.
    @Test func midnight() throws {
        let found = try run(hundred + line(Self.day - 1, "open", "\"u\":\"x\"") + line(Self.day, "open", "\"u\":\"y\""))
        #expect(found.asOf == "2026-03-02T23:59:59Z" && found.warnings.count == 1)
    }

    /// An explicit as-of is what is said, and what lies behind it waits.
    @Test func explicitly() throws {
        let found = try run(hundred + line(15 * Self.day, "start", "\"u\":\"x\""), asOf: 14 * Self.day)
        #expect(found.journeys == ["100", "50", "50", "0"] && found.asOf == "2026-03-16T00:00:00Z" && found.warnings.isEmpty)
    }

    /// Of a device that links nobody the events are nobody's, and make no day.
    @Test func placeholdersMakeNoDay() throws {
        let shared = ["a", "b", "c"].map { line(5, "open", "\"u\":\"\($0)\",\"d\":\"kiosk\"") }.joined()
        let found = try run(shared + (0..<9).map { line(Self.day + $0, "open", "\"d\":\"kiosk\"") }.joined())
        #expect(found.asOf == "2026-03-02T00:00:05Z" && found.warnings.isEmpty)
    }
}
