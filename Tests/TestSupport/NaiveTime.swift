import Foundation

/// Times (pipelines/rules.md, 5): RFC 3339 with a zone, or a number since 1970; kept as microseconds UTC, further
/// digits cut off, never rounded.
enum NaiveTime {
    /// What RFC 3339 can write: the years 0000 to 9999.
    static let range: ClosedRange<Int64> = -62_167_219_200_000_000...253_402_300_799_999_999

    /// nil is `bad_time`: a string that is no time (digits alone are none), a boolean, an array, an object.
    static func microseconds(_ value: NaiveJSON, unit: NaiveTimeUnit?, timezone: String?) -> Int64? {
        let time: Int64?
        switch value {
        case .number(let text): time = microseconds(number: text, unit: unit)
        case .string(let text) where isWhole(text.description): time = microseconds(number: text.description, unit: unit)
        case .string(let text): time = microseconds(rfc3339: text.description, timezone: timezone)
        case .null, .bool, .array, .object: time = nil
        }
        return time.flatMap { range.contains($0) ? $0 : nil }
    }

    /// A text of digits, with a minus or without.
    private static func isWhole(_ text: String) -> Bool {
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") }
        return text.utf8.count - digits.count <= 1 && !digits.isEmpty && digits.allSatisfy { (48...57).contains($0) }
    }

    /// A number since 1970, in the source's unit or, without one, told apart by magnitude: below 1e11 seconds,
    /// 1e14 milliseconds, 1e17 microseconds, else nanoseconds.
    static func microseconds(number text: String, unit: NaiveTimeUnit?) -> Int64? {
        let decimal = NaiveDecimal(text)
        let unit = unit ?? guess(digitsBeforePoint: decimal.digitsBeforePoint)
        return decimal.whole(timesTenToThe: unit.powerOfTenToMicroseconds)
    }

    private static func guess(digitsBeforePoint digits: Int) -> NaiveTimeUnit {
        if digits <= 11 { return .seconds }
        if digits <= 14 { return .milliseconds }
        return digits <= 17 ? .microseconds : .nanoseconds
    }

    /// `YYYY-MM-DD`, then `T`, `t` or a blank, `hh:mm:ss`, an optional fraction, and a zone: `Z`, `z`, `+hh:mm` or
    /// `+hhmm`. Without a zone only where the source names one.
    static func microseconds(rfc3339 text: String, timezone: String?) -> Int64? {
        var rest = Array(text.utf8)[...]
        func take(_ characters: String) -> UInt8? {
            guard let byte = rest.first, characters.utf8.contains(byte) else { return nil }
            return rest.removeFirst()
        }
        func number(_ digits: Int) -> Int64? {
            guard rest.count >= digits, rest.prefix(digits).allSatisfy({ (48...57).contains($0) }) else { return nil }
            defer { rest = rest.dropFirst(digits) }
            return rest.prefix(digits).reduce(0) { $0 * 10 + Int64($1 - 48) }
        }
        guard let year = number(4), take("-") != nil, let month = number(2), take("-") != nil, let day = number(2), take("Tt ") != nil,
            let hour = number(2), take(":") != nil, let minute = number(2), take(":") != nil, let second = number(2)
        else { return nil }
        guard (1...12).contains(month), day >= 1, day <= daysInMonth(month, year), hour < 24, minute < 60, second <= 60 else { return nil }

        var fraction: Int64 = 0
        if take(".") != nil {
            let digits = rest.prefix { (48...57).contains($0) }
            guard !digits.isEmpty else { return nil }
            rest = rest.dropFirst(digits.count)
            fraction = (digits.map { Int64($0 - 48) } + [0, 0, 0, 0, 0, 0]).prefix(6).reduce(0) { $0 * 10 + $1 }
        }
        let local = daysSince1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second

        let offset: Int64
        if rest.isEmpty {
            guard let timezone, let zoneOffset = zoneOffset(local: local, timezone) else { return nil }
            offset = zoneOffset
        } else if take("Zz") != nil {
            offset = 0
        } else if rest.elementsEqual(" UTC".utf8) {
            rest = []
            offset = 0
        } else {
            guard let sign = take("+-"), let hours = number(2), hours < 24 else { return nil }
            var minutes: Int64 = 0
            if !rest.isEmpty {
                _ = take(":")
                guard let found = number(2), found < 60 else { return nil }
                minutes = found
            }
            offset = (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 3600 + minutes * 60)
        }
        guard rest.isEmpty else { return nil }
        let utc = local - offset
        // A leap second stands only before midnight UTC; it falls on the second after it.
        if second == 60, utc % 86_400 != 0 { return nil }
        return utc * 1_000_000 + fraction
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func daysInMonth(_ month: Int64, _ year: Int64) -> Int64 {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        // Days before a year, counted from year 0, which is a leap year.
        func daysBefore(_ year: Int64) -> Int64 { year == 0 ? 0 : year * 365 + (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 + 1 }
        let monthDays = (1..<month).reduce(0) { $0 + daysInMonth($1, year) }
        return daysBefore(year) - daysBefore(1970) + monthDays + day - 1
    }

    /// The day of a time in a zone, as `2026-03-01`.
    static func day(_ time: Int64, timezone: String) -> String {
        // Whole seconds, rounded down: Foundation's times are floating-point.
        let seconds = (time - (time % 1_000_000 + 1_000_000) % 1_000_000) / 1_000_000
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: timezone) ?? .gmt
        let day = calendar.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: Double(seconds)))
        return String(format: "%04d-%02d-%02d", day.year ?? 0, day.month ?? 0, day.day ?? 0)
    }

    /// The number of a time's day in a zone; 1970-01-01 is 0.
    static func dayNumber(_ time: Int64, timezone: String) -> Int64 {
        let parts = day(time, timezone: timezone).split(separator: "-").compactMap { Int64($0) }
        return daysSince1970(parts[0], parts[1], parts[2])
    }

    /// Seconds east of Greenwich at a local time. A local time that comes twice means the first, one that is
    /// skipped is read with the offset before the gap.
    private static func zoneOffset(local: Int64, _ name: String) -> Int64? {
        guard let zone = TimeZone(identifier: name) else { return nil }
        func offset(_ utc: Int64) -> Int64 { Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(utc)))) }
        let before = offset(local - 86_400)
        let after = offset(local + 86_400)
        let fitting = [before, after].filter { offset(local - $0) == $0 }
        return fitting.max() ?? before
    }
}

/// A JSON number as its decimal digits: no floating point between the text and the microsecond.
struct NaiveDecimal {
    private let isNegative: Bool
    /// Without leading zeros; empty for zero.
    private let digits: [UInt8]
    /// How many of `digits` stand before the decimal point; negative for zeros between the point and the first digit.
    private let point: Int

    /// `text` must be a JSON number.
    init(_ text: String) {
        isNegative = text.hasPrefix("-")
        let parts = text.lowercased().split(separator: "e")
        // An exponent of more digits than Int holds is as good as infinite.
        let exponent = parts.count > 1 ? max(-1_000_000, min(1_000_000, Double(parts[1]) ?? 0)) : 0
        let mantissa = parts[0].drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        let all = mantissa.joined().utf8.map { $0 - 48 }
        let zeros = all.prefix { $0 == 0 }.count
        digits = Array(all.dropFirst(zeros))
        point = digits.isEmpty ? 0 : mantissa[0].utf8.count - zeros + Int(exponent)
    }

    /// Digits of the whole part; 11 for all numbers from 1e10 up to but not including 1e11.
    var digitsBeforePoint: Int { max(0, point) }

    /// The number times a power of ten, its fraction cut off; nil when it has more than 18 digits.
    func whole(timesTenToThe power: Int) -> Int64? {
        let count = point + power
        guard count > 0 else { return 0 }
        guard count <= 18 else { return nil }
        let padded = digits + Array(repeating: 0, count: max(0, count - digits.count))
        let magnitude = padded.prefix(count).reduce(Int64(0)) { $0 * 10 + Int64($1) }
        return isNegative ? -magnitude : magnitude
    }
}
