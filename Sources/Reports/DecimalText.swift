import Foundation

/// Numbers and days as text, byte by byte: the same on every machine, whatever its locale, and without an
/// allocation for each value.
package enum DecimalText {
    /// An integer as it is.
    package static func append(_ value: Int64, to bytes: inout [UInt8]) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        append(value.magnitude, to: &bytes)
    }

    package static func append(_ value: UInt64, to bytes: inout [UInt8]) { appendDigits(value, minimumDigits: 1, to: &bytes) }

    /// Microseconds as seconds with 3 decimals, rounded half away from zero. Never `-0.000`.
    package static func appendSeconds(microseconds: Int64, to bytes: inout [UInt8]) {
        // The magnitude of Int64.min is 2^63, so adding 500 cannot overflow.
        let milliseconds = (microseconds.magnitude + 500) / 1000
        appendScaled(UInt128(milliseconds), isNegative: microseconds < 0, decimals: 3, to: &bytes)
    }

    /// A floating-point number with a fixed number of decimals (0 to 6), the exact binary value rounded to
    /// nearest, ties to even, as C's `%.6f` does. Never `-0.000000`. Writes nothing for NaN and infinity.
    package static func append(_ value: Double, decimals: Int, to bytes: inout [UInt8]) {
        precondition((0...6).contains(decimals), "between 0 and 6 decimals")
        guard value.isFinite else { return }
        guard value.magnitude < 1e18 else {
            // Beyond any count or length of time: slow and exact. A double of this size is a whole number.
            bytes.append(contentsOf: String(format: "%.\(decimals)f", value).utf8)
            return
        }
        // value = significand · 2^exponent. Below 10^18 the scaled significand stays under 2^60 · 10^6 < 2^80
        // when the exponent is positive, and under 2^53 · 10^6 < 2^73 otherwise.
        let biased = Int(value.exponentBitPattern)
        let isSubnormal = biased == 0
        let significand = UInt128(value.significandBitPattern | (isSubnormal ? 0 : 1 << 52))
        let exponent = (isSubnormal ? 1 : biased) - 1075
        var scaled = significand * UInt128(powersOfTen[decimals])
        if exponent >= 0 {
            scaled <<= exponent
        } else if exponent > -100 {
            let half = UInt128(1) << (-exponent - 1)
            let rest = scaled & (half * 2 - 1)
            scaled >>= -exponent
            if rest > half || (rest == half && scaled & 1 == 1) { scaled += 1 }
        } else {
            // Less than 2^73 / 2^100: nothing that rounds up.
            scaled = 0
        }
        appendScaled(scaled, isNegative: value < 0, decimals: decimals, to: &bytes)
    }

    /// Days since 1970-01-01 as `YYYY-MM-DD`, proleptic Gregorian. Years beyond 9999 have more digits, years
    /// before 0 (the year before 1 is 0) a minus sign.
    package static func append(day: Int32, to bytes: inout [UInt8]) {
        // Eras of 400 years (146,097 days) that begin on 1 March, so that the leap day ends a year.
        let shifted = Int(day) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        if year < 0 { bytes.append(UInt8(ascii: "-")) }
        appendDigits(UInt64(year.magnitude), minimumDigits: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(UInt64(month), minimumDigits: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        appendDigits(UInt64(dayOfMonth), minimumDigits: 2, to: &bytes)
    }

    private static let powersOfTen: [UInt64] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]

    /// `scaled / 10^decimals`, whose whole part fits 64 bits for every caller, with a sign unless every digit is 0.
    private static func appendScaled(_ scaled: UInt128, isNegative: Bool, decimals: Int, to bytes: inout [UInt8]) {
        if isNegative, scaled != 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, part) = scaled.quotientAndRemainder(dividingBy: UInt128(powersOfTen[decimals]))
        appendDigits(UInt64(whole), minimumDigits: 1, to: &bytes)
        guard decimals > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        appendDigits(UInt64(part), minimumDigits: decimals, to: &bytes)
    }

    private static func appendDigits(_ value: UInt64, minimumDigits: Int, to bytes: inout [UInt8]) {
        var rest = value
        let start = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0 || bytes.count - start < minimumDigits
        bytes[start...].reverse()
    }
}
