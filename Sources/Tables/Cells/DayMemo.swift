/// Remembers, for each of a dense range of numbers, the cell of the day it was asked for last: persons that are
/// folded one after the other came at about the same time, so most look-ups of (number, day) end here.
///
/// Unsafe code: `number` must lie below the count given at the start, which debug builds check; callers' numbers are dense
/// by construction.
final class DayMemo {
    private let entries: UnsafeMutablePointer<(day: Int32, slice: UInt32, cell: Int32)>
    private let count: Int

    init(count: Int) {
        self.count = max(1, count)
        entries = .allocate(capacity: self.count)
        entries.initialize(repeating: (Int32.min, 0, 0), count: self.count)
    }

    deinit { entries.deallocate() }

    /// The table's cell of (number, day, segment), found by its key where it is not the one remembered.
    @inline(__always)
    func cell(_ number: Int, day: Int32, slice: UInt32 = 0, in table: CellTable, _ key: @autoclosure () -> CellKey) -> Int {
        assert(number >= 0 && number < count, "a number that is not dense")
        if entries[number].day == day, entries[number].slice == slice { return Int(entries[number].cell) }
        let cell = table.cell(key())
        entries[number] = (day, slice, Int32(cell))
        return cell
    }
}
