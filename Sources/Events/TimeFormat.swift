/// Times as people and outputs read them.
public enum TimeFormat {
    /// RFC 3339 in UTC, with six decimals only where there are microseconds: `2026-03-01T08:00:00Z`.
    public static func utc(_ time: EventTime) -> String {
        let perDay = CivilDate.microsecondsPerDay
        let day = (time >= 0 ? time : time - perDay + 1) / perDay
        let rest = time - day * perDay
        let date = CivilDate.date(ofDay: day)
        let seconds = rest / 1_000_000
        let micro = rest % 1_000_000
        let fraction = micro == 0 ? "" : "." + padded(micro, 6)
        return padded(Int64(date.year), 4) + "-" + padded(Int64(date.month), 2) + "-" + padded(Int64(date.day), 2) + "T"
            + padded(seconds / 3600, 2)
            + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2) + fraction + "Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
