/// Where a value stands in a line's object: a dotted path (`user.id`), or a JSON Pointer (RFC 6901) where it
/// begins with `/` (`/user/id`, `/items/0/sku`).
public struct FieldPath: Sendable, Hashable {
    /// Keys from the outside in. For a pointer a token of digits also means a place in an array.
    public var tokens: [String]
    public var isPointer: Bool

    /// Deeper paths are refused; lines nest little, and each token costs stack when lines are read.
    static let tokensMax = 128
    /// A token of digits may be a key or a place, so each doubles the ways to look for.
    static let placesMax = 8

    /// Returns nil for an empty path, an empty part between dots, a bad `~` escape in a pointer, and more than
    /// `tokensMax` tokens or `placesMax` tokens that may be places.
    public init?(_ text: String) {
        // Unicode scalars, not characters: a combining mark after a slash or a dot does not change what that is.
        let scalars = text.unicodeScalars
        guard let first = scalars.first else { return nil }
        if first == "/" {
            isPointer = true
            tokens = []
            for token in scalars.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
                guard let key = Self.unescaped(token) else { return nil }
                tokens.append(key)
            }
            guard tokens.count(where: { Self.place($0) != nil }) <= Self.placesMax else { return nil }
        } else {
            isPointer = false
            tokens = scalars.split(separator: ".", omittingEmptySubsequences: false).map { String($0) }
            guard !tokens.contains(where: \.isEmpty) else { return nil }
        }
        guard tokens.count <= Self.tokensMax else { return nil }
    }

    /// As it is written.
    public var text: String {
        guard isPointer else { return tokens.joined(separator: ".") }
        return tokens.reduce("") { text, token in
            text + "/" + String(token.unicodeScalars.flatMap { $0 == "~" ? Array("~0") : $0 == "/" ? Array("~1") : [Character($0)] })
        }
    }

    /// Whether `path` is this one or lies below it, compared key by key: what is covered by `/user` is also covered by `user`.
    public func covers(_ path: FieldPath) -> Bool {
        tokens.count <= path.tokens.count && zip(tokens, path.tokens).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }

    /// The place in an array that a pointer's token means: digits without a leading zero.
    public static func place(_ token: String) -> Int? {
        guard let place = Int(token), place >= 0, String(place) == token else { return nil }
        return place
    }

    private static func unescaped(_ token: Substring.UnicodeScalarView) -> String? {
        var key = String.UnicodeScalarView()
        var rest = token
        while let scalar = rest.popFirst() {
            guard scalar == "~" else {
                key.append(scalar)
                continue
            }
            switch rest.popFirst() {
            case "0": key.append("~")
            case "1": key.append("/")
            default: return nil
            }
        }
        return String(key)
    }
}

/// The unit of numeric times; told apart by magnitude where a source names none (pipelines/rules.md, 5).
public enum TimeUnit: String, Sendable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    case nanoseconds = "ns"
}

/// The plain fields of a source mapping, with the names they have in the file.
public enum SourceField: String, Sendable, CaseIterable {
    case time, sequence, channel, touchpoint, action, outcome, value, initiator
    case eventID = "event_id"
}
