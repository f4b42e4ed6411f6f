/// A JSON value with its members in the order given, so that the same value is always the same text.
package enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// For what may be greater than an `Int64`.
    case unsigned(UInt64)
    /// Written in the shortest form that reads back as the same number; NaN and infinity are written as null.
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSONValue

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
    package init(nilLiteral: ()) { self = .null }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Keeps the order of the literal.
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { Member($0.0, $0.1) }) }
}

/// Writes JSON (RFC 8259) as UTF-8. Only what must be escaped is escaped.
package enum JSONText {
    /// For files that people read: two blanks of indentation, `"name": value`, a line end after the last line.
    package static func pretty(_ value: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, indentation: 0, to: &bytes)
        bytes.append(0x0A)
        return bytes
    }

    /// For files of one value a line (NDJSON): no blanks, a line end after the value.
    package static func appendLine(_ value: JSONValue, to bytes: inout [UInt8]) {
        append(value, indentation: nil, to: &bytes)
        bytes.append(0x0A)
    }

    package static func line(_ value: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        appendLine(value, to: &bytes)
        return bytes
    }

    /// A text between quotes. Control characters, the quote and the backslash are escaped; so are U+2028 and
    /// U+2029, which end a line for some readers of NDJSON.
    package static func append(text: String, to bytes: inout [UInt8]) {
        bytes.append(quote)
        defer { bytes.append(quote) }
        // Most texts need no escape and are copied as they are. 0xE2 begins U+2028 and U+2029 in UTF-8.
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == quote || $0 == UInt8(ascii: "\\") || $0 == 0xE2 }) else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": bytes.append(contentsOf: "\\\"".utf8)
            case "\\": bytes.append(contentsOf: "\\\\".utf8)
            case "\n": bytes.append(contentsOf: "\\n".utf8)
            case "\r": bytes.append(contentsOf: "\\r".utf8)
            case "\t": bytes.append(contentsOf: "\\t".utf8)
            case "\u{08}": bytes.append(contentsOf: "\\b".utf8)
            case "\u{0C}": bytes.append(contentsOf: "\\f".utf8)
            case "\u{00}"..."\u{1F}", "\u{2028}", "\u{2029}": appendEscape(scalar, to: &bytes)
            default: bytes.append(contentsOf: String(scalar).utf8)
            }
        }
    }

    private static let quote = UInt8(ascii: "\"")

    private static func appendEscape(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        let digits = String(scalar.value, radix: 16)
        bytes.append(contentsOf: "\\u".utf8)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
        bytes.append(contentsOf: digits.utf8)
    }

    /// Without an indentation everything stays on one line.
    private static func append(_ value: JSONValue, indentation: Int?, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .boolean(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .integer(let number): DecimalText.append(number, to: &bytes)
        case .unsigned(let number): DecimalText.append(number, to: &bytes)
        // The shortest form is the same on every machine; an exponent (`1e-07`) is valid JSON as it is.
        case .number(let number): bytes.append(contentsOf: (number.isFinite ? number.description : "null").utf8)
        case .text(let text): append(text: text, to: &bytes)
        case .array(let elements):
            appendList(elements, open: "[", close: "]", indentation, &bytes) { element, inner, bytes in
                append(element, indentation: inner, to: &bytes)
            }
        case .object(let members):
            appendList(members, open: "{", close: "}", indentation, &bytes) { member, inner, bytes in
                append(text: member.name, to: &bytes)
                bytes.append(contentsOf: (inner == nil ? ":" : ": ").utf8)
                append(member.value, indentation: inner, to: &bytes)
            }
        }
    }

    private static func appendList<Element>(
        _ elements: [Element], open: Unicode.Scalar, close: Unicode.Scalar, _ indentation: Int?, _ bytes: inout [UInt8],
        appendElement: (Element, Int?, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        let inner = indentation.map { $0 + 2 }
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            appendLineBreak(inner, to: &bytes)
            appendElement(element, inner, &bytes)
        }
        if !elements.isEmpty { appendLineBreak(indentation, to: &bytes) }
        bytes.append(UInt8(ascii: close))
    }

    private static func appendLineBreak(_ indentation: Int?, to bytes: inout [UInt8]) {
        guard let indentation else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
    }
}
