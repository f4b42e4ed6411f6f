import Events

/// Durations as a pipeline file writes them.
enum DurationWords {
    static let second: Microseconds = 1_000_000
    static let minute = 60 * second
    static let hour = 60 * minute
    static let day = 24 * hour

    /// Those that somebody would write.
    static let usual = [
        5 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 4 * hour, 8 * hour, 12 * hour, day, 2 * day, 3 * day, 7 * day, 14 * day,
        30 * day,
        60 * day, 90 * day, 180 * day, 365 * day, 730 * day, 1095 * day,
    ]

    /// The smallest usual one that is not less; the largest where none is.
    static func rounded(_ length: Microseconds) -> Microseconds { usual.first { $0 >= length } ?? usual[usual.count - 1] }

    /// In the largest unit that divides it.
    static func text(_ length: Microseconds) -> String {
        for (unit, sign) in [(day, "d"), (hour, "h"), (minute, "m")] where length % unit == 0 && length > 0 {
            return "\(length / unit)\(sign)"
        }
        return "\(max(1, length / second))s"
    }

    static func unit(_ length: Microseconds) -> String {
        length == day ? "day" : length == hour ? "hour" : length == minute ? "minute" : "second"
    }

    /// About how long, for a comment.
    static func about(_ length: Microseconds) -> String {
        for (unit, name) in [(day, "d"), (hour, "h"), (minute, "min")] where length >= 2 * unit {
            return "\((length + unit / 2) / unit) \(name)"
        }
        return "\(length / second) s"
    }
}
