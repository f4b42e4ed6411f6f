/// Bytes that are no sound coding: cut off, or holding what the coder never writes.
public struct DamagedBytes: Error, Sendable {
    public init() {}
}

/// Writes numbers and texts densely: whole numbers in groups of seven bits, least significant first, small ones in one
/// byte; signed ones with their sign in the lowest bit; texts after their length.
public struct ByteEncoder: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func put(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    public mutating func put(_ number: Int) { put(UInt64(number)) }

    public mutating func put(signed number: Int64) { put(UInt64(bitPattern: (number << 1) ^ (number >> 63))) }

    /// Eight bytes as they are, for numbers that are never small.
    public mutating func put(whole number: UInt64) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// What another one has put, as it is.
    public mutating func put(_ other: ByteEncoder) { bytes += other.bytes }

    public mutating func put(text: String) {
        put(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    public mutating func put(text: UnsafeRawBufferPointer) {
        put(text.count)
        bytes.append(contentsOf: text)
    }
}

/// Reads what `ByteEncoder` wrote; throws `DamagedBytes` rather than reading beyond the end.
///
/// Unsafe code: every read is checked against `end`; the memory must outlive the decoder and the texts it gives out.
public struct ByteDecoder {
    private var cursor: UnsafePointer<UInt8>
    private let end: UnsafePointer<UInt8>

    public init(_ bytes: UnsafeRawBufferPointer) {
        let start = bytes.baseAddress ?? UnsafeRawPointer(Self.nothing)
        cursor = start.assumingMemoryBound(to: UInt8.self)
        end = cursor + bytes.count
    }

    public var isAtEnd: Bool { cursor == end }

    @inline(__always)
    public mutating func number() throws -> UInt64 {
        guard cursor < end else { throw DamagedBytes() }
        let first = cursor.pointee
        cursor += 1
        return first < 0x80 ? UInt64(first) : try longNumber(UInt64(first & 0x7F))
    }

    private mutating func longNumber(_ low: UInt64) throws -> UInt64 {
        var number = low
        var shift: UInt64 = 7
        while true {
            guard cursor < end, shift < 64 else { throw DamagedBytes() }
            let byte = cursor.pointee
            cursor += 1
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
    }

    /// A number below the limit, as a place in a list.
    @inline(__always)
    public mutating func number(below limit: Int) throws -> Int {
        let number = try number()
        guard number < UInt64(limit) else { throw DamagedBytes() }
        return Int(number)
    }

    /// A number of 32 bits.
    public mutating func word() throws -> UInt32 {
        let number = try number()
        guard number <= UInt32.max else { throw DamagedBytes() }
        return UInt32(number)
    }

    /// How many things follow, each of which takes at least a byte.
    public mutating func count() throws -> Int { try number(below: end - cursor + 1) }

    @inline(__always)
    public mutating func signed() throws -> Int64 {
        let number = try number()
        return Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1)
    }

    public mutating func whole() throws -> UInt64 {
        guard end - cursor >= 8 else { throw DamagedBytes() }
        defer { cursor += 8 }
        return UInt64(littleEndian: UnsafeRawPointer(cursor).loadUnaligned(as: UInt64.self))
    }

    public mutating func text() throws -> UnsafeRawBufferPointer {
        let count = try count()
        defer { cursor += count }
        return UnsafeRawBufferPointer(start: cursor, count: count)
    }

    private nonisolated(unsafe) static let nothing = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
}
