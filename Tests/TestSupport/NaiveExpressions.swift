import Foundation

/// What an expression computes with.
enum NaiveValue: Equatable {
    /// Not there, or null.
    case absent
    case text(ExactText)
    case number(Double)
    case bool(Bool)
    case duration(Int64)
    /// An array or an object: present, and equal to nothing.
    case other

    init(_ json: NaiveJSON) {
        switch json {
        case .null: self = .absent
        case .bool(let value): self = .bool(value)
        case .number(let text): self = .number(Double(text) ?? .nan)
        case .string(let text): self = .text(text)
        case .array, .object: self = .other
        }
    }

    /// An absent value, and one of another type, is unequal to everything and neither less nor greater.
    static func compare(_ left: Self, _ relation: String, _ right: Self) -> Bool {
        func holds<Value: Comparable>(_ left: Value, _ right: Value) -> Bool {
            switch relation {
            case "==": left == right
            case "!=": left != right
            case "<": left < right
            case "<=": left <= right
            case ">": left > right
            default: left >= right
            }
        }
        switch (left, right) {
        case (.text(let left), .text(let right)): return holds(left, right)
        case (.number(let left), .number(let right)): return holds(left, right)
        case (.duration(let left), .duration(let right)): return holds(left, right)
        case (.bool(let left), .bool(let right)): return holds(left ? 1 : 0, right ? 1 : 0)  // as in CEL: false before true
        default: return relation == "!="
        }
    }
}

/// The subset of CEL that journeys use (contract 3.8), read and then run as a tree of closures.
struct NaiveExpression {
    private typealias Code = (NaiveEvent) -> NaiveValue

    private let code: Code

    /// The text must be a good expression: the reference is for pipelines that are.
    init(_ text: String) {
        var parser = Parser(tokens: Self.tokens(text))
        code = parser.disjunction()
        precondition(parser.rest.isEmpty, "cannot read expression: \(text)")
    }

    /// Whether it gives `true`; anything else, a bare text too, is no match.
    func matches(_ event: NaiveEvent) -> Bool { code(event) == .bool(true) }

    private enum Token: Equatable {
        case number(Double)
        case string(ExactText)
        case name(String)
        case sign(String)
    }

    private static func tokens(_ text: String) -> [Token] {
        var tokens: [Token] = []
        var rest = Array(text.unicodeScalars)[...]
        func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
        func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_" || isDigit(scalar)
        }
        while let first = rest.first {
            if [" ", "\t", "\n", "\r"].contains(first) {
                rest.removeFirst()
            } else if isDigit(first) || (first == "-" && rest.dropFirst().first.map(isDigit) == true) {
                let word = [rest.removeFirst()] + rest.prefix { isDigit($0) || $0 == "." }
                rest = rest.dropFirst(word.count - 1)
                tokens.append(.number(Double(String(String.UnicodeScalarView(word))) ?? .nan))
            } else if isNamePart(first) {
                let word = rest.prefix(while: isNamePart)
                rest = rest.dropFirst(word.count)
                tokens.append(.name(String(String.UnicodeScalarView(word))))
            } else if first == "\"" || first == "'" {
                rest.removeFirst()
                var string = ""
                while let scalar = rest.popFirst(), scalar != first {
                    guard scalar == "\\" else {
                        string.unicodeScalars.append(scalar)
                        continue
                    }
                    let escaped = rest.removeFirst()
                    string.unicodeScalars.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped == "r" ? "\r" : escaped)
                }
                tokens.append(.string(ExactText(string)))
            } else {
                let pair = String(String.UnicodeScalarView(rest.prefix(2)))
                let sign = ["==", "!=", "<=", ">=", "&&", "||"].contains(pair) ? pair : String(first)
                rest = rest.dropFirst(sign.unicodeScalars.count)
                tokens.append(.sign(sign))
            }
        }
        return tokens
    }

    /// From the loosest binding to the tightest: `||`, `&&`, one comparison or `in`, `!`, member calls.
    private struct Parser {
        var rest: ArraySlice<Token>

        init(tokens: [Token]) { rest = tokens[...] }

        mutating func take(_ sign: String) -> Bool {
            guard rest.first == .sign(sign) else { return false }
            rest.removeFirst()
            return true
        }

        mutating func demand(_ sign: String) { precondition(take(sign), "expected \(sign)") }

        mutating func name() -> String {
            guard case .name(let name)? = rest.popFirst() else { preconditionFailure("expected a name") }
            return name
        }

        mutating func string() -> ExactText {
            guard case .string(let text)? = rest.popFirst() else { preconditionFailure("expected a string") }
            return text
        }

        mutating func disjunction() -> Code {
            var left = conjunction()
            while take("||") {
                let (first, second) = (left, conjunction())
                left = { .bool(first($0) == .bool(true) || second($0) == .bool(true)) }
            }
            return left
        }

        mutating func conjunction() -> Code {
            var left = comparison()
            while take("&&") {
                let (first, second) = (left, comparison())
                left = { .bool(first($0) == .bool(true) && second($0) == .bool(true)) }
            }
            return left
        }

        mutating func comparison() -> Code {
            let left = negation()
            for relation in ["==", "!=", "<", "<=", ">", ">="] where take(relation) {
                let right = negation()
                return { .bool(NaiveValue.compare(left($0), relation, right($0))) }
            }
            guard rest.first == .name("in") else { return left }
            rest.removeFirst()
            demand("[")
            var items: [Code] = []
            while !take("]") {
                items.append(negation())
                _ = take(",")
            }
            return { event in .bool(items.contains { NaiveValue.compare(left(event), "==", $0(event)) }) }
        }

        mutating func negation() -> Code {
            guard take("!") else { return primary() }
            let operand = negation()
            return { .bool(operand($0) != .bool(true)) }
        }

        mutating func primary() -> Code {
            if take("(") {
                let inner = disjunction()
                demand(")")
                return inner
            }
            switch rest.first {
            case .number(let number)?:
                rest.removeFirst()
                return { _ in .number(number) }
            case .string(let text)?:
                rest.removeFirst()
                return { _ in .text(text) }
            default:
                return named()
            }
        }

        /// `true`, `false`, `duration("90s")`, `has(FIELD)`, a field, or a text function of a field.
        mutating func named() -> Code {
            let word = name()
            switch word {
            case "true", "false":
                return { _ in .bool(word == "true") }
            case "duration":
                demand("(")
                let length = NaiveDuration.microseconds(string().description)
                demand(")")
                return { _ in .duration(length) }
            case "has":
                demand("(")
                let field = Self.field(name(), member: take(".") ? name() : nil)
                demand(")")
                return { .bool(field($0) != .absent) }
            default:
                let field = Self.field(word, member: word == "attributes" && take(".") ? name() : nil)
                return take(".") ? textFunction(field) : field
            }
        }

        mutating func textFunction(_ field: @escaping Code) -> Code {
            let function = name()
            demand("(")
            let argument = string()
            demand(")")
            let expression = function == "matches" ? try? NSRegularExpression(pattern: argument.description) : nil
            return { event in
                guard case .text(let text) = field(event) else { return .bool(false) }
                switch function {
                case "startsWith": return .bool(text.bytes.starts(with: argument.bytes))
                case "endsWith": return .bool(text.bytes.reversed().starts(with: argument.bytes.reversed()))
                case "contains": return .bool(Self.contains(text.bytes, argument.bytes))
                case "matches":
                    // Anywhere in the text, not the whole of it.
                    let string = text.description
                    return .bool(expression?.firstMatch(in: string, range: NSRange(string.startIndex..., in: string)) != nil)
                default: preconditionFailure("no function \(function)")
                }
            }
        }

        static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
            text.count >= part.count && (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
        }

        static func field(_ name: String, member: String?) -> Code {
            func text(_ value: ExactText?) -> NaiveValue { value.map(NaiveValue.text) ?? .absent }
            switch name {
            case "attributes": return { event in event.attributes[member ?? ""].map(NaiveValue.init) ?? .absent }
            case "channel": return { .text($0.channel) }
            case "touchpoint": return { .text($0.touchpoint) }
            case "action": return { text($0.action) }
            case "outcome": return { text($0.outcome) }
            case "initiator": return { .text($0.initiator) }
            case "value": return { $0.value }
            case "channel_kind": return { text($0.channelKind.map { ExactText($0) }) }
            default: preconditionFailure("no field \(name)")
            }
        }
    }
}
