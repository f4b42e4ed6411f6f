import Testing

@testable import Events

/// The handles that all inner loops reach their memory by.
@Suite struct SlotsTests {
    static func block(_ words: Slots<UInt64>, _ layout: RowLayout) -> RowBlock {
        let memory = UnsafeMutableRawPointer(mutating: words.stretch(0, count: words.count).baseAddress!)
        return RowBlock(memory, count: words.count * 8 / layout.stride, stride: layout.stride)
    }

    @Test func growingKeepsWhatWasUsed() {
        var slots = Slots<Int>(count: 2)
        defer { slots.release() }
        for number in 0..<1000 {
            if number == slots.count { slots.grow(to: slots.count * 2, used: number) }
            slots[number] = number * number
        }
        #expect(slots.count == 1024 && (0..<1000).allSatisfy { slots[$0] == $0 * $0 })
        #expect(slots.stretch(3, count: 3).elementsEqual([9, 16, 25]))
        slots[7] += 1
        slots.fill(1..<3, with: -1)
        #expect((0..<4).map { slots[$0] } == [0, -1, -1, 9] && slots[7] == 50)
    }

    /// Large memory is asked for in another way.
    @Test func largeMemory() {
        let slots = Slots<UInt64>(repeating: 7, count: 1 << 20)
        let other = Slots<UInt64>([1, 2, 3])
        defer {
            slots.release()
            other.release()
        }
        slots.copy(other, count: 2)
        #expect(slots[0] == 1 && slots[1] == 2 && slots[2] == 7 && slots[(1 << 20) - 1] == 7)
    }

    @Test func rowsOfABlock() {
        let layout = RowLayout(hasEventID: false, hasSequence: true, scalarCount: 1)
        let words = Slots<UInt64>(repeating: 0, count: 3 * layout.stride / 8)
        defer { words.release() }
        let block = SlotsTests.block(words, layout)
        for row in 0..<3 {
            block.store(EventTime(row) - 1, at: RowLayout.timeOffset, of: row)
            block.store(UInt32(10 + row), at: RowLayout.kindOffset, of: row)
            block.store(UInt32(20 + row), at: layout.scalarOffset, of: row)
        }
        block.copy(block[2], to: 0)
        #expect((0..<3).map { block[$0].time } == [1, 0, 1] && (0..<3).map { block[$0].kind } == [12, 11, 12])
        #expect(block[1].load(layout.scalarOffset, as: UInt32.self) == 21)
        #expect(block.stretch(1..<3)[0].kind == 11 && block[1].isAtOrBehind(block[0]) && !block[0].isAtOrBehind(block[1]))
    }

    #if DEBUG
        /// What lies outside is told in debug builds, before it is touched.
        @Test func slotsOutside() async {
            await #expect(processExitsWith: .failure) { _ = Slots<Int>(repeating: 0, count: 4)[4] }
            await #expect(processExitsWith: .failure) { Slots<Int>(repeating: 0, count: 4)[-1] = 1 }
            await #expect(processExitsWith: .failure) { _ = Slots<Int>(repeating: 0, count: 4).stretch(2, count: 3) }
            await #expect(processExitsWith: .failure) { Slots<Int>(repeating: 0, count: 4).fill(3..<5, with: 1) }
            await #expect(processExitsWith: .failure) { Slots<Int>(repeating: 0, count: 4).prefetch(4) }
        }

        @Test func rowsOutside() async {
            await #expect(processExitsWith: .failure) {
                let words = Slots<UInt64>(repeating: 0, count: 6)
                let layout = RowLayout(hasEventID: false, hasSequence: false, scalarCount: 0)
                _ = SlotsTests.block(words, layout)[3]
            }
            await #expect(processExitsWith: .failure) {
                let words = Slots<UInt64>(repeating: 0, count: 6)
                let layout = RowLayout(hasEventID: false, hasSequence: false, scalarCount: 0)
                SlotsTests.block(words, layout).store(UInt64(1), at: 12, of: 0)
            }
        }
    #endif
}
