/// Numbers as people read them on a terminal.
enum NumberText {
    /// `31,739`
    static func grouped(_ number: some BinaryInteger) -> String {
        var digits = String(number.magnitude)
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: place))
            place -= 3
        }
        return (number < 0 ? "-" : "") + digits
    }

    /// `8 s`, `3 min`, `1.5 h`: no finer than a guess is.
    static func duration(_ seconds: Double) -> String {
        if seconds < 99.5 { return "\(Int(seconds.rounded())) s" }
        if seconds < 90 * 60 { return "\(Int((seconds / 60).rounded())) min" }
        return "\(Int((seconds / 360).rounded()) / 10).\(Int((seconds / 360).rounded()) % 10) h"
    }

    /// `34.0 %`
    static func percent(_ ratio: Double) -> String {
        let tenths = Int((ratio * 1000).rounded())
        return "\(grouped(tenths / 10)).\(tenths % 10) %"
    }
}
