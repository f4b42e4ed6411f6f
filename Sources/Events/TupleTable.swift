public import CScan

/// Tuples of a fixed number of 32-bit symbols, numbered from 0 in order of first sight.
///
/// Unsafe code: open addressing over raw memory, as in `SymbolTable`. One writer at a time.
public final class TupleTable: @unchecked Sendable {  // owned by one worker while it grows, frozen afterwards
    public let width: Int
    public private(set) var count = 0
    @usableFromInline var rows: UnsafeMutablePointer<UInt32>
    /// Number + 1 of the tuple, 0 where free.
    @usableFromInline var slots: UnsafeMutablePointer<UInt32>
    @usableFromInline var mask: Int
    @usableFromInline let seed: HashSeed
    private var capacity: Int

    public init(width: Int, capacity: Int = 64, seed: HashSeed = .ofProcess) {
        precondition(width > 0)
        self.seed = seed
        self.width = width
        self.capacity = capacity
        rows = TableMemory.allocate(UInt32.self, count: capacity * width)
        var slotCount = 128
        while slotCount < capacity * 2 { slotCount *= 2 }
        mask = slotCount - 1
        slots = TableMemory.allocate(UInt32.self, count: slotCount)
        slots.initialize(repeating: 0, count: slotCount)
    }

    deinit {
        TableMemory.release(rows)
        TableMemory.release(slots)
    }

    /// The number of this tuple of `width` symbols.
    @inlinable
    public func intern(_ tuple: UnsafePointer<UInt32>) -> UInt32 { intern(tuple, hash: seed.hash(tuple, width)) }

    /// The hash of a tuple: to be asked for early, and prefetched, where other work can be done meanwhile.
    @inlinable @inline(__always)
    public func hashAndPrefetch(_ tuple: UnsafePointer<UInt32>) -> UInt64 {
        let hash = seed.hash(tuple, width)
        sojourn_prefetch(slots + (Int(truncatingIfNeeded: hash) & mask))
        return hash
    }

    /// As `intern`, with the tuple's hash known.
    @inlinable
    public func intern(_ tuple: UnsafePointer<UInt32>, hash: UInt64) -> UInt32 {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let found = slots[slot]
            if found == 0 { return insert(tuple, at: slot) }
            let row = rows + (Int(found) &- 1) &* width
            var index = 0
            while index < width, row[index] == tuple[index] { index &+= 1 }
            if index == width { return found &- 1 }
            slot = (slot &+ 1) & mask
        }
    }

    /// The number of this tuple; nil where it was never seen.
    public func find(_ tuple: UnsafePointer<UInt32>) -> UInt32? {
        var slot = Int(truncatingIfNeeded: seed.hash(tuple, width)) & mask
        while slots[slot] != 0 {
            let row = rows + (Int(slots[slot]) - 1) * width
            if (0..<width).allSatisfy({ row[$0] == tuple[$0] }) { return slots[slot] - 1 }
            slot = (slot + 1) & mask
        }
        return nil
    }

    @usableFromInline @inline(never)
    func insert(_ tuple: UnsafePointer<UInt32>, at slot: Int) -> UInt32 {
        precondition(count < Int(UInt32.max) - 1, "more than 4 billion distinct tuples")
        if count == capacity {
            let grown = TableMemory.allocate(UInt32.self, count: capacity * 2 * width)
            grown.moveInitialize(from: rows, count: count * width)
            TableMemory.release(rows)
            rows = grown
            capacity *= 2
        }
        (rows + count * width).initialize(from: tuple, count: width)
        count += 1
        slots[slot] = UInt32(count)
        if count * 2 > mask { growSlots() }
        return UInt32(count - 1)
    }

    private func growSlots() {
        let size = (mask + 1) * 2
        TableMemory.release(slots)
        slots = TableMemory.allocate(UInt32.self, count: size)
        slots.initialize(repeating: 0, count: size)
        mask = size - 1
        for number in 0..<count {
            var slot = Int(truncatingIfNeeded: seed.hash(rows + number * width, width)) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number + 1)
        }
    }

    /// The symbols of a tuple. They live until the table grows.
    @inlinable
    public subscript(number: Int) -> UnsafeBufferPointer<UInt32> {
        precondition(number >= 0 && number < count, "not a tuple of this table")
        return UnsafeBufferPointer(start: rows + number &* width, count: width)
    }

    /// Takes in every tuple of `other`, its symbols renumbered by `symbols`; answers the new number of each.
    public func absorb(_ other: TupleTable, symbols: [UInt32]) -> [UInt32] {
        precondition(other.width == width)
        // Looking some tuples ahead hides the wait for each slot.
        let ahead = 8
        let ring = UnsafeMutablePointer<UInt32>.allocate(capacity: ahead * width)
        defer { ring.deallocate() }
        var hashes = [UInt64](repeating: 0, count: ahead)
        var numbers = [UInt32](repeating: 0, count: other.count)
        for number in 0..<(other.count + ahead) {
            let tuple = ring + number % ahead * width
            if number >= ahead { numbers[number - ahead] = intern(tuple, hash: hashes[number % ahead]) }
            guard number < other.count else { continue }
            for column in 0..<width { tuple[column] = symbols[Int(other.rows[number * width + column])] }
            hashes[number % ahead] = hashAndPrefetch(tuple)
        }
        return numbers
    }
}
