import Events
import Expressions
import Ingest

/// Reads one source: where its lines come from and where in a line each field stands.
struct SourceSection {
    let section: SectionReader
    /// nil where `identity` itself is broken: then every type is taken as declared.
    let identityTypes: IdentityTypes?
    let patterns: PatternCheck
    private var diagnostics: DiagnosticList { section.diagnostics }

    init(section: SectionReader, identityTypes: IdentityTypes?, patterns: PatternCheck) {
        self.section = section
        self.identityTypes = identityTypes
        self.patterns = patterns
    }

    func read(taken: inout Set<String>) -> SourceDefinition {
        var source = SourceDefinition(name: section.name("source", taken: &taken) ?? "")
        source.inputs = inputs()
        source.each = arrays()
        let forms = FieldFormReader(depth: source.each.count, patterns: patterns, diagnostics: diagnostics)
        let base = base(forms)
        source.mappings = section["events"].map { moments($0, base, forms) } ?? [base]
        for mapping in source.mappings { check(mapping) }
        source.keepsLast = section.word("keep") == Self.keepsLast
        source.precision = precision()
        source.timezone = section.timeZone("timezone")
        source.epochTimezone = section.timeZone("epoch_timezone")
        source.timeUnit = section.timeUnit("time_unit")
        source.condition = section.expression(
            "where", FieldScope(attributes: Set(source.attributeNames), allowsStep: false, patternFault: patterns.fault))
        return source
    }

    private func precision() -> Microseconds? {
        guard let length = section.duration("precision") else { return nil }
        if length > 0 { return length }
        diagnostics.add("`precision` must be longer than nothing, as in `precision: 1s`", at: section["precision"]!)
        return nil
    }

    /// The paths of `each`, one or a list, each relative to the elements of the one before.
    private func arrays() -> [RecordPath] {
        guard let node = section["each"] else { return [] }
        let nodes: [YAMLNode] = if case .sequence(let items) = node.content { items } else { [node] }
        if nodes.isEmpty { diagnostics.add("`each` names no array", at: node) }
        if nodes.count > Self.arraysMax { diagnostics.add("`each` names more than \(Self.arraysMax) arrays within one another", at: node) }
        return nodes.prefix(Self.arraysMax).enumerated().compactMap { place, node in
            FieldFormReader(depth: place, patterns: patterns, diagnostics: diagnostics).path(node, "each")
        }
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

    // MARK: Fields

    /// `fields`, with `constants` in place of what they name.
    private func base(_ forms: FieldFormReader) -> SourceDefinition.Mapping {
        var mapping = SourceDefinition.Mapping()
        _ = section.required("fields", "say where `time`, `channel`, `touchpoint` and `ids` stand in a line")
        if let fields = section.section("fields") { read(fields, into: &mapping, forms) }
        guard let given = section.section("constants") else { return mapping }
        for field in SourceField.allCases {
            let words = field == .initiator ? given.word("initiator") : given.text(field.rawValue)
            if let words { mapping.fields[field] = FieldForm(constant: words) }
        }
        return mapping
    }

    /// The entries of `events`: for each its own fields in place of the source's, ids and attributes one by one.
    private func moments(_ node: YAMLNode, _ base: SourceDefinition.Mapping, _ forms: FieldFormReader) -> [SourceDefinition.Mapping] {
        let entries = section.sections("events", kind: "entry of `events`", example: "events: [{time: answered_at}]")
        if case .sequence(let items) = node.content, items.isEmpty {
            diagnostics.add("`events` is empty; give it one entry for each moment that a line may hold", at: node)
        }
        let mappings = entries.map { entry in
            var mapping = base
            read(entry, into: &mapping, forms)
            return mapping
        }
        return mappings.isEmpty ? [base] : mappings
    }

    private func read(_ fields: SectionReader, into mapping: inout SourceDefinition.Mapping, _ forms: FieldFormReader) {
        for field in SourceField.allCases {
            guard let node = fields[field.rawValue], let form = forms.read(node, field.rawValue, isTime: field == .time) else { continue }
            mapping.fields[field] = form
        }
        if let node = fields["ids"] {
            let given = entries(node, "ids").compactMap { entry -> SourceDefinition.Identifier? in
                checkType(entry)
                return identifierForms(entry, forms).map { .init(type: entry.key, forms: $0) }
            }
            mapping.identifiers = Self.replacing(mapping.identifiers, by: given, \.type)
        }
        if let node = fields["attributes"] {
            let given = entries(node, "attributes").compactMap { entry in
                forms.read(entry.value, entry.key).map { SourceDefinition.Attribute(name: entry.key, form: $0) }
            }
            mapping.attributes = Self.replacing(mapping.attributes, by: given, \.name)
        }
    }

    /// Those that are given stand last, and their names are their own: no key comes twice in a mapping.
    private static func replacing<Item>(_ items: [Item], by given: [Item], _ name: (Item) -> String) -> [Item] {
        let names = Set(given.map(name))
        return items.filter { !names.contains(name($0)) } + given
    }

    /// An id may have a list of forms.
    private func identifierForms(_ entry: YAMLEntry, _ forms: FieldFormReader) -> [FieldForm]? {
        guard case .sequence(let items) = entry.value.content else { return forms.read(entry.value, entry.key).map { [$0] } }
        if items.isEmpty || items.count > Self.formsMax {
            let name = DiagnosticList.excerpt(entry.key)
            diagnostics.add("`\(name)` under `ids` has \(items.count) places; give it 1 to \(Self.formsMax)", at: entry.value)
            return nil
        }
        let found = items.compactMap { forms.read($0, entry.key) }
        return found.count == items.count ? found : nil
    }

    /// The entries of `ids` or `attributes`. Here null is a fault: such a name says nothing.
    private func entries(_ node: YAMLNode, _ key: String) -> [YAMLEntry] {
        let entries = SectionReader.entries(node, what: "`\(key)`", example: "name: path.to.field", diagnostics) ?? []
        if key == "ids", entries.isEmpty, case .mapping = node.content {
            diagnostics.add("`ids` maps no identity type; map at least one, as in `ids: {customer: user.id}`", at: node)
        }
        return entries.filter { entry in
            if entry.key.isEmpty { diagnostics.add("a name under `\(key)` is empty; give it one", at: entry.keyNode) }
            if entry.value.isNull {
                diagnostics.add(
                    "`\(DiagnosticList.excerpt(entry.key))` under `\(key)` has no value; say which field holds it", at: entry.keyNode)
            }
            return !entry.value.isNull
        }
    }

    /// What every event needs.
    private func check(_ mapping: SourceDefinition.Mapping) {
        guard let node = section["fields"], case .mapping(let given) = node.content else { return }
        for field in [SourceField.time, .channel, .touchpoint] where mapping.fields[field] == nil {
            // A fault in the form itself has been reported.
            guard !given.contains(where: { $0.key == field.rawValue && !$0.value.isNull }) else { continue }
            diagnostics.add("`fields` has no `\(field.rawValue)`; map it to a field, or give it under `constants`", at: node)
        }
        if mapping.identifiers.isEmpty, !given.contains(where: { $0.key == "ids" && !$0.value.isNull }) {
            diagnostics.add("`fields` has no `ids`; map at least one identity type, as in `ids: {customer: user.id}`", at: node)
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
