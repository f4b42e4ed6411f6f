import Events
import Expressions
import Journeys

/// Reads `channels`: a mapping from a channel's name to what is known of it.
struct ChannelReader {
    static let keys = ["kind", "owner", "gap", "asks", "answers", "response_sla", "bot"]

    /// What expressions may name.
    let scope: FieldScope
    let diagnostics: DiagnosticList

    func read(_ node: YAMLNode) -> [ChannelDefinition] {
        let entries = SectionReader.entries(node, what: "`channels`", example: "web: {kind: self-service}", diagnostics) ?? []
        return entries.map { entry in
            var channel = ChannelDefinition(name: entry.key)
            if entry.key.isEmpty { diagnostics.add("a channel has no name; give it the text that events carry", at: entry.keyNode) }
            // `web:` alone declares a channel about which nothing more is known.
            guard !entry.value.isNull else { return channel }
            let what = "channel `\(DiagnosticList.excerpt(entry.key))`"
            guard let section = SectionReader(entry.value, what: what, keys: Self.keys, diagnostics: diagnostics) else { return channel }
            channel.kind = section.choice("kind", ChannelDefinition.Kind.allCases.map { ($0.rawValue, $0) })
            channel.owner = section.text("owner")
            channel.gap = section.duration("gap")
            channel.asks = section.expression("asks", scope)
            channel.answers = section.expression("answers", scope)
            channel.responseSLA = section.duration("response_sla")
            channel.isBot = section.boolean("bot") ?? false
            if channel.kind != .assisted {
                for key in ["asks", "answers", "response_sla"] {
                    guard let node = section[key] else { continue }
                    diagnostics.add(
                        "`\(key)` of \(what): only a channel of `kind: assisted` is one in which customers are answered", at: node)
                }
            }
            return channel
        }
    }
}

/// Reads `sessions`: what holds for channels that say nothing else.
enum SessionReader {
    static func read(_ node: YAMLNode, _ diagnostics: DiagnosticList) -> SessionDefinition {
        var sessions = SessionDefinition()
        guard let section = SectionReader(node, what: "`sessions`", keys: ["gap", "max_length"], diagnostics: diagnostics) else {
            return sessions
        }
        sessions.gap = section.duration("gap") ?? sessions.gap
        sessions.maxLength = section.duration("max_length") ?? sessions.maxLength
        return sessions
    }
}

/// Reads `contacts`: what one contact in assisted channels is.
enum ContactReader {
    static func read(_ node: YAMLNode, _ scope: FieldScope, _ diagnostics: DiagnosticList) -> ContactDefinition {
        var contacts = ContactDefinition()
        guard let section = SectionReader(node, what: "`contacts`", keys: ["topic", "windows", "handover"], diagnostics: diagnostics) else {
            return contacts
        }
        if let text = section.text("topic"), let node = section["topic"] {
            contacts.topic = section.eventField(text, node, "topic", scope, plain: EventField.namesBesideStep)
        }
        if let node = section["windows"], let windows = section.durations("windows", example: "windows: [1d, 7d]") {
            contacts.windows = Set(windows).sorted()
            if windows.isEmpty { diagnostics.add("`windows` is empty; give at least one, as in `windows: [7d]`", at: node) }
        }
        contacts.handover = section.duration("handover") ?? contacts.handover
        return contacts
    }
}

/// Reads `dimensions`: by what journeys are set side by side.
enum DimensionReader {
    static let dimensionsMax = 16

    static func read(_ file: SectionReader, _ scope: FieldScope) -> [DimensionDefinition] {
        var taken: Set<String> = []
        let example = "dimensions: [{name: device, field: attributes.device}]"
        let sections = file.sections("dimensions", kind: "dimension", keys: ["name", "field"], example: example)
        if sections.count > dimensionsMax, let node = file["dimensions"] {
            file.diagnostics.add("there are \(sections.count) dimensions; a pipeline may have \(dimensionsMax)", at: node)
        }
        return sections.compactMap { section in
            let name = section.name("dimension", taken: &taken)
            let field = section.required("field", "say whose text is the segment, as in `field: attributes.device`")
                .flatMap { node in
                    section.text(of: node, "field").flatMap {
                        section.eventField($0, node, "field", scope, plain: EventField.namesBesideStep)
                    }
                }
            guard let name, let field else { return nil }
            return DimensionDefinition(name: name, field: field)
        }
    }
}
