/// Tuples of a fixed number of 32-bit symbols, numbered from 0 in order of first sight.
///
/// Unsafe code: open addressing over raw memory, as in `SymbolTable`. The mask keeps places within the slots, and a number lies
/// below `count`; callers guarantee `width` symbols at the addresses they give. One writer at a time.
public final class TupleTable: @unchecked Sendable {  // owned by one worker while it grows, frozen afterwards
    public let width: Int
    public private(set) var count = 0
    /// `width` symbols for each tuple.
    @usableFromInline var rows: Slots<UInt32>
    /// Number + 1 of the tuple, 0 where free.
    @usableFromInline var slots: Slots<UInt32>
    @usableFromInline var mask: Int
    @usableFromInline let seed: HashSeed

    public init(width: Int, capacity: Int = 64, seed: HashSeed = .ofProcess) {
        precondition(width > 0)
        self.seed = seed
        self.width = width
        rows = Slots(count: capacity * width)
        var slotCount = Self.slotsMin
        while slotCount < capacity * 2 { slotCount *= 2 }
        mask = slotCount - 1
        slots = Slots(repeating: 0, count: slotCount)
    }

    deinit {
        rows.release()
        slots.release()
    }

    /// What the table takes of memory.
    public var memoryBytes: Int { (rows.count + slots.count) * MemoryLayout<UInt32>.stride }

    /// The number of this tuple of `width` symbols.
    @inlinable
    public func intern(_ tuple: UnsafePointer<UInt32>) -> UInt32 { intern(tuple, hash: seed.hash(tuple, width)) }

    /// The hash of a tuple: to be asked for early, and prefetched, where other work can be done meanwhile.
    @inlinable @inline(__always)
    public func hashAndPrefetch(_ tuple: UnsafePointer<UInt32>) -> UInt64 {
        let hash = seed.hash(tuple, width)
        slots.prefetch(Int(truncatingIfNeeded: hash) & mask)
        return hash
    }

    /// As `intern`, with the tuple's hash known.
    @inlinable
    public func intern(_ tuple: UnsafePointer<UInt32>, hash: UInt64) -> UInt32 {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let found = slots[slot]
            if found == 0 { return insert(tuple, at: slot) }
            let row = (Int(found) &- 1) * width
            var index = 0
            while index < width, rows[row &+ index] == tuple[index] { index &+= 1 }
            if index == width { return found &- 1 }
            slot = (slot &+ 1) & mask
        }
    }

    /// The number of this tuple; nil where it was never seen.
    public func find(_ tuple: UnsafePointer<UInt32>) -> UInt32? {
        var slot = Int(truncatingIfNeeded: seed.hash(tuple, width)) & mask
        while slots[slot] != 0 {
            let row = (Int(slots[slot]) - 1) * width
            if (0..<width).allSatisfy({ rows[row + $0] == tuple[$0] }) { return slots[slot] - 1 }
            slot = (slot + 1) & mask
        }
        return nil
    }

    @usableFromInline @inline(never)
    func insert(_ tuple: UnsafePointer<UInt32>, at slot: Int) -> UInt32 {
        precondition(count < Int(UInt32.max) - 1, "more than 4 billion distinct tuples")
        let row = count * width
        if row == rows.count { rows.grow(to: max(width, row * 2), used: row) }
        rows.write(tuple, count: width, at: row)
        count += 1
        slots[slot] = UInt32(count)
        if count * 2 > mask { growSlots() }
        return UInt32(count - 1)
    }

    /// Forgets every tuple. What it takes of memory stays where it is little: for a table that is filled anew again and again.
    public func removeAll() {
        if memoryBytes > Self.keptBytesMax {
            rows.release()
            slots.release()
            (rows, slots) = (Slots(count: width), Slots(repeating: 0, count: Self.slotsMin))
            mask = Self.slotsMin - 1
        } else if count > 0 {
            slots.fill(0..<slots.count, with: 0)
        }
        count = 0
    }

    private static let slotsMin = 128
    private static let keptBytesMax = 64 << 10

    private func growSlots() {
        let size = (mask + 1) * 2
        slots.release()
        slots = Slots(repeating: 0, count: size)
        mask = size - 1
        for number in 0..<count {
            var slot = Int(truncatingIfNeeded: seed.hash(self[number].baseAddress!, width)) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number + 1)
        }
    }

    /// The symbols of a tuple. They live until the table grows.
    @inlinable
    public subscript(number: Int) -> UnsafeBufferPointer<UInt32> {
        precondition(number >= 0 && number < count, "not a tuple of this table")
        return rows.stretch(number * width, count: width)
    }

    // MARK: Records

    /// As `intern` of a value that is `width` 32-bit words without padding.
    @inlinable @inline(__always)
    public func intern<Record: BitwiseCopyable>(record: Record) -> UInt32 {
        assert(MemoryLayout<Record>.size == width * 4, "a record of another width")
        return withUnsafeBytes(of: record) { intern($0.assumingMemoryBound(to: UInt32.self).baseAddress!) }
    }

    /// The value that was taken in so.
    @inlinable
    public func record<Record: BitwiseCopyable>(_ number: Int, as type: Record.Type) -> Record {
        precondition(MemoryLayout<Record>.size == width * 4, "a record of another width")
        return UnsafeRawBufferPointer(self[number]).loadUnaligned(as: type)
    }

    // MARK: Sums

    /// Takes in every tuple of `other`, its symbols renumbered by `symbols`; answers the new number of each.
    public func absorb(_ other: TupleTable, symbols: [UInt32]) -> [UInt32] {
        precondition(other.width == width)
        // Looking some tuples ahead hides the wait for each slot.
        let ahead = 8
        var ring = [UInt32](repeating: 0, count: ahead * width)
        var hashes = [UInt64](repeating: 0, count: ahead)
        var numbers = [UInt32](repeating: 0, count: other.count)
        ring.withUnsafeMutableBufferPointer { ring in
            for number in 0..<(other.count + ahead) {
                let tuple = ring.baseAddress! + number % ahead * width
                if number >= ahead { numbers[number - ahead] = intern(tuple, hash: hashes[number % ahead]) }
                guard number < other.count else { continue }
                for column in 0..<width { tuple[column] = symbols[Int(other.rows[number * width + column])] }
                hashes[number % ahead] = hashAndPrefetch(tuple)
            }
        }
        return numbers
    }
}
