/// A JSON value with its members in the order given: `truth.json` must be the same bytes every time.
enum TruthValue {
    case number(Int)
    case seed(UInt64)
    case text(String)
    case flag(Bool)
    case list([TruthValue])
    case object([(String, TruthValue)])

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
        case .object(let members):
            if members.isEmpty { return "{}" }
            return "{\n" + members.map { "\(inner)\"\($0.0)\": \($0.1.rendered(indent: inner))" }.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    static func counts(_ members: [(String, Int)]) -> Self { .object(members.map { ($0.0, .number($0.1)) }) }
}
