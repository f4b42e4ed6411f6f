import Foundation
import Testing

@testable import TestSupport

/// run.json: with what, from what and when the tables were made.
@Suite struct RunRecordTests {
    @Test func programPipelineAndTimes() throws {
        let log = try SmallLog()
        let before = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
        #expect(try log.run().status == 0)
        let version = try Binary.run("--version").output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(log.record("tool") == "sojourn" && log.record("version") == version && !version.isEmpty)
        #expect(log.record("platform")?.hasPrefix("Linux ") == true)
        #expect(log.record("pipeline") == "small" && log.record("pipeline_file") == "p.yaml")
        let times = try ["started_at", "ended_at"].map { try #require(log.record($0).flatMap { ISO8601DateFormatter().date(from: $0) }) }
        #expect(before <= times[0] && times[0] <= times[1] && times[1] <= Date())
        #expect(try log.record("pipeline_sha256") == sha256sum(log.folder.path("p.yaml")))
    }

    /// Two files that say the same are two files.
    @Test func theDigestIsOfTheBytes() throws {
        let log = try SmallLog()
        #expect(try log.run().status == 0)
        let digest = log.record("pipeline_sha256")
        try log.folder.write(SmallLog.pipeline + "# as before\n", to: "p.yaml")
        #expect(try log.run().status == 0)
        #expect(try log.record("pipeline_sha256") == sha256sum(log.folder.path("p.yaml")) && log.record("pipeline_sha256") != digest)
    }

    /// By another program.
    private func sha256sum(_ path: String) throws -> String {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sha256sum", path]
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output.prefix(64), as: UTF8.self)
    }
}
