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

    /// `34.0 %`
    static func percent(_ ratio: Double) -> String {
        let tenths = Int((ratio * 1000).rounded())
        return "\(grouped(tenths / 10)).\(tenths % 10) %"
    }
}
