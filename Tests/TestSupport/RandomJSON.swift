/// A JSON object in the making: values put at paths, then written with random blanks, order and escapes.
indirect enum RandomJSON {
    /// Finished JSON text of a value.
    case raw(String)
    case object([(key: String, value: RandomJSON)])
    case array([RandomJSON])

    /// Puts a value where a pipeline's path will find it.
    mutating func put(_ json: String, at path: String) {
        let tokens: [String]
        if path.hasPrefix("/") {
            tokens = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { token in
                token.split(separator: "~", omittingEmptySubsequences: false).enumerated().map { index, part in
                    index == 0 ? String(part) : (part.first == "1" ? "/" : "~") + part.dropFirst()
                }.joined()
            }
            put(json, tokens[...], isPointer: true)
        } else {
            put(json, path.split(separator: ".").map(String.init)[...], isPointer: false)
        }
    }

    private mutating func put(_ json: String, _ tokens: ArraySlice<String>, isPointer: Bool) {
        guard let token = tokens.first else {
            self = .raw(json)
            return
        }
        let rest = tokens.dropFirst()
        if isPointer, let index = Int(token), !isObject {
            var items: [RandomJSON] = []
            if case .array(let old) = self { items = old }
            while items.count <= index { items.append(.raw("null")) }
            items[index].put(json, rest, isPointer: isPointer)
            self = .array(items)
        } else if case .array(let items) = self {
            // A key where other fields have places: an object with the places as keys serves both.
            self = .object(items.enumerated().map { (key: String($0.offset), value: $0.element) })
            put(json, tokens, isPointer: isPointer)
        } else {
            var members: [(key: String, value: RandomJSON)] = []
            if case .object(let old) = self { members = old }
            let place = members.firstIndex { ExactText($0.key) == ExactText(token) } ?? members.count
            if place == members.count { members.append((token, .raw("null"))) }
            members[place].value.put(json, rest, isPointer: isPointer)
            self = .object(members)
        }
    }

    private var isObject: Bool {
        if case .object = self { return true }
        return false
    }

    func text(_ random: inout SeededGenerator) -> String {
        func blank(_ random: inout SeededGenerator) -> String { random.chance(percent: 6) ? random.pick([" ", "\t", "  ", "\r"]) : "" }
        switch self {
        case .raw(let text): return text
        case .array(let items):
            return "[" + items.map { blank(&random) + $0.text(&random) + blank(&random) }.joined(separator: ",") + "]"
        case .object(let members):
            var texts = members.shuffled(using: &random).map { member in
                blank(&random) + Self.string(member.key, &random) + blank(&random) + ":" + blank(&random) + member.value.text(&random)
            }
            // Of a key written twice the last counts.
            if random.chance(percent: 3), let first = members.first {
                texts.insert("\(Self.string(first.key, &random)):\"shadowed\"", at: 0)
            }
            return "{" + texts.joined(separator: ",") + blank(&random) + "}"
        }
    }

    /// A JSON string of the text: now plain, now with some characters or all of them as escapes.
    static func string(_ text: String, _ random: inout SeededGenerator) -> String {
        let style = random.int(0...9)
        if style == 0 { return escapedWhole(text) }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "/" where style == 1: result += "\\/"
            case "\n": result += "\\n"
            default:
                if scalar.value < 0x20 || (style <= 3 && scalar.value > 0x7F) {
                    result += escaped(scalar, uppercase: style == 2)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    /// Every character as `\uXXXX`, those beyond the basic plane as a pair of surrogates.
    static func escapedWhole(_ text: String) -> String { "\"" + text.unicodeScalars.map { escaped($0, uppercase: false) }.joined() + "\"" }

    private static func escaped(_ scalar: Unicode.Scalar, uppercase: Bool) -> String {
        String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16, uppercase: uppercase)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
