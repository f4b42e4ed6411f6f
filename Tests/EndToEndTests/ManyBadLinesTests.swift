import Foundation
import Testing

@testable import TestSupport

/// Files of nothing but bad lines: told as ever, in bounded memory, and no further read than they may be.
@Suite struct ManyBadLinesTests {
    /// What a run may hold at most: the program, blocks, and a few bytes for each bad line.
    private static let greatestBytes = 160 << 20
    private static let count = 1_000_000
    private static let badLines = [UInt8](String(repeating: "x\n", count: count).utf8)

    private func quarantine(_ log: SmallLog) throws -> Data {
        try Data(contentsOf: log.folder.url.appendingPathComponent("out/quarantine.ndjson"))
    }

    @Test(arguments: [["--quarantine-raw"], ["--state", "s"], ["--threads", "1"]])
    func allOfThemAreListed(_ more: [String]) throws {
        let log = try SmallLog(Self.badLines)
        let ended = try Binary.run(["run", "p.yaml", "-o", "out", "--max-rejects", "100%"] + more, in: log.folder.path)
        #expect(ended.status == 0 && log.record("ledger.quarantined") == "\(Self.count)", "\(ended.errors)")
        let peak = log.record("peak_memory_bytes").flatMap { Int($0) } ?? Int.max
        #expect(peak < Self.greatestBytes, "\(peak >> 20) MiB")
        let raw = more == ["--quarantine-raw"] ? ",\"raw\":\"x\"" : ""
        var lines: [UInt8] = []
        for line in 0..<Self.count {
            lines += Array(
                "{\"reason\":\"invalid_json\",\"source\":\"log\",\"file\":\"log-1.ndjson\",\"line\":\(line + 1),\"offset\":\(2 * line)\(raw)}\n"
                    .utf8)
        }
        // Not byte by byte through a sequence: in a debug build that takes most of a minute.
        #expect(try quarantine(log) == Data(lines))
    }

    /// Of a share it is known at the end whether it is passed; all are counted, and none of them is published.
    @Test func shares() throws {
        let log = try SmallLog(Self.badLines + Array(SmallLog.lines(10).utf8))
        let ended = try log.run("--max-rejects", "99%")
        #expect(
            ended.status == 3
                && ended.errors.hasPrefix(
                    "sojourn: \(Self.count) of \(Self.count + 10) lines were put aside, more than 99% (--max-rejects). Nothing was published."
                ),
            "\(ended.errors)")
        #expect(ended.errors.contains("  \(Self.count) invalid_json\nThe first: log-1.ndjson, line 1: invalid_json"), "\(ended.errors)")
        #expect(!log.isPublished && log.leftOvers == [])
    }

    /// With a number nothing is read any more once it is passed: an input without end does not hold the run up.
    @Test(arguments: [
        ["--max-rejects", "100"], ["--max-rejects", "0"], ["--max-rejects", "0%"], ["--max-rejects", "100", "--state", "s"],
    ])
    func numbersHoldWhileReading(_ more: [String]) throws {
        let log = try SmallLog([])
        let running = try Running(["run", "p.yaml", "-o", "out", "-"] + more, in: log.folder.path)
        let piece = Array(SmallLog.lines(100).utf8) + Self.badLines
        var pieces = 0
        while running.write(piece), pieces < 200 { pieces += 1 }
        #expect(pieces < 50, "the program went on reading")
        running.closeInput()
        let ended = running.wait()
        #expect(
            ended.status == 3
                && ended.errors.contains(" lines were put aside, more than \(more[1]) (--max-rejects); the rest was not read. Nothing"),
            "\(ended.errors)")
        #expect(ended.errors.contains(" invalid_json\nThe first: -, line 101: invalid_json"), "\(ended.errors)")
        #expect(!log.isPublished && log.leftOvers == [])
    }

    /// As many as may be are not too many.
    @Test func exactlyTheNumber() throws {
        let log = try SmallLog(Array((SmallLog.lines(10) + "x\ny\n" + SmallLog.lines(10)).utf8))
        #expect(try log.run("--max-rejects", "1").status == 3)
        #expect(try log.run("--max-rejects", "2").status == 0)
        #expect(log.quarantine.count == 2 && log.record("ledger.lines") == "22")
    }
}
