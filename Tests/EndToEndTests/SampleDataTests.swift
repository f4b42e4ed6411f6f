import Foundation
import Testing

@testable import TestSupport

/// The two sample logs through the program, against tables that lie in `Golden`. `SOJOURN_RECORD=1` writes these anew; a test
/// that has recorded fails, so that nobody takes a recording for a check.
@Suite struct SampleDataTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
    private static let isRecording = ProcessInfo.processInfo.environment["SOJOURN_RECORD"] == "1"

    @Test(arguments: [("retail", "sample-data"), ("tickets", "sample-data/tickets")])
    func tablesAreTheRecordedOnes(pipeline: String, log: String) throws {
        let folder = try ScratchFolder()
        let ended = try Binary.run("run", "pipelines/\(pipeline).yaml", "-o", folder.path("out"), in: Binary.root.path)
        try #require(ended.status == 0, "\(ended.errors)")
        let golden = Self.golden.appendingPathComponent(pipeline)
        let names = folder.names("out/csv")
        if Self.isRecording {
            try? FileManager.default.removeItem(at: golden)
            try FileManager.default.createDirectory(at: Self.golden, withIntermediateDirectories: true)
            try FileManager.default.copyItem(at: folder.url.appendingPathComponent("out/csv"), to: golden)
            Issue.record("recorded \(names) in \(golden.path); look at the changes, then run without SOJOURN_RECORD")
        }
        #expect(try names == FileManager.default.contentsOfDirectory(atPath: golden.path).sorted())
        for name in names {
            let found = try String(contentsOf: folder.url.appendingPathComponent("out/csv/\(name)"), encoding: .utf8)
            let wanted = try String(contentsOf: golden.appendingPathComponent(name), encoding: .utf8)
            #expect(found.split(separator: "\n") == wanted.split(separator: "\n"), "\(pipeline)/\(name)")
        }
        try ledgerIsTheTruth(folder, Binary.root.appendingPathComponent(log))
        #expect(folder.names("out") == ["csv", "datapackage.json", "metrics.sqlite", "quarantine.ndjson", "report.html", "run.json"])
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path("out/quarantine.ndjson"))[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        #expect(ended.errors == "")
        #expect(ended.output.hasPrefix("\(pipeline): "))
    }

    /// truth.json comes from the generator's own books.
    private func ledgerIsTheTruth(_ folder: ScratchFolder, _ log: URL) throws {
        let truth = try NaiveJSONParser.parse(Array(try Data(contentsOf: log.appendingPathComponent("truth.json"))))
        let run = try NaiveJSONParser.parse(Array(try Data(contentsOf: folder.url.appendingPathComponent("out/run.json"))))
        let numbers = ["lines", "events", "quarantined", "duplicates", "filtered", "late"]
        for name in numbers { #expect(run.value(at: "ledger.\(name)") == truth.value(at: "ledger.\(name)"), "\(name)") }
        guard case .object(let reasons)? = truth.value(at: "quarantined_by_reason") else {
            Issue.record("truth.json has no quarantined_by_reason")
            return
        }
        for (reason, count) in reasons where count != .number("0") {
            #expect(run.value(at: "quarantined_by_reason.\(reason)") == count, "\(reason)")
        }
    }

    /// Neither the place on earth nor the language nor the working folder shows in what is published.
    @Test func environmentDoesNotMatter() throws {
        let folder = try ScratchFolder()
        let pipeline = Binary.root.appendingPathComponent("pipelines/tickets.yaml").path
        let environments = [
            [:], ["TZ": "Asia/Kathmandu", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"], ["TZ": ":/nowhere", "LC_ALL": "C", "HOME": "/"],
        ]
        let snapshots = try environments.enumerated().map { index, environment in
            let output = folder.path("out\(index)")
            let ended = try Binary.run(["run", pipeline, "-o", output], in: index == 0 ? nil : folder.path, environment: environment)
            try #require(ended.status == 0, "\(ended.errors)")
            return try RunSnapshot(folder: URL(fileURLWithPath: output))
        }
        for other in snapshots.dropFirst() { #expect(other.differences(from: snapshots[0]) == []) }
    }
}
