import Foundation

/// Figures and names as the page says them. The same value gives the same text on every machine: no locale has a say.
package enum PageWords {
    /// `1,683`
    package static func count(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return (number < 0 ? "−" : "") + text
    }

    /// To the nearest whole; from 10 down with one decimal.
    package static func amount(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "?" }
        return abs(value) < 10 && value != value.rounded() ? tenths(value) : count(Int64(value.rounded()))
    }

    package static func tenths(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e14 else { return "?" }
        let tenths = Int64((value * 10).rounded())
        return (tenths < 0 ? "−" : "") + count(Int64(tenths.magnitude / 10)) + ".\(tenths.magnitude % 10)"
    }

    /// `34.0 %`; a share that is not 0 does not look like it, nor one that is not 1. The sign stays on the
    /// line of its number.
    package static func percent(_ share: Double?) -> String {
        guard let share, share.isFinite else { return "unknown" }
        if share > 0, share < 0.0005 { return "below 0.1\u{A0}%" }
        if share < 1, share > 0.9995 { return "above 99.9\u{A0}%" }
        return tenths(share * 100) + "\u{A0}%"
    }

    /// `35.6 to 35.9 %`
    static func interval(_ interval: (low: Double, high: Double)?) -> String {
        interval.map { "\(tenths($0.low * 100)) to \(tenths($0.high * 100))\u{A0}%" } ?? "unknown"
    }

    /// A few persons' names, each cut where it is long.
    static func examples(_ names: String) -> String {
        names.components(separatedBy: "; ").map { cell($0) }.joined(separator: ", ")
    }

    /// `+0.8`, `−1.2`: in points of a percentage.
    package static func points(_ difference: Double) -> String { (difference < 0 ? "−" : "+") + tenths(abs(difference) * 100) }

    /// `2 h 10 min`: the largest unit and the one below it.
    package static func length(seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, seconds < 1e12 else { return "unknown" }
        if seconds < 0.0005 { return "0 s" }
        if seconds < 1 { return "\(Int(seconds * 1000)) ms" }
        if seconds < 10, seconds != seconds.rounded() { return tenths(seconds) + " s" }
        var rest = Int64(seconds.rounded())
        let units: [(name: String, seconds: Int64)] = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)]
        guard let first = units.firstIndex(where: { rest >= $0.seconds }) else { return "0 s" }
        var words: [String] = []
        for unit in units[first..<min(first + 2, units.count)] {
            if rest >= unit.seconds { words.append("\(count(rest / unit.seconds)) \(unit.name)") }
            rest %= unit.seconds
        }
        return words.joined(separator: " ")
    }

    /// `1 journey`, `5 journeys`
    package static func counted(_ number: Int64, _ noun: String) -> String { "\(count(number)) \(noun)\(number == 1 ? "" : "s")" }

    // MARK: Names

    private static let nameMax = 120

    /// A name from the log or the pipeline, for a cell of its own: at most 120 characters, what is not to be seen made visible.
    package static func cell(_ name: String) -> String {
        var shown = ""
        var length = 0
        for character in name {
            length += 1
            if length > nameMax { return shown + "…" }
            for scalar in character.unicodeScalars {
                switch scalar.value {
                case 9: shown += "⇥"
                case 10, 13: shown += "⏎"
                case 0..<32, 127, 0xFFFE, 0xFFFF: shown += "\u{FFFD}"
                // Marks of direction could turn around what follows.
                case 0x202A...0x202E, 0x2066...0x2069: shown += "\u{FFFD}"
                default: shown.unicodeScalars.append(scalar)
                }
            }
        }
        return shown
    }

    /// The same within a sentence, whose direction it does not change.
    package static func name(_ name: String) -> String { name.isEmpty ? "(none)" : "\u{2068}\(cell(name))\u{2069}" }

    /// A sentence with such names for where these marks would show: a terminal, a picture. No name holds any itself.
    package static func withoutMarks(_ sentence: String) -> String {
        String(String.UnicodeScalarView(sentence.unicodeScalars.filter { $0.value != 0x2068 && $0.value != 0x2069 }))
    }
}
