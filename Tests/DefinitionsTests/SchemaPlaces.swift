@testable import TestSupport

/// Every value of a pipeline file, with the schema that is said of it.
struct SchemaPlace {
    /// Keys and places in lists, from the outside in.
    var tokens: [Token]
    var value: NaiveJSON
    /// That of its kind, where there are alternatives, with references followed.
    var schema: NaiveJSON
    /// Where in the schema that is.
    var schemaPath: String

    enum Token: Equatable {
        case key(ExactText)
        case item(Int)
    }

    /// As messages show it.
    var path: String {
        tokens.map {
            switch $0 {
            case .key(let name): "/\(name)"
            case .item(let index): "/\(index)"
            }
        }.joined()
    }

    /// The keys that the schema has for a mapping that may have no others; nil for other values.
    var closedKeys: Set<String>? {
        guard case .object = value, schema.value(at: "additionalProperties") == .bool(false),
            case .object(let keys)? = schema.value(at: "properties")
        else { return nil }
        return Set(keys.keys.map(\.description))
    }

    var requiredKeys: [String] {
        if case .array(let names)? = schema.value(at: "required") { names.compactMap { $0.text?.description } } else { [] }
    }

    /// All values of a file that the schema accepts, from the outside in.
    static func all(_ value: NaiveJSON, _ schema: NaiveJSON) -> [SchemaPlace] { all(value, schema, [], "", root: schema) }

    private static func all(_ value: NaiveJSON, _ schema: NaiveJSON, _ tokens: [Token], _ path: String, root: NaiveJSON) -> [SchemaPlace] {
        guard let (schema, path) = resolved(schema, for: value, path, root: root) else { return [] }
        var places = [SchemaPlace(tokens: tokens, value: value, schema: schema, schemaPath: path)]
        switch value {
        case .object(let members):
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                let own: NaiveJSON? = if case .object(let keys)? = schema.value(at: "properties") { keys[name] } else { nil }
                guard let inner = own ?? schema.value(at: "additionalProperties") else { continue }
                places += all(member, inner, tokens + [.key(name)], path + (own == nil ? "/*" : "/\(name)"), root: root)
            }
        case .array(let items):
            guard let inner = schema.value(at: "items") else { break }
            for (index, item) in items.enumerated() { places += all(item, inner, tokens + [.item(index)], path + "/*", root: root) }
        default: break
        }
        return places
    }

    private static func resolved(_ schema: NaiveJSON, for value: NaiveJSON, _ path: String, root: NaiveJSON) -> (NaiveJSON, String)? {
        if let reference = schema.value(at: "/$ref")?.text?.description, let target = root.value(at: String(reference.dropFirst())) {
            return resolved(target, for: value, reference, root: root)
        }
        guard case .array(let choices)? = schema.value(at: "anyOf") else { return (schema, path) }
        for (index, choice) in choices.enumerated() {
            guard let (found, place) = resolved(choice, for: value, "\(path)|\(index)", root: root) else { continue }
            let kind = NaiveJSON.object(["type": found.value(at: "type") ?? .null])
            if found.value(at: "type") == nil || SchemaCheck(kind).faults(value).isEmpty { return (found, place) }
        }
        return nil
    }
}

extension NaiveJSON {
    /// The same with another value at a place; nil: without that key or item.
    func replacing(_ tokens: ArraySlice<SchemaPlace.Token>, by value: NaiveJSON?) -> NaiveJSON {
        guard let first = tokens.first else { return value ?? .null }
        let isLast = tokens.count == 1
        switch (first, self) {
        case (.key(let name), .object(var members)):
            members[name] = isLast ? value : members[name]?.replacing(tokens.dropFirst(), by: value)
            return .object(members)
        case (.item(let index), .array(var items)):
            if isLast, value == nil {
                items.remove(at: index)
            } else {
                items[index] = items[index].replacing(tokens.dropFirst(), by: value)
            }
            return .array(items)
        default: return self
        }
    }
}
