/// A plain tree of a YAML document: no aliases, no tags, every node with the place where it begins.
struct YAMLNode: Sendable, Equatable {
    var content: Content
    /// From 1.
    var line: Int
    /// From 1, in Unicode scalars.
    var column: Int

    enum Content: Sendable, Equatable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// In the order of the file; keys are distinct.
        case mapping([YAMLEntry])
        /// Something already reported, such as an alias: readers pass over it in silence.
        case unusable
    }

    /// What the node is, for messages.
    var kindWords: String {
        switch content {
        case .scalar(let scalar): scalar.isNull ? "nothing" : "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .unusable: "unusable"
        }
    }

    var isNull: Bool {
        if case .scalar(let scalar) = content { scalar.isNull } else { false }
    }
}

struct YAMLEntry: Sendable, Equatable {
    var key: String
    /// The key as a node, for its place.
    var keyNode: YAMLNode
    var value: YAMLNode
}

/// A scalar as text. What a plain one means is decided by who reads it, with the rules of the YAML 1.2 core
/// schema; a quoted one is always text.
struct YAMLScalar: Sendable, Equatable {
    enum Style: Sendable, Equatable { case plain, singleQuoted, doubleQuoted, block }

    var text: String
    var style: Style
    /// Columns from the first to behind the last sign, quotes included; nil when it runs over several lines.
    var width: Int?

    var isNull: Bool { style == .plain && ["", "~", "null", "Null", "NULL"].contains(text) }

    var boolean: Bool? {
        guard style == .plain else { return nil }
        switch text {
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: return nil
        }
    }

    /// Decimal with an optional sign, `0o17` or `0x1F`; nil for anything else and beyond 64 bits.
    var integer: Int? {
        guard style == .plain else { return nil }
        for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
            let digits = text.dropFirst(2)
            return digits.first.map { $0 == "+" || $0 == "-" } == false ? Int(digits, radix: radix) : nil
        }
        return Int(text)
    }

    /// The distance in columns from the beginning of the scalar to the character at `offset` UTF-8 bytes of its
    /// text; nil where the file writes the text in a way that does not tell (several lines, other escapes).
    func columns(toByte offset: Int) -> Int? {
        guard let width else { return nil }
        // In quotes, some characters must be written with two signs. If that accounts for the whole width,
        // no other escape is in use and the place is certain.
        let doubled: Set<Unicode.Scalar>
        switch style {
        case .plain: doubled = []
        case .singleQuoted: doubled = ["'"]
        case .doubleQuoted: doubled = ["\"", "\\"]
        case .block: return nil
        }
        let quotes = style == .plain ? 0 : 1
        var total = 2 * quotes
        var columns = quotes
        var bytes = 0
        for scalar in text.unicodeScalars {
            let signs = doubled.contains(scalar) ? 2 : 1
            if bytes < offset { columns += signs }
            bytes += UTF8.width(scalar)
            total += signs
        }
        return total == width ? columns : nil
    }
}
