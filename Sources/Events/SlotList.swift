/// A list that is made anew for person after person, journey after journey: it grows to the longest that was needed and is
/// emptied without giving its memory back. Its memory goes with it.
///
/// Unsafe code: none of its own; places are asserted in debug builds, as in `Slots`.
public struct SlotList<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var slots = Slots<Element>.none
    @usableFromInline var used = 0

    public init() {}

    public init(_ elements: some Sequence<Element>) {
        self.init()
        for element in elements { append(element) }
    }

    deinit { if slots.count > 0 { slots.release() } }

    @inlinable public var count: Int { used }
    @inlinable public var isEmpty: Bool { used == 0 }
    @inlinable public var indices: Range<Int> { 0..<used }

    @inlinable
    public subscript(place: Int) -> Element {
        @inline(__always) get {
            assert(place < used)
            return slots[place]
        }
        @inline(__always) nonmutating _modify {
            assert(place < used)
            yield &slots[place]
        }
    }

    /// Its elements, to be read before it changes or goes.
    @inlinable public var all: SlotRange<Element> { SlotRange(slots, 0..<used) }

    @inlinable @inline(__always)
    public mutating func append(_ element: Element) {
        if used == slots.count { makeRoom(used + 1) }
        slots[used] = element
        used += 1
    }

    @inlinable @inline(__always)
    public mutating func removeAll() { used = 0 }

    /// Leaves the first `count`, of which there must be so many.
    @inlinable
    public mutating func shorten(to count: Int) {
        assert(count <= used)
        used = count
    }

    /// As many elements as said, all alike, in place of those that it had.
    @inlinable
    public mutating func fill(_ element: Element, count: Int) {
        used = 0
        if count > slots.count { makeRoom(count) }
        slots.fill(0..<count, with: element)
        used = count
    }

    @usableFromInline @inline(never)
    mutating func makeRoom(_ needed: Int) {
        let grown = Slots<Element>(count: max(needed, 16, slots.count * 2))
        grown.copy(slots, count: used)
        if slots.count > 0 { slots.release() }
        slots = grown
    }
}

/// Elements of a `SlotList`, one after the other: what an `ArraySlice` would be, without a reference count. It holds until the list
/// changes or goes.
///
/// Unsafe code: as in `Slots`, whoever asks for a place guarantees that it lies within the range; asserted in debug builds.
@frozen
public struct SlotRange<Element: BitwiseCopyable>: RandomAccessCollection, BitwiseCopyable {
    public typealias SubSequence = SlotRange<Element>
    public typealias Indices = Range<Int>

    @usableFromInline let slots: Slots<Element>
    public let startIndex: Int
    public let endIndex: Int

    @inlinable @inline(__always)
    init(_ slots: Slots<Element>, _ range: Range<Int>) {
        assert(range.lowerBound >= 0 && range.upperBound <= slots.count)
        (self.slots, startIndex, endIndex) = (slots, range.lowerBound, range.upperBound)
    }

    /// Without an element.
    @inlinable public static var none: SlotRange { SlotRange(Slots.none, 0..<0) }

    @inlinable public var indices: Range<Int> { startIndex..<endIndex }

    @inlinable
    public subscript(place: Int) -> Element {
        @inline(__always) get {
            assert(place >= startIndex && place < endIndex)
            return slots[place]
        }
    }

    @inlinable
    public subscript(range: Range<Int>) -> SlotRange {
        assert(range.lowerBound >= startIndex && range.upperBound <= endIndex)
        return SlotRange(slots, range)
    }
}
