/// The many ways to write one point in time.
enum RandomTime {
    static let offsetMinutes: [String: Int] = ["UTC": 0, "Asia/Kolkata": 330, "America/Phoenix": -420]

    /// A JSON text of the time as the source may hold it.
    static func json(_ time: Int64, _ source: NaiveSource, _ random: inout SeededGenerator) -> String {
        if random.chance(percent: 45) {
            let text = number(time, unit: source.timeUnit ?? random.pick(NaiveTimeUnit.allCases), &random)
            return text.utf8.allSatisfy { (48...57).contains($0) } && random.chance(percent: 20) ? "\"\(text)\"" : text
        }
        // Digits beyond the microsecond are cut off.
        let fraction = random.pick([6, 6, 9, shortest(time)])
        let beyond = fraction == 9 ? random.pick(["000", "999", "5"]) : ""
        if let zone = source.timezone, let minutes = offsetMinutes[zone], random.chance(percent: 50) {
            return "\"" + rfc3339(time, fractionDigits: min(6, fraction), beyond: beyond, offset: minutes, zone: "") + "\""
        }
        let (offset, zone) = random.pick([
            (0, "Z"), (0, "z"), (0, "+00:00"), (330, "+05:30"), (-210, "-0330"), (845, "+1405"), (-719, "-11:59"), (0, "-00:00"),
            (0, " UTC"), (0, "+00"), (-180, "-03"),
        ])
        let text = rfc3339(
            time, fractionDigits: min(6, fraction), beyond: beyond, offset: offset, zone: zone,
            separator: random.pick(["T", "T", "t", " "]))
        return random.chance(percent: 10) ? RandomJSON.escapedWhole(text) : "\"\(text)\""
    }

    /// How many digits of a fraction the time needs: 0, 3 or 6.
    private static func shortest(_ time: Int64) -> Int { time % 1_000_000 == 0 ? 0 : time % 1000 == 0 ? 3 : 6 }

    /// Exact decimal text; sometimes with more digits than count, sometimes with an exponent.
    private static func number(_ time: Int64, unit: NaiveTimeUnit, _ random: inout SeededGenerator) -> String {
        let power = unit.powerOfTenToMicroseconds
        guard power > 0 else {
            return String(time) + (unit == .nanoseconds ? random.pick(["000", "999", "000.5"]) : random.pick(["", "", ".9"]))
        }
        let digits = String(time)
        let whole = digits.dropLast(power)
        let fraction = digits.suffix(power)
        if random.chance(percent: 5) {
            return "\(digits.prefix(1)).\(digits.dropFirst())e\(random.pick(["", "+"]))\(digits.count - 1 - power)"
        }
        if fraction.allSatisfy({ $0 == "0" }) { return "\(whole)\(random.pick(["", "", ".0"]))" }
        return "\(whole).\(fraction)\(random.pick(["", "", "9"]))"
    }

    /// Local time at an offset in minutes, followed by a zone's text. A fraction of no digits is left out.
    static func rfc3339(
        _ time: Int64, fractionDigits: Int, beyond: String = "", offset: Int = 0, zone: String = "Z", separator: String = "T"
    ) -> String {
        func padded(_ number: Int64, _ width: Int) -> String {
            String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
        }
        // Random cases lie after 1970, so division cuts towards the past.
        let seconds = time / 1_000_000 + Int64(offset) * 60
        var days = seconds / 86_400
        var year: Int64 = 1970
        func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
        while days >= (isLeap(year) ? 366 : 365) {
            days -= isLeap(year) ? 366 : 365
            year += 1
        }
        var month = 0
        let lengths: [Int64] = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        while days >= lengths[month] {
            days -= lengths[month]
            month += 1
        }
        let clock = [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }.joined(separator: ":")
        let fraction = fractionDigits == 0 ? "" : "." + padded(time % 1_000_000, 6).prefix(fractionDigits) + beyond
        return "\(padded(year, 4))-\(padded(Int64(month + 1), 2))-\(padded(days + 1, 2))\(separator)\(clock)\(fraction)\(zone)"
    }
}
