/// A fixed block of bytes into which lines are written one after the other: the only place of this target
/// that makes text through pointers. Every write is checked against the capacity, so a caller that keeps
/// `maxLineBytes` free before it begins a line can neither overrun nor stop half-way.
struct ByteWriter: ~Copyable {
    static let capacityBytes = 1 << 20
    /// No line of any scenario is longer; a `precondition` in `reserve` holds it to that.
    static let maxLineBytes = 1 << 13

    private let base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0

    init() { base = .allocate(capacity: Self.capacityBytes) }
    deinit { base.deallocate() }

    var isNearlyFull: Bool { count > Self.capacityBytes - Self.maxLineBytes }
    /// Valid until the next write.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    mutating func removeAll() { count = 0 }

    mutating func byte(_ value: UInt8) {
        reserve(1)
        base[count] = value
        count &+= 1
    }

    mutating func text(_ value: StaticString) {
        let length = value.utf8CodeUnitCount
        reserve(length)
        (base + count).update(from: value.utf8Start, count: length)
        count &+= length
    }

    mutating func decimal(_ value: UInt64) {
        var length = 1
        var bound: UInt64 = 10
        while length < 20 && value >= bound {
            length += 1
            bound = bound &* 10  // wraps only past the 19th digit, where the loop ends
        }
        digits(value, width: length)
    }

    /// The last `width` decimal digits of `value`, with leading zeros.
    mutating func digits(_ value: UInt64, width: Int) {
        reserve(width)
        var rest = value
        var position = count &+ width
        while position > count {
            position &-= 1
            base[position] = UInt8(truncatingIfNeeded: 48 &+ rest % 10)
            rest /= 10
        }
        count &+= width
    }

    /// An amount of money in hundredths, written as units: 3990 → `39.90`.
    mutating func money(_ cents: UInt64) {
        decimal(cents / 100)
        byte(UInt8(ascii: "."))
        digits(cents % 100, width: 2)
    }

    /// The highest `width` hexadecimal digits of `value`, in lower or upper case.
    mutating func hex(_ value: UInt64, width: Int = 16, upperCase: Bool = false) {
        reserve(width)
        let letter: UInt8 = upperCase ? 55 : 87
        for index in 0..<width {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 &- 4 &* index)) & 15
            base[count &+ index] = digit < 10 ? 48 &+ digit : letter &+ digit
        }
        count &+= width
    }

    /// Forgets everything from `position` on.
    mutating func cut(at position: Int) {
        precondition(position >= 0 && position <= count)
        count = position
    }

    subscript(position: Int) -> UInt8 {
        get {
            precondition(position >= 0 && position < count)
            return base[position]
        }
        set {
            precondition(position >= 0 && position < count)
            base[position] = newValue
        }
    }

    /// `count` never exceeds the capacity, so the difference cannot wrap.
    private func reserve(_ bytes: Int) {
        precondition(bytes <= Self.capacityBytes &- count, "a line is longer than ByteWriter.maxLineBytes")
    }
}
