import Events
import Expressions

/// `ValueChanges` made ready for reading.
///
/// Texts that are found here lie in the reader's memory for constants, which lives as long as the reader; texts that are made lie
/// in the record's arena.
final class ValueChanger {
    private let cleanings: [ValueChanges.Cleaning]
    private let patterns: HeldObjects<RegularExpression>
    /// By pattern: what a text becomes in which it is found.
    private let replacements: [JSONScanner.Value]
    /// Texts that were held against the patterns, and by symbol which was the first to be found in them, -1 for none: most fields
    /// have few.
    private let known = SymbolTable()
    private var firstFound = SlotList<Int>([-1])
    private static let knownMax = 1 << 12
    private static let knownBytesMax = 512
    private let texts = SymbolTable()
    /// By symbol of `texts`; the first stands for all that are not there.
    private let values: [JSONScanner.Value?]
    private let conversion: ValueChanges.Conversion?

    /// - Parameters:
    ///   - changes: with patterns that compile; the definition's reader has seen to it.
    ///   - constant: gives a text a place for good.
    init(_ changes: ValueChanges, constant: (String) -> JSONScanner.Value) {
        cleanings = changes.cleanings
        patterns = HeldObjects(
            changes.replacements.map { replacement in
                guard let pattern = try? RegularExpression(replacement.pattern) else { preconditionFailure("an unchecked pattern") }
                return pattern
            })
        replacements = changes.replacements.map { constant($0.text) }
        var values = [changes.otherwise.map(constant)]
        for (text, value) in changes.texts {
            precondition(Int(texts.intern(text)) == values.count, "symbols count from 1")
            values.append(constant(value))
        }
        self.values = values
        conversion = changes.conversion
    }

    /// What becomes of a value. Absent values, null, objects and arrays stay what they are.
    func apply(_ given: JSONScanner.Value, _ arena: TextArena) -> JSONScanner.Value {
        guard var value = given.asText(arena) else { return given }
        if !cleanings.isEmpty {
            value.kind = .string
            for cleaning in cleanings { clean(&value, cleaning, arena) }
        }
        if !patterns.isEmpty {
            let found = firstPattern(value.text)
            if found >= 0 { value = replacements[found] }
        }
        if let named = values[Int(texts.find(value.text.bytes))] { value = named }
        switch conversion {
        case .number: if value.kind == .string, JSONNumber.isSound(value.text.bytes) { value.kind = .number }
        case .text: value.kind = .string
        case nil: break
        }
        return value
    }

    private func firstPattern(_ text: Text) -> Int {
        let symbol = known.find(text.bytes)
        if symbol != 0 { return firstFound[Int(symbol)] }
        let found = patterns.indices.first { patterns.with($0) { $0.matches(text.bytes) } } ?? -1
        if known.count < Self.knownMax, text.count <= Self.knownBytesMax {
            _ = known.intern(text.bytes)
            firstFound.append(found)
        }
        return found
    }

    private func clean(_ value: inout JSONScanner.Value, _ cleaning: ValueChanges.Cleaning, _ arena: TextArena) {
        let bytes = value.text.bytes
        switch cleaning {
        case .trim:
            let inner = WhiteSpace.trimmed(bytes)
            value.text = Text(value.text.start + inner.lowerBound, inner.count)
        case .lower: value.text = lowered(value.text, arena)
        case .digits: value.text = arena.keep(bytes.filter { $0 &- 48 < 10 })
        case .whole:
            guard let point = bytes.firstIndex(of: UInt8(ascii: ".")), point + 1 < bytes.count,
                bytes[(point + 1)...].allSatisfy({ $0 == 48 })
            else { return }
            let whole = bytes[..<point].drop { $0 == UInt8(ascii: "-") }
            guard point - whole.count <= 1, !whole.isEmpty, whole.allSatisfy({ $0 &- 48 < 10 }) else { return }
            value.text = Text(value.text.start, point)
        }
    }

    /// Unicode lower case. Texts of ASCII, which nearly all are, take no detour.
    private func lowered(_ text: Text, _ arena: TextArena) -> Text {
        if text.bytes.contains(where: { $0 >= 0x80 }), let decoded = String(validating: text.bytes, as: UTF8.self) {
            return arena.keep(decoded.lowercased().utf8)
        }
        return Initiators.lowered(text, arena)
    }
}

extension JSONScanner.Value {
    init(text: Text) { self.init(kind: .string, text: text) }

    /// Whether it says something: it is not absent, null or an empty text.
    var isThere: Bool {
        switch kind {
        case .absent, .null: false
        case .string, .escapedString: text.count > 0
        case .number, .boolean, .composite: true
        }
    }

    /// The value with its escapes decoded; nil for what has no text.
    func asText(_ arena: TextArena) -> JSONScanner.Value? {
        switch kind {
        case .absent, .null, .composite: nil
        case .string, .number, .boolean: self
        case .escapedString: JSONScanner.Value(text: JSONEscapes.decode(text, into: arena.take(text.count)))
        }
    }
}

/// White space at the ends of a text: that of ASCII and of Unicode (White_Space), and the byte order mark.
enum WhiteSpace {
    static func trimmed(_ text: UnsafeRawBufferPointer) -> Range<Int> {
        var (start, end) = (0, text.count)
        while start < end, let length = length(at: start, text, end) { start += length }
        while end > start, let length = length(before: end, text, start) { end -= length }
        return start..<end
    }

    private static func length(at place: Int, _ text: UnsafeRawBufferPointer, _ end: Int) -> Int? {
        if text[place] == 32 || text[place] &- 9 < 5 { return 1 }
        for length in [2, 3] where place + length <= end && isSpace(text, place, length) { return length }
        return nil
    }

    private static func length(before place: Int, _ text: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        if text[place - 1] == 32 || text[place - 1] &- 9 < 5 { return 1 }
        for length in [2, 3] where place - length >= start && isSpace(text, place - length, length) { return length }
        return nil
    }

    private static func isSpace(_ text: UnsafeRawBufferPointer, _ place: Int, _ length: Int) -> Bool {
        if length == 2 { return text[place] == 0xC2 && (text[place + 1] == 0xA0 || text[place + 1] == 0x85) }
        switch (text[place], text[place + 1], text[place + 2]) {
        case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F),
            (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF):
            return true
        default: return false
        }
    }
}

/// Numbers as RFC 8259 writes them.
package enum JSONNumber {
    static func isSound(_ text: UnsafeRawBufferPointer) -> Bool {
        var rest = text[...]
        func digits() -> Bool {
            let count = rest.prefix { $0 &- 48 < 10 }.count
            rest = rest.dropFirst(count)
            return count > 0
        }
        func take(_ bytes: UInt8...) -> Bool {
            guard let byte = rest.first, bytes.contains(byte) else { return false }
            rest = rest.dropFirst()
            return true
        }
        _ = take(UInt8(ascii: "-"))
        guard take(UInt8(ascii: "0")) || digits() else { return false }
        if take(UInt8(ascii: ".")), !digits() { return false }
        if take(UInt8(ascii: "e"), UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+"), UInt8(ascii: "-"))
            guard digits() else { return false }
        }
        return rest.isEmpty
    }

    package static func isSound(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isSound(UnsafeRawBufferPointer($0)) }
    }
}
