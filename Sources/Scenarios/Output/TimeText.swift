/// Writes times as text. The date is worked out once for each day and source, not for each line.
struct TimeText {
    private var day = Int64.min
    private var year: UInt64 = 0
    private var month: UInt64 = 0
    private var dayOfMonth: UInt64 = 0

    /// `2026-03-01T08:15:22`, of a number of seconds since 1970 that is already in the wanted zone.
    mutating func seconds(_ seconds: Int64, into writer: inout ByteWriter, separator: UInt8 = UInt8(ascii: "T")) {
        let current = seconds / 86_400
        if current != day { setDay(current) }
        let second = UInt64(seconds % 86_400)
        writer.digits(year, width: 4)
        writer.byte(UInt8(ascii: "-"))
        writer.digits(month, width: 2)
        writer.byte(UInt8(ascii: "-"))
        writer.digits(dayOfMonth, width: 2)
        writer.byte(separator)
        writer.digits(second / 3600, width: 2)
        writer.byte(UInt8(ascii: ":"))
        writer.digits(second / 60 % 60, width: 2)
        writer.byte(UInt8(ascii: ":"))
        writer.digits(second % 60, width: 2)
    }

    /// `2026-03-01T08:15:22.417Z`, of microseconds since 1970.
    mutating func milliseconds(_ microseconds: Int64, into writer: inout ByteWriter) {
        seconds(microseconds / 1_000_000, into: &writer)
        writer.byte(UInt8(ascii: "."))
        writer.digits(UInt64(microseconds / 1000 % 1000), width: 3)
        writer.byte(UInt8(ascii: "Z"))
    }

    /// `2026-03-01T08:15:22.417000Z`, of microseconds since 1970.
    mutating func microseconds(_ microseconds: Int64, into writer: inout ByteWriter) {
        seconds(microseconds / 1_000_000, into: &writer)
        writer.byte(UInt8(ascii: "."))
        writer.digits(UInt64(microseconds % 1_000_000), width: 6)
        writer.byte(UInt8(ascii: "Z"))
    }

    /// Days since 1970 to the Gregorian date; counts in eras of 400 years that begin on 1 March.
    private mutating func setDay(_ current: Int64) {
        day = current
        let shifted = UInt64(current + 719_468)
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        dayOfMonth = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + shifted / 146_097 * 400 + (month <= 2 ? 1 : 0)
    }

    /// Seconds that central Europe is ahead of UTC: summer time begins on 29 March 2026 and ends on 25 October.
    static func centralEuropeanOffset(_ seconds: Int64) -> Int64 {
        seconds >= 1_774_746_000 && seconds < 1_792_890_000 ? 7200 : 3600
    }

    /// For the truth, where one string more does not matter. Microseconds since 1970.
    static func text(_ microseconds: Int64) -> String {
        var writer = ByteWriter()
        var time = TimeText()
        time.microseconds(microseconds, into: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
