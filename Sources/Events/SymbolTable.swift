// Public, like all of this module: what other modules are to inline must be.
public import Glibc

/// Byte strings numbered in order of first sight, from 1; 0 stands for "absent". Two strings get one number only
/// if their tag and every byte agree.
///
/// Unsafe code: open addressing over raw memory, because a Swift `Dictionary` costs ten times as much per look-up
/// at this size. The mask keeps places within the slots, and a symbol lies below `count`, which is checked; callers
/// guarantee `length` bytes at the addresses they give. One writer at a time; frozen tables may be read from several threads.
public final class SymbolTable: @unchecked Sendable {  // owned by one worker while it grows, frozen afterwards
    /// A place of the hash table. The text's own place lies beside its number: one wait for memory less a look-up.
    @usableFromInline
    struct Slot: BitwiseCopyable {
        /// High half: high half of the hash. Low half: symbol, 0 where free.
        @usableFromInline var key: UInt64
        @usableFromInline var entry: Entry

        @usableFromInline
        init(_ key: UInt64, _ entry: Entry) {
            self.key = key
            self.entry = entry
        }
    }

    /// A text in memory, preceded by a 4-byte length and a 1-byte tag.
    @usableFromInline
    struct Entry: BitwiseCopyable {
        static let headBytes = 5

        @usableFromInline let address: UnsafeRawPointer

        fileprivate init(_ address: UnsafeRawPointer) { self.address = address }

        @inlinable var length: Int { Int(address.loadUnaligned(as: UInt32.self)) }
        @inlinable var tag: UInt8 { address.load(fromByteOffset: 4, as: UInt8.self) }
        @inlinable var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: address + 5, count: length) }

        @inlinable @inline(__always)
        func equals(_ bytes: UnsafeRawPointer, _ length: Int, _ tag: UInt8) -> Bool {
            address.loadUnaligned(as: UInt32.self) == UInt32(truncatingIfNeeded: length) && self.tag == tag
                && memcmp(address + 5, bytes, length) == 0
        }
    }

    @usableFromInline var slots: Slots<Slot>
    @usableFromInline var mask: Int
    @usableFromInline let seed: HashSeed
    /// For symbol n, at n − 1: its text.
    @usableFromInline var entries: Slots<Entry>
    public private(set) var count = 0

    private var chunks: [UnsafeMutableRawPointer] = []
    private var chunkBytes = 0
    private var chunkUsed = 0
    private var chunkSize = 0

    public init(capacity: Int = 256, seed: HashSeed = .ofProcess) {
        self.seed = seed
        var slotCount = Self.slotsMin
        while Self.isFull(capacity, of: slotCount) { slotCount *= 2 }
        mask = slotCount - 1
        slots = Self.emptySlots(slotCount)
        entries = Slots(count: Swift.max(Self.entriesMin, capacity))
    }

    deinit {
        slots.release()
        entries.release()
        for chunk in chunks { chunk.deallocate() }
    }

    /// The number of this text, a new one at first sight. Amortised O(length).
    @inlinable
    public func intern(_ bytes: UnsafeRawPointer, _ length: Int, tag: UInt8 = 0) -> UInt32 {
        intern(bytes, length, tag: tag, hash: hash(bytes, length, tag: tag))
    }

    /// The hash of a text in this table: to be asked for early, and prefetched, where several look-ups follow each other.
    @inlinable @inline(__always)
    public func hash(_ bytes: UnsafeRawPointer, _ length: Int, tag: UInt8) -> UInt64 { seed.hash(bytes, length, tag: tag) }

    private func hash(of entry: Entry) -> UInt64 { hash(entry.bytes.baseAddress!, entry.length, tag: entry.tag) }

    @inlinable @inline(__always)
    public func prefetch(_ hash: UInt64) { slots.prefetch(Int(truncatingIfNeeded: hash) & mask) }

    /// As `intern`, with the text's hash known.
    @inlinable
    public func intern(_ bytes: UnsafeRawPointer, _ length: Int, tag: UInt8, hash: UInt64) -> UInt32 {
        var slot = Int(truncatingIfNeeded: hash) & mask
        while true {
            let found = slots[slot].key
            if found == 0 { return insert(bytes, length, tag, hash, at: slot) }
            if found >> 32 == hash >> 32 {
                if slots[slot].entry.equals(bytes, length, tag) { return UInt32(truncatingIfNeeded: found) }
            }
            slot = (slot &+ 1) & mask
        }
    }

    /// The number of this text, or 0 if it was never seen.
    public func find(_ bytes: UnsafeRawPointer, _ length: Int, tag: UInt8 = 0) -> UInt32 {
        let hash = hash(bytes, length, tag: tag)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot].key != 0 {
            let found = slots[slot]
            if found.key >> 32 == hash >> 32, found.entry.equals(bytes, length, tag) { return UInt32(truncatingIfNeeded: found.key) }
            slot = (slot + 1) & mask
        }
        precondition(mask > 0, "a text is looked for in a table that is only read")
        return 0
    }

    @usableFromInline @inline(never)
    func insert(_ bytes: UnsafeRawPointer, _ length: Int, _ tag: UInt8, _ hash: UInt64, at slot: Int) -> UInt32 {
        precondition(count < 1 << 30, "more than a billion distinct texts")
        precondition(mask > 0, "a text for a table that is only read")
        let memory = reserve(length + Entry.headBytes)
        memory.storeBytes(of: UInt32(length), as: UInt32.self)
        memory.storeBytes(of: tag, toByteOffset: 4, as: UInt8.self)
        (memory + Entry.headBytes).copyMemory(from: bytes, byteCount: length)
        let entry = Entry(memory)
        if count == entries.count { entries.grow(to: count * 2, used: count) }
        entries[count] = entry
        count += 1
        slots[slot] = Slot((hash >> 32) << 32 | UInt64(count), entry)
        if Self.isFull(count, of: mask + 1) { growSlots() }
        return UInt32(count)
    }

    /// Forgets every text. What it takes of memory stays where it is little: for a table that is filled anew again and again.
    public func removeAll() {
        if memoryBytes > Self.keptBytesMax {
            slots.release()
            mask = Self.slotsMin - 1
            slots = Self.emptySlots(Self.slotsMin)
            for chunk in chunks { chunk.deallocate() }
            (chunks, chunkBytes) = ([], 0)
            entries.release()
            entries = Slots(count: Self.entriesMin)
        } else if count > 0 {
            slots.fill(0..<slots.count, with: Slot(0, Entry(UnsafeRawPointer(Self.nothing))))
        }
        // Where it is little, there is one chunk.
        (count, chunkUsed) = (0, 0)
    }

    /// Gives back what texts are found by, where symbols are all that is asked for from now on. Whoever looks for a text, or brings
    /// one, ends the program.
    public func letGoOfSlots() {
        slots.release()
        (slots, mask) = (Self.emptySlots(1), 0)
    }

    private static let slotsMin = 64
    private static let entriesMin = 32
    private static let keptBytesMax = 64 << 10

    private func reserve(_ size: Int) -> UnsafeMutableRawPointer {
        if chunks.isEmpty || chunkUsed + size > chunkSize {
            chunkSize = Swift.max(size, chunks.isEmpty ? 4096 : 1 << 20)
            chunks.append(.allocate(byteCount: chunkSize, alignment: 8))
            chunkBytes += chunkSize
            chunkUsed = 0
        }
        defer { chunkUsed += size }
        return chunks[chunks.count - 1] + chunkUsed
    }

    private static func emptySlots(_ count: Int) -> Slots<Slot> {
        Slots(repeating: Slot(0, Entry(UnsafeRawPointer(nothing))), count: count)
    }

    /// Seven tenths: more would make look-ups of new texts slow, less takes memory, of which this is much where identifiers are many.
    private static func isFull(_ count: Int, of slots: Int) -> Bool { count * 10 > slots * 7 }

    private func growSlots() {
        let size = (mask + 1) * 2
        slots.release()
        slots = Self.emptySlots(size)
        mask = size - 1
        for index in 0..<count {
            let entry = entries[index]
            let hash = hash(of: entry)
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot].key != 0 { slot = (slot + 1) & mask }
            slots[slot] = Slot((hash >> 32) << 32 | UInt64(index + 1), entry)
        }
    }

    /// What the table takes of memory.
    public var memoryBytes: Int { chunkBytes + entries.count * MemoryLayout<Entry>.stride + slots.count * MemoryLayout<Slot>.stride }

    /// The bytes of a symbol this table gave out. They live as long as the table.
    @inlinable
    public func bytes(of symbol: UInt32) -> UnsafeRawBufferPointer {
        precondition(symbol > 0 && Int(symbol) <= count, "not a symbol of this table")
        return entries[Int(symbol) &- 1].bytes
    }

    public func tag(of symbol: UInt32) -> UInt8 {
        precondition(symbol > 0 && Int(symbol) <= count, "not a symbol of this table")
        return entries[Int(symbol) - 1].tag
    }

    public func intern(_ text: String, tag: UInt8 = 0) -> UInt32 {
        var text = text
        return text.withUTF8 { intern(UnsafeRawBufferPointer($0), tag: tag) }
    }

    /// An empty text may come without an address.
    public func intern(_ text: UnsafeRawBufferPointer, tag: UInt8 = 0) -> UInt32 {
        intern(text.baseAddress ?? UnsafeRawPointer(Self.nothing), text.count, tag: tag)
    }

    public func find(_ text: UnsafeRawBufferPointer, tag: UInt8 = 0) -> UInt32 {
        find(text.baseAddress ?? UnsafeRawPointer(Self.nothing), text.count, tag: tag)
    }

    public func find(_ text: String, tag: UInt8 = 0) -> UInt32 {
        var text = text
        return text.withUTF8 { find(UnsafeRawBufferPointer($0), tag: tag) }
    }

    /// Takes in every text of `other`. Element n of the answer is this table's number for the other's symbol n.
    public func absorb(_ other: SymbolTable) -> [UInt32] {
        var numbers = [UInt32](repeating: 0, count: other.count + 1)
        // Looking some texts ahead hides the wait for each slot.
        let ahead = 8
        var hashes = [UInt64](repeating: 0, count: ahead)
        for index in 0..<(other.count + ahead) {
            if index >= ahead {
                let entry = other.entries[index - ahead]
                let bytes = entry.bytes
                numbers[index - ahead + 1] = intern(bytes.baseAddress!, bytes.count, tag: entry.tag, hash: hashes[index % ahead])
            }
            if index < other.count {
                hashes[index % ahead] = hash(of: other.entries[index])
                prefetch(hashes[index % ahead])
            }
        }
        return numbers
    }

    private nonisolated(unsafe) static let nothing = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
}
