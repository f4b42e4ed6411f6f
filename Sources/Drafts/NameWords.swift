import Events
import Ingest

/// The words that a field's name is made of: `customerId`, `customer_id`, `customer.id` and `CustomerID` are all `customer`, `id`.
struct NameWords {
    /// In lower case, of the whole path from the outside in.
    let all: [String]
    /// Those of the last key alone.
    let last: [String]

    init(_ path: RecordPath) {
        let keys = path.path.tokens.map(Self.words)
        all = keys.flatMap { $0 }
        last = keys.last ?? []
    }

    static func words(_ key: String) -> [String] {
        var words: [String] = []
        var word = ""
        var before: Character?
        let signs = Array(key.prefix(120))
        for (place, sign) in signs.enumerated() {
            let startsWord =
                sign.isUppercase
                && (before?.isLowercase == true || before?.isNumber == true
                    // The last capital of several belongs to the word that follows: `HTTPStatus`.
                    || (before?.isUppercase == true && place + 1 < signs.count && signs[place + 1].isLowercase))
            if startsWord || !(sign.isLetter || sign.isNumber), !word.isEmpty {
                words.append(word)
                word = ""
            }
            if sign.isLetter || sign.isNumber { word += sign.lowercased() }
            before = sign
        }
        if !word.isEmpty { words.append(word) }
        return words.flatMap(apart)
    }

    /// `userid` is `user`, `id`, as is what is written without a sign between.
    private static func apart(_ word: String) -> [String] {
        for ending in ["uuid", "guid", "id", "number", "no", "time", "name", "type"]
        where word.count > ending.count + 2 && word.hasSuffix(ending) {
            let stem = String(word.dropLast(ending.count))
            if glued.contains(stem) { return [stem, ending] }
        }
        return [word]
    }

    private static let glued: Set<String> = [
        "user", "customer", "account", "session", "jsession", "phpsess", "sess", "event", "message", "device", "visitor", "ticket", "case",
        "order", "client", "member",
        "person", "contact", "distinct", "request", "page", "screen", "channel", "install", "cookie", "action", "activity", "trace",
        "patient", "application", "claim", "incident", "subscriber", "profile", "anonymous", "anon",
    ]

    /// How well the name fits words of a role: 1 where it is nothing else, less where more stands beside it; 0 where no word does.
    /// - Parameter words: by weight.
    func fit(_ words: [String: Double], beside fillers: Set<String> = []) -> Double {
        let score = last.map { words[$0] ?? 0 }.max() ?? 0
        if score > 0 {
            let others = last.count { words[$0] == nil && !fillers.contains($0) }
            return score / (1 + 0.4 * Double(others))
        }
        // `user.id`, `device.value`: the key itself says only that it is one.
        guard last.allSatisfy({ fillers.contains($0) }) else { return 0 }
        return 0.9 * (all.dropLast(last.count).suffix(2).map { words[$0] ?? 0 }.max() ?? 0)
    }

    func has(_ words: Set<String>) -> Bool { all.contains { words.contains($0) } }
    func endsWith(_ words: Set<String>) -> Bool { last.contains { words.contains($0) } }

    /// A name for the pipeline file that an expression may use too: letters, digits and `_`, not long.
    static func identifier(_ words: [String], or otherwise: String) -> String {
        let name = words.joined(separator: "_").unicodeScalars.filter { $0.isASCII }.map(Character.init).prefix(40)
        let text = String(name.drop { $0.isNumber || $0 == "_" })
        return text.isEmpty || reserved.contains(text) ? otherwise : text
    }

    private static let reserved: Set<String> = ["true", "false", "null", "in", "has", "duration", "step", "gap", "prev", "first"]
}
