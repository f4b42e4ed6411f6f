import CScan
import Digests
import Events
import Glibc

/// A place in text that lies in memory; those who scan go from one to the next.
///
/// Unsafe code: whoever makes a place of some bytes guarantees that they stay where they are while it is used. Why a scan does
/// not leave them is said where it scans. Debug builds take the bounds along and assert them at every access and step; in
/// release builds a place is an address and nothing else, so that it stays in a register.
struct TextPlace {
    private let address: UnsafePointer<UInt8>
    #if DEBUG
        private let bounds: UnsafeRawBufferPointer
    #endif

    /// The first of the bytes.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) {
        address = (bytes.baseAddress ?? Self.nothing).assumingMemoryBound(to: UInt8.self)
        #if DEBUG
            bounds = bytes
        #endif
    }

    @inline(__always)
    private init(_ address: UnsafePointer<UInt8>, in place: TextPlace) {
        self.address = address
        #if DEBUG
            bounds = place.bounds
            check(0, 0)
        #endif
    }

    /// In no text at all; nothing may be read there.
    static var nowhere: TextPlace { TextPlace(UnsafeRawBufferPointer(start: nothing, count: 0)) }

    private static var nothing: UnsafeRawPointer { UnsafeRawPointer(bitPattern: 64)! }

    /// That `count` bytes lie `offset` bytes further on.
    @inline(__always)
    private func check(_ offset: Int, _ count: Int) {
        #if DEBUG
            let place = UnsafeRawPointer(address) - (bounds.baseAddress ?? Self.nothing) + offset
            assert(place >= 0 && count >= 0 && place + count <= bounds.count, "\(count) bytes at \(place) of \(bounds.count)")
        #endif
    }

    @inline(__always) var byte: UInt8 { self[0] }

    @inline(__always)
    subscript(offset: Int) -> UInt8 {
        check(offset, 1)
        return address[offset]
    }

    /// Several bytes as a number, as they lie in memory.
    @inline(__always)
    func load<Number: FixedWidthInteger & BitwiseCopyable>(_ offset: Int = 0, as type: Number.Type) -> Number {
        check(offset, MemoryLayout<Number>.size)
        return UnsafeRawPointer(address).loadUnaligned(fromByteOffset: offset, as: type)
    }

    /// The bytes from here on, for who cannot ask for one after the other.
    @inline(__always)
    func bytes(_ count: Int) -> UnsafeRawBufferPointer {
        check(0, count)
        return UnsafeRawBufferPointer(start: address, count: count)
    }

    @inline(__always) static func + (place: TextPlace, count: Int) -> TextPlace { TextPlace(place.address + count, in: place) }
    @inline(__always) static func += (place: inout TextPlace, count: Int) { place = place + count }
    @inline(__always) static func - (place: TextPlace, other: TextPlace) -> Int { place.address - other.address }
    @inline(__always) static func == (place: TextPlace, other: TextPlace) -> Bool { place.address == other.address }
    @inline(__always) static func < (place: TextPlace, other: TextPlace) -> Bool { place.address < other.address }

    /// The first quote, backslash or control character from here on; there must be one. May look 15 bytes further.
    /// - Parameter nonASCII: not 0 afterwards if a byte beyond ASCII lies before it.
    @inline(__always)
    func afterPlainText(_ nonASCII: inout UInt32) -> TextPlace { self + Int(sojourn_scan_string(address, &nonASCII)) }

    /// Behind as many whole blocks of 16 bytes as are ASCII.
    @inline(__always)
    func afterASCII(before end: TextPlace) -> TextPlace { self + Int(sojourn_ascii_blocks(address, end - self)) }

    /// The first line end.
    func lineEnd(before end: TextPlace) -> TextPlace? {
        memchr(address, 10, end - self).map { TextPlace(UnsafePointer($0.assumingMemoryBound(to: UInt8.self)), in: self) }
    }

    func equals(_ other: TextPlace, _ count: Int) -> Bool {
        check(0, count)
        other.check(0, count)
        return memcmp(address, other.address, count) == 0
    }
}

/// A stretch of text: a line, a value.
///
/// Unsafe code: it lies within the bytes of its place; whoever asks for one of its bytes has looked at `count`, which debug builds
/// assert.
struct Text {
    let start: TextPlace
    let count: Int

    @inline(__always) init(_ start: TextPlace, _ count: Int) { (self.start, self.count) = (start, count) }

    @inline(__always) init(_ bytes: UnsafeRawBufferPointer) { self.init(TextPlace(bytes), bytes.count) }

    @inline(__always)
    subscript(index: Int) -> UInt8 {
        assert(index >= 0 && index < count, "byte \(index) of \(count)")
        return start[index]
    }

    @inline(__always) var bytes: UnsafeRawBufferPointer { start.bytes(count) }
    @inline(__always) var end: TextPlace { start + count }

    /// What follows the first `count` bytes.
    func dropping(_ dropped: Int) -> Text { Text(start + dropped, count - dropped) }

    /// The text of an array for the length of a call.
    static func with<Result>(_ bytes: [UInt8], _ body: (Text) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { try body(Text($0)) }
    }
}

// MARK: Texts and tuples in tables, which take addresses

extension SymbolTable {
    @inline(__always)
    func intern(_ text: Text, tag: UInt8 = 0) -> UInt32 { intern(text.bytes.baseAddress!, text.count, tag: tag) }

    @inline(__always)
    func intern(_ text: Text, tag: UInt8, hash: UInt64) -> UInt32 { intern(text.bytes.baseAddress!, text.count, tag: tag, hash: hash) }

    @inline(__always)
    func hash(_ text: Text, tag: UInt8) -> UInt64 { hash(text.bytes.baseAddress!, text.count, tag: tag) }
}

extension Fingerprint {
    @inline(__always)
    static func of(_ text: Text, seed: UInt64) -> UInt64 { of(text.bytes.baseAddress!, text.count, seed: seed) }
}

extension TupleTable {
    @inline(__always)
    func hashAndPrefetch(_ tuple: Slots<UInt32>) -> UInt64 { hashAndPrefetch(tuple.stretch(0, count: width).baseAddress!) }

    @inline(__always)
    func intern(_ tuple: Slots<UInt32>) -> UInt32 { intern(tuple.stretch(0, count: width).baseAddress!) }

    @inline(__always)
    func intern(_ tuple: Slots<UInt32>, hash: UInt64) -> UInt32 { intern(tuple.stretch(0, count: width).baseAddress!, hash: hash) }
}
