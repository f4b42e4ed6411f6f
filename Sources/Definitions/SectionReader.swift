/// One mapping of the pipeline file, read by its shape. Unknown keys are reported at once; values are asked for by key, and each
/// answer is nil where the key is not given (or is null) or where its fault has been reported. To ask for a key that the shape does
/// not have, or as something else than it says, is a fault of the program.
struct SectionReader {
    let node: YAMLNode
    /// What the section is, for messages: "source `web`".
    let what: String
    let shape: SectionShape
    let diagnostics: DiagnosticList
    private let values: [String: YAMLNode]

    /// Returns nil, having said so, where the node is no mapping.
    init?(_ node: YAMLNode, what: String, shape: SectionShape, diagnostics: DiagnosticList) {
        guard let entries = Self.entries(node, what: what, example: "\(shape.names[0]): …", diagnostics) else { return nil }
        self.node = node
        self.what = what
        self.shape = shape
        self.diagnostics = diagnostics
        values = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
        let keys = shape.names
        for entry in entries where !keys.contains(entry.key) {
            let name = DiagnosticList.excerpt(entry.key)
            let hint =
                diagnostics.nearest(entry.key, among: keys).map { "did you mean `\($0)`?" }
                ?? "the keys here are \(keys.joined(separator: ", "))"
            diagnostics.add("unknown key `\(name)` in \(what); \(hint)", at: entry.keyNode)
        }
        for key in shape.keys {
            guard let companion = key.companion, let given = self[key.name], self[companion] == nil else { continue }
            diagnostics.add("`\(key.name)` belongs to `\(companion)`", at: given)
        }
    }

    /// The entries of a mapping whose keys are names of the user's choice; nil, having said so, for another kind.
    static func entries(_ node: YAMLNode, what: String, example: String, _ diagnostics: DiagnosticList) -> [YAMLEntry]? {
        switch node.content {
        case .mapping(let entries): return entries
        case .unusable: return nil
        case .scalar, .sequence:
            diagnostics.add("\(what) must be a mapping, as in `\(example)`, but is \(node.kindWords)", at: node)
            return nil
        }
    }

    /// "source `web`" where the node has such a name, "this source" otherwise.
    static func label(_ kind: String, _ node: YAMLNode) -> String {
        if case .mapping(let entries) = node.content, let entry = entries.first(where: { $0.key == "name" }),
            case .scalar(let scalar) = entry.value.content, !scalar.text.isEmpty
        {
            return "\(kind) `\(DiagnosticList.excerpt(scalar.text))`"
        }
        return "this \(kind)"
    }

    // MARK: Nodes

    /// The value of the key; nil where it is not given, null, or already reported.
    subscript(key: String) -> YAMLNode? {
        assert(shape[key] != nil, "the shape of \(what) has no `\(key)`")
        guard let value = values[key], !value.isNull, value.content != .unusable else { return nil }
        return value
    }

    /// As the subscript, but reports a key that is not given or null.
    func required(_ key: String, _ hint: String) -> YAMLNode? {
        if let value = self[key] { return value }
        if let given = values[key] {
            if given.isNull { diagnostics.add("`\(key)` of \(what) has no value; \(hint)", at: given) }
        } else {
            diagnostics.add("\(what) has no `\(key)`; \(hint)", at: node)
        }
        return nil
    }

    /// The items of a list; nil, having said so, for another kind.
    func list(_ key: String, example: String) -> [YAMLNode]? {
        guard let value = self[key] else { return nil }
        guard case .sequence(let items) = value.content else {
            diagnostics.add("`\(key)` must be a list, as in `\(example)`, but is \(value.kindWords)", at: value)
            return nil
        }
        return items
    }

    // MARK: Sections

    /// What the shape says of the key's value.
    func shape(of key: String) -> ValueShape {
        guard let found = shape[key] else { preconditionFailure("the shape of \(what) has no `\(key)`") }
        return found.value
    }

    private func innerShape(of key: String) -> SectionShape {
        guard case .section(let inner) = shape(of: key).inner else { preconditionFailure("`\(key)` of \(what) is no section") }
        return inner
    }

    /// The section under the key; nil, having said so, where it is no mapping.
    func section(_ key: String, what: String? = nil) -> SectionReader? {
        self[key].flatMap { SectionReader($0, what: what ?? "`\(key)`", shape: innerShape(of: key), diagnostics: diagnostics) }
    }

    /// The sections of a list; what is no mapping is left out, having been reported.
    func sections(_ key: String, kind: String, example: String) -> [SectionReader] {
        let inner = innerShape(of: key)
        return (list(key, example: example) ?? []).compactMap {
            SectionReader($0, what: Self.label(kind, $0), shape: inner, diagnostics: diagnostics)
        }
    }

    /// The section of one of the names under the key.
    func section(_ entry: YAMLEntry, of key: String, kind: String) -> SectionReader? {
        let what = "\(kind) `\(DiagnosticList.excerpt(entry.key))`"
        return SectionReader(entry.value, what: what, shape: innerShape(of: key), diagnostics: diagnostics)
    }

    // MARK: Names

    /// The section's name, reported where it is missing or among `taken`, to which it is added.
    func name(_ kind: String, taken: inout Set<String>) -> String? {
        guard let place = required("name", "give it one"), let name = text(of: place, "name") else { return nil }
        guard taken.insert(name).inserted else {
            diagnostics.add("another \(kind) is already named `\(DiagnosticList.excerpt(name))`; give each its own name", at: place)
            return nil
        }
        return name
    }
}
