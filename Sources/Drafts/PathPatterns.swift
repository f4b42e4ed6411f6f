/// Patterns that make places of URLs and paths: as many touchpoints as there are kinds of page, not as there are pages.
struct PathPatterns {
    struct Pattern {
        /// RE2, from the beginning to the end of the path.
        let like: String
        let to: String
    }

    /// Those with words first where another would find the same text.
    let patterns: [Pattern]
    /// How many values they make one of.
    let values: Int

    private static let patternsMax = 40
    /// More names than this in one place of a path are things, not kinds.
    private static let namesMax = 20
    private static let partsMax = 12

    /// nil where the values are no paths, or few and whole enough to stand as they are.
    init?(_ counts: [(text: String, count: Int)]) {
        let paths = counts.compactMap { item in Self.parts(item.text).map { (parts: $0, count: item.count) } }
        let all = counts.reduce(0) { $0 + $1.count }
        guard paths.count >= 2, 2 * paths.reduce(0, { $0 + $1.count }) > all else { return nil }
        var groups: [[String]: Int] = [:]
        let kinds = Self.kinds(paths.map(\.parts))
        for (path, kind) in zip(paths, kinds) { groups[kind, default: 0] += path.count }
        let isBare = counts.allSatisfy { !$0.text.contains("?") && !$0.text.contains("#") && !$0.text.contains("://") }
        guard groups.keys.contains(where: { $0.contains("*") }) || !isBare || paths.count > 100 else { return nil }
        let kept = groups.sorted { $0.value != $1.value ? $0.value > $1.value : Self.precedes($0.key, $1.key) }.prefix(Self.patternsMax)
        values = paths.count
        patterns =
            kept.map(\.key).sorted(by: Self.precedes).map { parts in
                let body = parts.map { $0 == "*" ? "[^/?#]+" : Self.escaped($0) }.joined(separator: "/")
                return Pattern(
                    like: "^([a-z]+://[^/?#]*)?/\(body)\(parts.isEmpty ? "" : "/?")([?#]|$)", to: "/" + parts.joined(separator: "/"))
            } + (groups.count > kept.count ? [Pattern(like: "^([a-z]+://[^/?#]*)?/", to: "other page")] : [])
    }

    /// A word before a star, so that `/product/new` is found before `/product/*`.
    private static func precedes(_ one: [String], _ other: [String]) -> Bool {
        for (left, right) in zip(one, other) where left != right {
            if left == "*" || right == "*" { return right == "*" }
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        }
        return one.count < other.count
    }

    /// The parts of a path without scheme, host and query; nil for what is none.
    private static func parts(_ text: String) -> [String]? {
        var rest = text[...]
        if let scheme = rest.firstMatch(of: /^[a-z]+:\/\/[^\/?#]*/) {
            rest = rest[scheme.range.upperBound...]
        } else if !rest.hasPrefix("/") {
            return nil
        }
        let path = rest.prefix { $0 != "?" && $0 != "#" }
        let parts = path.split(separator: "/").map(String.init)
        guard parts.count <= partsMax, rest.isEmpty == false || text.contains("://") else { return nil }
        return parts
    }

    /// Each path with a star in place of what is a thing's number or name.
    private static func kinds(_ paths: [[String]]) -> [[String]] {
        var kinds = paths.map { $0.map { isThing($0) ? "*" : $0 } }
        for depth in 0..<(kinds.map(\.count).max() ?? 0) {
            var names: [[String]: Set<String>] = [:]
            for kind in kinds where kind.count > depth { names[Array(kind.prefix(depth)), default: []].insert(kind[depth]) }
            for index in kinds.indices where kinds[index].count > depth {
                if names[Array(kinds[index].prefix(depth))]!.count > namesMax, depth > 0 { kinds[index][depth] = "*" }
            }
        }
        return kinds
    }

    private static func isThing(_ part: String) -> Bool {
        let digits = part.utf8.count { $0 &- 48 < 10 }
        // `v2` and `step1` are kinds, `lamp-7` and `4711` are things.
        let isVersion = part.firstMatch(of: /^[A-Za-z]+[0-9]{1,2}$/) != nil
        return digits > 0 && !isVersion || part.utf8.count > 40 || part.contains("%") || Secrets.isSecret(part)
    }

    private static func escaped(_ part: String) -> String {
        part.reduce(into: "") { text, sign in
            if "\\.+*?()|[]{}^$".contains(sign) { text += "\\" }
            text.append(sign)
        }
    }
}
