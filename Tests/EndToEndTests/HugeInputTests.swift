import Foundation
import TestSupport
import Testing

/// A small file that unpacks to very much, and pipeline files made to hurt: the promised answer, in bounded memory.
@Suite struct HugeInputTests {
    /// What a run may hold at most when its lines are few, however long: blocks, windows, the program itself.
    private static let greatestBytes = 200 << 20

    @Test(arguments: [UInt8(ascii: "a"), UInt8(ascii: "["), 0, 0xFF])
    func aLineOfOneGibibyte(_ byte: UInt8) throws {
        let piece = [UInt8](repeating: byte, count: 1 << 20)
        let good = Array((SmallLog.line(1) + "\n").utf8)
        let pieces = [good] + Array(repeating: piece, count: 1024) + [Array("\n".utf8) + good]
        let log = try SmallLog(Packing.zstd(pieces: pieces, level: 1))
        let ended = try log.run("--max-rejects", "1")
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(log.quarantine == ["2:\(good.count) line_too_long"] && log.record("ledger.events") == "2")
        let peak = log.record("peak_memory_bytes").flatMap { Int($0) } ?? Int.max
        #expect(peak < Self.greatestBytes, "\(peak >> 20) MiB")
    }

    /// Long lines at the end of a file, and blank ones, which are none.
    @Test func longLinesWithoutEnd() throws {
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let blank = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20)
        let log = try SmallLog(Packing.gzip(Array(repeating: piece, count: 20).flatMap { $0 }))
        try log.folder.write(Packing.zstd(pieces: Array(repeating: blank, count: 8)), to: "log-2.ndjson")
        let ended = try log.run("--max-rejects", "1")
        #expect(ended.status == 0 && log.quarantine == ["1:0 line_too_long"] && log.record("ledger.lines") == "1", "\(ended.errors)")
    }

    /// A terminal that never sends a line end.
    @Test func anEndlessLineOnStandardInput() throws {
        let log = try SmallLog()
        let ended = try log.run("-", "--max-rejects", "1", input: [UInt8](repeating: UInt8(ascii: "a"), count: 24 << 20))
        #expect(ended.status == 0 && log.quarantine == ["1:0 line_too_long"], "\(ended.errors)")
    }

    private static func aliasBomb() -> String {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 { text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n" }
        return SmallLog.pipeline + text
    }

    /// By name: what a test is given is printed.
    private static let hostilePipelines: [String: String] = [
        "aliases": aliasBomb(), "depth of lists": "version: " + String(repeating: "[", count: 100_000),
        "depth of mappings": String(repeating: "{a: ", count: 100_000),
        "depth of lines": (0..<3000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        "size": SmallLog.pipeline + "# " + String(repeating: "x", count: 40 << 20) + "\n",
        "merge keys": SmallLog.pipeline + "x: &x {<<: *x}\n",
        "expression depth": pipeline(goal: String(repeating: "(", count: 50_000)),
        "negations": pipeline(goal: String(repeating: "!", count: 50_000)),
        "long expression": pipeline(goal: Array(repeating: "value < 1", count: 100_000).joined(separator: " || ")),
        "zero byte": SmallLog.pipeline + "\u{0}", "many documents": SmallLog.pipeline + "---\n" + SmallLog.pipeline,
        "tag": SmallLog.pipeline.replacingOccurrences(of: "version: 1", with: "version: !!python/object 1"),
    ]

    private static func pipeline(goal: String) -> String { SmallLog.pipeline.replacingOccurrences(of: "goal: '", with: "goal: '" + goal) }

    @Test(arguments: hostilePipelines.keys.sorted())
    func pipelineFilesMadeToHurt(_ name: String) throws {
        let log = try SmallLog(Array(SmallLog.lines(3).utf8), pipeline: try #require(Self.hostilePipelines[name]))
        let ended = try log.run()
        #expect(ended.status == 2, "\(name): \(ended.errors.prefix(500))")
        #expect(ended.errors.contains("p.yaml") && ended.errors.utf8.count < 100_000, "\(ended.errors.prefix(500))")
        #expect(!log.isPublished && log.leftOvers == [])
    }
}
