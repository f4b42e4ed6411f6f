import Foundation
import Testing

@testable import TestSupport

/// `run --json`: one object, whatever becomes of the run, and as pipelines/summary.schema.json says.
@Suite struct SummaryTests {
    private static let folder = Binary.root.appendingPathComponent("pipelines")

    /// The object, once the schema has nothing against it.
    private func summary(_ ended: Binary.Ended) throws -> NaiveJSON {
        #expect(ended.output.hasSuffix("\n") && ended.output.split(separator: "\n").count == 1, "\(ended.output)")
        let value = try NaiveJSONParser.parse(Array(ended.output.utf8))
        let schema = try String(contentsOf: Self.folder.appendingPathComponent("summary.schema.json"), encoding: .utf8)
        let faults = try SchemaCheck(text: schema).faults(value)
        #expect(faults == [], "\(faults)")
        #expect(value.value(at: "exit_status") == .number(String(ended.status)))
        return value
    }

    private func text(_ value: NaiveJSON, _ path: String) -> String? { value.value(at: path)?.text?.description }

    @Test func ofTheSampleItSaysWhatTheTablesSay() throws {
        let folder = try ScratchFolder()
        let ended = try Binary.run("run", Self.folder.appendingPathComponent("retail.yaml").path, "-o", folder.path("out"), "--json")
        let value = try summary(ended)
        #expect(ended.status == 0 && text(value, "status") == "published" && text(value, "pipeline") == "retail")
        func table(_ name: String) throws -> [[String: String]] {
            let table = try CSVTable(Array(Data(contentsOf: folder.url.appendingPathComponent("out/csv/\(name).csv"))))
            return table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.header, $0)) }
        }
        // Each list has all its rows, and every number of a row is the table's.
        for (member, name, wanted) in [
            ("journeys", "journeys", try table("journeys")),
            ("stall_points", "stalls", try table("stalls").filter { $0["is_stall_point"] == "true" }),
            ("problems", "priorities", Array(try table("priorities").prefix(20))), ("answers", "responses", try table("responses")),
        ] {
            guard case .array(let rows) = value.value(at: member) else { throw CocoaError(.coderReadCorrupt) }
            #expect(rows.count == wanted.count && !rows.isEmpty, "\(name)")
            for (row, expected) in zip(rows, wanted) {
                guard case .object(let cells) = row else { throw CocoaError(.coderReadCorrupt) }
                for (column, cell) in cells {
                    let shown = expected[column.description] ?? "no such column"
                    switch cell {
                    case .number(let number):
                        #expect(
                            abs((Double(number) ?? .nan) - (Double(shown) ?? .nan)) <= 0.000_000_6,
                            "\(name) \(column): \(number), not \(shown)")
                    case .string(let text): #expect(text.description == shown, "\(name) \(column)")
                    case .null: #expect(shown == "", "\(name) \(column)")
                    default: Issue.record("\(name) \(column): \(cell)")
                    }
                }
            }
        }
    }

    @Test func aBreachedCheckAndAStrictWarning() throws {
        let log = try SmallLog(Array(SmallLog.lines(30).utf8), pipeline: SmallLog.pipeline + "checks: [journeys.started > 1000]\n")
        let value = try summary(log.run("--json", "--state", "kept"))
        #expect(text(value, "status") == "breached" && value.value(at: "/checks/0/holds") == .bool(false))
        #expect(value.value(at: "/commit/number") == .number("1"))
        let again = try summary(log.run("--json", "--state", "kept", "--strict"))
        #expect(text(again, "/warnings/0/code") == "no_new_lines" && text(again, "status") == "breached")
    }

    @Test func aFailureIsSaidToo() throws {
        let log = try SmallLog()
        let missing = try summary(log.run("--json", "nothing.ndjson"))
        #expect(text(missing, "status") == "failed" && text(missing, "/errors/0")?.contains("nothing.ndjson") == true)
        try log.folder.write("no json\n", to: "log-1.ndjson")
        let rejected = try log.run("--json")
        #expect(try rejected.status == 3 && text(summary(rejected), "status") == "failed")
        try log.folder.write("version: 1\nnme: x\n", to: "p.yaml")
        let faulty = try log.run("--json")
        #expect(try faulty.status == 2 && text(summary(faulty), "/errors/0")?.contains("p.yaml") == true)
        #expect(!log.isPublished)
    }

    @Test func aStreamHasItsOwnLines() throws {
        let ended = try SmallLog().run("-", "--json", "--state", "kept", "--every", "1s")
        #expect(try ended.status == 2 && text(summary(ended), "/errors/0")?.contains("--every") == true)
    }
}
