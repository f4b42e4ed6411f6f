import Reports

/// What `truth.json` is made of: members in the order given, so that it is the same bytes every time.
extension JSONValue {
    static func members(_ members: [(String, JSONValue)]) -> Self { .object(members.map { Member($0.0, $0.1) }) }
    static func counts(_ members: [(String, Int)]) -> Self { .object(members.map { Member($0.0, .integer(Int64($0.1))) }) }
}
