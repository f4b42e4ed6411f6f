public import CScan
import Glibc

/// Memory for values of plain bits, numbered from 0: what the tables, columns and stacks of the inner loops are made of,
/// where an array would cost a check and a reference count at each access.
///
/// Unsafe code: whoever asks for a slot guarantees that it lies below `count` and was written before; the first is asserted
/// at every access in debug builds. The type that makes the memory owns it: it releases it once, and gives copies of this
/// handle away for no longer than a call.
@frozen
public struct Slots<Element: BitwiseCopyable>: BitwiseCopyable {
    @usableFromInline let base: UnsafeMutablePointer<Element>
    public let count: Int

    @inlinable
    init(_ base: UnsafeMutablePointer<Element>, count: Int) {
        self.base = base
        self.count = count
    }

    /// Memory that holds nothing yet.
    @inlinable
    public init(count: Int) {
        precondition(count >= 0)
        let memory = SlotMemory.allocate(count * MemoryLayout<Element>.stride)
        self.init(memory.bindMemory(to: Element.self, capacity: count), count: count)
    }

    @inlinable
    public init(repeating element: Element, count: Int) {
        self.init(count: count)
        base.initialize(repeating: element, count: count)
    }

    @inlinable
    public init(_ elements: [Element]) {
        self.init(count: elements.count)
        base.initialize(from: elements, count: count)
    }

    /// No slots, and no memory to release.
    @inlinable
    static var none: Slots { Slots(UnsafeMutablePointer(bitPattern: MemoryLayout<Element>.alignment)!, count: 0) }

    /// Once, when nobody uses it any more.
    @inlinable
    public func release() { SlotMemory.release(base) }

    @inlinable
    public subscript(slot: Int) -> Element {
        @inline(__always) get {
            assert(slot >= 0 && slot < count, "slot \(slot) of \(count)")
            return base[slot]
        }
        @inline(__always) nonmutating _modify {
            assert(slot >= 0 && slot < count, "slot \(slot) of \(count)")
            yield &base[slot]
        }
    }

    /// Larger memory in place of this one, whose first `used` slots it holds.
    @inlinable
    public mutating func grow(to size: Int, used: Int) {
        assert(used >= 0 && used <= min(count, size))
        let grown = Slots(count: size)
        grown.base.initialize(from: base, count: used)
        release()
        self = grown
    }

    @inlinable
    public func fill(_ range: Range<Int>, with element: Element) {
        assert(range.lowerBound >= 0 && range.upperBound <= count)
        (base + range.lowerBound).initialize(repeating: element, count: range.count)
    }

    /// Takes the first slots of another memory over.
    @inlinable
    public func copy(_ other: Slots, count copied: Int) {
        assert(copied >= 0 && copied <= min(count, other.count))
        base.initialize(from: other.base, count: copied)
    }

    /// Moves a stretch of slots to another place, which may overlap it.
    @inlinable
    public func move(_ range: Range<Int>, to place: Int) {
        assert(range.lowerBound >= 0 && range.upperBound <= count && place >= 0 && place + range.count <= count)
        (base + place).update(from: base + range.lowerBound, count: range.count)
    }

    /// Writes elements from a slot on. The caller guarantees so many at the address.
    @inlinable
    public func write(_ elements: UnsafePointer<Element>, count written: Int, at first: Int) {
        assert(first >= 0 && written >= 0 && first + written <= count, "slots \(first)..<\(first + written) of \(count)")
        (base + first).initialize(from: elements, count: written)
    }

    /// A stretch of slots, to be read before the memory grows or goes.
    @inlinable @inline(__always)
    public func stretch(_ first: Int, count length: Int) -> UnsafeBufferPointer<Element> {
        assert(first >= 0 && length >= 0 && first + length <= count, "slots \(first)..<\(first + length) of \(count)")
        return UnsafeBufferPointer(start: base + first, count: length)
    }

    /// The same as a collection without a reference count.
    @inlinable @inline(__always)
    public func range(_ range: Range<Int>) -> SlotRange<Element> { SlotRange(self, range) }

    /// Lets the processor fetch what will be asked for soon.
    @inlinable @inline(__always)
    public func prefetch(_ slot: Int) {
        assert(slot >= 0 && slot < count)
        sojourn_prefetch(base + slot)
    }
}

/// From 4 MiB on memory is aligned and offered to the kernel for huge pages: every look-up at a random place would otherwise
/// miss the processor's page cache too, which costs as much as the miss in the data cache.
@usableFromInline
enum SlotMemory {
    private static let hugePageBytes = 2 << 20

    /// Not cleared.
    @usableFromInline
    static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
        let isLarge = bytes >= 2 * hugePageBytes
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, isLarge ? hugePageBytes : 64, max(16, bytes)) == 0, let memory else {
            fatalError("out of memory: \(bytes) bytes for a table")
        }
        if isLarge { _ = madvise(memory, bytes, MADV_HUGEPAGE) }
        return memory
    }

    @usableFromInline
    static func release(_ memory: UnsafeMutableRawPointer) { free(memory) }
}

/// What a whole process does with memory that it no longer needs.
public enum ProcessMemory {
    /// Below what the rows of a block take.
    private static let largeBytes: Int32 = 64 << 10

    /// Gives large parts back to the system as they are let go, so that what a stage makes takes the place of what it is made of. The
    /// allocator alone would move its limit up to 32 MiB, and keep what the earlier stages of a run used. To be called once, at the
    /// start.
    public static func letGoOfLargeParts() { sojourn_set_mapped_from(largeBytes) }
}
