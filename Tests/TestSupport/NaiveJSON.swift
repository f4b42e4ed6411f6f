/// A JSON value that keeps the text of its numbers: `9007199254740993` and `1.50` are identifiers like any text.
indirect enum NaiveJSON: Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(ExactText)
    case array([NaiveJSON])
    /// Of a key written twice the last value stands.
    case object([ExactText: NaiveJSON])

    /// The text a scalar has as an identifier or label; nil for null, arrays and objects, which count as absent there.
    var text: ExactText? {
        switch self {
        case .string(let text): text
        case .number(let text): ExactText(text)
        case .bool(let value): ExactText(value ? "true" : "false")
        case .null, .array, .object: nil
        }
    }

    /// The value at a path: dotted keys from the outside in, or, after a leading `/`, a JSON Pointer (RFC 6901),
    /// whose tokens are also places in arrays. nil where nothing stands there.
    func value(at path: String) -> NaiveJSON? {
        let isPointer = path.hasPrefix("/")
        let tokens = isPointer ? Self.pointerTokens(path) : path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        var current = self
        for token in tokens {
            switch current {
            case .object(let members):
                guard let next = members[ExactText(token)] else { return nil }
                current = next
            case .array(let items) where isPointer:
                guard let index = Self.arrayIndex(token), index < items.count else { return nil }
                current = items[index]
            default:
                return nil
            }
        }
        return current
    }

    private static func pointerTokens(_ path: String) -> [String] {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { token in
            var key = ""
            var afterTilde = false
            for character in token.unicodeScalars {
                if afterTilde {
                    key += character == "1" ? "/" : "~"
                    afterTilde = false
                } else if character == "~" {
                    afterTilde = true
                } else {
                    key.unicodeScalars.append(character)
                }
            }
            return key
        }
    }

    /// `0`, or digits without a leading zero.
    private static func arrayIndex(_ token: String) -> Int? {
        guard !token.isEmpty, token.utf8.allSatisfy({ (48...57).contains($0) }), token == "0" || !token.hasPrefix("0") else { return nil }
        return Int(token)
    }
}

struct NaiveJSONError: Error {}

/// A recursive reader of exactly one JSON text, strict to its last byte (RFC 8259). The input must be valid UTF-8.
struct NaiveJSONParser {
    /// Arrays and objects inside each other beyond this are an error.
    static let depthMax = 1024

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func parse(_ bytes: [UInt8]) throws -> NaiveJSON {
        var parser = NaiveJSONParser(bytes)
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.position == bytes.count else { throw NaiveJSONError() }
        return value
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Steps over a byte when it comes next.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func demand(_ character: Unicode.Scalar) throws {
        guard take(character) else { throw NaiveJSONError() }
    }

    private mutating func value(depth: Int) throws -> NaiveJSON {
        skipBlanks()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ text: String, _ value: NaiveJSON) throws -> NaiveJSON {
        for character in text.unicodeScalars { try demand(character) }
        return value
    }

    private mutating func object(depth: Int) throws -> NaiveJSON {
        guard depth <= Self.depthMax else { throw NaiveJSONError() }
        try demand("{")
        var members: [ExactText: NaiveJSON] = [:]
        skipBlanks()
        if take("}") { return .object(members) }
        while true {
            skipBlanks()
            let key = try string()
            skipBlanks()
            try demand(":")
            members[key] = try value(depth: depth)
            skipBlanks()
            if take("}") { return .object(members) }
            try demand(",")
        }
    }

    private mutating func array(depth: Int) throws -> NaiveJSON {
        guard depth <= Self.depthMax else { throw NaiveJSONError() }
        try demand("[")
        var items: [NaiveJSON] = []
        skipBlanks()
        if take("]") { return .array(items) }
        while true {
            items.append(try value(depth: depth))
            skipBlanks()
            if take("]") { return .array(items) }
            try demand(",")
        }
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    private mutating func number() throws -> String {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws {
        let start = position
        while let byte = next, (48...57).contains(byte) { position += 1 }
        guard position > start else { throw NaiveJSONError() }
    }

    private mutating func string() throws -> ExactText {
        try demand("\"")
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return ExactText(bytes: text)
            case UInt8(ascii: "\\"): text += Array(String(try escape()).utf8)
            case 0..<0x20: throw NaiveJSONError()
            default: text.append(byte)
            }
        }
        throw NaiveJSONError()
    }

    private mutating func escape() throws -> Unicode.Scalar {
        guard let byte = next else { throw NaiveJSONError() }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw NaiveJSONError()
        }
    }

    /// After `\u`: a code unit, or a pair of surrogates. A surrogate without its partner is no text and thus an error.
    private mutating func unicodeEscape() throws -> Unicode.Scalar {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard (0xD800..<0xDC00).contains(unit), take("\\"), take("u") else { throw NaiveJSONError() }
        let second = try codeUnit()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
        else { throw NaiveJSONError() }
        return scalar
    }

    private mutating func codeUnit() throws -> UInt32 {
        guard position + 4 <= bytes.count else { throw NaiveJSONError() }
        var unit: UInt32 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { throw NaiveJSONError() }
            unit = unit * 16 + UInt32(digit)
        }
        position += 4
        return unit
    }
}
