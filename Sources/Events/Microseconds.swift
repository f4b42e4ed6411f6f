/// A point in time: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public typealias EventTime = Int64

/// A length of time in microseconds.
public typealias Microseconds = Int64

extension Int64 {
    /// The quotient rounded down, also below zero: in which of its units a time lies.
    @inlinable
    public func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}

/// Lengths of time as people write them: `30m`, `1h30m`, `90s`, `250ms`, `14d`, `2w`, `1.5h`.
public enum DurationText {
    /// Microseconds in one unit, largest unit first. The order decides nothing; `ms` is tried before `m`.
    static let units: [(name: String, microseconds: Int64)] = [
        ("w", 604_800_000_000), ("d", 86_400_000_000), ("h", 3_600_000_000), ("ms", 1000), ("m", 60_000_000),
        ("us", 1), ("µs", 1), ("s", 1_000_000),
    ]

    /// A regular expression for what is accepted, but for the greatest length: for those who check files without this program.
    public static var pattern: String { "([0-9]{1,\(digitsMax)}(\\.[0-9]+)?(\(units.map(\.name).joined(separator: "|"))))+" }

    private static let digitsMax = 15
    private static let longest: Int128 = 36_500 * 86_400_000_000

    /// Reads one or more `number unit` pairs without blanks between them; a decimal fraction is cut off below
    /// one microsecond. Returns nil for anything else, for a bare number (which unit?) and beyond 36,500 days.
    public static func parse(_ text: String) -> Microseconds? {
        var bytes = Array(text.utf8)[...]
        guard !bytes.isEmpty else { return nil }
        var total: Int64 = 0
        while !bytes.isEmpty {
            var whole: Int64 = 0
            var digits = 0
            while let digit = bytes.first, (48...57).contains(digit) {
                guard digits < digitsMax else { return nil }
                whole = whole * 10 + Int64(digit - 48)
                digits += 1
                bytes.removeFirst()
            }
            guard digits > 0 else { return nil }
            // Digits after the point as a fraction of 10^18: further ones are far below a microsecond.
            var fraction: Int128 = 0
            var weight: Int128 = 1_000_000_000_000_000_000
            if bytes.first == UInt8(ascii: ".") {
                bytes.removeFirst()
                let before = bytes.count
                while let digit = bytes.first, (48...57).contains(digit) {
                    weight /= 10
                    fraction += Int128(digit - 48) * weight
                    bytes.removeFirst()
                }
                guard bytes.count < before else { return nil }
            }
            guard let unit = units.first(where: { bytes.starts(with: $0.name.utf8) }) else { return nil }
            bytes.removeFirst(unit.name.utf8.count)
            // Below 10^15 units of less than 10^12 each: no sum of these can overflow.
            let length = Int128(unit.microseconds)
            let sum = Int128(total) + Int128(whole) * length + fraction * length / 1_000_000_000_000_000_000
            guard sum <= longest else { return nil }
            total = Int64(sum)
        }
        return total
    }

    /// As people write it, in the largest units that say it exactly: `7d`, `1h30m`, `500ms`.
    public static func text(_ duration: Microseconds) -> String {
        guard duration != 0 else { return "0s" }
        var rest = duration.magnitude
        var text = duration < 0 ? "-" : ""
        for (name, size) in [("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("us", 1)]
            as [(String, UInt64)] where rest >= size
        {
            text += "\(rest / size)\(name)"
            rest %= size
        }
        return text
    }
}
