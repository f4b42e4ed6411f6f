import Events
package import Reports

/// The JSON Schema (draft-07, which editors know) of pipeline files, made of the shapes by which they are read. It refuses what the
/// reader refuses of keys, words, kinds of values and bounds; what expressions, paths and patterns say, and what fits together, only
/// the reader knows. What the reader accepts, it accepts: for that, null stands where it means *not given*.
package enum PipelineSchema {
    package static var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("$schema", "http://json-schema.org/draft-07/schema#"),
            .init("title", "A pipeline of sojourn"),
            .init("description", "Where a log is, what its fields are called, and what journeys it holds (`sojourn validate` says more)."),
        ]
        members += self.members(.section(PipelineReader.shape))
        let definitions: [JSONValue.Member] = [
            .init("field", form(isTime: false, "A path to a field of the line, or how its value is made of such.")),
            .init("time", form(isTime: true, "As other fields; a time may have a unit besides.")),
            .init("change", .object(self.members(.section(FrictionsReader.changeShape)))),
        ]
        members.append(.init("definitions", .object(definitions)))
        return .object(members)
    }

    /// A value under a key, or in a list or mapping of own words.
    /// - Parameter orNull: whether null is as good as nothing there.
    private static func schema(_ value: ValueShape, orNull: Bool) -> [JSONValue.Member] {
        switch value {
        // References and alternatives take null beside them, everything else among its types or words.
        case .form(let isTime): choice([reference(isTime ? "time" : "field")], orNull: orNull)
        case .oneOrList(let item, let count): choice([.object(members(item)), .object(members(.list(item, count: count)))], orNull: orNull)
        default: orNull ? members(value).map(withNull) : members(value)
        }
    }

    private static func choice(_ schemas: [JSONValue], orNull: Bool) -> [JSONValue.Member] {
        [.init("anyOf", .array(schemas + (orNull ? [["type": "null"]] : [])))]
    }

    private static func reference(_ name: String) -> JSONValue { ["$ref": .text("#/definitions/\(name)")] }

    private static func withNull(_ member: JSONValue.Member) -> JSONValue.Member {
        switch (member.name, member.value) {
        case ("type", .array(let types)): .init("type", .array(types.contains("null") ? types : types + ["null"]))
        case ("type", let type): .init("type", .array([type, "null"]))
        case ("enum", .array(let words)): .init("enum", .array(words + [.null]))
        default: member
        }
    }

    private static func members(_ value: ValueShape) -> [JSONValue.Member] {
        switch value {
        case .text, .path: [.init("type", ["string", "number", "boolean"]), .init("minLength", 1)]
        case .anyText: [.init("type", ["string", "number", "boolean", "null"])]
        case .boolean: [.init("type", "boolean")]
        case .integer(let range): [.init("type", "integer"), .init("minimum", .integer(Int64(range.lowerBound)))] + most("maximum", range)
        case .number(let range):
            [.init("type", "number"), .init("minimum", .integer(range.lowerBound)), .init("maximum", .integer(range.upperBound))]
        case .duration: [.init("type", "string"), .init("pattern", .text("^\(DurationText.pattern)$"))]
        case .timeZone: [.init("type", "string"), .init("minLength", 1)]
        case .expression: [.init("type", ["string", "boolean"]), .init("minLength", 1)]
        case .word(let words): [.init("enum", .texts(words))]
        case .libraryRule(let orWhole): [.init("enum", .texts((orWhole ? [StandardLibrary.name] : []) + StandardLibrary.shared.names))]
        case .form, .oneOrList: schema(value, orNull: false)
        case .list(let item, let count):
            [.init("type", "array"), .init("items", .object(schema(item, orNull: false)))] + least("minItems", count)
                + most("maxItems", count)
        case .section(let shape): object(shape)
        case .named(let inner, let count, let orNothing):
            [.init("type", "object"), .init("additionalProperties", .object(schema(inner, orNull: orNothing)))]
                + least("minProperties", count) + most("maxProperties", count)
        case .changes:
            [
                .init("type", "object"),
                .init(
                    "properties",
                    .object(
                        StandardLibrary.shared.rules.map { rule in
                            .init(
                                rule.name,
                                .object([.init("description", .text(rule.summary ?? ""))] + choice([reference("change")], orNull: false)))
                        })),
                .init("additionalProperties", false),
            ]
        }
    }

    private static func object(_ shape: SectionShape) -> [JSONValue.Member] {
        let required = shape.keys.filter(\.isRequired).map(\.name)
        let companions = shape.keys.compactMap { key in key.companion.map { JSONValue.Member(key.name, .texts([$0])) } }
        return [.init("type", "object"), .init("properties", .object(shape.keys.map { .init($0.name, .object(property($0))) }))]
            + (required.isEmpty ? [] : [.init("required", .texts(required))])
            + (companions.isEmpty ? [] : [.init("dependencies", .object(companions))])
            + [.init("additionalProperties", false)]
    }

    private static func property(_ key: KeyShape) -> [JSONValue.Member] {
        [.init("description", .text(key.words))] + schema(key.value, orNull: !key.isRequired)
            + (key.fallback.map { [.init("default", $0)] } ?? [])
    }

    /// A path, or a mapping: in one schema, as what is said of texts and of mappings does not concern the other.
    private static func form(isTime: Bool, _ words: String) -> JSONValue {
        let path = members(.path).filter { $0.name != "type" }
        let section = object(FieldFormReader.shape(isTime: isTime)).filter { $0.name != "type" }
        return .object(
            [.init("description", .text(words)), .init("type", ["string", "number", "boolean", "object"])] + path + section)
    }

    private static func least(_ name: String, _ count: ClosedRange<Int>) -> [JSONValue.Member] {
        count.lowerBound > 0 ? [.init(name, .integer(Int64(count.lowerBound)))] : []
    }

    private static func most(_ name: String, _ count: ClosedRange<Int>) -> [JSONValue.Member] {
        count.upperBound < Int.max ? [.init(name, .integer(Int64(count.upperBound)))] : []
    }
}
