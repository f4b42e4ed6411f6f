/// How rows wait in memory or in a file: the fixed columns as their layout has them, then a bit for each scalar that the row has, then
/// these scalars and no others. Of the attributes that a pipeline uses an event has few, and memory that is not touched costs no time.
///
/// Unsafe code: whoever gives an address guarantees a row of the layout there, or a packed one.
@frozen
public struct RowPacking: Sendable, Equatable {
    public let layout: RowLayout
    @usableFromInline let firstScalar: Int
    @usableFromInline let maskWords: Int
    /// The most bytes that a row takes.
    public let bytesMax: Int

    public init(_ layout: RowLayout) {
        self.layout = layout
        maskWords = (layout.scalarCount + 31) / 32
        firstScalar = layout.scalarOffset + 4 * maskWords
        bytesMax = firstScalar + 4 * layout.scalarCount
    }

    /// How many scalars a packed row has.
    @inlinable @inline(__always)
    func scalars(_ packed: UnsafeRawPointer) -> Int {
        var count = 0
        for word in 0..<maskWords { count &+= mask(packed, word).nonzeroBitCount }
        return count
    }

    @inlinable @inline(__always)
    func mask(_ packed: UnsafeRawPointer, _ word: Int) -> UInt32 {
        packed.load(fromByteOffset: layout.scalarOffset &+ 4 &* word, as: UInt32.self)
    }

    /// The bytes of a packed row, a multiple of 4.
    @inlinable @inline(__always)
    public func size(of packed: UnsafeRawPointer) -> Int { firstScalar &+ 4 &* scalars(packed) }

    /// Writes a row packed, where `bytesMax` bytes have room. Answers how many it took.
    @inlinable
    public func pack(_ row: UnsafeRawPointer, to packed: UnsafeMutableRawPointer) -> Int {
        packed.copyMemory(from: row, byteCount: layout.scalarOffset)
        var place = firstScalar
        for word in 0..<maskWords {
            var mask: UInt32 = 0
            let first = 32 &* word
            for bit in 0..<min(32, layout.scalarCount &- first) {
                let scalar = row.load(fromByteOffset: layout.scalarOffset &+ 4 &* (first &+ bit), as: UInt32.self)
                // Stored in any case: the next one takes its place where it is absent.
                packed.storeBytes(of: scalar, toByteOffset: place, as: UInt32.self)
                let isThere: UInt32 = scalar == 0 ? 0 : 1
                mask |= isThere &<< UInt32(truncatingIfNeeded: bit)
                place &+= 4 &* Int(isThere)
            }
            packed.storeBytes(of: mask, toByteOffset: layout.scalarOffset &+ 4 &* word, as: UInt32.self)
        }
        return place
    }

    /// The row as its layout has it, `layout.stride` bytes.
    @inlinable
    public func unpack(_ packed: UnsafeRawPointer, to row: UnsafeMutableRawPointer) {
        row.copyMemory(from: packed, byteCount: layout.scalarOffset)
        let scalars = row + layout.scalarOffset
        scalars.initializeMemory(as: UInt8.self, repeating: 0, count: layout.stride &- layout.scalarOffset)
        var place = firstScalar
        for word in 0..<maskWords {
            var mask = mask(packed, word)
            while mask != 0 {
                let column = 32 &* word &+ mask.trailingZeroBitCount
                scalars.storeBytes(of: packed.load(fromByteOffset: place, as: UInt32.self), toByteOffset: 4 &* column, as: UInt32.self)
                place &+= 4
                mask &= mask &- 1
            }
        }
    }

    /// The row as its layout has it.
    public func unpacked(_ packed: UnsafeRawPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: layout.stride) { bytes, count in
            unpack(packed, to: UnsafeMutableRawPointer(bytes.baseAddress!))
            count = layout.stride
        }
    }

    /// Puts what `change` answers in place of every scalar of a packed row; they stay as many.
    public func changeScalars(_ packed: UnsafeMutableRawPointer, _ change: (Scalar) -> Scalar) {
        for scalar in 0..<scalars(packed) {
            let place = firstScalar + 4 * scalar
            let bits = packed.load(fromByteOffset: place, as: UInt32.self)
            packed.storeBytes(of: change(Scalar(bits: bits)).bits, toByteOffset: place, as: UInt32.self)
        }
    }
}

/// Packed rows of one layout, one after the other, at multiples of 4. The fixed columns of each lie where the layout says.
///
/// Unsafe code: whoever makes one guarantees `bytes` bytes of whole rows at the address for as long as it is used.
@frozen
public struct PackedRows {
    public let base: UnsafeMutableRawPointer
    public let bytes: Int
    public let packing: RowPacking

    @inlinable
    public init(_ base: UnsafeMutableRawPointer, bytes: Int, _ packing: RowPacking) {
        (self.base, self.bytes, self.packing) = (base, bytes, packing)
    }

    /// Calls `body` with each row in turn and its bytes.
    @inlinable @inline(__always)
    public func forEach(_ body: (_ row: UnsafeMutableRawPointer, _ size: Int) -> Void) {
        var place = 0
        while place < bytes {
            let row = base + place
            let size = packing.size(of: row)
            assert(place + size <= bytes, "a row of \(size) bytes at \(place) of \(bytes)")
            body(row, size)
            place &+= size
        }
    }
}
