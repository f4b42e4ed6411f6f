import Events
import Expressions
import Journeys

/// Reads what metrics.csv measures: `surveys`, `effort`, `terms` and `touchpoints`.
struct MeasureReader {
    static let keys = ["surveys", "effort", "terms", "touchpoints"]
    private static let listMax = 64

    let file: SectionReader
    /// What expressions may name.
    let scope: FieldScope
    private var diagnostics: DiagnosticList { file.diagnostics }

    func read() -> MeasureDefinition {
        var measures = MeasureDefinition()
        measures.surveys = surveys()
        measures.effort = effort()
        measures.terms = terms()
        measures.botTouchpoints = botTouchpoints()
        return measures
    }

    private func surveys() -> [SurveyDefinition] {
        guard let node = file["surveys"] else { return [] }
        let example = "nps: {where: 'touchpoint == \"survey\"', kind: nps}"
        let entries = SectionReader.entries(node, what: "`surveys`", example: example, diagnostics) ?? []
        if entries.count > Self.listMax {
            diagnostics.add("there are \(entries.count) surveys; a pipeline may have \(Self.listMax)", at: node)
        }
        return entries.compactMap { entry in
            let what = "survey `\(DiagnosticList.excerpt(entry.key))`"
            guard let section = SectionReader(entry.value, what: what, keys: ["where", "kind", "scale"], diagnostics: diagnostics) else {
                return nil
            }
            let condition = section.required("where", "say which events are answers").flatMap {
                section.expression(of: $0, "where", scope)
            }
            let kinds = SurveyDefinition.Kind.allCases.map { ($0.rawValue, $0) }
            guard section.required("kind", "write `kind: nps`, or `kind: mean` with a `scale`") != nil,
                let kind = section.choice("kind", kinds), let scale = scale(section, kind), let condition
            else { return nil }
            return SurveyDefinition(name: entry.key, condition: condition, kind: kind, scale: scale)
        }
    }

    private func scale(_ section: SectionReader, _ kind: SurveyDefinition.Kind) -> ClosedRange<Int64>? {
        switch kind {
        case .nps:
            if let node = section["scale"] {
                diagnostics.add("`scale` of \(section.what): a net promoter score is asked from 0 to 10; leave it out", at: node)
            }
            return SurveyDefinition.npsScale
        case .mean:
            guard let node = section.required("scale", "give the least and the greatest answer, as in `scale: [1, 7]`"),
                let items = section.list("scale", example: "scale: [1, 7]")
            else { return nil }
            let ends = items.compactMap { section.thousandths(of: $0, "scale", -1_000_000...1_000_000) }
            guard ends.count == items.count else { return nil }
            guard ends.count == 2, ends[0] < ends[1] else {
                diagnostics.add("`scale` must be the least and the greatest answer, as in `scale: [1, 7]`", at: node)
                return nil
            }
            return ends[0]...ends[1]
        }
    }

    private func effort() -> EffortDefinition? {
        guard let node = file["effort"],
            let section = SectionReader(
                node, what: "`effort`", keys: ["contact", "switch", "repeat", "error", "hour"], diagnostics: diagnostics)
        else { return nil }
        var effort = EffortDefinition()
        func weight(_ key: String, _ place: WritableKeyPath<EffortDefinition, Int64>) {
            if let node = section[key], let weight = section.thousandths(of: node, key, 0...1000) { effort[keyPath: place] = weight }
        }
        weight("contact", \.contact)
        weight("switch", \.channelSwitch)
        weight("repeat", \.repeatedStep)
        weight("error", \.error)
        weight("hour", \.hour)
        return effort
    }

    private func terms() -> [TermDefinition] {
        var taken: Set<String> = []
        let example = "terms: [{item: attributes.item, value: attributes.price, within: 7d}]"
        let sections = file.sections("terms", kind: "term", keys: ["name", "item", "value", "within"], example: example)
        if sections.count > Self.listMax, let node = file["terms"] {
            diagnostics.add("there are \(sections.count) terms; a pipeline may have \(Self.listMax)", at: node)
        }
        return sections.compactMap { section in
            func field(_ key: String, _ hint: String) -> EventField? {
                section.required(key, hint).flatMap { node in
                    section.text(of: node, key).flatMap {
                        section.eventField($0, node, key, scope, plain: EventField.namesBesideStep)
                    }
                }
            }
            let item = field("item", "say what is spoken of, as in `item: attributes.item`")
            let value = field("value", "say what is told of it, as in `value: attributes.price`")
            guard let item, let value else { return nil }
            let name = section.text("name") ?? section["item"].flatMap { section.text(of: $0, "item") } ?? ""
            guard taken.insert(name).inserted else {
                diagnostics.add(
                    "another term is already named `\(DiagnosticList.excerpt(name))`; give each its own `name`", at: section.node)
                return nil
            }
            return TermDefinition(name: name, item: item, value: value, within: section.duration("within") ?? 7 * 86_400_000_000)
        }
    }

    private func botTouchpoints() -> [String] {
        guard let node = file["touchpoints"] else { return [] }
        let entries = SectionReader.entries(node, what: "`touchpoints`", example: "chat/bot: {bot: true}", diagnostics) ?? []
        return entries.compactMap { entry in
            let what = "touchpoint `\(DiagnosticList.excerpt(entry.key))`"
            guard !entry.value.isNull,
                let section = SectionReader(entry.value, what: what, keys: ["bot"], diagnostics: diagnostics)
            else { return nil }
            return section.boolean("bot") == true ? entry.key : nil
        }
    }
}

extension SectionReader {
    /// A number with at most three decimals, in thousandths: exactly as it is written.
    /// - Parameter range: of the number itself.
    func thousandths(of node: YAMLNode, _ key: String, _ range: ClosedRange<Int64>) -> Int64? {
        let wanted = "a number from \(range.lowerBound) to \(range.upperBound) with at most three decimals"
        guard let scalar = scalar(of: node, wanted, key) else { return nil }
        guard scalar.style == .plain, let value = Self.thousandths(scalar.text),
            range.lowerBound * 1000 <= value, value <= range.upperBound * 1000
        else {
            diagnostics.add("`\(key)` must be \(wanted), without quotes, but is `\(DiagnosticList.excerpt(scalar.text))`", at: node)
            return nil
        }
        return value
    }

    private static func thousandths(_ text: String) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            parts[0].utf8.count <= 9, parts.count == 1 || parts[1].utf8.count <= 3, let whole = Int64(parts[0])
        else { return nil }
        let decimals = parts.count == 2 ? parts[1] + String(repeating: "0", count: 3 - parts[1].utf8.count) : "0"
        guard let rest = Int64(decimals) else { return nil }
        return (whole * 1000 + rest) * (isNegative ? -1 : 1)
    }
}
