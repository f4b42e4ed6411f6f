import Journeys

/// Reads `channels`: a mapping from a channel's name to what is known of it.
enum ChannelReader {
    static let keys = ["kind", "owner", "gap"]

    static func read(_ node: YAMLNode, _ diagnostics: DiagnosticList) -> [ChannelDefinition] {
        let entries = SectionReader.entries(node, what: "`channels`", example: "web: {kind: self-service}", diagnostics) ?? []
        return entries.map { entry in
            var channel = ChannelDefinition(name: entry.key)
            if entry.key.isEmpty { diagnostics.add("a channel has no name; give it the text that events carry", at: entry.keyNode) }
            // `web:` alone declares a channel about which nothing more is known.
            guard !entry.value.isNull else { return channel }
            let what = "channel `\(DiagnosticList.excerpt(entry.key))`"
            guard let section = SectionReader(entry.value, what: what, keys: keys, diagnostics: diagnostics) else { return channel }
            channel.kind = section.choice("kind", ChannelDefinition.Kind.allCases.map { ($0.rawValue, $0) })
            channel.owner = section.text("owner")
            channel.gap = section.duration("gap")
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
