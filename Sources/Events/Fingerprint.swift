/// Hashes of byte strings that are the same on every machine and in every run: the state between runs depends on them. The
/// mixing is that of the public-domain wyhash family: two 64-bit words at a time, folded by a full-width product. Not keyed,
/// so not a defence against crafted collisions: tables use a `HashSeed`, and where equality decides a number, bytes are
/// compared or 128 bits are used.
///
/// Unsafe code: callers guarantee `count` bytes at the addresses they give; debug builds check that no more are read.
public enum Fingerprint {
    @usableFromInline static let prime0: UInt64 = 0xA076_1D64_78BD_642F
    @usableFromInline static let prime1: UInt64 = 0xE703_7ED1_A0B4_28DB

    @inlinable @inline(__always)
    static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    @inlinable @inline(__always)
    static func word(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    @inlinable @inline(__always)
    static func half(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The hash of `count` bytes. Reads exactly those bytes.
    @inlinable
    public static func of(_ bytes: UnsafeRawPointer, _ count: Int, seed: UInt64) -> UInt64 {
        mix(bytes, count, state: seed ^ prime0, key: prime1, label: UInt64(truncatingIfNeeded: count))
    }

    /// - Parameters:
    ///   - state, key: what the words are mixed with.
    ///   - label: the count, and what else is to tell equal bytes apart.
    @inlinable @inline(__always)
    static func mix(_ bytes: UnsafeRawPointer, _ count: Int, state: UInt64, key: UInt64, label: UInt64) -> UInt64 {
        let bytes = UnsafeRawBufferPointer(start: bytes, count: count)
        var left: UInt64
        var right: UInt64
        var state = state
        if count <= 16 {
            if count >= 8 {
                left = word(bytes, 0)
                right = word(bytes, count &- 8)  // overlaps the first word; both lie inside
            } else if count >= 4 {
                left = half(bytes, 0)
                right = half(bytes, count &- 4)
            } else if count > 0 {
                let first = UInt64(bytes.load(as: UInt8.self))
                let middle = UInt64(bytes.load(fromByteOffset: count >> 1, as: UInt8.self))
                let last = UInt64(bytes.load(fromByteOffset: count &- 1, as: UInt8.self))
                left = first << 16 | middle << 8 | last
                right = 0
            } else {
                left = 0
                right = 0
            }
        } else {
            var offset = 0
            while count &- offset > 16 {
                state = fold(word(bytes, offset) ^ key, word(bytes, offset &+ 8) ^ state)
                offset &+= 16
            }
            left = word(bytes, count &- 16)
            right = word(bytes, count &- 8)
        }
        return fold(key ^ label, fold(left ^ key, right ^ state))
    }
}
