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

/// What an expression sees: an event and, in a pattern, the events bound just before it and first in this match.
struct NaiveContext {
    var event: NaiveEvent
    var previous: NaiveEvent?
    var first: NaiveEvent?

    func attribute(_ name: String) -> NaiveValue { event.attributes[name].map(NaiveValue.init) ?? .absent }

    func field(_ name: String) -> NaiveValue {
        func text(_ value: ExactText?) -> NaiveValue { value.map(NaiveValue.text) ?? .absent }
        switch name {
        case "channel": return .text(event.channel)
        case "touchpoint": return .text(event.touchpoint)
        case "action": return text(event.action)
        case "outcome": return text(event.outcome)
        case "initiator": return .text(event.initiator)
        case "value": return event.value
        case "channel_kind": return text(event.channelKind.map { ExactText($0) })
        case "step": return text(event.step.map { ExactText($0) })
        case "gap": return previous.map { .duration(event.time - $0.time) } ?? .absent
        default: preconditionFailure("no field \(name)")
        }
    }
}
