import Testing

@testable import Ingest
@testable import TestSupport

extension RejectedLines {
    /// Where they lie cannot fail in a test.
    var all: [RejectedLine] {
        var lines: [RejectedLine] = []
        do { try forEachLine { lines.append($0) } } catch { Issue.record("\(error)") }
        return lines
    }
}

/// Lines put aside: listed as they stand, whatever memory they lie in, and no more of them read than are wanted.
@Suite struct RejectedLinesTests {
    private let good = #"{"t":1,"who":"a","ch":"w","tp":"x"}"#

    /// Random lines put aside, in memory and spilled, are given back as they were.
    @Test func keepsEveryPlace() throws {
        for seed in UInt64(1)...40 {
            var random = SeededGenerator(seed: seed)
            var (rejected, spilled, expected) = (RejectedLines(), RejectedLines(), [RejectedLine]())
            let file = try SpillFile()
            for number in 0..<random.int(0...5) {
                let (start, linesBefore) = (Int64(random.int(0...1 << 40)), Int64(random.int(0...1 << 40)))
                var block = RejectedBlock(input: number / 2, offset: start)
                var (line, offset) = (Int64(0), start)
                for _ in 0..<random.int(0...200) {
                    line += Int64(random.int(1...random.pick([1, 3, 100_000])))
                    offset += Int64(random.int(0...random.pick([1, 200, 2_000_000])))
                    let text = random.chance(percent: 50) ? nil : (0..<random.int(0...300)).map { _ in UInt8(random.int(0...255)) }
                    let reason = random.pick(RejectReason.allCases)
                    if let text {
                        Text.with(text) { block.append(reason, line: line, offset: offset, text: $0) }
                    } else {
                        block.append(reason, line: line, offset: offset, text: nil)
                    }
                    expected.append(
                        RejectedLine(reason: reason, input: number / 2, line: linesBefore + line, offset: offset, rawText: text))
                }
                rejected.add(block, input: number / 2, linesBefore: linesBefore)
                try block.spill(to: file)
                #expect(block.bytes == 0)
                spilled.add(block, input: number / 2, linesBefore: linesBefore)
            }
            for found in [rejected, spilled] {
                #expect(found.all == expected, "seed \(seed)")
                #expect(found.count == Int64(expected.count))
                #expect(
                    found.first.map { "\($0.line) \($0.offset) \($0.reason)" }
                        == expected.first.map { "\($0.line) \($0.offset) \($0.reason)" })
                for input in 0...2 { #expect(found.count(ofInput: input) == Int64(expected.count { $0.input == input })) }
                let reasons = RejectReason.allCases.map { reason in (reason, expected.count { $0.reason == reason }) }.filter { $0.1 > 0 }
                #expect(found.reasons.map { "\($0.count) \($0.reason)" } == reasons.map { "\($0.1) \($0.0)" })
            }
        }
    }

    private func read(_ inputs: [[UInt8]], rejectsMax: Int64?, block: Int, threads: Int, memory: Int = 1 << 30) throws -> EventLog {
        let files = try inputs.map { try TemporaryFile($0) }
        let reader = LogReader(
            inputs: files.enumerated().map { .init(path: $0.element.path, source: 0) }, plan: TrailerTests.plan, threads: threads,
            blockBytes: block,
            memoryBytes: memory, cancellation: Cancellation())
        return try reader.read(rejectsMax: rejectsMax)
    }

    /// A small file of bad lines takes few bytes for each, and beyond the limit none in memory.
    @Test func badLinesTakeFewBytes() throws {
        let lines = 200_000
        let bytes = [UInt8](String(repeating: "x\n", count: lines).utf8)
        let inMemory = try read([bytes], rejectsMax: nil, block: 1 << 16, threads: 2)
        let spilled = try read([bytes], rejectsMax: nil, block: 1 << 16, threads: 2, memory: 0)
        #expect(inMemory.rejected.bytes <= 4 * lines && spilled.rejected.bytes == 0)
        for log in [inMemory, spilled] {
            #expect(log.rejected.count == Int64(lines) && !log.isCutShort)
            #expect(
                log.rejected.all.enumerated().allSatisfy {
                    $0.element.line == Int64($0.offset + 1) && $0.element.offset == Int64(2 * $0.offset)
                })
        }
    }

    /// Reading stops soon after the limit is passed, and never at it; what was read until then is the beginning of each input.
    @Test func stopsWhereTooManyAreBad() throws {
        let (bad, rest) = ([String](repeating: "nul", count: 30), [String](repeating: good, count: 5000))
        let lines = [good, good] + bad + rest + ["nul"]
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        for (block, threads) in [(1, 1), (100, 1), (100, 3), (1000, 2), (1 << 20, 2)] {
            let log = try read([bytes], rejectsMax: 29, block: block, threads: threads)
            #expect(log.isCutShort && log.isLast && !log.isWhole && log.rejected.first?.line == 3)
            #expect((30...31).contains(log.rejected.count) && log.lines >= 32)
            if block < 1000 { #expect(log.lines < 1000, "\(log.lines)") }
            #expect(log.rejected.all.prefix(30).map(\.line) == (3...32).map { Int64($0) })
            for limit in [31, nil] as [Int64?] {
                let log = try read([bytes], rejectsMax: limit, block: block, threads: threads)
                #expect(!log.isCutShort && log.isWhole && log.lines == Int64(lines.count) && log.rejected.count == 31)
            }
        }
        let several = try read([Array((good + "\n").utf8), bytes, bytes], rejectsMax: 40, block: 50, threads: 2)
        #expect(several.isCutShort && several.inputs.count == 3)
    }
}
