import Events
import Expressions

/// What single values may be. Each reader is given the key only to name it in messages.
extension SectionReader {
    /// Any scalar, as it is written: `007` and `true` are names as good as others.
    func text(of node: YAMLNode, _ key: String) -> String? {
        guard let scalar = scalar(of: node, "text", key) else { return nil }
        guard !scalar.text.isEmpty else {
            diagnostics.add("`\(key)` is empty; give it a text", at: node)
            return nil
        }
        return scalar.text
    }

    func text(_ key: String) -> String? { self[key].flatMap { text(of: $0, key) } }

    /// Texts of a list, with their places. Empty texts are let through where `allowsEmpty`.
    func texts(_ key: String, example: String, allowsEmpty: Bool = false) -> [(text: String, node: YAMLNode)]? {
        list(key, example: example).map { items in
            items.compactMap { item in
                let text = allowsEmpty ? scalar(of: item, "text", key)?.text : self.text(of: item, key)
                return text.map { ($0, item) }
            }
        }
    }

    func duration(_ key: String) -> Microseconds? {
        assert(shape(of: key) == .duration)
        return self[key].flatMap { duration(of: $0, key) }
    }

    func durations(_ key: String, example: String) -> [Microseconds]? {
        list(key, example: example).map { items in items.compactMap { duration(of: $0, key) } }
    }

    private func duration(of node: YAMLNode, _ key: String) -> Microseconds? {
        guard let scalar = scalar(of: node, "a duration such as 30m", key) else { return nil }
        guard let duration = DurationText.parse(scalar.text) else {
            let accepted = "write numbers with units (w d h m s ms us) and no blanks, such as 30m, 1h30m or 14d; at most 36500d"
            diagnostics.add("`\(key)`: `\(DiagnosticList.excerpt(scalar.text))` is no duration; \(accepted)", at: node)
            return nil
        }
        return duration
    }

    func integer(_ key: String) -> Int? {
        guard case .integer(let range) = shape(of: key) else { preconditionFailure("`\(key)` of \(what) is no whole number") }
        let wanted = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let node = self[key], let scalar = scalar(of: node, wanted, key) else { return nil }
        guard let integer = scalar.integer, range.contains(integer) else {
            diagnostics.add("`\(key)` must be \(wanted), without quotes, but is `\(DiagnosticList.excerpt(scalar.text))`", at: node)
            return nil
        }
        return integer
    }

    func boolean(_ key: String) -> Bool? {
        assert(shape(of: key) == .boolean)
        guard let node = self[key], let scalar = scalar(of: node, "true or false", key) else { return nil }
        guard let boolean = scalar.boolean else {
            diagnostics.add("`\(key)` must be true or false, without quotes, but is `\(DiagnosticList.excerpt(scalar.text))`", at: node)
            return nil
        }
        return boolean
    }

    /// One of the key's words.
    func word(_ key: String) -> String? { self[key].flatMap { word(of: $0, key) } }

    /// One of the words of the key, or of its list.
    func word(of node: YAMLNode, _ key: String) -> String? {
        guard case .word(let words) = shape(of: key).inner else { preconditionFailure("`\(key)` of \(what) has no words") }
        guard let text = text(of: node, key) else { return nil }
        if words.contains(text) { return text }
        let near = diagnostics.nearest(text, among: words).map { "did you mean `\($0)`? " } ?? ""
        diagnostics.add("`\(key)` cannot be `\(DiagnosticList.excerpt(text))`; \(near)valid: \(words.joined(separator: ", "))", at: node)
        return nil
    }

    /// A number of the key, or of its list, with at most three decimals, in thousandths: exactly as it is written.
    func thousandths(of node: YAMLNode, _ key: String) -> Int64? {
        guard case .number(let range) = shape(of: key).inner else { preconditionFailure("`\(key)` of \(what) is no number") }
        let wanted = "a number from \(range.lowerBound) to \(range.upperBound) with at most three decimals"
        guard let scalar = scalar(of: node, wanted, key) else { return nil }
        guard scalar.style == .plain, let value = Self.thousandths(scalar.text),
            range.lowerBound * 1000 <= value, value <= range.upperBound * 1000
        else {
            diagnostics.add("`\(key)` must be \(wanted), without quotes, but is `\(DiagnosticList.excerpt(scalar.text))`", at: node)
            return nil
        }
        return value
    }

    private static func thousandths(_ text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            parts[0].utf8.count <= 9, parts.count == 1 || parts[1].utf8.count <= 3, let whole = Int64(parts[0])
        else { return nil }
        let decimals = parts.count == 2 ? parts[1] + String(repeating: "0", count: 3 - parts[1].utf8.count) : "0"
        guard let rest = Int64(decimals) else { return nil }
        return (whole * 1000 + rest) * (isNegative ? -1 : 1)
    }

    func timeZone(_ key: String) -> String? {
        assert(shape(of: key) == .timeZone)
        guard let text = text(key), let node = self[key] else { return nil }
        guard TimeZoneNames.contains(text) else {
            let near =
                diagnostics.nearest(text, among: TimeZoneNames.all).map { "did you mean `\($0)`?" }
                ?? "write an IANA name such as Europe/Berlin, or UTC"
            diagnostics.add("`\(key)`: unknown time zone `\(DiagnosticList.excerpt(text))`; \(near)", at: node)
            return nil
        }
        return text
    }

    func fieldPath(of node: YAMLNode, _ key: String) -> FieldPath? {
        guard let text = text(of: node, key) else { return nil }
        guard let path = FieldPath(text) else {
            let accepted = "write keys joined by dots, such as user.id, or a JSON Pointer, such as /user/id"
            diagnostics.add("`\(key)`: `\(DiagnosticList.excerpt(text))` is no path to a field; \(accepted)", at: node)
            return nil
        }
        return path
    }

    func expression(of node: YAMLNode, _ key: String, _ scope: FieldScope) -> Expression? {
        parsed(of: node, key, ("an expression", "the expression")) { (text) throws(ExpressionError) in
            try Expression.parse(text, fields: scope)
        }
    }

    /// A text in a small language of its own; its fault is reported at the very character where the file shows it plainly.
    func parsed<Value>(
        of node: YAMLNode, _ key: String, _ words: (any: String, this: String), _ parse: (String) throws(ExpressionError) -> Value
    ) -> Value? {
        guard !diagnostics.isFull, let scalar = scalar(of: node, words.any, key) else { return nil }
        let name = DiagnosticList.excerpt(key)
        do {
            return try parse(scalar.text)
        } catch {
            if let columns = scalar.columns(toByte: error.offset) {
                diagnostics.add("`\(name)`: \(error.message)", line: node.line, column: node.column + columns)
            } else {
                let place = String(decoding: scalar.text.utf8.prefix(error.offset), as: UTF8.self).unicodeScalars.count + 1
                diagnostics.add("`\(name)`: \(error.message) (character \(place) of \(words.this))", at: node)
            }
            return nil
        }
    }

    /// `order`, `attributes.order`, or one of the plain fields, whose names stand for the fields. Where the sources are
    /// broken, any attribute goes.
    func eventField(_ text: String, _ node: YAMLNode, _ key: String, _ scope: FieldScope, plain: [String]) -> EventField? {
        if plain.contains(text) { return EventField(plainName: text) }
        let prefix = "attributes."
        let name = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        guard let attributes = scope.attributes else { return .attribute(name) }
        for candidate in [name, text] where attributes.contains(candidate) { return .attribute(candidate) }
        if let fault = scope.dropFault(name) {
            diagnostics.add("`\(key)`: \(fault)", at: node)
            return nil
        }
        let names = diagnostics.isFull ? [] : scope.attributeNames + plain
        let hint = diagnostics.nearest(name, among: names).map { "did you mean `\($0)`?" } ?? "declared: \(DiagnosticList.listed(names))"
        diagnostics.add("`\(key)`: no source declares the attribute `\(DiagnosticList.excerpt(name))`; \(hint)", at: node)
        return nil
    }

    func expression(_ key: String, _ scope: FieldScope) -> Expression? {
        assert(shape(of: key) == .expression)
        return self[key].flatMap { expression(of: $0, key, scope) }
    }

    func scalar(of node: YAMLNode, _ wanted: String, _ key: String) -> YAMLScalar? {
        if case .scalar(let scalar) = node.content { return scalar }
        if node.content != .unusable { diagnostics.add("`\(key)` must be \(wanted), but is \(node.kindWords)", at: node) }
        return nil
    }
}

extension EventField {
    /// The plain fields but for `step`, of which a journey's events have many, and which journeys must be told apart for.
    static let namesBesideStep = plainFields.map(\.name).filter { $0 != "step" }
}
