/// A JSON value of a sampled line, as a tree: a look at some thousand lines can afford what a run over all of them cannot. Numbers
/// keep their text, as ids may be numbers.
enum SampleValue {
    case null
    case boolean(Bool)
    case number(String)
    case text(String)
    case list([SampleValue])
    /// In the order of the line; of a key that comes twice, the first.
    case object([(key: String, value: SampleValue)])

    /// Objects and lists within one another; what lies deeper is no field that anybody maps.
    static let depthMax = 64

    /// The object that a line holds; nil for anything else. Whether the line is sound to the last byte is for `EventSample` to say.
    static func object(line: [UInt8]) -> [(key: String, value: SampleValue)]? {
        var parser = SampleParser(bytes: line)
        guard case .object(let members)? = parser.value(depth: 0) else { return nil }
        return members
    }

    /// What a field of this value says, as events keep it; nil for null, objects, lists, and texts of nothing but blanks.
    var scalarText: String? {
        switch self {
        case .boolean(let truth): truth ? "true" : "false"
        case .number(let text): text
        case .text(let text): text.allSatisfy(\.isWhitespace) ? nil : text
        case .null, .list, .object: nil
        }
    }
}

private struct SampleParser {
    let bytes: [UInt8]
    private var place = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func value(depth: Int) -> SampleValue? {
        skipBlanks()
        guard place < bytes.count, depth < SampleValue.depthMax else { return nil }
        switch bytes[place] {
        case UInt8(ascii: "{"): return object(depth)
        case UInt8(ascii: "["): return list(depth)
        case UInt8(ascii: "\""): return string().map { .text($0) }
        default: return word()
        }
    }

    private mutating func skipBlanks() {
        while place < bytes.count, [32, 9, 10, 13].contains(bytes[place]) { place += 1 }
    }

    private mutating func take(_ sign: Character) -> Bool {
        skipBlanks()
        guard place < bytes.count, bytes[place] == sign.asciiValue else { return false }
        place += 1
        return true
    }

    private mutating func object(_ depth: Int) -> SampleValue? {
        place += 1
        var members: [(key: String, value: SampleValue)] = []
        var taken: Set<String> = []
        if take("}") { return .object([]) }
        repeat {
            skipBlanks()
            guard place < bytes.count, bytes[place] == UInt8(ascii: "\""), let key = string(), take(":"),
                let value = value(depth: depth + 1)
            else { return nil }
            if taken.insert(key).inserted { members.append((key, value)) }
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func list(_ depth: Int) -> SampleValue? {
        place += 1
        var items: [SampleValue] = []
        if take("]") { return .list([]) }
        repeat {
            guard let value = value(depth: depth + 1) else { return nil }
            items.append(value)
        } while take(",")
        return take("]") ? .list(items) : nil
    }

    /// A number, `true`, `false` or `null`.
    private mutating func word() -> SampleValue? {
        let start = place
        while place < bytes.count, bytes[place] > 32, ![UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(bytes[place]) {
            place += 1
        }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        switch text {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default:
            guard let first = bytes[start..<place].first, first == UInt8(ascii: "-") || (48...57).contains(first) else { return nil }
            return .number(text)
        }
    }

    private mutating func string() -> String? {
        place += 1
        let start = place
        while place < bytes.count, bytes[place] != UInt8(ascii: "\""), bytes[place] != UInt8(ascii: "\\") { place += 1 }
        guard place < bytes.count else { return nil }
        if bytes[place] == UInt8(ascii: "\"") {
            place += 1
            return String(validating: bytes[start..<place - 1], as: UTF8.self)
        }
        var units = Array(String(decoding: bytes[start..<place], as: UTF8.self).utf16)
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            if bytes[place] == UInt8(ascii: "\\") {
                guard let unit = escape() else { return nil }
                units.append(unit)
            } else {
                let plain = place
                while place < bytes.count, bytes[place] != UInt8(ascii: "\""), bytes[place] != UInt8(ascii: "\\") { place += 1 }
                guard let text = String(validating: bytes[plain..<place], as: UTF8.self) else { return nil }
                units += text.utf16
            }
        }
        guard place < bytes.count else { return nil }
        place += 1
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func escape() -> UInt16? {
        guard place + 1 < bytes.count else { return nil }
        let sign = bytes[place + 1]
        place += 2
        switch sign {
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "f"): return 12
        case UInt8(ascii: "u"):
            guard place + 4 <= bytes.count, let unit = UInt16(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16) else {
                return nil
            }
            place += 4
            return unit
        default: return UInt16(sign)
        }
    }
}
