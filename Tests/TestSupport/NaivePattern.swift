/// The regular expression of a friction rule (pipelines/rules.md, 13) as a tree.
indirect enum NaivePattern: Equatable {
    case variable(String)
    /// `^`
    case start
    /// `$`
    case end
    case sequence([NaivePattern])
    /// The preferred one first.
    case alternatives([NaivePattern])
    /// `most` is nil where there is no limit.
    case repetition(NaivePattern, least: Int, most: Int?, isReluctant: Bool)

    /// The text must be a good pattern: the reference is for pipelines that are.
    init(_ text: String) {
        var parser = Parser(rest: Array(text)[...])
        self = parser.alternatives()
        precondition(parser.rest.isEmpty, "cannot read pattern: \(text)")
    }

    /// How many variables it has when every repetition is written out.
    var unrolledCount: Int {
        switch self {
        case .variable: 1
        case .start, .end: 0
        case .sequence(let parts), .alternatives(let parts): parts.map(\.unrolledCount).reduce(0, +)
        case .repetition(let part, let least, let most, _): part.unrolledCount * max(1, most ?? least + 1)
        }
    }

    /// From the loosest binding to the tightest: `|`, sequence, quantifier.
    private struct Parser {
        var rest: ArraySlice<Character>

        /// The next character that is no blank.
        var next: Character? { rest.first { !$0.isWhitespace } }

        mutating func take(_ character: Character) -> Bool {
            guard next == character else { return false }
            rest = rest.drop(while: \.isWhitespace).dropFirst()
            return true
        }

        mutating func alternatives() -> NaivePattern {
            var parts = [sequence()]
            while take("|") { parts.append(sequence()) }
            rest = rest.drop(while: \.isWhitespace)
            return parts.count == 1 ? parts[0] : .alternatives(parts)
        }

        mutating func sequence() -> NaivePattern {
            var parts: [NaivePattern] = []
            while let next, next != "|", next != ")" { parts.append(repetition()) }
            return parts.count == 1 ? parts[0] : .sequence(parts)
        }

        mutating func repetition() -> NaivePattern {
            let part = single()
            let (least, most): (Int, Int?)
            if take("?") {
                (least, most) = (0, 1)
            } else if take("*") {
                (least, most) = (0, nil)
            } else if take("+") {
                (least, most) = (1, nil)
            } else if take("{") {
                least = number()
                // {2} is twice, {2,} twice or more, {2,4} two to four times.
                most = take(",") ? (next == "}" ? nil : number()) : least
                precondition(take("}"), "expected }")
            } else {
                return part
            }
            return .repetition(part, least: least, most: most, isReluctant: take("?"))
        }

        mutating func single() -> NaivePattern {
            if take("^") { return .start }
            if take("$") { return .end }
            if take("(") {
                let inner = alternatives()
                precondition(take(")"), "expected )")
                return inner
            }
            rest = rest.drop(while: \.isWhitespace)
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            precondition(!name.isEmpty, "expected a variable")
            rest = rest.dropFirst(name.count)
            return .variable(String(name))
        }

        mutating func number() -> Int {
            rest = rest.drop(while: \.isWhitespace)
            let digits = rest.prefix(while: \.isNumber)
            rest = rest.dropFirst(digits.count)
            guard let number = Int(String(digits)) else { preconditionFailure("expected a number") }
            return number
        }
    }
}
