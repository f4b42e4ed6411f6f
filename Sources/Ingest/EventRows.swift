import Events

/// The rows of one block, in the order of its lines: in memory, or spilled to a file.
///
/// Unsafe code: a plain allocation of `count` rows of `stride` bytes; freed when the last holder lets go.
package final class EventRows: @unchecked Sendable {  // used by one worker at a time
    package let count: Int
    package let stride: Int
    private var memory: UnsafeMutableRawPointer?
    private var spilled: (file: SpillFile, offset: Int64)?

    package init(copying rows: UnsafeRawPointer, count: Int, stride: Int) {
        self.count = count
        self.stride = stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(16, count * stride), alignment: 16)
        memory.copyMemory(from: rows, byteCount: count * stride)
        self.memory = memory
    }

    deinit { memory?.deallocate() }

    package var bytes: Int { count * stride }

    /// Moves the rows to the file and frees their memory.
    func spill(to file: SpillFile) throws {
        guard let memory, count > 0 else { return }
        let offset = file.reserve(bytes)
        try file.write(UnsafeRawBufferPointer(start: memory, count: bytes), at: offset)
        spilled = (file, offset)
        memory.deallocate()
        self.memory = nil
    }

    /// Calls `body` with the first row; the others follow, `stride` bytes each. What `body` changes is kept only
    /// where `writing` is true.
    package func access(_ scratch: RowScratch, writing: Bool, _ body: (UnsafeMutableRawPointer) -> Void) throws {
        if let memory { return body(memory) }
        guard let (file, offset) = spilled else { return }
        let buffer = UnsafeMutableRawBufferPointer(start: scratch.room(bytes), count: bytes)
        try file.read(into: buffer, at: offset)
        body(buffer.baseAddress!)
        if writing { try file.write(UnsafeRawBufferPointer(buffer), at: offset) }
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
