import Foundation

/// Holds a value against a JSON Schema of draft-07. It knows the keywords of `sojourn schema` and no others: another one is a fault
/// of the schema, and never passed over.
struct SchemaCheck {
    private let schema: NaiveJSON

    init(_ schema: NaiveJSON) { self.schema = schema }

    init(text: String) throws { schema = try NaiveJSONParser.parse(Array(text.utf8)) }

    /// What is wrong with the value, each with its JSON Pointer: `/sources/0: no key `inputs``.
    func faults(_ value: NaiveJSON) -> [String] { faults(value, schema, at: "") }

    /// Annotations, which refuse nothing.
    private static let annotations: Set<String> = ["$schema", "title", "description", "default", "definitions"]

    private func faults(_ value: NaiveJSON, _ schema: NaiveJSON, at place: String) -> [String] {
        guard case .object(let keywords) = schema else { return ["\(place): the schema is no object"] }
        var faults: [String] = []
        for (keyword, demand) in keywords.sorted(by: { $0.key < $1.key }) {
            faults += self.faults(value, keyword.description, demand, besides: keywords, at: place)
        }
        return faults
    }

    private func faults(
        _ value: NaiveJSON, _ keyword: String, _ demand: NaiveJSON, besides keywords: [ExactText: NaiveJSON], at place: String
    ) -> [String] {
        func when(_ isFault: Bool, _ words: @autoclosure () -> String) -> [String] { isFault ? ["\(place): \(words())"] : [] }
        switch (keyword, value) {
        case (let word, _) where Self.annotations.contains(word): return []
        case ("$ref", _):
            guard let name = demand.text?.description, name.hasPrefix("#/"), let target = schema.value(at: String(name.dropFirst())) else {
                return ["\(place): the schema refers to nothing"]
            }
            return faults(value, target, at: place)
        case ("type", _):
            let types = Self.texts(demand) ?? [demand.text?.description ?? ""]
            return when(!types.contains { Self.isOf($0, value) }, "is not \(types.joined(separator: " or "))")
        case ("enum", _):
            guard case .array(let words) = demand else { return ["\(place): the schema's words are no list"] }
            return when(!words.contains(value), "is none of its words")
        case ("anyOf", _):
            guard case .array(let schemas) = demand else { return ["\(place): the schema's choices are no list"] }
            let all = schemas.map { faults(value, $0, at: place) }
            return all.contains([]) ? [] : all.flatMap(\.self)
        case ("minLength", .string(let text)):
            return when(String(decoding: text.bytes, as: UTF8.self).unicodeScalars.count < Self.count(demand), "is too short")
        case ("pattern", .string(let text)):
            let pattern = demand.text?.description ?? ""
            return when(text.description.range(of: pattern, options: .regularExpression) == nil, "does not match \(pattern)")
        case ("minimum", .number(let text)): return when(Self.number(text) < Self.number(demand), "is too small")
        case ("maximum", .number(let text)): return when(Self.number(text) > Self.number(demand), "is too large")
        case ("items", .array(let items)):
            return items.enumerated().flatMap { faults($0.element, demand, at: "\(place)/\($0.offset)") }
        case ("minItems", .array(let items)): return when(items.count < Self.count(demand), "has too few items")
        case ("maxItems", .array(let items)): return when(items.count > Self.count(demand), "has too many items")
        case ("minProperties", .object(let members)): return when(members.count < Self.count(demand), "has too few keys")
        case ("maxProperties", .object(let members)): return when(members.count > Self.count(demand), "has too many keys")
        case ("required", .object(let members)):
            return (Self.texts(demand) ?? []).flatMap { name in when(members[ExactText(name)] == nil, "has no `\(name)`") }
        case ("dependencies", .object(let members)):
            guard case .object(let dependencies) = demand else { return ["\(place): the schema's dependencies are no object"] }
            return dependencies.filter { members[$0.key] != nil }.flatMap { name, others in
                (Self.texts(others) ?? []).flatMap { when(members[ExactText($0)] == nil, "has `\(name)` without `\($0)`") }
            }
        case ("properties", .object(let members)):
            return members.sorted { $0.key < $1.key }.flatMap { name, member in
                Self.member(demand, name).map { faults(member, $0, at: "\(place)/\(name)") } ?? []
            }
        case ("additionalProperties", .object(let members)):
            let others = members.filter { name, _ in keywords["properties"].flatMap { Self.member($0, name) } == nil }
            return others.sorted { $0.key < $1.key }.flatMap { name, member in
                demand == .bool(false) ? ["\(place): no key `\(name)`"] : faults(member, demand, at: "\(place)/\(name)")
            }
        // What is said of another kind of value.
        case ("minLength", _), ("pattern", _), ("minimum", _), ("maximum", _), ("items", _), ("minItems", _), ("maxItems", _),
            ("minProperties", _), ("maxProperties", _), ("required", _), ("dependencies", _), ("properties", _),
            ("additionalProperties", _):
            return []
        default: return ["\(place): the schema's keyword `\(keyword)` is unknown here"]
        }
    }

    private static func isOf(_ type: String, _ value: NaiveJSON) -> Bool {
        switch value {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .number(let text): type == "number" || type == "integer" && number(text).rounded() == number(text)
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }

    private static func member(_ object: NaiveJSON, _ name: ExactText) -> NaiveJSON? {
        if case .object(let members) = object { members[name] } else { nil }
    }

    private static func texts(_ list: NaiveJSON) -> [String]? {
        if case .array(let items) = list { items.compactMap { $0.text?.description } } else { nil }
    }

    private static func number(_ text: String) -> Double { Double(text) ?? .nan }

    private static func number(_ value: NaiveJSON) -> Double { number(value.text?.description ?? "") }

    private static func count(_ value: NaiveJSON) -> Int { Int(number(value)) }
}
