/// One word or sign of an expression and where it stands, in UTF-8 bytes.
struct ExpressionToken: Equatable {
    enum Kind: Equatable {
        case end
        case identifier(String)
        case string(String)
        /// Without its sign: `-` is a token of its own. 2⁶³ is let through because it may turn out negative.
        case integer(UInt64)
        case number(Double)
        case symbol(Symbol)
    }

    enum Symbol: String, CaseIterable {
        case or = "||"
        case and = "&&"
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
        case not = "!"
        case minus = "-"
        case dot = "."
        case comma = ","
        case openParenthesis = "("
        case closeParenthesis = ")"
        case openBracket = "["
        case closeBracket = "]"
    }

    var kind: Kind
    var offset: Int
}

/// Cuts a text into tokens, one at a time, so that the first fault in the text is the one that is reported.
struct ExpressionLexer {
    let bytes: [UInt8]
    var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    static func isIdentifierStart(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }

    /// The byte `distance` places ahead; 0, which is part of no token, beyond the end.
    func peek(_ distance: Int = 0) -> UInt8 {
        position + distance < bytes.count ? bytes[position + distance] : 0
    }

    func slice(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    mutating func next() throws(ExpressionError) -> ExpressionToken {
        while position < bytes.count, [0x20, 0x09, 0x0A, 0x0C, 0x0D].contains(bytes[position]) { position += 1 }
        let start = position
        guard start < bytes.count else { return ExpressionToken(kind: .end, offset: start) }
        let byte = bytes[start]
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return try string(raw: false) }
        if byte | 0x20 == UInt8(ascii: "r"), [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(peek(1)) {
            position += 1
            return try string(raw: true)
        }
        if Self.isDigit(byte) || byte == UInt8(ascii: ".") && Self.isDigit(peek(1)) { return try number() }
        if Self.isIdentifierStart(byte) {
            while Self.isIdentifierStart(peek()) || Self.isDigit(peek()) { position += 1 }
            return ExpressionToken(kind: .identifier(slice(start..<position)), offset: start)
        }
        return try symbol()
    }

    private mutating func number() throws(ExpressionError) -> ExpressionToken {
        let start = position
        var isInteger = true
        while Self.isDigit(peek()) { position += 1 }
        if peek() == UInt8(ascii: "."), Self.isDigit(peek(1)) {
            isInteger = false
            position += 1
            while Self.isDigit(peek()) { position += 1 }
        }
        if peek() | 0x20 == UInt8(ascii: "e") {
            let signed = [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(peek(1))
            if Self.isDigit(peek(signed ? 2 : 1)) {
                isInteger = false
                position += signed ? 2 : 1
                while Self.isDigit(peek()) { position += 1 }
            }
        }
        let text = slice(start..<position)
        guard !Self.isIdentifierStart(peek()) else {
            while Self.isIdentifierStart(peek()) || Self.isDigit(peek()) { position += 1 }
            let whole = ExpressionError.excerpt(slice(start..<position))
            throw ExpressionError("`\(whole)` is no number; a length of time is written duration(\"30m\")", at: start)
        }
        if isInteger {
            guard let magnitude = UInt64(text), magnitude <= 1 << 63 else {
                throw ExpressionError(
                    "`\(ExpressionError.excerpt(text))` does not fit 64 bits; to compare it as text, put it in quotes", at: start)
            }
            return ExpressionToken(kind: .integer(magnitude), offset: start)
        }
        guard let value = Double(text), value.isFinite else {
            throw ExpressionError("`\(ExpressionError.excerpt(text))` is too large for a number", at: start)
        }
        return ExpressionToken(kind: .number(value), offset: start)
    }

    private mutating func symbol() throws(ExpressionError) -> ExpressionToken {
        let start = position
        for (wrong, hint) in Self.mistaken where bytes[start...].starts(with: wrong.utf8) {
            throw ExpressionError("`\(wrong)` is no operator; \(hint)", at: start)
        }
        // The two-character signs come first in the list, so `<=` is never read as `<`.
        for symbol in ExpressionToken.Symbol.allCases where bytes[start...].starts(with: symbol.rawValue.utf8) {
            position += symbol.rawValue.utf8.count
            return ExpressionToken(kind: .symbol(symbol), offset: start)
        }
        // Whatever is left is a mistake; a few are common enough to deserve a hint.
        let character = slice(start..<bytes.count).first.map(String.init) ?? ""
        let hint: String
        switch character {
        case "=": hint = "use == to compare"
        case "&": hint = "use &&"
        case "|": hint = "use ||"
        case "+", "*", "/", "%": hint = "there is no arithmetic in expressions"
        case "?", ":": hint = "there is no ?: in expressions; use && and ||"
        case "“", "”", "„", "‘", "’", "`": hint = "use straight quotes, \" or '"
        case _ where bytes[start] >= 0x80: hint = "put text in quotes; write attributes[\"…\"] for such a name"
        default: hint = "put text in quotes"
        }
        let shown = bytes[start] < 0x20 || bytes[start] == 0x7F ? "a control character" : "`\(character)`"
        throw ExpressionError("\(shown) is not part of an expression; \(hint)", at: start)
    }

    /// Signs of other languages that begin with a valid sign of this one.
    private static let mistaken = [("===", "use =="), ("!==", "use !="), ("<>", "use !="), ("=<", "use <="), ("=>", "use >=")]
}
