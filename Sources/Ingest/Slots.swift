/// Memory for a fixed number of values of plain bits, numbered from 0.
///
/// Unsafe code: whoever asks for a slot guarantees that it lies below `count`; debug builds assert it at every access. The type
/// that makes the memory owns it: it releases it once, and gives copies of this handle away for no longer than a call.
struct Slots<Element: BitwiseCopyable> {
    private let base: UnsafeMutablePointer<Element>
    let count: Int

    init(repeating element: Element, count: Int) {
        self.init(Array(repeating: element, count: count))
    }

    init(_ elements: [Element]) {
        count = elements.count
        base = .allocate(capacity: max(1, count))
        base.initialize(from: elements, count: count)
    }

    /// Once, when nobody uses it any more.
    func release() { base.deallocate() }

    subscript(slot: Int) -> Element {
        @inline(__always) get {
            assert(slot >= 0 && slot < count, "slot \(slot) of \(count)")
            return base[slot]
        }
        @inline(__always) nonmutating _modify {
            assert(slot >= 0 && slot < count, "slot \(slot) of \(count)")
            yield &base[slot]
        }
    }

    /// Some slots, one after the other, for the length of a call.
    @inline(__always)
    func stretch(_ first: Int, count length: Int) -> UnsafeBufferPointer<Element> {
        assert(first >= 0 && length >= 0 && first + length <= count, "slots \(first)..<\(first + length) of \(count)")
        return UnsafeBufferPointer(start: base + first, count: length)
    }
}
