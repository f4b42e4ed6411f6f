/// Whole lines of one input, about a MiB of them, followed by padding so that a scan may look a few bytes ahead.
/// Owned by whoever holds it: the reader fills it, one worker reads it, then it is filled again.
final class TextBlock: @unchecked Sendable {  // handed over under the lock of `BlockReader`
    static let padding = 64
    let memory: UnsafeMutableRawPointer
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
        memory = .allocate(byteCount: capacity + Self.padding, alignment: 64)
    }

    deinit { memory.deallocate() }

    /// Puts a line end and harmless bytes behind the text: every scan stops at the latest there.
    func seal() {
        memory.storeBytes(of: UInt8(ascii: "\n"), toByteOffset: count, as: UInt8.self)
        (memory + count + 1).initializeMemory(as: UInt8.self, repeating: 0, count: Self.padding - 1)
    }
}
