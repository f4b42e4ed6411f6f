/// Some lines of one input, to be looked at before it is read: its first blocks, as many as are asked for, and perhaps later ones.
/// Nothing is read beyond what is asked for, so that a look takes the same time whatever the size of the input.
package final class LineSample {
    package let path: String
    private let splitter: BlockSplitter
    private let sizes: BlockSizes
    private(set) var blocks: [TextBlock] = []
    /// Whether its end was reached: then the blocks are all there is, unless some were passed over.
    package private(set) var isAtEnd = false

    /// Of text in a block.
    package static let blockBytes = 256 << 10

    /// Opens the input; `-` is standard input. Throws `IngestError`.
    package init(path: String, maxLineBytes: Int) throws {
        self.path = path
        sizes = BlockSizes(target: Self.blockBytes, maxLineBytes: maxLineBytes)
        splitter = try BlockSplitter(input: 0, of: .init(path: path, source: 0), sizes: sizes)
    }

    /// Adds the next blocks of about 256 KiB, fewer where the input ends.
    /// - Parameter passingOver: blocks that are read and not kept before that.
    /// Throws `IngestError`, also for what is no NDJSON at all.
    package func read(blocks count: Int = 1, passingOver: Int = 0) throws {
        var passed = 0
        while !isAtEnd, passed < passingOver + count {
            let block = TextBlock(capacity: sizes.capacity)
            guard try splitter.fill(block) else {
                isAtEnd = true
                return
            }
            if passed >= passingOver { blocks.append(block) }
            passed += 1
        }
    }

    /// Bytes of text in it.
    package var bytes: Int { blocks.reduce(0) { $0 + $1.count } }

    /// Without their ends. Blank lines, and such as are too long to be held, are left out.
    package var lines: [[UInt8]] {
        blocks.filter { $0.oversize == .no }.flatMap { block in
            let text = Text(block.sealed.start, block.count)
            let hasMark = block.offset == 0 && text.bytes.starts(with: [0xEF, 0xBB, 0xBF])
            return text.bytes.dropFirst(hasMark ? 3 : 0).split(separator: 10).filter { !$0.allSatisfy { $0 <= 32 } }.map { Array($0) }
        }
    }
}
