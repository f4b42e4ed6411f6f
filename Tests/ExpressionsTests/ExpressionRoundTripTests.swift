import Expressions
import TestSupport
import Testing

/// Draws random trees that the checks accept, writes them as text, and reads them back.
@Suite struct ExpressionRoundTripTests {
    @Test func randomTreesReadBackAsThemselves() throws {
        for seed in UInt64(1)...3000 {
            var drawn = Drawing(seed: seed)
            let node = drawn.truth(depth: 5)
            let text = drawn.text(node)
            let parsed = try Expression.parse(text, fields: everything)
            #expect(parsed.root == node, "seed \(seed): \(text)")
        }
    }

    /// Damaged texts are read or refused with a place inside them; nothing else happens.
    @Test func damagedTextsAreReadOrRefused() {
        let bytes = Array(#" "'\()[]!&|=<>-.,x1eind"#.utf8)
        for seed in UInt64(1)...5000 {
            var drawn = Drawing(seed: seed)
            var text = Array(drawn.text(drawn.truth(depth: 4)).utf8)
            for _ in 0...Int.random(in: 0..<3, using: &drawn.random) {
                let place = Int.random(in: 0..<text.count, using: &drawn.random)
                if Bool.random(using: &drawn.random), text.count > 1 {
                    text.remove(at: place)
                } else {
                    text[place] = bytes.randomElement(using: &drawn.random)!
                }
            }
            let damaged = String(decoding: text, as: UTF8.self)
            do { _ = try Expression.parse(damaged, fields: everything) } catch {
                #expect((0...damaged.utf8.count).contains(error.offset), "seed \(seed): \(damaged)")
                #expect(!error.message.isEmpty)
            }
        }
    }
}

private struct Drawing {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }

    // MARK: Trees

    mutating func truth(depth: Int) -> Expression.Node {
        switch depth <= 0 ? below(4) : below(9) {
        case 0: .literal(.boolean(below(2) == 0))
        case 1: .has(reference())
        case 2: .call(Expression.StringFunction.allCases.randomElement(using: &random)!, .field(reference()), argument: string())
        case 3: .field(FieldReference(field: below(2) == 0 ? .value : .attribute(string())))
        case 4: .not(truth(depth: depth - 1))
        case 5: .and(truth(depth: depth - 1), truth(depth: depth - 1))
        case 6: .or(truth(depth: depth - 1), truth(depth: depth - 1))
        case 7 where below(4) == 0: .compare(.lessOrEqual, .gap, .literal(.duration(Int64(below(1_000_000_000)))))
        case 7: .compare(Expression.Comparison.allCases.randomElement(using: &random)!, value(depth: depth - 1), value(depth: depth - 1))
        default: .isIn(value(depth: depth - 1), (0..<below(4)).map { _ in element() })
        }
    }

    private mutating func value(depth: Int) -> Expression.Node { below(4) == 0 ? truth(depth: depth) : element() }

    private mutating func element() -> Expression.Node {
        switch below(5) {
        case 0: .literal(.string(string()))
        case 1: .literal(.integer(below(2) == 0 ? Int64(below(100)) - 50 : Int64(truncatingIfNeeded: random.next())))
        case 2: .literal(.number(finite()))
        case 3: .literal(.boolean(below(2) == 0))
        default: .field(reference())
        }
    }

    private mutating func finite() -> Double {
        if below(2) == 0 { return Double(below(1000)) / 8 }
        let any = Double(bitPattern: random.next())
        return any.isFinite ? any : 0.5
    }

    private mutating func reference() -> FieldReference {
        let event: FieldReference.BoundEvent = [.current, .current, .prev, .first][below(4)]
        let plain = EventField.plainFields[below(EventField.plainFields.count)].field
        return FieldReference(field: below(2) == 0 ? plain : .attribute(string()), event: event)
    }

    private mutating func string() -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "Z", "0", "_", " ", "\"", "'", "\\", "\n", "\t", "\0", "é", "日", "😀", "/", ")", "`", "?", "\u{7F}",
        ]
        var text = ""
        for _ in 0..<below(6) { text.unicodeScalars.append(scalars[below(scalars.count)]) }
        return text
    }

    // MARK: Text

    /// Parentheses only where the grammar needs them, or, now and then, where it does not.
    mutating func text(_ node: Expression.Node) -> String {
        let bare: String
        switch node {
        case .literal(let literal): bare = self.literal(literal)
        case .field(let reference): bare = name(reference)
        case .gap: bare = "gap"
        case .has(let reference): bare = "has(\(name(reference)))"
        case .not(let inner): bare = "!" + operand(inner, tightness: 4)
        case .and(let left, let right): bare = operand(left, tightness: 3) + "&&" + operand(right, tightness: 3)
        case .or(let left, let right): bare = operand(left, tightness: 2) + " || " + operand(right, tightness: 2)
        case .compare(let sign, let left, let right): bare = operand(left, tightness: 4) + sign.rawValue + operand(right, tightness: 4)
        case .isIn(let left, let elements):
            let list = elements.map { text($0) }
            bare = operand(left, tightness: 4) + " in [" + list.joined(separator: ", ") + "]"
        case .call(let function, let target, let argument): bare = "\(text(target)).\(function.rawValue)(\(quoted(argument)))"
        }
        return bare
    }

    /// How tightly a node holds together: or 1, and 2, relation 3, all else 4 and more.
    private mutating func operand(_ node: Expression.Node, tightness: Int) -> String {
        let own: Int
        switch node {
        case .or: own = 1
        case .and: own = 2
        case .compare, .isIn: own = 3
        default: own = 4
        }
        return own < tightness || below(8) == 0 ? "( \(text(node)))" : text(node)
    }

    private mutating func name(_ reference: FieldReference) -> String {
        var field = reference.field.text
        if case .attribute(let name) = reference.field, !EventField.isIdentifier(name) { field = "attributes[\(quoted(name))]" }
        return (reference.event == .current ? "" : reference.event.rawValue + ".") + field
    }

    private mutating func literal(_ literal: Expression.Literal) -> String {
        switch literal {
        case .string(let text): quoted(text)
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .boolean(let truth): "\(truth)"
        case .duration(let length): "duration('\(length)us')"
        }
    }

    private mutating func quoted(_ text: String) -> String {
        let quote = below(2) == 0 ? "\"" : "'"
        if !text.contains("\n"), !text.contains(quote), below(3) == 0 { return "r" + quote + text + quote }
        var body = ""
        for scalar in text.unicodeScalars {
            let code = String(scalar.value, radix: 16)
            func padded(_ length: Int) -> String { String(repeating: "0", count: length - code.count) + code }
            switch below(6) {
            case 0: body += "\\U" + padded(8)
            case 1 where scalar.value < 0x1_0000: body += "\\u" + padded(4)
            case 2 where scalar.value < 0x100: body += "\\x" + padded(2)
            default:
                switch scalar {
                case "\n": body += "\\n"
                case "\\": body += "\\\\"
                case _ where String(scalar) == quote: body += "\\" + quote
                default: body.unicodeScalars.append(scalar)
                }
            }
        }
        return quote + body + quote
    }
}
