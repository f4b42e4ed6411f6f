import Foundation
import Glibc
import Testing

@testable import TestSupport

/// What goes wrong in one interval of a stream leaves the earlier ones as they are.
@Suite struct StreamFaultTests {
    private func snapshot(_ log: SmallLog, _ name: String = "out") throws -> RunSnapshot {
        try RunSnapshot(folder: log.folder.url.appendingPathComponent(name))
    }

    /// A stream that has committed ten lines, then got some more and ended; with what it had published before.
    private func stream(_ log: SmallLog, _ more: String, _ options: String...) throws -> (
        ended: Binary.Ended, commits: [RunningStream.Commit], before: RunSnapshot
    ) {
        let stream = try RunningStream(log, options)
        stream.write(SmallLog.lines(10))
        stream.waitForLines(10)
        let before = try snapshot(log)
        stream.write(more)
        let (ended, commits) = stream.end()
        return (ended, commits, before)
    }

    /// The stream's producer died, and nobody but the stream itself can say so.
    @Test(arguments: [
        (["--expect-end"], "no trailer"), (["--expect-lines", "12"], "11 lines, but must have 12"),
        ([], "the trailer says 12 lines, but there are 11"),
    ])
    func aShortStream(options: [String], message: String) throws {
        let log = try SmallLog()
        let whole = SmallLog.lines(12) + "{\"_end\":12}\n"
        let stream = try RunningStream(log, every: "500ms", options)
        stream.write(SmallLog.lines(10))
        stream.waitForLines(10)
        stream.write(SmallLog.line(10) + "\n" + (options.isEmpty ? "{\"_end\":12}\n" : ""))
        let (ended, commits) = stream.end()
        #expect(ended.status == 1 && ended.errors.contains(message), "\(ended.errors)")
        let known = try #require(commits.last?.lines)
        #expect(
            ended.errors.contains("\(known) lines of standard input are committed") && ended.errors.contains("go on with line \(known + 1)")
        )
        #expect(log.record("total.events") == "\(known)" && log.leftOvers == [])
        // Sent again as a whole, its trailer counts the lines that are passed over.
        let again = try RunningStream.run(log, ["--skip-committed", "--expect-end", "--expect-lines", "12"], input: whole)
        #expect(again.ended.status == 0 && again.commits.map(\.lines) == [13], "\(again.ended.errors)")
        #expect(try Binary.run("run", "p.yaml", "-", "-o", "once", input: Array(whole.utf8), in: log.folder.path).status == 0)
        #expect(try snapshot(log).differences(from: snapshot(log, "once")) == [])
        // Also when there is nothing left of it.
        #expect(try RunningStream.run(log, ["--skip-committed", "--expect-end", "--expect-lines", "12"], input: whole).ended.status == 0)
    }

    @Test func tooManyRejectsOfOneInterval() throws {
        let log = try SmallLog()
        let (ended, commits, before) = try stream(log, "nul\n\(SmallLog.line(11))\nnul\n", "--max-rejects", "1")
        #expect(ended.status == 3 && commits.map(\.lines) == [10], "\(ended.errors)")
        #expect(ended.errors.contains("standard input, line 11") || ended.errors.contains("line 11: invalid_json"), "\(ended.errors)")
        #expect(ended.errors.contains("10 lines of standard input are committed"))
        #expect(try snapshot(log).differences(from: before) == [] && log.leftOvers == [])
        #expect(try RunningStream.run(log).commits.map(\.lines) == [10])
    }

    @Test func aDamagedStream() throws {
        let log = try SmallLog()
        let stream = try RunningStream(log)
        stream.running.write(Packing.zstd(Array(SmallLog.lines(10).utf8)))
        stream.waitForLines(10)
        stream.write("no frame")
        let (ended, commits) = stream.end()
        #expect(ended.status == 1 && ended.errors.contains("zstd") && commits.map(\.lines) == [10], "\(ended.errors)")
        #expect(log.record("total.events") == "10" && log.leftOvers == [])
    }

    /// What was committed and could not be published is published by the next run.
    @Test func publicationFails() throws {
        let log = try SmallLog()
        let stream = try RunningStream(log)
        stream.write(SmallLog.lines(10))
        stream.waitForLines(10)
        // The next output is begun; what comes in its way now is seen when it is published.
        stream.running.wait { _ in !log.leftOvers.isEmpty }
        let out = log.folder.path("out")
        try FileManager.default.removeItem(atPath: out)
        try log.folder.write("in the way", to: "out")
        stream.write(SmallLog.line(10) + "\n")
        let (ended, commits) = stream.end()
        #expect(ended.status == 1 && commits.map(\.lines) == [10], "\(ended.errors)")
        #expect(ended.errors.contains("11 lines of standard input are committed") && log.leftOvers == [], "\(ended.errors)")
        try FileManager.default.removeItem(atPath: out)
        #expect(try RunningStream.run(log).commits.map(\.lines) == [11])
        #expect(try log.run("-", "-o", "once", input: Array(SmallLog.lines(11).utf8)).status == 0)
        #expect(try snapshot(log).differences(from: snapshot(log, "once")) == [])
    }

    @Test(arguments: [
        (["-", "--every", "1s"], "--state"), (["log-1.ndjson", "--state", "s", "--every", "1s"], "give - as the only input"),
        (["--state", "s", "--every", "1s"], "give - as the only input"),
        (["-", "log-1.ndjson", "--state", "s", "--every", "1s"], "give - as the only input"),
        (["-", "--state", "s", "--every", "60"], "--every 60"), (["-", "--state", "s", "--every", "99ms"], "--every 99ms"),
        (["-", "--state", "s", "--every", "1s", "--rebuild"], "--rebuild"),
        (["-", "--state", "s", "--every", "1s", "--reprocess"], "--reprocess"),
    ])
    func wrongUsage(words: [String], message: String) throws {
        let log = try SmallLog()
        let ended = try Binary.run(["run", "p.yaml", "-o", "out"] + words, in: log.folder.path)
        #expect(ended.status == 2 && ended.errors.contains(message) && ended.output == "", "\(ended.errors)")
        #expect(log.folder.names() == ["log-1.ndjson", "p.yaml"])
    }
}
