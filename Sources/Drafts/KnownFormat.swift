import Ingest

/// An export format of `pipelines/formats`: how its lines are recognized, and what its pipeline there says. The pipelines are part of
/// the program, so what they say stands once.
struct KnownFormat: Sendable {
    let name: String
    let title: String
    /// Whether records look like it: by names that belong together, never by one alone.
    let fits: @Sendable (FieldSurvey) -> Bool
    /// An outcome that only the format itself uses, where its pipeline's journeys say something of everybody's log.
    var ownOutcome: String?

    static let all: [KnownFormat] = [
        .init(
            name: "segment", title: "Segment",
            fits: { survey in
                let calls: Set<String> = ["page", "track", "identify", "screen", "alias", "group"]
                return survey.has("messageId", "type") && survey.hasOne("anonymousId", "userId")
                    && survey.hasOne("context.library.name", "originalTimestamp", "receivedAt", "sentAt", "context.page.path", "context.ip")
                    && survey["type"]!.counts.keys.allSatisfy(calls.contains) && survey.has("timestamp")
            }),
        .init(
            name: "snowplow", title: "Snowplow, enriched events",
            fits: {
                $0.has("event_id", "collector_tstamp") && $0.hasOne("event_name", "event")
                    && $0.hasOne("derived_tstamp", "dvce_created_tstamp", "etl_tstamp", "domain_userid", "v_tracker")
            }),
        .init(
            name: "ga4", title: "GA4, BigQuery export",
            fits: {
                $0.has("event_timestamp", "event_name") && $0.hasArray("event_params")
                    && $0.hasOne("user_pseudo_id", "event_date", "stream_id")
            }),
        .init(
            name: "amplitude", title: "Amplitude, Export API",
            fits: {
                $0.has("event_type", "event_time") && $0.hasOne("amplitude_id", "$insert_id", "insert_id")
                    && $0.hasOne("device_id", "user_id")
            }),
        .init(
            name: "mixpanel", title: "Mixpanel, raw event export", fits: { $0.has("event", "properties.time", "properties.distinct_id") }),
        .init(
            name: "posthog", title: "PostHog, batch export",
            fits: { $0.has("uuid", "event", "distinct_id", "timestamp") && ($0["properties"] != nil || $0.hasBelow("properties")) }),
        .init(name: "cloudevents", title: "CloudEvents 1.0", fits: { $0.has("specversion", "id", "source", "type") }),
        .init(name: "matomo", title: "Matomo, visits", fits: { $0.has("idVisit") && $0.hasArray("actionDetails") }),
        .init(
            name: "zendesk", title: "Zendesk, ticket audits",
            fits: { $0.has("ticket_id", "created_at", "author_id") && $0.hasArray("events") }, ownOutcome: "solved"),
        .init(
            name: "genesys", title: "Genesys Cloud, conversation details",
            fits: { $0.has("conversationId", "conversationStart") && $0.hasArray("participants") }, ownOutcome: "resolved"),
        .init(
            name: "connect", title: "Amazon Connect, contact records",
            fits: { $0.has("ContactId", "InitiationMethod", "InitiationTimestamp") }, ownOutcome: "resolved"),
        .init(name: "xes", title: "XES", fits: { $0.has("concept:name", "time:timestamp", "case:concept:name") }),
    ]

    static func of(_ survey: FieldSurvey) -> KnownFormat? { all.first { $0.fits(survey) } }

    // MARK: What its pipeline says

    private static let texts: [String: [UInt8]] = [
        "segment": PackageResources.segment_yaml, "snowplow": PackageResources.snowplow_yaml, "ga4": PackageResources.ga4_yaml,
        "amplitude": PackageResources.amplitude_yaml, "mixpanel": PackageResources.mixpanel_yaml, "posthog": PackageResources.posthog_yaml,
        "cloudevents": PackageResources.cloudevents_yaml, "matomo": PackageResources.matomo_yaml, "zendesk": PackageResources.zendesk_yaml,
        "genesys": PackageResources.genesys_yaml, "connect": PackageResources.connect_yaml, "xes": PackageResources.xes_yaml,
    ]

    private var lines: [String] {
        String(decoding: Self.texts[name]!, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The lines of a section at the top of its pipeline, without its key's own line.
    private func section(_ key: String) -> [String] {
        guard let start = lines.firstIndex(where: { $0.hasPrefix("\(key):") }) else { return [] }
        var section = Array(lines[(start + 1)...].prefix { $0.isEmpty || $0.hasPrefix(" ") || $0.hasPrefix("#") })
        // What stands above the next section is about that.
        while let last = section.last, last.isEmpty || last.hasPrefix("#") { section.removeLast() }
        return section
    }

    /// What stands below `input` of its source, from the fourth column on. Patterns of touchpoints are left out: those are the sample's.
    var source: [String] {
        let lines = section("sources")
        guard let input = lines.firstIndex(where: { $0.hasPrefix("    input:") }) else { return [] }
        var kept: [String] = []
        // How far the key stands of which all that is indented more belongs to the patterns.
        var dropping: Int?
        var inTouchpoint = false
        for line in lines[(input + 1)...] {
            let indent = line.prefix { $0 == " " }.count
            if let place = dropping {
                if indent > place { continue }
                dropping = nil
            }
            if indent <= 6 { inTouchpoint = line.hasPrefix("      touchpoint:") }
            if inTouchpoint, line.trimmingPrefix(while: { $0 == " " }) == "match:" {
                dropping = indent
                continue
            }
            kept.append(line)
        }
        return kept
    }

    /// `source` with patterns for its touchpoint.
    func source(matching patterns: [PathPatterns.Pattern]) -> [String] {
        guard !patterns.isEmpty, let place = source.firstIndex(where: { $0.hasPrefix("      touchpoint:") }) else { return source }
        var lines = source
        let entries = patterns.map { "          - {like: \(YAMLText.scalar($0.like)), to: \(YAMLText.scalar($0.to))}" }
        let text = String(lines[place].dropFirst("      touchpoint:".count))
        let value = text.prefix { $0 != "#" }.trimmingPrefix(while: { $0 == " " })
        if value.isEmpty {
            // A block: the patterns go behind its last line.
            let end = lines[(place + 1)...].firstIndex { $0.prefix { $0 == " " }.count <= 6 } ?? lines.endIndex
            lines.insert(contentsOf: ["        match:"] + entries, at: end)
        } else {
            let form = value.reversed().drop { $0 == " " }.reversed()
            let inner = form.first == "{" ? String(form.dropFirst().dropLast()) : "path: \(String(form))"
            lines[place] = "      touchpoint:"
            lines.insert(contentsOf: Self.block(inner) + ["        match:"] + entries, at: place + 1)
        }
        return lines
    }

    /// A flow mapping of one key as a line of a block.
    private static func block(_ inner: String) -> [String] { ["        " + inner] }

    /// `known` and `linking` of its identity.
    var identity: (known: [String], linking: [String]) {
        guard let line = lines.first(where: { $0.hasPrefix("identity:") }) else { return ([], []) }
        func names(_ key: String) -> [String] {
            guard let list = line.firstRange(of: "\(key): ["), let end = line[list.upperBound...].firstIndex(of: "]") else { return [] }
            return line[list.upperBound..<end].split(separator: ",").map { $0.trimmingPrefix(while: { $0 == " " }) }.map(String.init)
        }
        return (names("known"), names("linking"))
    }

    var journeys: [String] { section("journeys") }
}

extension FieldSurvey {
    /// Nearly all records have it; of a log that somebody put together, some may be of another kind.
    fileprivate func has(_ names: String...) -> Bool {
        names.allSatisfy { name in self[name].map { share($0) >= 0.9 } == true }
    }

    fileprivate func hasOne(_ names: String...) -> Bool { names.contains { self[$0] != nil } }

    fileprivate func hasArray(_ name: String) -> Bool { arrays.contains { $0.path.text == name } }

    fileprivate func hasBelow(_ key: String) -> Bool { fields.contains { $0.path.path.tokens.first == key } }
}
