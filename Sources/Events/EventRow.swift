/// How one event lies in memory: a fixed head, then only the columns that the pipeline uses.
///
/// | offset | bytes | what |
/// | --- | --- | --- |
/// | 0 | 8 | time, microseconds since 1970 |
/// | 8 | 4 | kind: number of its (channel, touchpoint, action, outcome, initiator) |
/// | 12 | 4 | identity tuple; after stitching the person |
/// | then | 8 | fingerprint of source and event id, zero where absent; only if a source maps `event_id` |
/// | then | 8 | sequence, 0 where absent; only if a source maps `sequence` |
/// | then | 8 | position: file and line; only where rows are kept from run to run |
/// | then | 8 | which of its line's records it is, from 1; only where rows are kept and a line may give several |
/// | then | 4 | identity tuple, while the column above holds something else; only where rows are kept from run to run |
/// | then | 4 | which fields its record has: symbol of a text; only where rows are kept from run to run |
/// | then | 4 each | scalars: `value` and the attributes that an expression or key uses |
public struct RowLayout: Sendable, Equatable {
    public let eventIDOffset: Int?
    public let sequenceOffset: Int?
    public let positionOffset: Int?
    public let recordOffset: Int?
    public let tupleOffset: Int?
    public let fieldSetOffset: Int?
    public let scalarOffset: Int
    public let scalarCount: Int
    /// Bytes from one row to the next, a multiple of 8.
    public let stride: Int

    public static let timeOffset = 0
    public static let kindOffset = 8
    public static let identityOffset = 12

    /// In the identity column of a row that has no person, or no component: nobody's event.
    @inlinable public static var nobody: UInt32 { UInt32.max }

    public init(hasEventID: Bool, hasSequence: Bool, hasOrigin: Bool = false, hasRecords: Bool = false, scalarCount: Int) {
        var offset = 16
        eventIDOffset = hasEventID ? offset : nil
        if hasEventID { offset += 8 }
        sequenceOffset = hasSequence ? offset : nil
        if hasSequence { offset += 8 }
        positionOffset = hasOrigin ? offset : nil
        if hasOrigin { offset += 8 }
        recordOffset = hasOrigin && hasRecords ? offset : nil
        if hasOrigin && hasRecords { offset += 8 }
        tupleOffset = hasOrigin ? offset : nil
        fieldSetOffset = hasOrigin ? offset + 4 : nil
        if hasOrigin { offset += 8 }
        scalarOffset = offset
        self.scalarCount = scalarCount
        stride = (offset + 4 * scalarCount + 7) & ~7
    }
}

/// One event in memory.
///
/// Unsafe code: whoever makes one guarantees that a row lies at the address for as long as it is used; offsets are those of
/// the row's layout.
@frozen
public struct EventRow: BitwiseCopyable {
    public let address: UnsafeRawPointer

    @inlinable public init(_ address: UnsafeRawPointer) { self.address = address }

    /// Also of a packed row, which lies at a multiple of 4.
    @inlinable public var time: EventTime { address.loadUnaligned(fromByteOffset: RowLayout.timeOffset, as: EventTime.self) }
    @inlinable public var kind: UInt32 { address.load(fromByteOffset: RowLayout.kindOffset, as: UInt32.self) }
    /// The identity tuple; after stitching the person.
    @inlinable public var identity: UInt32 { address.load(fromByteOffset: RowLayout.identityOffset, as: UInt32.self) }

    @inlinable @inline(__always)
    public func load<Value: BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value {
        assert(offset >= 0 && offset % MemoryLayout<Value>.alignment == 0, "no column lies there")
        return address.load(fromByteOffset: offset, as: type)
    }

    /// Whether it is the other row, or lies behind it in memory.
    @inlinable public func isAtOrBehind(_ other: EventRow) -> Bool { address >= other.address }
}

/// Rows of one layout, one after the other.
///
/// Unsafe code: whoever makes one guarantees `count` rows of `stride` bytes at the address for as long as it is used. Debug
/// builds assert each row, and that what is stored lies within it.
@frozen
public struct RowBlock {
    @usableFromInline let base: UnsafeMutableRawPointer
    public let count: Int
    public let stride: Int

    @inlinable
    public init(_ base: UnsafeMutableRawPointer, count: Int, stride: Int) {
        (self.base, self.count, self.stride) = (base, count, stride)
    }

    @inlinable @inline(__always)
    public subscript(row: Int) -> EventRow {
        assert(row >= 0 && row < count, "row \(row) of \(count)")
        return EventRow(base + row * stride)
    }

    public func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int, of row: Int) {
        assert(row >= 0 && row < count && offset >= 0 && offset + MemoryLayout<Value>.size <= stride)
        (base + row * stride).storeBytes(of: value, toByteOffset: offset, as: Value.self)
    }

    @inlinable @inline(__always)
    public func copy(_ source: EventRow, to row: Int) {
        assert(row >= 0 && row < count, "row \(row) of \(count)")
        (base + row * stride).copyMemory(from: source.address, byteCount: stride)
    }

    public func stretch(_ rows: Range<Int>) -> RowBlock {
        RowBlock(bytes(of: rows).baseAddress!, count: rows.count, stride: stride)
    }

    public func bytes(of rows: Range<Int>) -> UnsafeMutableRawBufferPointer {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows \(rows) of \(count)")
        return UnsafeMutableRawBufferPointer(start: base + rows.lowerBound * stride, count: rows.count * stride)
    }
}

/// Where an event stands in the input: file and line as one number, as rows and the state have it.
public enum RowPosition {
    @inlinable static var lineBits: Int64 { 40 }

    @inlinable public static func make(file: Int64, line: Int64) -> Int64 { file << lineBits | line & ((1 << lineBits) - 1) }
    @inlinable public static func file(_ position: Int64) -> Int { Int(position >> lineBits) }
    @inlinable public static func line(_ position: Int64) -> Int64 { position & ((1 << lineBits) - 1) }
}

/// The fields of an event that take few values, in the order of a kind tuple.
public enum KindField: Int, Sendable, CaseIterable, BitwiseCopyable {
    case channel, touchpoint, action, outcome, initiator
}

/// What the numbers of kinds say: of the texts of `KindField`, and behind them the name of the source that the event is from.
public enum EventKind {
    /// Where the source's name stands in a kind; of a row that only links there is none.
    public static var source: Int { KindField.allCases.count }
    /// How many symbols a kind has.
    public static var width: Int { KindField.allCases.count + 1 }

    /// The number of the kind of which nothing is known: that of rows that only link identifiers, since every event has a
    /// channel. nil where there is none.
    public static func linksOnly(_ kinds: TupleTable) -> UInt32? {
        kinds.find(Array(repeating: 0, count: width))
    }
}

/// An event id as a row has it: 64 bits, zero where there is none, with two of them put aside. Ids are compared within one person
/// and source, so that of n events with ids two are taken for one by chance once in 2^63 / n² persons.
public enum EventID {
    /// The word, with the bits that say that there is an id, and which of several events with it counts.
    @inlinable public static func word(_ fingerprint: UInt64, keepsLast: Bool) -> UInt64 { fingerprint & ~3 | (keepsLast ? 3 : 1) }

    /// Whether the event that sorts last counts, not the first.
    @inlinable public static func keepsLast(_ word: UInt64) -> Bool { word & 2 != 0 }
}

/// A value of dynamic type in 32 bits: the symbol of its text and its JSON type. Zero is "absent".
public struct Scalar: Sendable, Equatable {
    public let bits: UInt32

    @inlinable public init(bits: UInt32) { self.bits = bits }
    @inlinable public init(symbol: UInt32, type: ScalarType) { bits = symbol << 2 | type.rawValue }

    public static let absent = Scalar(bits: 0)
    @inlinable public var isAbsent: Bool { bits == 0 }
    @inlinable public var symbol: UInt32 { bits >> 2 }
    @inlinable public var type: ScalarType { ScalarType(rawValue: bits & 3)! }
}

public enum ScalarType: UInt32, Sendable, BitwiseCopyable {
    case string, number, boolean
    /// An object or array: there, but equal to nothing.
    case composite
}
