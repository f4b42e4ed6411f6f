/// Quoted strings with the escapes of CEL, and raw strings without any.
extension ExpressionLexer {
    /// Reads the string whose quote is at `position`, after the `r` of a raw one. A string ends on the line it begins on.
    mutating func string(raw: Bool) throws(ExpressionError) -> ExpressionToken {
        let start = raw ? position - 1 : position
        let quote = peek()
        position += 1
        var value: [UInt8] = []
        while position < bytes.count, bytes[position] != quote {
            let byte = bytes[position]
            guard byte != 0x0A, byte != 0x0D else { break }
            if byte == UInt8(ascii: "\\"), !raw {
                value.append(contentsOf: String(try escape()).utf8)
            } else {
                value.append(byte)
                position += 1
            }
        }
        guard position < bytes.count, bytes[position] == quote else {
            throw ExpressionError(
                "the string that begins here has no closing \(quote == UInt8(ascii: "'") ? "'" : "\"") on its line", at: start)
        }
        position += 1
        return ExpressionToken(kind: .string(String(decoding: value, as: UTF8.self)), offset: start)
    }

    /// Reads one escape, the backslash being at `position`: `\\ \" \' \` \? \/ \a \b \f \n \r \t \v`, `\xHH`,
    /// `\uXXXX`, `\UXXXXXXXX` and three octal digits. Numbers name code points, not bytes.
    private mutating func escape() throws(ExpressionError) -> Unicode.Scalar {
        let start = position
        let letter = peek(1)
        position += 2
        switch letter {
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "?"), UInt8(ascii: "/"):
            return Unicode.Scalar(letter)
        case UInt8(ascii: "a"): return "\u{07}"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "v"): return "\u{0B}"
        case UInt8(ascii: "x"), UInt8(ascii: "X"): return try codePoint(digits: 2, radix: 16, escapeAt: start)
        case UInt8(ascii: "u"): return try codePoint(digits: 4, radix: 16, escapeAt: start)
        case UInt8(ascii: "U"): return try codePoint(digits: 8, radix: 16, escapeAt: start)
        case UInt8(ascii: "0")...UInt8(ascii: "3"):
            position -= 1
            return try codePoint(digits: 3, radix: 8, escapeAt: start)
        default:
            throw ExpressionError("unknown escape in a string; write \\\\ for a backslash, or a raw string r\"…\"", at: start)
        }
    }

    private mutating func codePoint(digits: Int, radix: UInt32, escapeAt start: Int) throws(ExpressionError) -> Unicode.Scalar {
        var code: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = Character(Unicode.Scalar(peek())).hexDigitValue, digit < radix, code < 1 << 28 else {
                let kind = radix == 8 ? "octal" : "hexadecimal"
                throw ExpressionError("this escape needs \(digits) \(kind) digits", at: start)
            }
            code = code * radix + UInt32(digit)
            position += 1
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw ExpressionError("this escape names no Unicode character", at: start)
        }
        return scalar
    }
}
