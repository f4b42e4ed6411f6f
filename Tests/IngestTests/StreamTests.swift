import Glibc
import TestSupport
import Testing

@testable import Ingest

/// Inputs that come piece by piece, in intervals.
@Suite struct StreamTests {
    /// A pipe that can be opened like a file.
    final class OpenPipe {
        private let reading: Int32
        private var writing: Int32
        private(set) var bytesWritten: Int64 = 0
        var path: String { "/dev/fd/\(reading)" }

        init() {
            var ends: [Int32] = [-1, -1]
            let status = pipe(&ends)
            precondition(status == 0)
            (reading, writing) = (ends[0], ends[1])
        }

        deinit {
            end()
            close(reading)
        }

        func write(_ bytes: [UInt8]) {
            let count = bytes.withUnsafeBytes { Glibc.write(writing, $0.baseAddress, $0.count) }
            precondition(count == bytes.count, "a piece is smaller than the pipe")
            bytesWritten += Int64(count)
        }

        func end() {
            if writing >= 0 { close(writing) }
            writing = -1
        }
    }

    struct Line: Equatable {
        var offset: Int64
        /// nil: a line too long to hold.
        var text: [UInt8]?
    }

    /// The lines of the blocks that `splitter` gives until it pauses or ends.
    private func lines(_ splitter: BlockSplitter, _ block: TextBlock) throws -> [Line] {
        var lines: [Line] = []
        while try splitter.fill(block) {
            guard block.oversize == .no else {
                lines.append(Line(offset: block.offset, text: nil))
                continue
            }
            var pieces = block.sealed.bytes.prefix(block.count).split(
                separator: 10, omittingEmptySubsequences: false)[...]
            if pieces.last?.isEmpty == true { pieces.removeLast() }
            for piece in pieces { lines.append(Line(offset: block.offset + Int64(piece.startIndex), text: Array(piece))) }
        }
        return lines
    }

    /// A text in random pieces, as ranges of it, and what a producer writes for each.
    private func chunks(_ text: [UInt8], _ format: String, _ random: inout SeededGenerator) throws -> [(piece: Range<Int>, bytes: [UInt8])]
    {
        var ranges: [Range<Int>] = []
        while ranges.last?.upperBound ?? 0 < text.count {
            let start = ranges.last?.upperBound ?? 0
            ranges.append(start..<min(text.count, start + random.pick([1, 3, 20, 300, 20_000])))
        }
        let pieces = ranges.map { Array(text[$0]) }
        let chunks =
            switch format {
            case "gzip members": pieces.map { Packing.gzip($0) }
            case "gzip padded": pieces.map { Packing.gzip($0) + [UInt8](repeating: 0, count: random.pick([0, 1, 3, 600])) }
            case "zstd frames": pieces.map { Packing.zstd($0) }
            case "gzip flushed": FlushedPacking.gzip(pieces)
            case "zstd flushed": FlushedPacking.zstd(pieces)
            default: pieces
            }
        // The end of what was flushed belongs to no piece.
        return chunks.enumerated().map { ($0 < ranges.count ? ranges[$0] : text.count..<text.count, $1) }
    }

    /// However a text comes, its lines are the same, and whole ones do not wait for what comes after them.
    @Test(arguments: ["plain", "gzip members", "gzip padded", "zstd frames", "gzip flushed", "zstd flushed"])
    func linesOfPieces(format: String) throws {
        for seed in UInt64(1)...25 {
            var random = SeededGenerator(seed: seed)
            var text: [UInt8] = []
            for _ in 0..<random.int(0...30) {
                text +=
                    Array(
                        repeating: random.chance(percent: 20) ? 32 : 120,
                        count: random.chance(percent: 10) ? random.int(4000...9000) : random.int(0...30)) + [10]
            }
            if random.chance(percent: 50), !text.isEmpty { text.removeLast() }
            let sizes = BlockSizes(target: random.int(1...5000), maxLineBytes: random.int(1...200))
            let block = TextBlock(capacity: sizes.capacity)
            let file = try TemporaryFile(text)
            let expected = try lines(BlockSplitter(input: 0, of: .init(path: file.path, source: 0), sizes: sizes), block)

            let (pipe, interval) = (OpenPipe(), ReadInterval(microseconds: 2000))
            let splitter = try BlockSplitter(input: 0, of: .init(path: pipe.path, source: 0), interval: interval, sizes: sizes)
            var found: [Line] = []
            for (piece, chunk) in try chunks(text, format, &random) {
                pipe.write(chunk)
                repeat {
                    interval.begin()
                    found += try lines(splitter, block)
                    #expect(splitter.isPaused)
                } while splitter.contents.bytes < pipe.bytesWritten
                // Four bytes tell a format; before them nothing is known.
                if pipe.bytesWritten >= 4 { #expect(found.count == text[..<piece.upperBound].count { $0 == 10 }, "seed \(seed)") }
            }
            // Many pauses without anything new do no harm.
            for _ in 0..<(seed == 1 ? 40 : 1) {
                interval.begin()
                #expect(try lines(splitter, block) == [] && splitter.isPaused)
            }
            pipe.end()
            repeat {
                interval.begin()
                found += try lines(splitter, block)
            } while splitter.isPaused
            #expect(found == expected, "seed \(seed)")
            #expect(splitter.contents.endsWhole == (text.last ?? 10 == 10))
        }
    }

    private let good = #"{"t":1,"who":"a","ch":"w","tp":"x"}"# + "\n"

    private func reader(_ pipe: OpenPipe, _ interval: ReadInterval, expectsEnd: Bool = false, skipping: Int64 = 0) -> LogReader {
        LogReader(
            inputs: [.init(path: pipe.path, source: 0, linesBefore: skipping, skipsLines: true)], plan: TrailerTests.plan, threads: 2,
            blockBytes: 50,
            memoryBytes: 0, expectsEnd: expectsEnd, interval: interval, cancellation: Cancellation())
    }

    /// Logs until so many lines of the input are behind.
    private func read(_ reader: LogReader, upTo linesBehind: Int64) throws -> [EventLog] {
        var logs: [EventLog] = []
        repeat { logs.append(try reader.read()) } while logs.last!.inputs[0].linesBehind < linesBehind
        return logs
    }

    @Test func placesAndTrailersGoOnFromLogToLog() throws {
        let (pipe, interval) = (OpenPipe(), ReadInterval(microseconds: 2000))
        let reader = reader(pipe, interval, expectsEnd: true)
        pipe.write(Array((good + "nul\n\n" + good + "half").utf8))
        var logs = try read(reader, upTo: 4)
        #expect(logs.flatMap(\.rejected.all).map { "\($0.line) \($0.offset)" } == ["2 36"])
        #expect(logs.reduce(0) { $0 + $1.lines } == 3 && logs.allSatisfy { !$0.isLast && !$0.isWhole })
        pipe.write(Array(("-line\n" + good + "{\"_end\":5}\n").utf8))
        logs = try read(reader, upTo: 7)
        #expect(logs.flatMap(\.rejected.all).map { "\($0.line) \($0.offset)" } == ["5 77"])
        #expect(logs.reduce(0) { $0 + $1.lines } == 2 && logs.last?.inputs[0].linesInAll == 5)
        pipe.end()
        let last = try reader.read()
        #expect(last.lines == 0 && last.isLast && last.isWhole && last.inputs[0].linesBehind == 7)
    }

    /// What was passed over before a pause and after it counts.
    @Test func faultsOfTrailersAreFoundLater() throws {
        let (pipe, interval) = (OpenPipe(), ReadInterval(microseconds: 2000))
        let reader = reader(pipe, interval, skipping: 2)
        pipe.write(Array((good + good + good).utf8))
        _ = try read(reader, upTo: 3)
        pipe.write(Array(("{\"_end\":4}\n").utf8))
        #expect {
            _ = try reader.read()
        } throws: { error in
            guard case IngestError.wrongTrailer(_, 4, stated: 4, counted: 3) = error else { return false }
            return true
        }
    }

    /// What is there is read, but the half line at its end is none, whether or not the producer has ended as well.
    @Test(arguments: [false, true]) func stoppingReadsWhatIsThere(hasEnded: Bool) throws {
        let (pipe, interval) = (OpenPipe(), ReadInterval(microseconds: 3_600_000_000))
        let reader = reader(pipe, interval, expectsEnd: true)
        pipe.write(Array((good + good + "half").utf8))
        if hasEnded { pipe.end() }
        interval.stop()
        let log = try reader.read()
        #expect(log.lines == 2 && log.isLast && !log.isWhole)
    }
}
