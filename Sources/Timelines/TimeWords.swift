package import Events

/// Lengths of time as people read them: `2 d 3 h`, `26 m 10 s`, `1.2 s`, `300 ms`.
package enum TimeWords {
    private static let units: [(name: String, length: Microseconds)] = [
        ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("µs", 1),
    ]
    /// Below this, tenths of a second are told.
    private static let tenthsBelow: Microseconds = 10_000_000

    /// The largest unit and those that follow it, `count` in all, cut off; units that come to nothing are left out.
    package static func rough(_ length: Microseconds, count: Int = 2) -> String {
        if length >= 1_000_000, length < tenthsBelow, length % 1_000_000 >= 100_000 {
            return "\(length / 1_000_000).\(length % 1_000_000 / 100_000) s"
        }
        guard let first = units.firstIndex(where: { length >= $0.length }) else { return "0 s" }
        // Of a time in seconds nobody wants the milliseconds.
        let last = first < 4 ? min(first + count, 4) : first + 1
        return words(length, units[first..<last])
    }

    /// With all units: for times that are compared, and those of rules.
    static func exact(_ length: Microseconds) -> String { length <= 0 ? "0 s" : words(length, units[...]) }

    /// As rough as can be without looking like the other one.
    static func rough(_ length: Microseconds, unlike other: String) -> String {
        let text = rough(length, count: 3)
        return text == other ? exact(length) : text
    }

    private static func words(_ length: Microseconds, _ units: ArraySlice<(name: String, length: Microseconds)>) -> String {
        var rest = length
        var words: [String] = []
        for unit in units {
            if rest >= unit.length { words.append("\(rest / unit.length) \(unit.name)") }
            rest %= unit.length
        }
        return words.joined(separator: " ")
    }
}

/// Times as the clocks of a zone show them.
struct LocalTime {
    let zone: ZoneOffsets

    func day(_ time: EventTime) -> Int32 { zone.day(of: time) }

    /// `Sun 2026-03-01`
    func date(_ time: EventTime) -> String {
        let day = Int(day(time))
        let date = CivilDate.date(ofDay: Int64(day))
        // 1970-01-01 was a Thursday.
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][((day % 7) + 7) % 7]
        return "\(weekday) \(Self.padded(date.year, 4))-\(Self.padded(date.month, 2))-\(Self.padded(date.day, 2))"
    }

    /// `09:12:05`, or `09:12:05.417`.
    func clock(_ time: EventTime, milliseconds: Bool = false) -> String {
        let perDay = CivilDate.microsecondsPerDay
        let rest = Int((((time + zone.offset(at: time)) % perDay) + perDay) % perDay)
        let seconds = rest / 1_000_000
        let clock = "\(Self.padded(seconds / 3600, 2)):\(Self.padded(seconds / 60 % 60, 2)):\(Self.padded(seconds % 60, 2))"
        return milliseconds ? clock + ".\(Self.padded(rest / 1000 % 1000, 3))" : clock
    }

    func full(_ time: EventTime) -> String { "\(date(time)) \(clock(time))" }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
