/// Lengths of time as pipeline files write them.
public enum NaiveDuration {
    private static let units: [(name: String, microseconds: Int64)] = [
        ("w", 604_800_000_000), ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1000),
    ]

    /// `90s`, `1h30m`: whole numbers with a unit each, one after the other.
    public static func microseconds(_ text: String) -> Int64 {
        var total: Int64 = 0
        var rest = text[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber }
            let unit = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let count = Int64(digits), let length = units.first(where: { $0.name == unit })?.microseconds else {
                preconditionFailure("no duration: \(text)")
            }
            total += count * length
            rest = rest.dropFirst(digits.count + unit.count)
        }
        return total
    }

    /// The shortest such text: the largest unit that divides the length. Whole milliseconds only.
    public static func text(_ microseconds: Int64) -> String {
        for unit in units where microseconds % unit.microseconds == 0 { return "\(microseconds / unit.microseconds)\(unit.name)" }
        preconditionFailure("\(microseconds) is no whole number of milliseconds")
    }
}
