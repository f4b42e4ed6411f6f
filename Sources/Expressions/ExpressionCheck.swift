import Events

/// What can be said about a value before any event is seen. The rules let unlike values be compared (they
/// are unequal), so only what can never be meant is refused.
enum StaticType: Equatable {
    case text, number, boolean, duration
    /// `value` and attributes: whatever the line held.
    case dynamic

    init(_ node: Expression.Node) {
        switch node {
        case .literal(.string): self = .text
        case .literal(.integer), .literal(.number): self = .number
        case .literal(.boolean): self = .boolean
        case .literal(.duration), .gap: self = .duration
        case .field(let reference):
            switch reference.field {
            case .value, .attribute: self = .dynamic
            default: self = .text
            }
        case .has, .not, .and, .or, .compare, .isIn, .call: self = .boolean
        }
    }

    var words: String {
        switch self {
        case .text: "text"
        case .number: "a number"
        case .boolean: "true or false"
        case .duration: "a length of time"
        case .dynamic: "a value of the log"
        }
    }
}

/// A part of an expression and where it begins.
struct Operand {
    var node: Expression.Node
    var offset: Int
}

enum ExpressionCheck {
    /// Refuses an operand of `&&`, `||`, `!`, or a whole expression, that can never be true.
    static func mayBeTrue(_ operand: Operand, as role: String) throws(ExpressionError) {
        let type = StaticType(operand.node)
        guard type != .boolean, type != .dynamic else { return }
        let remedy: String
        switch operand.node {
        case .field(let reference): remedy = "compare it, as in \(reference.text) == \"…\", or ask has(\(reference.text))"
        case .gap: remedy = "compare it, as in gap <= duration(\"10m\")"
        default: remedy = "compare it with a field"
        }
        throw ExpressionError("\(role) must be true or false, but this is \(type.words); \(remedy)", at: operand.offset)
    }

    /// Refuses to compare a step with a name that none has. An empty text stands for no step.
    static func mayBeStep(_ left: Operand, _ right: Operand, among steps: Set<String>?) throws(ExpressionError) {
        guard let steps else { return }
        for (field, name) in [(left, right), (right, left)] {
            guard case .field(let reference) = field.node, reference.field == .step, case .literal(.string(let text)) = name.node,
                !text.isEmpty, !steps.contains(text)
            else { continue }
            let valid = steps.sorted()
            throw .unknown("step", text, valid: valid, at: name.offset, suggestion: NearestName.of(text, among: valid))
        }
    }

    /// Refuses to compare a length of time with anything else: no field of a log holds one.
    static func mayBeCompared(_ left: Operand, _ right: Operand) throws(ExpressionError) {
        let types = (StaticType(left.node), StaticType(right.node))
        guard (types.0 == .duration) != (types.1 == .duration) else { return }
        let (time, other) = types.0 == .duration ? (left, right) : (right, left)
        if time.node == .gap {
            throw ExpressionError("gap is a length of time; compare it with one, such as duration(\"10m\")", at: other.offset)
        }
        throw ExpressionError("only gap is a length of time; this is \(StaticType(other.node).words)", at: other.offset)
    }
}

extension FieldReference {
    /// As an expression writes it.
    package var text: String { event == .current ? field.text : "\(event.rawValue).\(field.text)" }
}
