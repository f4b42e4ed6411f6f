import TestSupport
import Testing

@testable import Events

/// Packing loses nothing, and packs no more than there is.
@Suite struct PackedRowsTests {
    /// Rows of every layout around the width of a mask, with every number of scalars somewhere.
    @Test(arguments: [0, 1, 2, 9, 31, 32, 33, 64, 65])
    func thereAndBack(scalarCount: Int) {
        for (hasEventID, hasOrigin) in [(false, false), (true, false), (true, true)] {
            let layout = RowLayout(
                hasEventID: hasEventID, hasSequence: hasOrigin, hasOrigin: hasOrigin, hasRecords: hasOrigin, scalarCount: scalarCount)
            let packing = RowPacking(layout)
            var random = SeededGenerator(seed: UInt64(scalarCount))
            let rows = (0..<200).map { row in
                (0..<layout.stride / 4).map { word -> UInt32 in
                    guard word * 4 >= layout.scalarOffset else { return .random(in: 0...UInt32.max, using: &random) }
                    guard word * 4 < layout.scalarOffset + 4 * scalarCount else { return 0 }
                    return Int.random(in: 0..<200, using: &random) < row ? .random(in: 1...UInt32.max, using: &random) : 0
                }
            }
            let memory = Slots<UInt32>(repeating: 0, count: rows.count * packing.bytesMax / 4)
            defer { memory.release() }
            let start = UnsafeMutableRawPointer(mutating: memory.stretch(0, count: memory.count).baseAddress!)
            var bytes = 0
            for row in rows {
                let size = row.withUnsafeBytes { packing.pack($0.baseAddress!, to: start + bytes) }
                let present = row[(layout.scalarOffset / 4)...].count { $0 != 0 }
                #expect(size == layout.scalarOffset + 4 * ((scalarCount + 31) / 32) + 4 * present)
                #expect(size == packing.size(of: start + bytes) && size <= packing.bytesMax)
                bytes += size
            }
            let packed = PackedRows(start, bytes: bytes, packing)
            var found: [[UInt32]] = []
            packed.forEach { row, _ in
                let whole = packing.unpacked(row)
                found.append(whole.withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) })
                // At multiples of 4 only.
                #expect(EventRow(row).time == whole.withUnsafeBytes { $0.load(as: EventTime.self) })
            }
            #expect(found == rows)
            packed.forEach { row, _ in packing.changeScalars(row) { Scalar(bits: Self.changed($0.bits)) } }
            var changed: [[UInt32]] = []
            packed.forEach { row, _ in
                changed.append(packing.unpacked(row).withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) })
            }
            let scalars = layout.scalarOffset / 4
            for (before, after) in zip(rows, changed) {
                #expect(after[..<scalars] == before[..<scalars])
                #expect(Array(after[scalars...]) == before[scalars...].map(Self.changed))
            }
        }
    }

    /// Another scalar for each, and none for none.
    private static func changed(_ bits: UInt32) -> UInt32 { bits == 0 ? 0 : max(1, bits ^ 1) }
}
