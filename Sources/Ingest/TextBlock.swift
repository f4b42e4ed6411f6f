/// Whole lines of one input, about a MiB of them, followed by padding so that a scan may look a few bytes ahead.
/// Owned by whoever holds it: the reader fills it, one worker reads it, then it is filled again.
final class TextBlock: @unchecked Sendable {  // handed over under the lock of `BlockReader`
    static let padding = 64
    /// Of `capacity` bytes and the padding.
    let memory: ByteRoom
    let capacity: Int

    /// Bytes of text from the start of `memory`.
    var count = 0
    /// Position of the input in the run's order, and of the block in the input.
    var input = 0
    var sequence = 0
    /// Offset of the first byte in the decompressed stream.
    var offset: Int64 = 0
    /// The block stands for one line that was too long to hold, and is otherwise empty.
    var oversize = Oversize.no

    enum Oversize { case no, text, blank }

    init(capacity: Int) {
        self.capacity = capacity
        memory = ByteRoom(count: capacity + Self.padding)
    }

    deinit { memory.release() }

    /// Puts a line end and harmless bytes behind the text: every scan stops at the latest there.
    func seal() {
        memory[count] = UInt8(ascii: "\n")
        memory.clear(count + 1..<count + Self.padding)
    }

    /// The text with its padding.
    var sealed: Text { memory.text(0..<count + Self.padding) }
}

/// How much text a block takes.
package struct BlockSizes: Sendable {
    /// A block is handed on when it holds this many bytes and a line end.
    package let target: Int
    /// Room for the longest line that is kept, with its end.
    package let capacity: Int

    package init(target: Int = 1 << 20, maxLineBytes: Int) {
        self.target = max(1, target)
        capacity = max(self.target, maxLineBytes) + 4096
    }
}

/// What came of one block.
package struct ReadBlock: Sendable {
    package let input: Int
    package let sequence: Int
    package var rows: EventRows?
    /// All lines, blank ones too: for line numbers.
    package var physicalLines: Int64 = 0
    /// Lines that are neither blank nor trailers.
    package var lines: Int64 = 0
    /// The sum over lines of records less one.
    package var expanded: Int64 = 0
    /// Events later than the explicit as-of.
    package var filtered: Int64 = 0
    /// Line numbers count from the block's start until `EventLog` knows all blocks.
    var rejected: RejectedBlock
    /// By field of the source (`SourcePlan.fieldNames`): in how many records it is there.
    var there: [Int64] = []
    /// The first, and of the others the first that is wrong or else the last: what lies between two is told by the block alone.
    private(set) var trailers: [Trailer] = []

    init(_ block: TextBlock) {
        (input, sequence) = (block.input, block.sequence)
        rejected = RejectedBlock(input: block.input, offset: block.offset)
    }

    /// The line counted last is a trailer.
    mutating func takeTrailer(_ count: Int64) {
        lines -= 1
        addTrailer(count)
    }

    /// A trailer behind the lines that were counted so far.
    private mutating func addTrailer(_ count: Int64) {
        if trailers.count == 2, !trailers[1].isRight { return }
        let trailer = Trailer(line: physicalLines, linesBefore: lines, linesSince: lines - (trailers.last?.linesBefore ?? 0), count: count)
        if trailers.count == 2 { trailers.removeLast() }
        trailers.append(trailer)
    }
}
