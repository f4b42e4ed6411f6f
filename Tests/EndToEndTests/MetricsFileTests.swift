import Foundation
import Glibc
import Testing

@testable import TestSupport

/// `--metrics-file`: what a monitor finds after runs that succeed, fail and are stopped.
@Suite struct MetricsFileTests {
    /// The samples by name, with their labels; every line of the file must be as the text format has it.
    private func samples(_ log: SmallLog, _ name: String = "sojourn.prom") throws -> [String: String] {
        let text = try String(contentsOf: log.folder.url.appendingPathComponent(name), encoding: .utf8)
        #expect(text.hasSuffix("\n"))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        try #require(lines.count % 3 == 0, "\(text)")
        var found: [String: String] = [:]
        for place in stride(from: 0, to: lines.count, by: 3) {
            let label = try #require(
                lines[place + 2].range(of: #"^[a-z_]+"#, options: .regularExpression).map { String(lines[place + 2][$0]) })
            #expect(lines[place].hasPrefix("# HELP \(label) ") && lines[place + 1] == "# TYPE \(label) gauge", "\(lines[place])")
            let (sample, value) = try #require(
                lines[place + 2].lastIndex(of: " ").map { (lines[place + 2][..<$0], lines[place + 2][$0...].dropFirst()) })
            #expect(Double(value) != nil && sample.hasSuffix("\"}"), "\(lines[place + 2])")
            found[String(sample).replacingOccurrences(of: "{pipeline=\"small\"}", with: "")] = String(value)
        }
        #expect(found.count == lines.count / 3)
        return found
    }

    private static let lastSuccess = "sojourn_last_success_timestamp_seconds"

    @Test func aRunThatPublishes() throws {
        let log = try SmallLog(SmallLog.lines(18) + "nul\n" + SmallLog.line(30, ",\"x\":1") + "\n")
        let before = Date().timeIntervalSince1970.rounded(.down)
        #expect(try log.run("--max-rejects", "1", "--metrics-file", "sojourn.prom", "--as-of", "2026-03-01T00:10:00.5Z").status == 0)
        let found = try samples(log)
        #expect(found["sojourn_run_success"] == "1" && found["sojourn_run_exit_status"] == "0")
        let counts = ["lines", "expanded", "released", "events", "quarantined", "duplicates", "filtered", "late"].map {
            found["sojourn_run_\($0)"]
        }
        #expect(counts == ["20", "0", "0", "11", "1", "0", "8", "0"])
        #expect(found["sojourn_as_of_timestamp_seconds"] == "1772323800.500" && found["sojourn_run_breached_checks"] == "0")
        let last = try #require(found[Self.lastSuccess].flatMap(Double.init))
        #expect(last >= before && last <= Date().timeIntervalSince1970 + 1)
        #expect(found["sojourn_run_duration_seconds"].flatMap(Double.init).map { $0 >= 0 } == true && found.count == 14)
        #expect(log.leftOvers == [])
    }

    /// The last success stays what it was; what a failed run does not know is not there.
    @Test func runsThatFailKeepTheLastSuccess() throws {
        let log = try SmallLog(SmallLog.lines(18) + "nul\n")
        let metrics = ["--metrics-file", "sojourn.prom"]
        func run(_ more: [String]) throws -> Int32 {
            try Binary.run(["run", "p.yaml", "-o", "out"] + metrics + more, in: log.folder.path).status
        }
        #expect(try run([]) == 3)
        #expect(
            try samples(log).filter { $0.key != "sojourn_run_duration_seconds" } == [
                "sojourn_run_success": "0", "sojourn_run_exit_status": "3", "sojourn_run_lines": "19", "sojourn_run_quarantined": "1",
            ])
        #expect(try run(["--max-rejects", "1"]) == 0)
        let success = try #require(try samples(log)[Self.lastSuccess])
        try log.folder.write([0x28, 0xB5, 0x2F, 0xFD, 0x04], to: "broken.zst")
        for (arguments, status) in [([], 3), (["broken.zst"], 1), (["nothing-*"], 2), (["--threads", "0"], 2)] as [([String], Int32)] {
            #expect(try run(arguments) == status)
            let found = try samples(log)
            #expect(found[Self.lastSuccess] == success && found["sojourn_run_success"] == "0", "\(arguments)")
            #expect(found["sojourn_run_exit_status"] == "\(status)" && found["sojourn_run_breached_checks"] == nil)
        }
        #expect(log.leftOvers == [])
    }

    /// Published is published: the data are fresh, and the breach has a gauge of its own.
    @Test func aBreachedCheckIsASuccessThatIsCounted() throws {
        let pipeline = SmallLog.pipeline + "checks: [journeys.started > 1000, journeys.started > 0, sessions.events < 0]\n"
        let log = try SmallLog(Array(SmallLog.lines(20).utf8), pipeline: pipeline)
        #expect(try log.run("--metrics-file", "sojourn.prom").status == 4)
        let found = try samples(log)
        #expect(found["sojourn_run_success"] == "1" && found["sojourn_run_exit_status"] == "4" && found[Self.lastSuccess] != nil)
        #expect(found["sojourn_run_breached_checks"] == "2")
    }

    @Test func labelsAreEscaped() throws {
        let pipeline = SmallLog.pipeline.replacingOccurrences(of: "name: small", with: #"name: "a\\b \"c\"\nd é""#)
        let log = try SmallLog(Array(SmallLog.lines(20).utf8), pipeline: pipeline)
        for status in [0, 3] as [Int32] {
            #expect(try log.run("--metrics-file", "sojourn.prom").status == status)
            let found = try samples(log)
            #expect(found["sojourn_run_success{pipeline=\"a\\\\b \\\"c\\\"\\nd é\"}"] == (status == 0 ? "1" : "0"), "\(found)")
            // The last success of a pipeline of such a name is found again.
            #expect(found.keys.contains { $0.hasPrefix(Self.lastSuccess) })
            try log.folder.write("nul\n", to: "log-2.ndjson")
        }
    }

    /// Another pipeline's last success in the same file is not this one's.
    @Test func theLastSuccessIsThePipelinesOwn() throws {
        let log = try SmallLog("nul\n")
        try log.folder.write(
            "\(Self.lastSuccess){pipeline=\"other\"} 5\n\(Self.lastSuccess){pipeline=\"small\"} soon\n", to: "sojourn.prom")
        #expect(try log.run("--metrics-file", "sojourn.prom").status == 3)
        #expect(try samples(log)[Self.lastSuccess] == nil)
        try log.folder.write("\(Self.lastSuccess){pipeline=\"other\"} 5\n\(Self.lastSuccess){pipeline=\"small\"} 6.5\n", to: "sojourn.prom")
        #expect(try log.run("--metrics-file", "sojourn.prom").status == 3)
        #expect(try samples(log)[Self.lastSuccess] == "6.5")
    }

    /// Said before the work, so that nothing is published without its metrics.
    @Test(arguments: ["no/such/folder/x.prom", "folder", "", "pipe", "folder/"])
    func aFileThatCannotBeWritten(_ name: String) throws {
        let log = try SmallLog()
        try log.folder.write("", to: "folder/x")
        #expect(mkfifo(log.folder.path("pipe"), 0o600) == 0)
        let ended = try log.run("--metrics-file", name)
        #expect(ended.status == 1 && ended.errors.contains("--metrics-file") && ended.output == "", "\(ended.errors)")
        #expect(!log.isPublished && log.leftOvers == [])
    }

    @Test func aLinkStaysALink() throws {
        let log = try SmallLog()
        try log.folder.write("", to: "real/x.prom")
        try FileManager.default.createSymbolicLink(atPath: log.folder.path("sojourn.prom"), withDestinationPath: "real/x.prom")
        #expect(try log.run("--metrics-file", "sojourn.prom").status == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: log.folder.path("sojourn.prom")) == "real/x.prom")
        #expect(try samples(log, "real/x.prom")["sojourn_run_success"] == "1")
    }

    /// No name, no label: a pipeline that cannot be read has no metrics, and the old ones stay.
    @Test func withoutAPipelineNothingIsWritten() throws {
        let log = try SmallLog()
        try log.folder.write("old\n", to: "sojourn.prom")
        try log.folder.write("version: 2\n", to: "p.yaml")
        #expect(try log.run("--metrics-file", "sojourn.prom").status == 2)
        #expect(try String(contentsOf: log.folder.url.appendingPathComponent("sojourn.prom"), encoding: .utf8) == "old\n")
    }

    @Test func aStoppedRunIsNoSuccess() throws {
        let log = try SmallLog()
        let process = try Running(["run", "p.yaml", "-o", "out", "-", "--metrics-file", "sojourn.prom"], in: log.folder.path)
        process.write(Array(SmallLog.lines(5).utf8))
        // The input stays open: the run cannot end by itself. Its hidden folder shows that it listens.
        for _ in 0..<3000 where log.leftOvers.isEmpty { usleep(10_000) }
        process.send(SIGTERM)
        #expect(process.wait().status == 143)
        let found = try samples(log)
        #expect(found["sojourn_run_success"] == "0" && found["sojourn_run_exit_status"] == "143")
        #expect(!log.isPublished && log.leftOvers == [])
    }
}
