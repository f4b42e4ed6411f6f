/// A JSON value with its members in the order given: `truth.json` must be the same bytes every time.
enum TruthValue {
    case number(Int)
    case seed(UInt64)
    case text(String)
    case flag(Bool)
    case list([TruthValue])
    case members([TruthMember])

    static func object(_ members: [(String, TruthValue)]) -> Self { .members(members.map { TruthMember(name: $0.0, value: $0.1) }) }
    static func counts(_ members: [(String, Int)]) -> Self { .members(members.map { TruthMember(name: $0.0, value: .number($0.1)) }) }

    /// Indented by two blanks, with a line end. Names and texts are our own and need no escapes.
    var document: String { rendered(indent: "") + "\n" }

    private func rendered(indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .number(let value): return String(value)
        case .seed(let value): return String(value)
        case .text(let value): return "\"\(value)\""
        case .flag(let value): return value ? "true" : "false"
        case .list(let values):
            if values.isEmpty { return "[]" }
            return "[\n" + values.map { inner + $0.rendered(indent: inner) }.joined(separator: ",\n") + "\n\(indent)]"
        case .members(let members):
            if members.isEmpty { return "{}" }
            return "{\n" + members.map { "\(inner)\"\($0.name)\": \($0.value.rendered(indent: inner))" }.joined(separator: ",\n")
                + "\n\(indent)}"
        }
    }
}

/// A struct of its own rather than a pair: the compiler does not always follow an enum that holds itself in a tuple.
struct TruthMember {
    let name: String
    let value: TruthValue
}
