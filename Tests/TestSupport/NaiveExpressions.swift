import Foundation

/// The subset of CEL that journeys and patterns use (pipelines/rules.md, 12), read and then run as a tree of closures.
struct NaiveExpression {
    private typealias Code = (NaiveContext) -> NaiveValue

    private let code: Code

    /// The text must be a good expression: the reference is for pipelines that are.
    init(_ text: String) {
        var parser = Parser(tokens: Self.tokens(text))
        code = parser.disjunction()
        precondition(parser.rest.isEmpty, "cannot read expression: \(text)")
    }

    /// Whether it gives `true`; anything else, a bare text too, is no match.
    func matches(_ context: NaiveContext) -> Bool { code(context) == .bool(true) }

    /// The same outside patterns, or before anything is bound.
    func matches(_ event: NaiveEvent) -> Bool { matches(NaiveContext(event: event)) }

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
            return { context in .bool(items.contains { NaiveValue.compare(left(context), "==", $0(context)) }) }
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
                let value = self.field(name())
                demand(")")
                return { .bool(value($0) != .absent) }
            default:
                let value = self.field(word)
                return take(".") ? textFunction(value) : value
            }
        }

        /// `FIELD`, `attributes.NAME`, `gap`, and with `prev.` or `first.` before it a field of an event bound earlier.
        mutating func field(_ word: String) -> Code {
            switch word {
            case "prev", "first":
                demand(".")
                let value = self.field(name())
                return { context in
                    let bound = word == "prev" ? context.previous : context.first
                    return bound.map { value(NaiveContext(event: $0)) } ?? .absent
                }
            case "attributes":
                demand(".")
                let member = name()
                return { $0.attribute(member) }
            default:
                return { $0.field(word) }
            }
        }

        mutating func textFunction(_ field: @escaping Code) -> Code {
            let function = name()
            demand("(")
            let argument = string()
            demand(")")
            let expression = function == "matches" ? try? NSRegularExpression(pattern: argument.description) : nil
            return { context in
                guard case .text(let text) = field(context) else { return .bool(false) }
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
    }
}
