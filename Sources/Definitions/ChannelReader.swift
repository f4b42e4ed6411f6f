import Events
import Expressions
import Journeys
import Reports

/// Reads `channels`: a mapping from a channel's name to what is known of it.
struct ChannelReader {
    static let shape = SectionShape([
        .init("kind", .word(ChannelDefinition.Kind.self), "Whether customers serve themselves, are assisted, or are written to."),
        .init("owner", .text, "Who answers for the channel."),
        .init("gap", .duration, "A silence longer than this ends a session in the channel; default: that of `sessions`."),
        .init("asks", .expression, "Which events by the customer ask for an answer, in an assisted channel; default: any."),
        .init("answers", .expression, "Which events answer, in an assisted channel; default: any by an agent."),
        .init("response_sla", .duration, "Within this time a customer is to be answered, in an assisted channel."),
        .init("bot", .boolean, default: false, "Whether a machine answers there."),
    ])

    /// What expressions may name.
    let scope: FieldScope
    /// The section that has `channels`.
    let file: SectionReader
    private var diagnostics: DiagnosticList { file.diagnostics }

    func read() -> [ChannelDefinition] {
        guard let node = file["channels"] else { return [] }
        let entries = SectionReader.entries(node, what: "`channels`", example: "web: {kind: self-service}", diagnostics) ?? []
        return entries.map { entry in
            var channel = ChannelDefinition(name: entry.key)
            if entry.key.isEmpty { diagnostics.add("a channel has no name; give it the text that events carry", at: entry.keyNode) }
            // `web:` alone declares a channel about which nothing more is known.
            guard !entry.value.isNull else { return channel }
            guard let section = file.section(entry, of: "channels", kind: "channel") else { return channel }
            channel.kind = section.word("kind").flatMap(ChannelDefinition.Kind.init)
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
                        "`\(key)` of \(section.what): only a channel of `kind: assisted` is one in which customers are answered", at: node)
                }
            }
            return channel
        }
    }
}

/// Reads `sessions`: what holds for channels that say nothing else.
enum SessionReader {
    private static let usual = SessionDefinition()
    static let shape = SectionShape([
        .init("gap", .duration, default: .duration(usual.gap), "A silence longer than this ends a session."),
        .init(
            "max_length", .duration, default: .duration(usual.maxLength), "What comes later than this after its start is another session."),
    ])

    static func read(_ section: SectionReader) -> SessionDefinition {
        var sessions = usual
        sessions.gap = section.duration("gap") ?? sessions.gap
        sessions.maxLength = section.duration("max_length") ?? sessions.maxLength
        return sessions
    }
}

/// Reads `contacts`: what one contact in assisted channels is.
enum ContactReader {
    private static let usual = ContactDefinition()
    static let shape = SectionShape([
        .init("topic", .text, "The field that says what a contact is about, such as `attributes.topic`; default: all have one topic."),
        .init(
            "windows", .list(.duration, count: 1...Int.max), default: .array(usual.windows.map(JSONValue.duration)),
            "Within each of these times after its end a contact must not be repeated to count as settled."),
        .init(
            "handover", .duration, default: .duration(usual.handover),
            "What begins no later than this after the end of a contact of its topic belongs to it."),
    ])

    static func read(_ section: SectionReader, _ scope: FieldScope) -> ContactDefinition {
        var contacts = usual
        if let text = section.text("topic"), let node = section["topic"] {
            contacts.topic = section.eventField(text, node, "topic", scope, plain: EventField.namesBesideStep)
        }
        if let node = section["windows"], let windows = section.durations("windows", example: "windows: [1d, 7d]") {
            contacts.windows = Set(windows).sorted()
            if windows.isEmpty { section.diagnostics.add("`windows` is empty; give at least one, as in `windows: [7d]`", at: node) }
        }
        contacts.handover = section.duration("handover") ?? contacts.handover
        return contacts
    }
}

/// Reads `dimensions`: by what journeys are set side by side.
enum DimensionReader {
    static let dimensionsMax = 16
    static let shape = SectionShape([
        .init("name", .text, required: true, "What the dimension is called in the tables."),
        .init("field", .text, required: true, "The field whose text is a journey's segment, such as `attributes.device`."),
    ])

    static func read(_ file: SectionReader, _ scope: FieldScope) -> [DimensionDefinition] {
        var taken: Set<String> = []
        let example = "dimensions: [{name: device, field: attributes.device}]"
        let sections = file.sections("dimensions", kind: "dimension", example: example)
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
