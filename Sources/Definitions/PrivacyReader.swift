import Disk
import Events

/// Reads `privacy`, and takes what it drops out of the sources.
struct PrivacyReader {
    static let keys = ["key_file", "drop", "min_count"]

    private let section: SectionReader
    private let dropped: [(text: String, path: FieldPath, node: YAMLNode)]
    private var diagnostics: DiagnosticList { section.diagnostics }

    init?(_ node: YAMLNode, _ diagnostics: DiagnosticList) {
        guard let section = SectionReader(node, what: "`privacy`", keys: Self.keys, diagnostics: diagnostics) else { return nil }
        self.section = section
        dropped = (section.texts("drop", example: "drop: [user.name]") ?? []).compactMap { text, node in
            section.fieldPath(of: node, "drop").map { (text, $0, node) }
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

    private func drop(of path: FieldPath) -> (text: String, path: FieldPath, node: YAMLNode)? { dropped.first { $0.path.covers(path) } }

    private func kept(_ source: SourceDefinition) -> SourceDefinition {
        var kept = source
        for (field, path) in source.fields {
            guard let drop = drop(of: path) else { continue }
            kept.fields[field] = nil
            if [.time, .channel, .touchpoint].contains(field), source.constants[field] == nil {
                report(drop, "`\(field.rawValue)`", source)
            }
        }
        kept.identifiers = source.identifiers.filter { drop(of: $0.path) == nil }
        if kept.identifiers.isEmpty, let first = source.identifiers.first, let drop = drop(of: first.path) {
            report(drop, "all `ids`", source)
        }
        kept.attributes = source.attributes.filter { drop(of: $0.path) == nil }
        return kept
    }

    private func report(_ drop: (text: String, path: FieldPath, node: YAMLNode), _ what: String, _ source: SourceDefinition) {
        diagnostics.add(
            "`drop`: `\(DiagnosticList.excerpt(drop.text))` would take \(what) from the source `\(DiagnosticList.excerpt(source.name))`, "
                + "which cannot do without; drop less, or map another field", at: drop.node)
    }

    /// A field that is read as an identifier and once more as something else would be replaced only once.
    private func checkHidden(_ source: SourceDefinition, _ node: YAMLNode) {
        let fields = source.fields.filter { ![.time, .sequence, .eventID].contains($0.key) && source.constants[$0.key] == nil }
        let shown = fields.map { (name: $0.key.rawValue, path: $0.value) } + source.attributes
        for (name, path) in shown.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            guard let identifier = source.identifiers.first(where: { $0.path.covers(path) && path.covers($0.path) }) else { continue }
            diagnostics.add(
                "`key_file`: the source `\(DiagnosticList.excerpt(source.name))` reads one field as the id `\(DiagnosticList.excerpt(identifier.type))` and as "
                    + "`\(DiagnosticList.excerpt(name))`, where it would stay readable; map it under `ids` only", at: node)
        }
    }
}
