import Disk
import Events
import Ingest

/// Reads `privacy`, and takes what it drops out of the sources.
struct PrivacyReader {
    static let keys = ["key_file", "drop", "min_count"]

    private let section: SectionReader
    private let dropped: [Drop]
    private var diagnostics: DiagnosticList { section.diagnostics }

    init?(_ node: YAMLNode, _ diagnostics: DiagnosticList) {
        guard let section = SectionReader(node, what: "`privacy`", keys: Self.keys, diagnostics: diagnostics) else { return nil }
        self.section = section
        dropped = (section.texts("drop", example: "drop: [user.name]") ?? []).compactMap { text, node in
            section.fieldPath(of: node, "drop").map { Drop(text: text, path: $0, node: node) }
        }
    }

    /// - Parameter folder: what the key file's path is relative to; nil: it is not opened.
    func read(folder: String?) -> PrivacyDefinition {
        var privacy = PrivacyDefinition()
        privacy.drop = dropped.map(\.text)
        privacy.minCount = section.integer("min_count", 1...1_000_000_000)
        if let node = section["key_file"], let name = section.text(of: node, "key_file") {
            privacy.hasKeyFile = true
            let path = folder.map { FilePaths.absolute(name, from: $0) }
            privacy.keyPath = path
            do {
                privacy.key = try path.map { (path) throws(PseudonymKey.Fault) in try PseudonymKey(path: path) }
            } catch {
                diagnostics.add("`key_file`: \(path ?? name) \(error.message)", at: node)
            }
        }
        return privacy
    }

    /// The sources without what is dropped. Reports what they cannot be without, and identifiers that would stay readable.
    func apply(to sources: [SourceDefinition]) -> [SourceDefinition] {
        let kept = sources.map(kept)
        if let node = section["key_file"] {
            for source in kept { checkHidden(source, node) }
        }
        return kept
    }

    /// What takes a place of a record away: by its path as the pipeline file writes it, or by the way there from the line,
    /// arrays passed over.
    private func drop(_ source: SourceDefinition, _ level: Int?, _ tokens: [String]) -> Drop? {
        let arrays = source.each.prefix(level ?? source.each.count)
        let whole = arrays.flatMap(\.path.tokens) + tokens
        return dropped.first { drop in [tokens, whole].contains { drop.covers($0) || drop.covers(Self.withoutPlaces($0)) } }
    }

    private func kept(_ source: SourceDefinition) -> SourceDefinition {
        var kept = source
        for (place, array) in source.each.enumerated() {
            guard let drop = drop(source, array.level ?? place, array.path.tokens) else { continue }
            report(drop, "the records (`each`)", source)
        }
        for place in source.mappings.indices {
            let mapping = source.mappings[place]
            func without(_ form: FieldForm) -> FieldForm? { form.without { drop(source, $0, $1) != nil } }
            func cause(_ forms: [FieldForm]) -> Drop? { forms.flatMap(\.reads).compactMap { drop(source, $0.level, $0.tokens) }.first }
            for (field, form) in mapping.fields {
                let left = without(form)
                kept.mappings[place].fields[field] = left
                if left == nil, [.time, .channel, .touchpoint].contains(field), let drop = cause([form]) {
                    report(drop, "`\(field.rawValue)`", source)
                }
            }
            kept.mappings[place].identifiers = mapping.identifiers.compactMap { identifier in
                let forms = identifier.forms.compactMap(without)
                return forms.isEmpty ? nil : .init(type: identifier.type, forms: forms)
            }
            if kept.mappings[place].identifiers.isEmpty, let drop = cause(mapping.identifiers.flatMap(\.forms)) {
                report(drop, "all `ids`", source)
            }
            kept.mappings[place].attributes = mapping.attributes.compactMap { attribute in
                without(attribute.form).map { .init(name: attribute.name, form: $0) }
            }
        }
        return kept
    }

    private func report(_ drop: Drop, _ what: String, _ source: SourceDefinition) {
        diagnostics.add(
            "`drop`: `\(DiagnosticList.excerpt(drop.text))` would take \(what) from the source `\(DiagnosticList.excerpt(source.name))`, "
                + "which cannot do without; drop less, or map another field", at: drop.node)
    }

    /// A field that is read as an identifier and once more as something else would be replaced only once.
    private func checkHidden(_ source: SourceDefinition, _ node: YAMLNode) {
        var reported: Set<String> = []
        for mapping in source.mappings {
            let fields = mapping.fields.filter { ![.time, .sequence, .eventID].contains($0.key) }
            let shown = fields.map { (name: $0.key.rawValue, form: $0.value) } + mapping.attributes.map { (name: $0.name, form: $0.form) }
            let hidden = mapping.identifiers.flatMap { identifier in identifier.forms.flatMap(\.reads).map { (identifier.type, $0) } }
            for (name, form) in shown.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
                let reads = form.reads
                guard let (type, _) = hidden.first(where: { _, place in reads.contains { isSame($0, place, source) } }),
                    reported.insert(name).inserted
                else { continue }
                diagnostics.add(
                    "`key_file`: the source `\(DiagnosticList.excerpt(source.name))` reads one field as the id "
                        + "`\(DiagnosticList.excerpt(type))` and as `\(DiagnosticList.excerpt(name))`, where it would stay readable; map it "
                        + "under `ids` only", at: node)
            }
        }
    }

    /// `/items/0/sku` as `items.sku`: a place in an array hides nothing.
    private static func withoutPlaces(_ tokens: [String]) -> [String] { tokens.filter { FieldPath.place($0) == nil } }

    private func isSame(_ one: (level: Int?, tokens: [String]), _ other: (level: Int?, tokens: [String]), _ source: SourceDefinition)
        -> Bool
    {
        (one.level ?? source.each.count) == (other.level ?? source.each.count)
            && Self.withoutPlaces(one.tokens).elementsEqual(Self.withoutPlaces(other.tokens)) { $0.utf8.elementsEqual($1.utf8) }
    }
}

/// An entry of `drop`.
private struct Drop {
    let text: String
    let path: FieldPath
    let node: YAMLNode

    /// Whether it takes away what stands at these keys, or contains it.
    func covers(_ tokens: [String]) -> Bool {
        path.tokens.count <= tokens.count && zip(path.tokens, tokens).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }
}
