package import Events

/// Packs rows one after the other, until they are taken as the rows of a block. One object is used for block after block.
///
/// Unsafe code: the row has `stride` bytes of its layout, and each is packed to room for the longest.
package final class RowPacker {
    private let packing: RowPacking
    /// The row that is made. What the next one does not write anew it keeps; at first all is zero.
    let row: ByteRoom
    private var packed: ByteRoom
    private var bytes = 0
    package private(set) var count = 0

    private static let rowsAtFirst = 1024

    package init(_ layout: RowLayout) {
        packing = RowPacking(layout)
        row = ByteRoom(count: layout.stride)
        row.clear(0..<row.count)
        packed = ByteRoom(count: Self.rowsAtFirst * packing.bytesMax)
    }

    deinit {
        row.release()
        packed.release()
    }

    /// Where the row that is made begins.
    package var address: UnsafeMutableRawPointer { row.bytes.baseAddress! }

    /// Adds the row as it is now.
    @inline(__always)
    package func append() {
        if bytes + packing.bytesMax > packed.count { packed.grow(to: 2 * packed.count, used: bytes) }
        bytes += packing.pack(address, to: packed.part(bytes..<bytes + packing.bytesMax).bytes.baseAddress!)
        count += 1
    }

    /// All rows since the last call.
    package func take() -> EventRows {
        defer { (bytes, count) = (0, 0) }
        return EventRows(copying: packed.part(0..<bytes), count: count, packing)
    }
}
