import Glibc

/// Memory for a fixed number of bytes: for what is read from files, the text it becomes, and rows.
///
/// Unsafe code: the type that makes the memory owns it: it releases it once, and gives copies of this handle, or parts of it,
/// away for no longer than a call. Whoever reads a byte has written it before. Debug builds assert each place.
struct ByteRoom {
    private let base: UnsafeMutableRawPointer
    let count: Int

    private init(_ base: UnsafeMutableRawPointer, _ count: Int) { (self.base, self.count) = (base, count) }

    /// Holds nothing yet, and is no real memory before it does.
    init(count: Int) {
        precondition(count >= 0)
        self.init(.allocate(byteCount: max(1, count), alignment: 64), count)
    }

    init(_ bytes: [UInt8]) {
        self.init(count: bytes.count)
        self.bytes.copyBytes(from: bytes)
    }

    /// Once, when nobody uses it any more.
    func release() { base.deallocate() }

    @inline(__always)
    private func check(_ place: Int, _ size: Int) {
        assert(place >= 0 && size >= 0 && place + size <= count, "\(size) bytes at \(place) of \(count)")
    }

    @inline(__always)
    subscript(place: Int) -> UInt8 {
        get {
            check(place, 1)
            return base.load(fromByteOffset: place, as: UInt8.self)
        }
        nonmutating set {
            check(place, 1)
            base.storeBytes(of: newValue, toByteOffset: place, as: UInt8.self)
        }
    }

    @inline(__always)
    func store<Value: BitwiseCopyable>(_ value: Value, at place: Int) {
        check(place, MemoryLayout<Value>.size)
        base.storeBytes(of: value, toByteOffset: place, as: Value.self)
    }

    @inline(__always)
    func part(_ range: Range<Int>) -> ByteRoom {
        check(range.lowerBound, range.count)
        return ByteRoom(base + range.lowerBound, range.count)
    }

    /// For the calls of the system and of libraries, which take an address and a count.
    @inline(__always) var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(start: base, count: count) }

    /// What was written to it.
    @inline(__always)
    func text(_ range: Range<Int>) -> Text { Text(UnsafeRawBufferPointer(part(range).bytes)) }

    /// Reads some bytes of an open file to the beginning; says how many, 0 at its end, -1 with `errno` where it cannot.
    func fill(from descriptor: Int32) -> Int { read(descriptor, base, count) }

    // MARK: Moving bytes

    /// Takes all bytes of another room over.
    func copy(_ other: ByteRoom) {
        check(0, other.count)
        base.copyMemory(from: other.base, byteCount: other.count)
    }

    /// Moves the bytes of a range to the beginning.
    func moveToStart(_ range: Range<Int>) {
        check(range.lowerBound, range.count)
        memmove(base, base + range.lowerBound, range.count)
    }

    func clear(_ range: Range<Int>) {
        check(range.lowerBound, range.count)
        memset(base + range.lowerBound, 0, range.count)
    }

    /// A larger one in place of this, whose first `used` bytes it holds.
    mutating func grow(to size: Int, used: Int) {
        let grown = ByteRoom(count: size)
        grown.copy(part(0..<used))
        release()
        self = grown
    }

    // MARK: Lines

    func lineEnd(in range: Range<Int>) -> Int? {
        check(range.lowerBound, range.count)
        return memchr(base + range.lowerBound, 10, range.count).map { UnsafeRawPointer($0) - UnsafeRawPointer(base) }
    }

    func lastLineEnd(before end: Int) -> Int? { part(0..<end).bytes.lastIndex(of: 10) }
}
