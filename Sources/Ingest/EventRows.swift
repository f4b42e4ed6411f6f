import Events

/// The rows of one block, in the order of its lines.
///
/// Unsafe code: a plain allocation with checked indices; freed when the last holder lets go.
package final class EventRows: @unchecked Sendable {  // changed only by the worker that holds the block at that time
    package let memory: UnsafeMutableRawPointer
    package let count: Int
    package let stride: Int

    init(copying rows: UnsafeRawPointer, count: Int, stride: Int) {
        self.count = count
        self.stride = stride
        memory = .allocate(byteCount: max(16, count * stride), alignment: 16)
        memory.copyMemory(from: rows, byteCount: count * stride)
    }

    deinit { memory.deallocate() }

    @inlinable
    package subscript(index: Int) -> UnsafeMutableRawPointer {
        precondition(index >= 0 && index < count)
        return memory + index &* stride
    }
}

/// What came of one block.
package struct ReadBlock: Sendable {
    package let input: Int
    package let sequence: Int
    package var rows: EventRows?
    /// All lines, blank ones too: for line numbers.
    package var physicalLines: Int64 = 0
    /// Lines that are not blank.
    package var lines: Int64 = 0
    /// Events later than the explicit as-of.
    package var filtered: Int64 = 0
    /// Line numbers count from the block's start until `EventLog` knows all blocks.
    package var rejected: [RejectedLine] = []
}
