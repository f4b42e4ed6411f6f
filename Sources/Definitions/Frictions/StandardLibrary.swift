import Events
import Expressions
package import Journeys

/// The shipped rules, `standard.yaml`, which is part of the program. It is read as a pipeline's own rules are; a fault in it is
/// a fault of the program, which the tests would have found.
package struct StandardLibrary: Sendable {
    package static let name = "standard"
    package static let shared = StandardLibrary()

    /// In the order of the file.
    package let rules: [FrictionDefinition]
    /// Those that the rules' examples speak of.
    package let channels: [ChannelDefinition]
    /// By name, as written.
    let nodes: [String: YAMLNode]
    private let lines: [Substring]

    package var names: [String] { rules.map(\.name) }

    /// All attributes that a rule speaks of.
    let attributes: Set<String>

    static var text: String { String(decoding: PackageResources.standard_yaml, as: UTF8.self) }

    private static let shape = SectionShape([
        PipelineReader.shape["version"]!, PipelineReader.shape["name"]!, PipelineReader.shape["channels"]!,
        .init("frictions", .list(.section(FrictionReader.shape)), "The rules."),
    ])

    private init() {
        let text = Self.text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let diagnostics = DiagnosticList(file: "standard.yaml")
        guard let root = YAMLReader.read(Array(text.utf8), diagnostics: diagnostics),
            let file = SectionReader(root, what: "the library", shape: Self.shape, diagnostics: diagnostics)
        else { preconditionFailure("\(diagnostics.sorted)") }
        let scope = FieldScope(attributes: nil, allowsStep: true, patternFault: PatternCheck().fault)
        channels = ChannelReader(scope: scope, file: file).read()
        var taken: Set<String> = []
        let sections = file.sections("frictions", kind: "friction", example: "")
        var nodes: [String: YAMLNode] = [:]
        rules = sections.compactMap { section in
            var rule = FrictionReader(section: section, scope: scope).read(taken: &taken)
            rule?.isFromLibrary = true
            if let rule { nodes[rule.name] = section.node }
            return rule
        }
        self.nodes = nodes
        attributes = Set(
            rules.flatMap { rule in rule.expressions.flatMap(\.fields) + rule.partitionBy }.compactMap { field in
                if case .attribute(let name) = field { name } else { nil }
            })
        precondition(diagnostics.isEmpty, "\(diagnostics.sorted)")
    }

    /// A rule in words, for a list.
    package struct Summary: Sendable {
        package var name: String
        package var definition: String
        package var facts: [(name: String, text: String)]
    }

    package var summaries: [Summary] {
        rules.map { rule in
            var matched = "in each \(rule.scope.rawValue)"
            if let within = rule.within { matched += ", within \(DurationText.text(within))" }
            if !rule.partitionBy.isEmpty { matched += ", apart for each \(rule.partitionBy.map(\.text).joined(separator: ", "))" }
            if let absent = rule.absent { matched += ", without \(absent.condition.source) for \(DurationText.text(absent.time)) after" }
            return Summary(
                name: rule.name, definition: rule.summary ?? "",
                facts: [
                    ("pattern", rule.pattern.source), ("matched", matched), ("needs", rule.needs.map(\.name).joined(separator: "; ")),
                    ("beware", rule.falsePositives ?? ""),
                ])
        }
    }

    /// The rule as it stands in the file, with the comments above it, to be copied under `define`.
    package func text(of name: String) -> String? {
        guard let node = nodes[name] else { return nil }
        var first = node.line - 1
        while first > 0, lines[first - 1].hasPrefix("  #") { first -= 1 }
        var end = node.line
        while end < lines.count, lines[end].hasPrefix("    ") { end += 1 }
        return lines[first..<end].joined(separator: "\n")
    }
}
