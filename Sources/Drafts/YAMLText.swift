/// Texts of a log written into a pipeline file: whatever they hold, the file says just that, on one line.
enum YAMLText {
    /// A scalar that reads as this text, also in a flow collection and as a key.
    static func scalar(_ text: String) -> String {
        if isPlain(text) { return text }
        if text.unicodeScalars.allSatisfy(isPrintable) { return "'" + text.replacing("'", with: "''") + "'" }
        return "\"" + escaped(text, quote: "\"") + "\""
    }

    /// A literal of an expression. What a reader of the file could not see stands as an escape.
    static func literal(_ text: String) -> String { "\"" + escaped(text, quote: "\"") + "\"" }

    /// Words in a comment, or in a terminal: on one line, without what steers either, not long.
    static func line(_ text: String, max: Int = 60) -> String {
        var shown = ""
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < max else { return shown + "…" }
            shown.unicodeScalars.append(isPrintable(scalar) ? scalar : " ")
            count += 1
        }
        return shown
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "/") || first == UInt8(ascii: "$"),
            text.utf8.count <= 200,
            !words.contains(text.lowercased())
        else { return false }
        return text.utf8.allSatisfy { isLetter($0) || $0 &- 48 < 10 || "_./-$".utf8.contains($0) }
    }

    /// What some reader of YAML takes for something else than a text.
    private static let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }

    /// Shown as one sign, in its place; nothing that breaks lines or turns the direction of what follows.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }

    private static func escaped(_ text: String, quote: Unicode.Scalar) -> String {
        var shown = ""
        for scalar in text.unicodeScalars {
            if scalar == quote || scalar == "\\" {
                shown += "\\" + String(scalar)
            } else if isPrintable(scalar) {
                shown.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let isShort = scalar.value <= 0xFFFF
                shown += (isShort ? "\\u" : "\\U") + String(repeating: "0", count: (isShort ? 4 : 8) - digits.count) + digits
            }
        }
        return shown
    }
}
