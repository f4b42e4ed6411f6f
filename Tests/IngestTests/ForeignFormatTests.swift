import TestSupport
import Testing

@testable import Ingest

/// What is no NDJSON is called what it is; what is, with bad lines, is not.
@Suite struct ForeignFormatTests {
    private func format(_ bytes: [UInt8], isWhole: Bool = true) -> ForeignFormat? {
        ForeignFormat.of(bytes, isWhole: isWhole)
    }

    @Test(arguments: ForeignFiles.all.indices)
    func isNamed(_ index: Int) {
        let (bytes, name) = ForeignFiles.all[index]
        #expect(format(bytes)?.name.contains(name) == true, "\(name): \(format(bytes)?.name ?? "nothing")")
    }

    /// Beyond what is looked at, anything may follow.
    @Test(arguments: ForeignFiles.texts.indices)
    func longFilesAreNamed(_ index: Int) {
        let (text, name) = ForeignFiles.texts[index]
        // An array ends, and what comes behind it is something else.
        guard !text.hasSuffix("]"), !text.hasSuffix("]\n") else { return }
        let lines = text.hasSuffix("\n") ? text : text + "\n"
        let bytes = Array(
            String(repeating: lines, count: ForeignFormat.headBytes / lines.utf8.count + 1).utf8.prefix(ForeignFormat.headBytes))
        #expect(format(bytes, isWhole: false)?.name.contains(name) == true, "\(name)")
    }

    @Test(arguments: ForeignFiles.badBeginnings)
    func badLinesBeforeGoodOnes(_ beginning: String) {
        let good = (0..<3).map { ForeignFiles.object($0) + "\n" }.joined()
        for text in [beginning + "\n" + good, beginning + "\r\n" + beginning + "\r\n" + good] {
            #expect(format(Array(text.utf8)) == nil, "\(text.prefix(100).debugDescription)")
            #expect(format(Array(text.utf8), isWhole: false) == nil, "\(text.prefix(100).debugDescription)")
        }
    }

    /// One line that says what to do with the next is no bulk request yet.
    @Test func oneActionIsABadLine() {
        let lines = ["{\"index\":{}}", ForeignFiles.object(1), ForeignFiles.object(2), ForeignFiles.object(3)]
        #expect(format(Array(lines.joined(separator: "\n").utf8)) == nil)
        #expect(format(Array("{\"index\":{},\"ts\":1}\n{\"index\":{},\"ts\":1}\n{\"index\":{},\"ts\":1}".utf8)) == nil)
    }

    /// A log may say in its keys what was done.
    @Test(arguments: ["index", "create", "update", "delete"])
    func actionsOfALogAreLines(_ key: String) {
        let lines = (0..<4).map { "{\"\(key)\":\(ForeignFiles.object($0))}\n" }.joined()
        #expect(format(Array(lines.utf8)) == nil && format(Array(lines.utf8), isWhole: false) == nil)
        let empty = (0..<4).map { _ in "{\"\(key)\":{}}\n" }.joined()
        #expect(format(Array(empty.utf8)) == nil)
    }

    /// Of a pipe there may be only a line yet.
    @Test(arguments: ["[", "{", "a,b", "<a>", "data: x", "[1]", "x"])
    func oneLineIsTooFewToTell(_ line: String) { #expect(format(Array((line + "\n").utf8), isWhole: false) == nil) }

    @Test func otherThingsAreLeftToTheirLines() {
        let random = (0..<1000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13 | 0x80) }
        for bytes in [
            [], [0], [0xEF, 0xBB, 0xBF], Array("\n\n \n".utf8), Array("x".utf8), Array("[]".utf8), Array(" [{\"a\":1}] \n".utf8),
            Array("{\"a\":1}{}\n".utf8), Array("1\n2\n3\n".utf8), Array("a b\nc d\n".utf8), random,
        ] {
            #expect(format(bytes) == nil)
        }
    }

    /// The same word whatever the compression, and for blocks of every size; the advice then unpacks first.
    @Test(arguments: ForeignFiles.all.indices)
    func compressedFilesAreNamed(_ index: Int) throws {
        let (bytes, name) = ForeignFiles.all[index]
        for (packed, words) in [
            (bytes, ", not one JSON object on each line"), (Packing.gzip(bytes), " inside of gzip, not one JSON object on each line"),
            (Packing.zstd(bytes), " inside of zstd, not one JSON object on each line"),
        ] {
            let file = try TemporaryFile(packed)
            for target in [1, 100, 1 << 20] {
                let sizes = BlockSizes(target: target, maxLineBytes: 1000)
                let splitter = try BlockSplitter(input: 0, of: .init(path: file.path, source: 0), sizes: sizes)
                do {
                    _ = try splitter.fill(TextBlock(capacity: sizes.capacity))
                    Issue.record("\(name): read")
                } catch let error as IngestError {
                    let message = error.description
                    #expect(message.contains("this is ") && message.contains(name) && message.contains(words), "\(message)")
                    #expect(name == "an HTML page" || message.hasSuffix("| sojourn run PIPELINE -"), "\(message)")
                    #expect(
                        words.hasPrefix(",") || name == "an HTML page" || message.contains("zcat FILE") || message.contains("zstdcat FILE"),
                        "\(message)")
                }
            }
        }
    }

    @Test func compressedTwice() throws {
        let once = Packing.gzip(Array(ForeignFiles.object(1).utf8))
        #expect(format(once)?.name == "gzip data once more")
        #expect(format(Packing.zstd(once))?.name == "zstd data")
    }
}
