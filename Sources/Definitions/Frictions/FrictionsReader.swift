import Expressions
import Journeys

/// Reads `frictions`: which rules of the library are included, and how they are changed, and the pipeline's own.
struct FrictionsReader {
    static let shape = SectionShape([
        .init("include", .list(.libraryRule(orWhole: true)), "Shipped rules by name; `standard` stands for all of them."),
        .init("exclude", .list(.libraryRule(orWhole: false)), "Of the included rules those that are not wanted."),
        .init("change", .changes(changeShape), "Keys of included rules that are different here, by the rule's name."),
        .init("define", .list(.section(FrictionReader.shape), count: 0...rulesMax), "Rules of your own."),
    ])
    static let changeShape = FrictionReader.shape.without("name").changing
    static let rulesMax = 500

    let section: SectionReader
    let scope: FieldScope
    private var diagnostics: DiagnosticList { section.diagnostics }

    /// The rules of the library in its order, then the pipeline's own. One that has the name of an included rule stands
    /// in its place.
    /// - Parameter names: theirs, also of rules with a fault.
    func read(names taken: inout Set<String>) -> [FrictionDefinition] {
        let defined = section.sections("define", kind: "friction", example: "define: [{name: …, pattern: …}]")
        if defined.count > Self.rulesMax, let node = section["define"] {
            diagnostics.add("\(defined.count) rules are defined; a pipeline may have \(Self.rulesMax)", at: node)
        }
        let own = defined.prefix(Self.rulesMax).compactMap { FrictionReader(section: $0, scope: scope).read(taken: &taken) }
        let included = included().subtracting(names("exclude"))
        let changes = changes(included)
        let library = StandardLibrary.shared.rules.filter { included.contains($0.name) && !taken.contains($0.name) }
        taken.formUnion(included)
        return library.compactMap { rule in changes[rule.name].map { changed(rule.name, $0) } ?? rule } + own
    }

    /// The names of the list, `standard` standing for all of the library.
    private func included() -> Set<String> { names("include", orWhole: true) }

    private func names(_ key: String, orWhole: Bool = false) -> Set<String> {
        var names: Set<String> = []
        for (text, node) in section.texts(key, example: "\(key): [\(orWhole ? "standard" : "rage_click")]") ?? [] {
            if orWhole, text == StandardLibrary.name {
                names.formUnion(StandardLibrary.shared.names)
            } else if StandardLibrary.shared.names.contains(text) {
                names.insert(text)
            } else {
                reportUnknown(text, node, orWhole ? [StandardLibrary.name] : [])
            }
        }
        return names
    }

    private func reportUnknown(_ name: String, _ node: YAMLNode, _ besides: [String] = []) {
        let valid = besides + StandardLibrary.shared.names
        let hint = diagnostics.nearest(name, among: valid).map { "did you mean `\($0)`?" } ?? "`sojourn frictions` lists them"
        diagnostics.add("the library has no friction `\(DiagnosticList.excerpt(name))`; \(hint)", at: node)
    }

    // MARK: Changes

    /// By name of an included rule: the keys that replace the library's.
    private func changes(_ included: Set<String>) -> [String: YAMLEntry] {
        guard let node = section["change"] else { return [:] }
        let entries = SectionReader.entries(node, what: "`change`", example: "repeat_contact: {within: 14d}", diagnostics) ?? []
        var changes: [String: YAMLEntry] = [:]
        for entry in entries {
            if included.contains(entry.key) {
                changes[entry.key] = entry
            } else if StandardLibrary.shared.names.contains(entry.key) {
                diagnostics.add("`\(entry.key)` is changed but not included", at: entry.keyNode)
            } else {
                reportUnknown(entry.key, entry.keyNode)
            }
        }
        return changes
    }

    /// The library's rule, read again with the pipeline's keys in place of its own; of `where` single variables.
    private func changed(_ name: String, _ change: YAMLEntry) -> FrictionDefinition? {
        let what = "the change of `\(name)`"
        guard SectionReader(change.value, what: what, shape: Self.changeShape, diagnostics: diagnostics) != nil,
            let original = StandardLibrary.shared.nodes[name]
        else { return nil }
        let node = Self.merged(original, change.value, inside: ["where", "needs"])
        guard let section = SectionReader(node, what: what, shape: FrictionReader.shape, diagnostics: diagnostics) else { return nil }
        // The library's own words remain usable, whether or not a source has them.
        let own = StandardLibrary.shared.attributes
        let scope = FieldScope(
            attributes: scope.attributes.map { $0.union(own) }, dropped: scope.dropped.subtracting(own), allowsStep: true,
            steps: scope.steps, patternFault: scope.patternFault)
        var taken: Set<String> = []
        var rule = FrictionReader(section: section, scope: scope).read(taken: &taken)
        rule?.isFromLibrary = true
        return rule
    }

    private static func merged(_ original: YAMLNode, _ change: YAMLNode, inside keys: Set<String>) -> YAMLNode {
        guard case .mapping(var entries) = original.content, case .mapping(let changes) = change.content else { return change }
        for change in changes {
            guard let place = entries.firstIndex(where: { $0.key == change.key }) else {
                entries.append(change)
                continue
            }
            let inner = keys.contains(change.key) ? merged(entries[place].value, change.value, inside: []) : change.value
            entries[place] = YAMLEntry(key: change.key, keyNode: change.keyNode, value: inner)
        }
        return YAMLNode(content: .mapping(entries), line: change.line, column: change.column)
    }
}
