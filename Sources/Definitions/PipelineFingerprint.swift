import Digests

/// What a pipeline file means for the numbers, as a digest of each section: a state holds sums that are right only for the
/// same. Comments, layout, owners of frictions, inputs, checks and how long time stays open change no number and are left out.
package struct PipelineFingerprint: Sendable, Equatable {
    /// Sections with their digests, in order of names.
    private(set) var sections: [Section] = []

    struct Section: Sendable, Equatable {
        var name: String
        var digest: String
    }

    /// Raised when the program counts otherwise, so that old sums are not mixed with new ones.
    private static let foldVersion = 6
    package static let keySection = "privacy key"
    private static let ignored: Set<String> = ["input", "examples", "checks", "name", "key_file", "min_count", "retention", "version"]
    /// Mappings whose keys are the pipeline's own words, such as an attribute called `owner`.
    private static let ownWords: Set<String> = ["ids", "attributes", "where", "channels", "values", "surveys", "touchpoints"]

    init() {}

    /// - Parameters:
    ///   - root: the whole file.
    ///   - library: the shipped rules' text, where they are included.
    ///   - keyID: of the key that identifiers are hidden with.
    ///   - countsRowPersons: whether rows of few persons are left out; of how few changes no sum.
    init(_ root: YAMLNode, library: String?, keyID: String?, countsRowPersons: Bool) {
        guard case .mapping(let entries) = root.content else { return }
        for entry in entries where !Self.ignored.contains(entry.key) {
            // Who hands over to whom is counted by the owners of steps and channels; those of frictions change no sum.
            let ignored = entry.key == "frictions" ? Self.ignored.union(["owner"]) : Self.ignored
            let text = Self.text(entry.value, hasOwnWords: Self.ownWords.contains(entry.key), ignored)
            sections.append(Section(name: entry.key, digest: Self.digest(text)))
        }
        sections.append(Section(name: "program", digest: "\(Self.foldVersion)"))
        if let library { sections.append(Section(name: "library", digest: Self.digest(library))) }
        if countsRowPersons { sections.append(Section(name: "privacy min_count", digest: "set")) }
        if let keyID { sections.append(Section(name: Self.keySection, digest: keyID)) }
        sections.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// As the state keeps it.
    package var text: String { sections.map { "\($0.name)=\($0.digest)" }.joined(separator: "\n") }

    /// All of it in one digest, for run.json.
    package var digest: String { Self.digest(text) }

    /// The names of sections that differ from those of a text made before.
    package func differences(from text: String) -> [String] {
        let old = Set(text.split(separator: "\n").map(String.init))
        let new = Set(sections.map { "\($0.name)=\($0.digest)" })
        return Set(old.symmetricDifference(new).map { String($0.prefix { $0 != "=" }) }).sorted()
    }

    private static func digest(_ text: String) -> String {
        var hash = SHA256()
        Array(text.utf8).withUnsafeBytes { hash.update($0) }
        return hash.digest.hex
    }

    /// Names of journeys, steps, sources and rules count; it is only the file's own name that does not.
    private static func text(_ node: YAMLNode, hasOwnWords: Bool = false, _ ignored: Set<String>) -> String {
        switch node.content {
        case .unusable: return "?"
        case .scalar(let scalar): return "\(scalar.isNull ? "n" : "s")\(scalar.text.utf8.count):\(scalar.text)"
        case .sequence(let items): return "[" + items.map { text($0, ignored) }.joined(separator: ",") + "]"
        case .mapping(let entries):
            let parts = entries.filter { hasOwnWords || $0.key == "name" || !ignored.contains($0.key) }.map {
                "\($0.key.utf8.count):\($0.key)=" + text($0.value, hasOwnWords: ownWords.contains($0.key), ignored)
            }
            return "{" + parts.joined(separator: ",") + "}"
        }
    }
}
