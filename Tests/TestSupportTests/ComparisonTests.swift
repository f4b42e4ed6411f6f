import Foundation
import Testing

@testable import TestSupport

@Suite struct ComparisonTests {
    @Test func csvFields() throws {
        let table = try CSVTable(text: "a,b\r\n1,\"x, \"\"y\"\"\n\"\n,\n\"\",é")
        #expect(table.header == ["a", "b"])
        #expect(table.rows == [["1", "x, \"y\"\n"], ["", ""], ["", "é"]])
        #expect(table.column("b") == ["x, \"y\"\n", "", "é"])
        #expect(table.column("c") == nil)
    }

    @Test(arguments: ["", "a,b\n1", "a\n\"x", "a\n\"x\"y"])
    func malformedCSV(_ text: String) {
        #expect(throws: CSVTable.Malformed.self) { try CSVTable(text: text) }
    }

    /// The naive tables as the files a run should write.
    private func write(_ naive: NaiveTables, to folder: URL, _ change: (String) -> String = { $0 }) throws {
        func field(_ cell: NaiveComparison.Cell) -> String {
            switch cell {
            case .text(let text): "\"" + (text ?? "").replacingOccurrences(of: "\"", with: "\"\"") + "\""
            case .integer(let number): number.map(String.init) ?? ""
            case .ratio(let ratio): ratio.map { String(format: "%.6f", $0) } ?? ""
            case .duration(let length): length.map { String(format: "%.3f", Double($0) / 1e6) } ?? ""
            case .exact(let length): length.map { String(format: "%.3f", Double($0) / 1e6) } ?? ""
            case .learned(let seconds): String(format: "%.3f", seconds)
            case .flag(let flag): "\(flag)"
            case .filled(let isFilled): isFilled ? "for a reason" : ""
            case .any, .nothing: ""
            }
        }
        func table(_ name: String, _ header: String, _ rows: [[(String, NaiveComparison.Cell)]]) throws {
            let lines = [header] + rows.map { row in row.map { field($0.1) }.joined(separator: ",") }
            try Data(change(lines.joined(separator: "\n") + "\n").utf8).write(to: folder.appendingPathComponent("\(name).csv"))
        }
        try table(
            "journeys",
            "journey,started,completed,failed,abandoned,open,completion_rate,completion_rate_low,completion_rate_high,"
                + "duration_p50_seconds,duration_p90_seconds,events,sessions,channel_switches,customers,with_friction,friction_share,"
                + "mature,converted,conversion_rate,conversion_rate_low,conversion_rate_high",
            naive.journeys.map { $0.cells + $0.frictionCells + $0.conversionCells })
        try table(
            "funnel",
            "journey,step_index,step,owner,reached,from_previous,from_start,dropped,seconds_from_previous_p50,seconds_from_previous_p90,"
                + "mature,lost,open,elsewhere,lost_rate,completed",
            naive.funnel.map(\.cells))
        try table(
            "stalls",
            "journey,step_index,step,owner,visits,progressed,goal,stopped,open,dwell_p50_seconds,dwell_p90_seconds,"
                + "threshold_seconds,threshold_source,slow,idle,stalled,stall_rate,is_stall_point,p_value,judged,stopped_judged",
            naive.stalls.map(\.cells))
        try table("transitions", "journey,scope,from,to,count,journeys,gap_p50_seconds,completion_rate", naive.transitions.map(\.cells))
        try table(
            "sessions", "channel,sessions,events,customers,bounces,duration_p50_seconds,duration_p90_seconds,concurrent",
            naive.sessions.map(\.cells))
        try table(
            "touchpoints", "channel,touchpoint,owner,events,customers,journeys,journey_entries,journey_exits,errors,in_steps",
            naive.touchpoints.map(\.cells))
        try table(
            "frictions",
            "journey,friction,owner,occurrences,journeys,customers,share,completion_rate_with,completion_rate_without,measurable,missing,"
                + "channel,touchpoint,step,events,seconds_p50,first_day,last_day,examples",
            naive.frictions.map(\.cells))
        try table(
            "friction_places", "journey,friction,channel,touchpoint,step,occurrences,journeys,customers", naive.frictionPlaces.map(\.cells))
        for decisions in NaiveComparison.decisionTables(naive, frictions: true) {
            let columns = decisions.rows.first?.columns ?? decisions.keys
            try table(decisions.name, columns.joined(separator: ","), decisions.rows.map(\.cells))
        }
    }

    private func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sojourn-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    @Test func theFilesOfARightRunAgree() throws {
        for seed in UInt64(0)..<12 {
            try withFolder { folder in
                let expected = RandomCase(seed: seed, frictions: true).expected
                try write(expected, to: folder)
                #expect(NaiveComparison.differences(naive: expected, csvFolder: folder, frictions: true) == [], "seed \(seed)")
            }
        }
    }

    @Test func differencesAreNamed() throws {
        try withFolder { folder in
            let tables = DrawnLog.tables("0 ann web a\n1m ann web b\n0 bob web a") { $0.journeys = [DrawnLog.journey("ab")] }
            try write(tables, to: folder) { $0.replacingOccurrences(of: "\"a\",\"b\",1,1,60.000", with: "\"a\",\"c\",1,1,60.000") }
            #expect(
                NaiveComparison.differences(naive: tables, csvFolder: folder)
                    == ["transitions [j, touchpoint, a, b]: row missing", "transitions [j, touchpoint, a, c]: should not be there"])
            var other = tables
            other.sessions[0].customers = 3
            other.journeys[0].durationP50 = 60_400_000
            #expect(other != tables)
            try write(tables, to: folder)
            #expect(
                NaiveComparison.differences(naive: other, csvFolder: folder)
                    == ["journeys [j] duration_p50_seconds: is 60.000, should be 60.4", "sessions [web] customers: is 2, should be 3"])
        }
    }

    @Test func differencesOfFrictionsAreNamed() throws {
        try withFolder { folder in
            var tables = DrawnLog.tables("0 ann web a\n1m ann web b\n0 bob web a") {
                $0.journeys = [DrawnLog.journey("ab")]
                $0.frictions = [NaiveFrictionRules(name: "f", pattern: "a", where: ["a": "touchpoint == \"a\""])]
            }
            try write(tables, to: folder)
            tables.journeys[0].withFriction = 1
            tables.frictions[0].missing = ["x", "y"]
            tables.frictions[0].examples.removeLast()
            tables.frictionPlaces[0].place.step = "b"
            #expect(NaiveComparison.differences(naive: tables, csvFolder: folder, frictions: false) == [])
            #expect(
                NaiveComparison.differences(naive: tables, csvFolder: folder, frictions: true) == [
                    "journeys [j] with_friction: is 2, should be 1", "frictions [j, f] measurable: is true, should be false",
                    "frictions [j, f] missing: is empty, should be \"x; y\"",
                    "frictions [j, f] examples: is customer:ann; customer:bob, should be \"customer:ann\"",
                    "friction_places [j, f, web, a, b]: row missing", "friction_places [j, f, web, a, a]: should not be there",
                ])
        }
    }

    @Test func ledgerAndQuarantine() throws {
        try withFolder { folder in
            let tables = NaiveReference.tables(DrawnLog.pipeline(), [NaiveFile(source: "log", path: "x.ndjson", text: "{}\n\n[]\n")])
            let run = folder.appendingPathComponent("run.json")
            try Data(#"{"ledger":{"lines":2,"events":0,"quarantined":2,"duplicates":0,"filtered":1,"expanded":0}}"#.utf8).write(to: run)
            #expect(NaiveComparison.ledgerDifferences(naive: tables, runFile: run) == ["run.json: filtered is 1, should be 0"])
            let quarantine = folder.appendingPathComponent("quarantine.ndjson")
            let first = #"{"reason":"missing_time","source":"log","file":"in/x.ndjson","line":1,"offset":0}"#
            let second = #"{"reason":"not_an_object","source":"log","file":"in/x.ndjson","line":3,"offset":4}"#
            try Data("\(first)\n\(second)\n".utf8).write(to: quarantine)
            #expect(NaiveComparison.quarantineDifferences(naive: tables, quarantineFile: quarantine) == [])
            try Data("\(first)\n".utf8).write(to: quarantine)
            #expect(NaiveComparison.quarantineDifferences(naive: tables, quarantineFile: quarantine).count == 2)
        }
    }
}
