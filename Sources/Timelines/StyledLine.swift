/// A line of a picture: pieces of text, each in a style. Colours come last, and only where a terminal shows them.
package struct StyledLine: Sendable, Equatable {
    package enum Style: Sendable, Equatable { case plain, faint, strong, friction, stall }

    private struct Piece: Sendable, Equatable {
        var text: String
        var style: Style
    }

    private var pieces: [Piece] = []

    package init(_ text: String = "", _ style: Style = .plain) { add(text, style) }

    mutating func add(_ text: String, _ style: Style = .plain) {
        if !text.isEmpty { pieces.append(Piece(text: text, style: style)) }
    }

    /// Blanks up to a column, counted from 0; at least one after a text that reaches beyond it.
    mutating func pad(to column: Int) {
        guard width < column || pieces.last?.text.last != " " else { return }
        add(String(repeating: " ", count: max(1, column - width)))
    }

    var width: Int { pieces.reduce(0) { $0 + $1.text.count } }

    /// Without blanks at its end.
    package var plain: String {
        var text = pieces.map(\.text).joined()
        while text.last == " " { text.removeLast() }
        return text
    }

    /// With escape sequences of ECMA-48, which terminals understand.
    package var coloured: String {
        pieces.map { piece in
            switch piece.style {
            case .plain: piece.text
            case .faint: "\u{1B}[2m\(piece.text)\u{1B}[0m"
            case .strong: "\u{1B}[1m\(piece.text)\u{1B}[0m"
            case .friction: "\u{1B}[31m\(piece.text)\u{1B}[0m"
            case .stall: "\u{1B}[33m\(piece.text)\u{1B}[0m"
            }
        }.joined()
    }
}

/// Texts from logs and pipeline files on their way to a terminal.
enum ShownText {
    /// How wide a picture is at the most, where words can be broken.
    static let widthMax = 100

    /// Control characters, line ends and marks that turn the direction of writing show as blanks: a log must not steer a terminal.
    static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: steers) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { shown.append(steers(scalar) ? " " : scalar) }
        return String(shown)
    }

    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        default: false
        }
    }

    /// The same in at most `width` characters.
    static func short(_ text: String, _ width: Int) -> String {
        let shown = clean(text)
        return shown.count <= width ? shown : shown.prefix(max(1, width) - 1) + "…"
    }

    /// Broken at blanks into lines that fit behind an indentation; a longer word stays whole.
    static func wrapped(_ text: String, indent: Int) -> [String] {
        var lines: [String] = []
        for word in clean(text).split(separator: " ") {
            if let last = lines.last, indent + last.count + 1 + word.count <= widthMax {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
