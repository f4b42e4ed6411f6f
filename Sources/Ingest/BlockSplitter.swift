/// Cuts one decompressed input into blocks of whole lines. A line longer than a block is passed over without
/// being held: memory stays the same whatever a line's length or a frame's compression ratio.
final class BlockSplitter {
    let input: Int
    private let file: InputFile
    /// nil until the input's first bytes are there.
    private var decompressor: (any Decompressor)?
    private let window: CompressedWindow
    /// Lines, or the beginning of one, that were read but not yet delivered.
    private let carry: ByteRoom
    private var carryCount = 0
    private let sizes: BlockSizes
    private var offset: Int64 = 0
    private var sequence = 0
    private var atEnd = false
    private var longLine: LongLine?
    /// Whether everything so far ended with a line end.
    private(set) var endsWhole = true
    /// The last `fill` came to nothing because the input's interval is over: the next one goes on from there.
    private(set) var isPaused = false
    private var skipped: SkippedLines

    private struct LongLine {
        var start: Int64
        var onlyBlanks = true
    }

    init(input: Int, of file: InputFile, interval: ReadInterval? = nil, cancellation: Cancellation? = nil, sizes: BlockSizes) throws {
        (self.input, self.file, self.sizes) = (input, file, sizes)
        skipped = SkippedLines(rest: file.skipsLines ? file.linesBefore : 0)
        window = CompressedWindow(file: try OpenInput(path: file.path, interval: interval, cancellation: cancellation))
        carry = ByteRoom(count: sizes.capacity)
    }

    deinit { carry.release() }

    /// Bytes of the file used so far.
    var fileBytesUsed: Int64 { window.fileOffset }

    /// What was read, raw; complete once `fill` has returned false.
    var contents: LogInput {
        var contents = LogInput(file)
        (contents.bytes, contents.sha256) = (window.file.offset, window.file.sha256)
        (contents.endsWhole, contents.skipped) = (endsWhole, skipped)
        return contents
    }

    /// Fills `block` with the next whole lines. Returns false at the end of the input, or of its interval; a line of which
    /// only a part has come then waits. Throws `IngestError`.
    func fill(_ block: TextBlock) throws -> Bool {
        precondition(block.capacity == sizes.capacity)
        let memory = block.memory
        memory.copy(carry.part(0..<carryCount))
        var filled = carryCount
        var limit = max(sizes.target, carryCount)
        while true {
            isPaused = false
            while filled < limit, !atEnd, !isPaused {
                let more = try read(into: memory.part(filled..<limit))
                isPaused = more == nil
                atEnd = more == 0
                filled += more ?? 0
            }
            if longLine == nil, skip(memory, &filled) { continue }
            if longLine != nil {
                if let rest = passOver(memory, filled) {
                    keep(memory, rest..<filled)
                    if !skipLongLine() { return deliverLongLine(block) }
                    memory.copy(carry.part(0..<carryCount))
                    filled = carryCount
                    continue
                }
                if atEnd {
                    endsWhole = false
                    return !skipLongLine() && deliverLongLine(block)
                }
                filled = 0
                if isPaused { return false }
            } else if atEnd {
                carryCount = 0
                guard filled > 0 else { return false }
                endsWhole = memory[filled - 1] == 10
                return deliver(block, count: filled)
            } else if let lastEnd = memory.lastLineEnd(before: filled) {
                let whole = lastEnd + 1
                keep(memory, whole..<filled)
                return deliver(block, count: whole)
            } else if isPaused {
                keep(memory, 0..<filled)
                return false
            } else if limit < sizes.capacity {
                limit = min(sizes.capacity, limit * 2)
            } else {
                longLine = LongLine(start: offset)
                carryCount = 0
            }
        }
    }

    /// As the decompressor, once it can be told which one it is.
    private func read(into room: ByteRoom) throws -> Int? {
        if decompressor == nil { decompressor = try window.decompressor().map { ExaminedReader($0, path: window.file.path) } }
        return try decompressor?.read(into: room)
    }

    /// Drops lines that are to be skipped from the beginning of what was read. Returns whether any were.
    private func skip(_ memory: ByteRoom, _ filled: inout Int) -> Bool {
        var start = 0
        while skipped.rest > 0, start < filled {
            guard let end = memory.lineEnd(in: start..<filled) else {
                guard atEnd else { break }
                // The last line, which has no end.
                endsWhole = false
                skipped.pass(memory.text(start..<filled))
                start = filled
                break
            }
            skipped.pass(memory.text(start..<end))
            start = end + 1
        }
        guard start > 0 else { return false }
        memory.moveToStart(start..<filled)
        filled -= start
        offset += Int64(start)
        return true
    }

    private func skipLongLine() -> Bool {
        guard skipped.rest > 0, let line = longLine else { return false }
        skipped.pass(isBlank: line.onlyBlanks)
        longLine = nil
        return true
    }

    private func keep(_ memory: ByteRoom, _ range: Range<Int>) {
        carryCount = range.count
        carry.copy(memory.part(range))
    }

    private func deliver(_ block: TextBlock, count: Int) -> Bool {
        label(block, count: count, offset: offset, oversize: .no)
        offset += Int64(count)
        return true
    }

    private func deliverLongLine(_ block: TextBlock) -> Bool {
        guard let line = longLine else { return false }
        longLine = nil
        label(block, count: 0, offset: line.start, oversize: line.onlyBlanks ? .blank : .text)
        return true
    }

    private func label(_ block: TextBlock, count: Int, offset: Int64, oversize: TextBlock.Oversize) {
        block.input = input
        block.sequence = sequence
        block.count = count
        block.offset = offset
        block.oversize = oversize
        block.seal()
        sequence += 1
    }

    /// Drops bytes of a long line; returns the index behind its line end, if that is among them.
    private func passOver(_ memory: ByteRoom, _ count: Int) -> Int? {
        let end = memory.lineEnd(in: 0..<count)
        if longLine!.onlyBlanks {
            longLine!.onlyBlanks = SkippedLines.isBlank(memory.text(0..<(end ?? count)))
        }
        offset += Int64(end.map { $0 + 1 } ?? count)
        return end.map { $0 + 1 }
    }
}
