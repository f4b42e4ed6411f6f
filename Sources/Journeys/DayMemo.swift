/// Remembers, for each of a dense range of numbers, the cell of the day it was asked for last: persons that are
/// folded one after the other came at about the same time, so most look-ups of (number, day) end here.
///
/// Unsafe code: `number` must lie below the count given at the start; callers' numbers are dense by construction.
final class DayMemo {
    private let entries: UnsafeMutablePointer<(day: Int32, cell: Int32)>

    init(count: Int) {
        entries = .allocate(capacity: max(1, count))
        entries.initialize(repeating: (Int32.min, 0), count: max(1, count))
    }

    deinit { entries.deallocate() }

    /// The cell of (number, day), found by `find` where it is not the one remembered.
    @inline(__always)
    func cell(_ number: Int, day: Int32, _ find: (UInt32) -> Int) -> Int {
        if entries[number].day == day { return Int(entries[number].cell) }
        let cell = find(UInt32(bitPattern: day))
        entries[number] = (day, Int32(cell))
        return cell
    }
}
