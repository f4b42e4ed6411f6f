import Disk
import Events
import Ingest

/// Reads `privacy`, and takes what it drops out of the sources.
struct PrivacyReader {
    static let shape = SectionShape([
        .init("key_file", .text, "A file whose bytes are the key by which identifiers are replaced; relative to the pipeline file."),
        .init("drop", .list(.path), default: [], "Fields that are treated as absent, with all below them, in every source."),
        .init("min_count", .integer(1...1_000_000_000), "Rows of csv/ that stand for fewer persons than this are left out."),
    ])

    private let section: SectionReader
    private let dropped: [Drop]
    private var diagnostics: DiagnosticList { section.diagnostics }

    init(_ section: SectionReader) {
        self.section = section
        dropped = (section.texts("drop", example: "drop: [user.name]") ?? []).compactMap { text, node in
            section.fieldPath(of: node, "drop").map { Drop(text: text, path: $0, node: node) }
        }
    }

    /// - Parameter folder: what the key file's path is relative to; nil: it is not opened.
    func read(folder: String?) -> PrivacyDefinition {
        var privacy = PrivacyDefinition()
        privacy.drop = dropped.map(\.text)
        privacy.minCount = section.integer("min_count")
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
        let way = source.way(level, tokens)
        return dropped.first { drop in [tokens, way].contains { drop.covers($0) || drop.covers(Self.withoutPlaces($0)) } }
    }

    private func kept(_ source: SourceDefinition) -> SourceDefinition {
        var kept = source
        for (place, array) in source.each.enumerated() {
            guard let drop = drop(source, array.level ?? place, array.path.tokens) else { continue }
            report(drop, "the records (`each`)", source)
        }
        checkTexts(source)
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

    /// A text in which something is dropped, because it is JSON, cannot be shown as a whole.
    private func checkTexts(_ source: SourceDefinition) {
        let texts = source.forms.flatMap(\.form.embeddingTexts).map { Self.withoutPlaces(source.way($0.level, $0.tokens)) }
        for text in Set(texts) {
            guard let drop = dropped.first(where: { $0.path.tokens.count > text.count && $0.path.tokens.starts(with: text) }) else {
                continue
            }
            for (name, form) in source.forms
            where form.reads.contains(where: { Self.withoutPlaces(source.way($0.level, $0.tokens)) == text }) {
                diagnostics.add(
                    "`drop`: the source `\(DiagnosticList.excerpt(source.name))` shows as `\(DiagnosticList.excerpt(name))` the whole text in "
                        + "which `\(DiagnosticList.excerpt(drop.text))` stands; drop the text, or do not map it", at: drop.node)
            }
        }
    }

    private func report(_ drop: Drop, _ what: String, _ source: SourceDefinition) {
        diagnostics.add(
            "`drop`: `\(DiagnosticList.excerpt(drop.text))` would take \(what) from the source `\(DiagnosticList.excerpt(source.name))`, "
                + "which cannot do without; drop less, or map another field", at: drop.node)
    }

    /// A field that is read as an identifier and once more as something else would be replaced only once, by whichever way it is
    /// reached; and so would one within a text of JSON that is shown as a whole.
    private func checkHidden(_ source: SourceDefinition, _ node: YAMLNode) {
        func ways(_ places: [(level: Int?, tokens: [String])]) -> Set<[String]> {
            Set(places.map { Self.withoutPlaces(source.way($0.level, $0.tokens)) })
        }
        let hidden = source.mappings.flatMap(\.identifiers).map { identifier in
            (type: identifier.type, ways: ways(identifier.forms.flatMap { $0.reads + $0.embeddingTexts }))
        }
        var reported: Set<String> = []
        let besides = [SourceField.time, .sequence, .eventID].map(\.rawValue)
        for (name, form) in source.shown.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) where !besides.contains(name)
        {
            guard let found = hidden.first(where: { !$0.ways.isDisjoint(with: ways(form.reads)) }), reported.insert(name).inserted else {
                continue
            }
            diagnostics.add(
                "`key_file`: the source `\(DiagnosticList.excerpt(source.name))` reads one field as the id "
                    + "`\(DiagnosticList.excerpt(found.type))` and as `\(DiagnosticList.excerpt(name))`, where it would stay readable; map it "
                    + "under `ids` only", at: node)
        }
    }

    /// `/items/0/sku` as `items.sku`: a place in an array hides nothing.
    private static func withoutPlaces(_ tokens: [String]) -> [String] { tokens.filter { FieldPath.place($0) == nil } }
}

extension SourceDefinition {
    /// The keys on the way from the line to a place of a record.
    fileprivate func way(_ level: Int?, _ tokens: [String]) -> [String] {
        let level = level ?? each.count
        guard level > 0 else { return tokens }
        let array = each[level - 1]
        return way(array.level ?? level - 1, array.path.tokens) + tokens
    }

    /// What is published of a record, and so not hidden by a key.
    fileprivate var shown: [(name: String, form: FieldForm)] {
        mappings.flatMap { mapping in
            mapping.fields.map { (name: $0.key.rawValue, form: $0.value) } + mapping.attributes.map { (name: $0.name, form: $0.form) }
        }
    }

    fileprivate var forms: [(name: String, form: FieldForm)] {
        shown + mappings.flatMap(\.identifiers).flatMap { identifier in identifier.forms.map { (name: identifier.type, form: $0) } }
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
