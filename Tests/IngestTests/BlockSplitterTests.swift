import Testing

@testable import Ingest
@testable import TestSupport

@Suite struct BlockSplitterTests {
    /// One line as the splitter gives it: its place in the stream, and its text, or what it stands for.
    struct Line: Equatable, CustomStringConvertible {
        var offset: Int64
        var text: [UInt8]?
        var isBlank = false
        var description: String { "\(offset):\(text.map { String(decoding: $0, as: UTF8.self) } ?? (isBlank ? "blank" : "long"))" }
    }

    private func split(_ file: TemporaryFile, _ sizes: BlockSizes) throws -> [Line] {
        let splitter = try BlockSplitter(input: 3, of: .init(path: file.path, source: 0), sizes: sizes)
        let block = TextBlock(capacity: sizes.capacity)
        var lines: [Line] = []
        var sequence = 0
        while try splitter.fill(block) {
            #expect(block.input == 3 && block.sequence == sequence && block.count <= sizes.capacity)
            sequence += 1
            guard block.oversize == .no else {
                lines.append(Line(offset: block.offset, text: nil, isBlank: block.oversize == .blank))
                continue
            }
            #expect(block.count > 0)
            let bytes = block.sealed.bytes
            #expect(bytes[block.count] == 10 && bytes[(block.count + 1)...].allSatisfy { $0 == 0 })
            var offset = block.offset
            var pieces = bytes[..<block.count].split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
            if bytes[block.count - 1] == 10 { pieces.removeLast() }
            for piece in pieces {
                lines.append(Line(offset: offset, text: piece))
                offset += Int64(piece.count + 1)
            }
        }
        #expect(try !splitter.fill(block), "the end stays the end")
        return lines
    }

    /// All at once; lines beyond `limit` bytes, their end counted, are too long to hold.
    private func naive(_ bytes: [UInt8], limit: Int) -> [Line] {
        var lines: [Line] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            let text = Array(bytes[start..<end])
            if end - start + (end < bytes.count ? 1 : 0) > limit {
                lines.append(Line(offset: Int64(start), text: nil, isBlank: text.allSatisfy { $0 == 32 || (9...13).contains($0) }))
            } else {
                lines.append(Line(offset: Int64(start), text: text))
            }
            start = end + 1
        }
        return lines
    }

    @Test(
        arguments: [
            "", "\n", "\n\n\n", "a", "a\n", "a\nb", "\r\n\r\nx\r\n", "one\ntwo\n\nthree\r\n  \nfour", "\u{FEFF}one\ntwo\n",
            "a\nbb\nccc\ndddd\neeeee\nffffff\nggggggg\nhhhhhhhh\niiiiiiiii\n",
            String(repeating: "x", count: 300) + "\ny\n" + String(repeating: "z", count: 199),
        ])
    func everyTarget(_ text: String) throws {
        let file = try TemporaryFile(Array(text.utf8))
        for target in 1...200 {
            let lines = try split(file, BlockSizes(target: target, maxLineBytes: 1024))
            #expect(lines == naive(Array(text.utf8), limit: Int.max), "target \(target)")
        }
    }

    /// Lines of every length around what a block can hold, between short ones, in files that end with and without a line end.
    @Test func linesAroundTheLimit() throws {
        let sizes = BlockSizes(target: 64, maxLineBytes: 100)
        for length in [
            sizes.capacity - 2, sizes.capacity - 1, sizes.capacity, sizes.capacity + 1, 2 * sizes.capacity, 3 * sizes.capacity + 7,
        ] {
            for filler in [UInt8(ascii: "x"), UInt8(ascii: " ")] {
                let long = Array(repeating: filler, count: length)
                for before in [0, 1, 63, 64, 65] {
                    for tail in [[], [10], [10] + Array("after\n".utf8), [10, 10] + long, [10] + long + [10] + Array("x".utf8)] {
                        let bytes = (before == 0 ? [] : Array(repeating: UInt8(ascii: "b"), count: before - 1) + [10]) + long + tail
                        // A last line that fills the block to the brim is not known to be whole: it is given up.
                        let expected = naive(bytes, limit: sizes.capacity)
                        let found = try split(TemporaryFile(bytes), sizes)
                        #expect(found.map(\.offset) == expected.map(\.offset), "length \(length), before \(before), tail \(tail.count)")
                        for (one, other) in zip(found, expected) where one != other {
                            #expect(other.text?.count == sizes.capacity && one.text == nil)
                        }
                    }
                }
            }
        }
    }

    @Test func randomTextsAndSizes() throws {
        for seed in UInt64(1)...60 {
            var random = SeededGenerator(seed: seed)
            var bytes: [UInt8] = []
            for _ in 0..<random.int(0...40) {
                let count = random.chance(percent: 10) ? random.int(4000...9000) : random.int(0...30)
                bytes += Array(repeating: random.chance(percent: 20) ? 32 : UInt8(random.int(97...122)), count: count) + [10]
            }
            if random.chance(percent: 50), !bytes.isEmpty { bytes.removeLast() }
            let sizes = BlockSizes(target: random.int(1...5000), maxLineBytes: random.int(1...200))
            let found = try split(TemporaryFile(bytes), sizes)
            let expected = naive(bytes, limit: sizes.capacity)
            #expect(found == expected, "seed \(seed)")
        }
    }
}
