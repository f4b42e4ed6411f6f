import Foundation
import Glibc
import Testing

@testable import TestSupport

/// Standard input without end: what has come is committed at intervals, and in the end everything is as if it had come at once.
@Suite struct StreamTests {
    /// 240 lines with blank ones and bad ones among them, the last without its end.
    private static let text: String = {
        var lines = (0..<240).map { SmallLog.line($0) }
        for place in [3, 100, 101, 239] { lines[place] = "" }
        for place in [7, 150] { lines[place] = "nul" }
        return lines.joined(separator: "\n") + SmallLog.line(240)
    }()

    /// What one run over the whole text publishes.
    private func atOnce(_ log: SmallLog, _ text: String = Self.text) throws -> RunSnapshot {
        #expect(try Binary.run("run", "p.yaml", "-", "-o", "once", input: Array(text.utf8), in: log.folder.path).status == 0)
        return try snapshot(log, "once")
    }

    private func snapshot(_ log: SmallLog, _ name: String = "out") throws -> RunSnapshot {
        try RunSnapshot(folder: log.folder.url.appendingPathComponent(name))
    }

    @Test(arguments: ["plain", "gzip", "zstd"])
    func piecesGiveTheSameBytesAsTheWhole(format: String) throws {
        let log = try SmallLog()
        let stream = try RunningStream(log, ["--max-rejects", "2", "--quiet"])
        var rest = Array(Self.text.utf8)[...]
        var whole: Int64 = 0
        for size in [1000, 37, 2500, 4001, 900, Int.max] {
            let piece = Array(rest.prefix(size))
            rest = rest.dropFirst(piece.count)
            stream.running.write(format == "gzip" ? Packing.gzip(piece) : format == "zstd" ? Packing.zstd(piece) : piece)
            // Whole lines do not wait for the rest of the next one.
            whole += Int64(piece.count { $0 == 10 })
            stream.waitForLines(whole)
        }
        let (ended, commits) = stream.end()
        #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
        #expect(commits.count == stream.running.lines.count && commits.map(\.number) == Array(1...Int64(commits.count)))
        #expect(commits.last?.lines == 240)
        for commit in commits { #expect(commit.counts["lines"] == commit.counts.reduce(0) { $0 + ($1.key == "lines" ? 0 : $1.value) }) }
        #expect(commits.reduce(0) { $0 + $1.counts["lines"]! } == 237)
        #expect(try snapshot(log).differences(from: atOnce(log)) == [])
        #expect(log.record("ledger.lines").flatMap { Int64($0) } == commits.last?.counts["lines"] && log.record("total.lines") == "237")
        #expect(log.leftOvers == [])
    }

    @Test func anIdleStreamSaysNothing() throws {
        let log = try SmallLog()
        let stream = try RunningStream(log, ["--metrics-file", "m.prom"])
        stream.write(SmallLog.lines(10) + "{\"t\":")
        stream.waitForLines(10)
        usleep(900_000)
        #expect(stream.commits.count == 1)
        // It is published, although nobody ended anything, and monitors know.
        #expect(log.record("ledger.events") == "10")
        let metrics = try String(contentsOf: log.folder.url.appendingPathComponent("m.prom"), encoding: .utf8)
        #expect(metrics.contains("sojourn_run_success{pipeline=\"small\"} 1\n"))
        stream.write("\(1_772_323_200 + 600),\"c\":\"c1\",\"ch\":\"web\",\"tp\":\"end\"}\n")
        stream.waitForLines(11)
        let (ended, commits) = stream.end()
        // The end has its own line, although nothing is new; as-of stays.
        #expect(ended.status == 0 && commits.map(\.lines) == [10, 11, 11] && commits.map(\.number) == [1, 2, 3])
        #expect(commits[2].counts["lines"] == 0 && commits[2].asOf == commits[1].asOf && commits[1].asOf == "2026-03-01T00:10:00Z")
    }

    /// How to ask a state how far it is.
    @Test func anEmptyInputTellsWhereToGoOn() throws {
        let log = try SmallLog()
        for (input, lines) in [("", 0), ("", 0), (SmallLog.lines(4) + "\n", 5), ("", 5)] as [(String, Int64)] {
            let (ended, commits) = try RunningStream.run(log, input: input)
            #expect(ended.status == 0 && commits.map(\.lines) == [lines], "\(ended.errors)")
            #expect((commits.first?.asOf == nil) == (lines == 0))
        }
    }

    /// Killed at any moment; then on from the line behind what the state holds, or from the first.
    @Test(arguments: 0..<5)
    func killedAndResumed(round: Int) throws {
        let log = try SmallLog()
        let stream = try RunningStream(log, every: "100ms", ["--max-rejects", "2"])
        let cut = Self.text.utf8.count / 2
        stream.write(String(Self.text.utf8.prefix(cut))!)
        stream.waitForLines(50)
        stream.write(String(Self.text.utf8.dropFirst(cut).prefix(3000))!)
        usleep(UInt32(round) * 35_000)
        #expect(stream.end(by: SIGKILL).ended.status == 128 + SIGKILL)
        try FileManager.default.copyItem(atPath: log.folder.path("state"), toPath: log.folder.path("other"))

        let known = try #require(try RunningStream.run(log, state: "other", ["--quiet"]).commits.last?.lines)
        #expect(known >= stream.commits.last?.lines ?? 0 && known < 240)
        let rest = Self.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(Int(known)).joined(separator: "\n")
        let resumed = try RunningStream.run(log, state: "other", ["--max-rejects", "2"], input: rest)
        #expect(resumed.ended.status == 0 && resumed.commits.last?.lines == 240, "\(resumed.ended.errors)")
        let expected = try atOnce(log)
        // Offsets of lines put aside count from the beginning of a process's input.
        #expect(try snapshot(log).withoutPlaces().differences(from: expected.withoutPlaces()) == [], "on from line \(known + 1)")

        let again = try RunningStream.run(log, ["--skip-committed", "--max-rejects", "2"], input: Self.text)
        #expect(again.ended.status == 0 && again.commits.last?.lines == 240, "\(again.ended.errors)")
        #expect(try snapshot(log).differences(from: expected) == [], "from the first line")
        #expect(log.leftOvers == [])
    }

    /// What a producer wrote before the signal is committed, but for the half line at its end.
    @Test(arguments: [SIGTERM, SIGINT])
    func signalsCommitWhatIsWhole(signal: Int32) throws {
        let log = try SmallLog()
        let stream = try RunningStream(log, ["--expect-end"])
        stream.write(SmallLog.lines(5))
        stream.waitForLines(5)
        stream.write((5..<30).map { SmallLog.line($0) + "\n" }.joined() + "{\"t\":17723")
        let (ended, commits) = stream.end(by: signal)
        #expect(ended.status == 128 + signal && commits.last?.lines == 30, "\(ended.errors)")
        #expect(log.record("total.events") == "30" && log.leftOvers == [])
        let resumed = try RunningStream.run(log, input: (30..<40).map { SmallLog.line($0) + "\n" }.joined())
        #expect(resumed.ended.status == 0 && resumed.commits.map(\.number) == [commits.last!.number + 1])
        #expect(try snapshot(log).differences(from: atOnce(log, SmallLog.lines(40))) == [])
    }
}
