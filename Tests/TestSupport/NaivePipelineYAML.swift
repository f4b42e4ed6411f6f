extension NaivePipeline {
    /// The pipeline file of pipelines/rules.md, 14 that says the same.
    public var yaml: String {
        var lines = ["version: 1", "name: \(Self.quoted(name))", "timezone: \(timezone)", "sources:"]
        for source in sources { lines += Self.lines(source) }
        lines.append("identity:")
        lines.append("  known: \(Self.list(identity.known))")
        lines.append("  linking: \(Self.list(identity.linking))")
        lines.append("  max_known: \(identity.maxKnown)")
        if !identity.block.isEmpty { lines.append("  block: \(Self.list(identity.block))") }
        if !identity.blockDefaults { lines.append("  block_defaults: false") }
        if !channels.isEmpty { lines.append("channels:") }
        for channel in channels {
            let parts = [
                channel.kind.map { "kind: \($0)" }, channel.owner.map { "owner: \(Self.quoted($0))" },
                channel.gap.map { "gap: \(NaiveDuration.text($0))" }, channel.asks.map { "asks: \(Self.quoted($0))" },
                channel.answers == NaiveChannel(name: "").answers ? nil : "answers: \(Self.quoted(channel.answers))",
                channel.responseSLA.map { "response_sla: \(NaiveDuration.text($0))" }, channel.isBot ? "bot: true" : nil,
            ]
            lines.append("  \(Self.quoted(channel.name)): {\(parts.compactMap { $0 }.joined(separator: ", "))}")
        }
        lines.append("sessions: {gap: \(NaiveDuration.text(sessions.gap)), max_length: \(NaiveDuration.text(sessions.maxLength))}")
        if !journeys.isEmpty { lines.append("journeys:") }
        for journey in journeys { lines += Self.lines(journey) }
        if !dimensions.isEmpty { lines.append("dimensions:") }
        for dimension in dimensions {
            lines.append("  - {name: \(Self.quoted(dimension.name)), field: \(Self.quoted(dimension.field))}")
        }
        if contacts != NaiveContactRules() {
            let topic = contacts.topic.map { "topic: \(Self.quoted($0)), " } ?? ""
            let windows = contacts.windows.map(NaiveDuration.text).joined(separator: ", ")
            lines.append("contacts: {\(topic)windows: [\(windows)], handover: \(NaiveDuration.text(contacts.handover))}")
        }
        lines += metricLines
        if !frictions.isEmpty { lines += ["frictions:", "  define:"] }
        for friction in frictions { lines += Self.lines(friction) }
        lines.append("error_outcomes: \(Self.list(errorOutcomes))")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ source: NaiveSource) -> [String] {
        var lines = ["  - name: \(quoted(source.name))", "    input: \(list(source.inputs))", "    fields:"]
        func form(_ field: String, _ path: String) -> String { source.forms[field]?.yaml ?? quoted(path) }
        for (field, path) in source.fields.sorted(by: { $0.key < $1.key }) { lines.append("      \(field): \(form(field, path))") }
        func members(_ kind: String, _ paths: [String: String]) -> String {
            "{"
                + paths.sorted { $0.key < $1.key }.map { name, path in
                    let more = kind == "id" ? source.moreIDs[name] ?? [] : []
                    let first = form("\(kind)/\(name)", path)
                    return "\(name): " + (more.isEmpty ? first : "[\(([first] + more.map(\.yaml)).joined(separator: ", "))]")
                }.joined(separator: ", ") + "}"
        }
        if !source.ids.isEmpty { lines.append("      ids: \(members("id", source.ids))") }
        if !source.attributes.isEmpty { lines.append("      attributes: \(members("attribute", source.attributes))") }
        if !source.each.isEmpty { lines.append("    each: \(list(source.each))") }
        if !source.moments.isEmpty { lines.append("    events:") }
        for moment in source.moments {
            lines.append(
                "      - {" + moment.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.yaml)" }.joined(separator: ", ") + "}")
        }
        if let condition = source.condition { lines.append("    where: \(quoted(condition))") }
        if source.keepsLast { lines.append("    keep: last") }
        if let precision = source.precision { lines.append("    precision: \(NaiveDuration.text(precision))") }
        if !source.constants.isEmpty { lines.append("    constants: \(map(source.constants))") }
        if let timezone = source.timezone { lines.append("    timezone: \(timezone)") }
        if let unit = source.timeUnit { lines.append("    time_unit: \(unit.rawValue)") }
        return lines
    }

    private static func lines(_ journey: NaiveJourneyRules) -> [String] {
        var lines = ["  - name: \(quoted(journey.name))"]
        let expressions = [
            ("scope", journey.scope), ("start", journey.start), ("goal", journey.goal), ("fail", journey.fail),
            ("value_when", journey.valueWhen), ("key", journey.key),
        ]
        for (key, text) in expressions {
            if let text { lines.append("    \(key): \(quoted(text))") }
        }
        lines.append("    inactivity: \(NaiveDuration.text(journey.inactivity))")
        if let length = journey.maxLength { lines.append("    max_length: \(NaiveDuration.text(length))") }
        if let horizon = journey.horizon { lines.append("    horizon: \(NaiveDuration.text(horizon))") }
        lines.append("    steps:")
        for step in journey.steps {
            let parts = [
                "name: \(quoted(step.name))", "match: \(quoted(step.match))", step.owner.map { "owner: \(quoted($0))" },
                step.sla.map { "sla: \(NaiveDuration.text($0))" }, step.inFunnel ? nil : "funnel: false",
            ]
            lines.append("      - {\(parts.compactMap { $0 }.joined(separator: ", "))}")
        }
        let window = journey.funnelWindow.map { "window: \(NaiveDuration.text($0)), " } ?? ""
        lines.append("    funnel: {\(window)mode: \(journey.funnelMode.rawValue)}")
        return lines
    }

    private static func lines(_ friction: NaiveFrictionRules) -> [String] {
        var lines = ["    - name: \(quoted(friction.name))"]
        if let owner = friction.owner { lines.append("      owner: \(quoted(owner))") }
        if friction.scope != .journey { lines.append("      scope: \(friction.scope.rawValue)") }
        if !friction.partitionBy.isEmpty { lines.append("      partition_by: \(list(friction.partitionBy))") }
        if let within = friction.within { lines.append("      within: \(NaiveDuration.text(within))") }
        lines.append("      pattern: \(quoted(friction.pattern))")
        lines.append("      where: \(map(friction.variables))")
        if friction.skip != .pastLast { lines.append("      skip: \(friction.skip.rawValue)") }
        if let absent = friction.absent {
            lines.append("      absent: {where: \(quoted(absent.expression)), for: \(NaiveDuration.text(absent.duration))}")
        }
        // In the order in which what is missing is named.
        let needs = friction.needs.map { "\(quoted($0.words)): \(quoted($0.expression))" }
        if !needs.isEmpty { lines.append("      needs: {\(needs.joined(separator: ", "))}") }
        return lines
    }

    /// Single quotes: YAML then reads every character as it is, and a quote is doubled.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    private static func list(_ texts: [String]) -> String { "[\(texts.map(quoted).joined(separator: ", "))]" }

    private static func map(_ texts: [String: String]) -> String {
        "{" + texts.sorted { $0.key < $1.key }.map { "\($0.key): \(quoted($0.value))" }.joined(separator: ", ") + "}"
    }
}
