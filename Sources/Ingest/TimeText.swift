package import Events

/// Times as logs write them, to microseconds UTC (pipelines/rules.md, 5). Further digits are cut off, toward zero.
package struct TimeText {
    /// For times without a zone; nil makes them no times.
    let zone: ZoneOffsets?
    /// For numbers that count local time; nil: they count UTC.
    let numberZone: ZoneOffsets?
    /// nil: told by magnitude.
    let unit: TimeUnit?
    /// The date read last, as its ten bytes, and its first microsecond: logs repeat dates.
    private var cachedDate: (UInt64, UInt16) = (0, 0)
    private var cachedStart: Int64 = 0

    /// What RFC 3339 can write, years 0000 to 9999, in microseconds. Times outside are no times.
    static let range = -62_167_219_200_000_000...253_402_300_799_999_999 as ClosedRange<Int64>

    /// How many local times were read that the zone's clocks show twice or skip.
    private(set) var uncertainTimes: Int64 = 0

    init(zone: ZoneOffsets?, numberZone: ZoneOffsets? = nil, unit: TimeUnit?) {
        self.zone = zone
        self.numberZone = numberZone
        self.unit = unit
    }

    /// RFC 3339, also with a lower-case or blank `T`, with ` UTC` for a zone, and with an offset of hours alone or without
    /// colon. A text of digits counts as the number.
    mutating func parse(_ text: Text) -> EventTime? {
        if Self.isWhole(text) { return parse(number: text) }
        let count = text.count
        guard count >= 19, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[13] == UInt8(ascii: ":"),
            text[16] == UInt8(ascii: ":"), text[10] | 0x20 == UInt8(ascii: "t") || text[10] == 32
        else { return nil }
        let date = (text.start.load(as: UInt64.self), text.start.load(8, as: UInt16.self))
        if date != cachedDate {
            guard let start = Self.date(text) else { return nil }
            cachedDate = date
            cachedStart = start
        }
        guard let hour = Self.two(text, 11), let minute = Self.two(text, 14), let second = Self.two(text, 17),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var time = cachedStart + (hour * 3600 + minute * 60 + second) * 1_000_000
        var place = 19
        if place < count, text[place] == UInt8(ascii: ".") {
            place += 1
            var weight: Int64 = 100_000
            let first = place
            while place < count, text[place] &- 48 < 10 {
                time += Int64(text[place] - 48) * weight
                weight /= 10
                place += 1
            }
            guard place > first else { return nil }
        }
        if place == count {
            guard let zone else { return nil }
            return Self.checked(instant(ofLocal: time, zone), second)
        }
        guard let offset = Self.offset(text.dropping(place)) else { return nil }
        return Self.checked(time - offset, second)
    }

    /// `Z`, ` UTC`, or hours east of Greenwich with or without minutes; nil for anything else.
    @inline(__always)
    private static func offset(_ zone: Text) -> Microseconds? {
        if zone[0] | 0x20 == UInt8(ascii: "z") { return zone.count == 1 ? 0 : nil }
        if zone[0] == 32 { return zone.bytes.elementsEqual(" UTC".utf8) ? 0 : nil }
        guard zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"), zone.count >= 3, let hours = two(zone, 1), hours < 24 else {
            return nil
        }
        var minutes: Int64 = 0
        if zone.count > 3 {
            let colon = zone[3] == UInt8(ascii: ":") ? 1 : 0
            guard zone.count == 5 + colon, let found = two(zone, 3 + colon), found < 60 else { return nil }
            minutes = found
        }
        let offset = (hours * 60 + minutes) * 60_000_000
        return zone[0] == UInt8(ascii: "+") ? offset : -offset
    }

    private mutating func instant(ofLocal time: Int64, _ zone: ZoneOffsets) -> EventTime {
        let (instant, isCertain) = zone.reading(ofLocal: time)
        if !isCertain { uncertainTimes += 1 }
        return instant
    }

    /// An optional minus and digits.
    @inline(__always)
    private static func isWhole(_ text: Text) -> Bool {
        // Dates have a sign at the fifth place, which ends the look at nearly all of them.
        if text.count > 4, text[4] == UInt8(ascii: "-") { return false }
        let first = text.count > 0 && text[0] == UInt8(ascii: "-") ? 1 : 0
        return text.count > first && (first..<text.count).allSatisfy { text[$0] &- 48 < 10 }
    }

    /// A second 60 is a leap second, which stands only before midnight UTC and counts as the second after it.
    private static func checked(_ time: Int64, _ second: Int64 = 0) -> EventTime? {
        if second == 60 {
            let ofDay = time % CivilDate.microsecondsPerDay
            guard (0..<1_000_000).contains(ofDay < 0 ? ofDay + CivilDate.microsecondsPerDay : ofDay) else { return nil }
        }
        return range.contains(time) ? time : nil
    }

    @inline(__always)
    private static func two(_ text: Text, _ place: Int) -> Int64? {
        let tens = text[place] &- 48
        let ones = text[place + 1] &- 48
        return tens < 10 && ones < 10 ? Int64(tens &* 10 &+ ones) : nil
    }

    private static func date(_ text: Text) -> Int64? {
        guard let century = two(text, 0), let years = two(text, 2), let month = two(text, 5), let day = two(text, 8) else { return nil }
        let year = Int(century * 100 + years)
        guard (1...12).contains(month), day >= 1, day <= CivilDate.daysInMonth(year: year, month: Int(month)) else { return nil }
        return CivilDate.days(year: year, month: Int(month), day: Int(day)) * CivilDate.microsecondsPerDay
    }

    /// A JSON number of seconds, milliseconds, microseconds or nanoseconds since 1970, read as exact decimal.
    mutating func parse(number text: Text) -> EventTime? {
        let time = instant(number: text)
        guard let numberZone, let time else { return time }
        return Self.checked(instant(ofLocal: time, numberZone))
    }

    private func instant(number text: Text) -> EventTime? {
        if text.count <= 16, let whole = Self.whole(text) {
            switch unit ?? Self.unit(ofMagnitude: whole) {
            case .seconds: if whole <= Self.range.upperBound / 1_000_000 { return whole * 1_000_000 }
            case .milliseconds: if whole <= Self.range.upperBound / 1000 { return whole * 1000 }
            case .microseconds: return whole
            case .nanoseconds: return whole / 1000
            }
            return nil
        }
        let decimal = Decimal(text)
        guard let unit = unit ?? Self.unitByMagnitude(decimal) else { return nil }
        let power =
            switch unit {
            case .seconds: 6
            case .milliseconds: 3
            case .microseconds: 0
            case .nanoseconds: -3
            }
        guard let microseconds = decimal.truncated(timesTenTo: power), microseconds <= Int128(Self.range.upperBound) else { return nil }
        return Self.checked(decimal.isNegative ? -Int64(microseconds) : Int64(microseconds))
    }

    /// The common case: digits only, and few enough to need no care.
    @inline(__always)
    private static func whole(_ text: Text) -> Int64? {
        var value: Int64 = 0
        for place in 0..<text.count {
            let digit = text[place] &- 48
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }

    private static func unitByMagnitude(_ decimal: Decimal) -> TimeUnit? {
        decimal.truncated(timesTenTo: 0).map { unit(ofMagnitude: Int64(min($0, Int128(Int64.max)))) }
    }

    private static func unit(ofMagnitude whole: Int64) -> TimeUnit {
        if whole < 100_000_000_000 { return .seconds }
        if whole < 100_000_000_000_000 { return .milliseconds }
        return whole < 100_000_000_000_000_000 ? .microseconds : .nanoseconds
    }
}

/// The digits of a sound JSON number: `digits · 10^exponent`, with more than 30 digits cut off.
struct Decimal {
    private(set) var isNegative = false
    private(set) var digits: Int128 = 0
    private(set) var exponent = 0

    init(_ text: Text) {
        let count = text.count
        var place = 0
        var seen = 0
        var afterPoint = false
        if count > 0, text[0] == UInt8(ascii: "-") {
            isNegative = true
            place = 1
        }
        while place < count {
            let byte = text[place]
            if byte == UInt8(ascii: ".") {
                afterPoint = true
            } else if byte | 0x20 == UInt8(ascii: "e") {
                exponent += Self.exponent(text.dropping(place + 1))
                return
            } else if seen < 30 {
                digits = digits * 10 + Int128(byte &- 48)
                if digits != 0 { seen += 1 }
                if afterPoint { exponent -= 1 }
            } else if !afterPoint {
                exponent += 1
            }
            place += 1
        }
    }

    private static func exponent(_ text: Text) -> Int {
        let count = text.count
        var value = 0
        var place = count > 0 && (text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+")) ? 1 : 0
        while place < count {
            value = min(value * 10 + Int(text[place] &- 48), 1_000_000)
            place += 1
        }
        return count > 0 && text[0] == UInt8(ascii: "-") ? -value : value
    }

    /// The size of `self · 10^power` without what lies behind the point; nil from 10^36 on.
    func truncated(timesTenTo power: Int) -> Int128? {
        var result = digits
        var places = exponent + power
        while places < 0, result != 0 {
            result /= 10
            places += 1
        }
        while places > 0, result != 0 {
            guard result < 100_000_000_000_000_000_000_000_000_000_000_000 else { return nil }
            result *= 10
            places -= 1
        }
        return result
    }
}

extension TimeText {
    /// A time given by a person: RFC 3339 with a zone, or a number since 1970 told by magnitude.
    package static func instant(_ text: String) -> EventTime? {
        let bytes = Array(text.utf8)
        var clock = TimeText(zone: nil, unit: nil)
        let isNumber = !bytes.isEmpty && bytes.allSatisfy { $0 &- 48 < 10 }
        return Text.with(bytes) { isNumber ? clock.parse(number: $0) : clock.parse($0) }
    }
}
