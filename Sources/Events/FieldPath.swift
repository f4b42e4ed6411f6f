/// Where a value stands in a line's object: a dotted path (`user.id`), or a JSON Pointer (RFC 6901) where it
/// begins with `/` (`/user/id`, `/items/0/sku`).
package struct FieldPath: Sendable, Hashable {
    /// Keys from the outside in. For a pointer a token of digits also means a place in an array.
    package var tokens: [String]
    package var isPointer: Bool

    /// Returns nil for an empty path, an empty part between dots, and a bad `~` escape in a pointer.
    package init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        if text.first == "/" {
            isPointer = true
            tokens = []
            for token in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
                guard let key = Self.unescaped(token) else { return nil }
                tokens.append(key)
            }
        } else {
            isPointer = false
            tokens = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard !tokens.contains("") else { return nil }
        }
    }

    private static func unescaped(_ token: Substring) -> String? {
        var key = ""
        var rest = token[...]
        while let character = rest.popFirst() {
            guard character == "~" else { key.append(character); continue }
            switch rest.popFirst() {
            case "0": key.append("~")
            case "1": key.append("/")
            default: return nil
            }
        }
        return key
    }
}

/// The unit of numeric times; told apart by magnitude where a source names none (contract 3.1).
package enum TimeUnit: String, Sendable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    case nanoseconds = "ns"
}

/// The plain fields of a source mapping, with the names they have in the file.
package enum SourceField: String, Sendable, CaseIterable {
    case time, sequence, channel, touchpoint, action, outcome, value, initiator
    case eventID = "event_id"
}
