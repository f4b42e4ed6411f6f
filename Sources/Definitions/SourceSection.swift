import Events

/// Reads one source: where its lines come from and where in a line each field stands.
struct SourceSection {
    static let keys = ["name", "input", "fields", "constants", "timezone", "time_unit"]

    let section: SectionReader
    /// nil where `identity` itself is broken: then every type is taken as declared.
    let identityTypes: IdentityTypes?
    private var diagnostics: DiagnosticList { section.diagnostics }

    init(section: SectionReader, identityTypes: IdentityTypes?) {
        self.section = section
        self.identityTypes = identityTypes
    }

    func read(taken: inout Set<String>) -> SourceDefinition {
        var source = SourceDefinition(name: section.name("source", taken: &taken) ?? "")
        source.inputs = inputs()
        source.constants = constants()
        if let node = section.required("fields", "say where `time`, `channel`, `touchpoint` and `ids` stand in a line") {
            readFields(node, into: &source)
        }
        source.timezone = section.timeZone("timezone")
        source.timeUnit = section.choice("time_unit", TimeUnit.allCases.flatMap { [($0.rawValue, $0), ("\($0)", $0)] })
        return source
    }

    // MARK: Input

    private func inputs() -> [String] {
        guard let node = section["input"] else { return [] }
        if case .sequence(let items) = node.content { return items.compactMap(glob) }
        return [node].compactMap(glob)
    }

    private func glob(_ node: YAMLNode) -> String? {
        guard let text = section.text(of: node, "input") else { return nil }
        guard let fault = Self.globFault(text) else { return text }
        diagnostics.add("`input`: `\(DiagnosticList.excerpt(text))` is no file pattern: \(fault)", at: node)
        return nil
    }

    static func globFault(_ text: String) -> String? {
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) { return "it holds a control character" }
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            if scalar == "\\", rest.popFirst() == nil { return "nothing follows the last backslash" }
            guard scalar == "[" else { continue }
            // A `]` that comes first, also after a negation, stands for itself.
            if rest.first == "!" || rest.first == "^" { rest.removeFirst() }
            if rest.first == "]" { rest.removeFirst() }
            guard let close = rest.firstIndex(of: "]") else { return "a `[` is not closed; write [[] for a bracket in a name" }
            rest = rest[(close + 1)...]
        }
        return nil
    }

    // MARK: Constants

    private func constants() -> [SourceField: String] {
        let keys = SourceField.allCases.map(\.rawValue)
        guard let node = section["constants"],
            let given = SectionReader(node, what: "`constants`", keys: keys, diagnostics: diagnostics)
        else { return [:] }
        var constants: [SourceField: String] = [:]
        for field in SourceField.allCases { constants[field] = given.text(field.rawValue) }
        let initiators = ["customer", "agent", "system"].map { ($0, $0) }
        if constants[.initiator] != nil { constants[.initiator] = given.choice("initiator", initiators) }
        return constants
    }

    // MARK: Fields

    private func readFields(_ node: YAMLNode, into source: inout SourceDefinition) {
        let keys = SourceField.allCases.map(\.rawValue) + ["ids", "attributes"]
        guard let fields = SectionReader(node, what: "`fields`", keys: keys, diagnostics: diagnostics) else { return }
        for field in SourceField.allCases {
            source.fields[field] = fields[field.rawValue].flatMap { fields.fieldPath(of: $0, field.rawValue) }
        }
        for field in [SourceField.time, .channel, .touchpoint] {
            guard section["constants"]?.entry(field.rawValue) == nil else { continue }
            _ = fields.required(field.rawValue, "map it to a field, or give it under `constants`")
        }
        if let ids = fields.required("ids", "map at least one identity type, as in `ids: {customer: user.id}`") {
            source.identifiers = named(ids, "ids", fields).map { (type: $0.key.key, path: $0.path) }
            if case .mapping(let entries) = ids.content {
                if entries.isEmpty {
                    diagnostics.add("`ids` maps no identity type; map at least one, as in `ids: {customer: user.id}`", at: ids)
                }
                for entry in entries { checkType(entry) }
            }
        }
        if let attributes = fields["attributes"] {
            source.attributes = named(attributes, "attributes", fields).map { (name: $0.key.key, path: $0.path) }
        }
    }

    /// The entries of `ids` or `attributes` with their places in a line. Here null is a fault: such a name says nothing.
    private func named(_ node: YAMLNode, _ key: String, _ fields: SectionReader) -> [(key: YAMLEntry, path: FieldPath)] {
        let entries = SectionReader.entries(node, what: "`\(key)`", example: "name: path.to.field", diagnostics) ?? []
        return entries.compactMap { entry in
            if entry.key.isEmpty { diagnostics.add("a name under `\(key)` is empty; give it one", at: entry.keyNode) }
            guard !entry.value.isNull else {
                diagnostics.add(
                    "`\(DiagnosticList.excerpt(entry.key))` under `\(key)` has no value; say which field holds it", at: entry.keyNode)
                return nil
            }
            return fields.fieldPath(of: entry.value, DiagnosticList.excerpt(entry.key)).map { (entry, $0) }
        }
    }

    private func checkType(_ entry: YAMLEntry) {
        guard let identityTypes, !identityTypes.all.contains(entry.key), !entry.key.isEmpty else { return }
        let names = identityTypes.inOrder
        let declared = names.isEmpty ? "none is" : "declared: \(DiagnosticList.listed(names))"
        let hint = diagnostics.nearest(entry.key, among: names).map { "did you mean `\($0)`?" } ?? declared
        diagnostics.add("`\(DiagnosticList.excerpt(entry.key))` under `ids` is not declared in `identity`; \(hint)", at: entry.keyNode)
    }
}

extension YAMLNode {
    /// The value of a key that is given and not null.
    func entry(_ key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content, let entry = entries.first(where: { $0.key == key }), !entry.value.isNull else {
            return nil
        }
        return entry.value
    }
}
