import Events
import Ingest

/// What a draft says of one source: where its lines are, and what its fields mean.
struct SourceDraft {
    let name: String
    /// As the pipeline file names them.
    let inputs: [String]
    let survey: FieldSurvey
    /// Where the mapping is that of a format that is known.
    let format: KnownFormat?
    let times: [TimeGuess.Candidate]
    var identity: IdentityGuess
    let roles: RoleGuess
    /// Where no field says it.
    let channel: String
    /// Lines without an id become somebody of their own, by the event's id, as they would be put aside otherwise.
    var identifiesNobody = false
    /// Patterns for touchpoints that are paths.
    var patterns: PathPatterns?
    /// Whether another source of the pipeline knows times more exactly.
    var tellsPrecision = false

    init(name: String, inputs: [String], survey: FieldSurvey, format: KnownFormat?) {
        (self.name, self.inputs, self.survey, self.format) = (name, inputs, survey, format)
        times = TimeGuess(survey).fields
        let stats = times.prefix(1).map(\.stats)
        identity = IdentityGuess(survey, besides: stats)
        let taken = (stats + identity.ids.map(\.stats) + [identity.eventID, identity.key].compactMap { $0 }).map(\.path)
        roles = RoleGuess(survey, besides: Set(taken))
        channel =
            ChannelWords.channel(in: name) ?? (roles.touchpoint.first.map(Self.isPath) == true ? "web" : identity.isCases ? "desk" : "log")
        if let place = roles.touchpoint.first { patterns = PathPatterns(place.frequent) }
    }

    private static func isPath(_ stats: FieldStats) -> Bool { stats.ordered.first { $0.hasPrefix("/") || $0.contains("://") } != nil }

    var known: [String] { format?.identity.known ?? identity.ids.filter(\.isKnown).map(\.type) }
    var linking: [String] {
        (format?.identity.linking ?? identity.ids.filter { !$0.isKnown }.map(\.type)) + (identifiesNobody ? [Self.nobody] : [])
    }

    static let nobody = "nobody"
    /// What so many records have needs nothing in its place.
    private static let wholeShare = 0.995

    // MARK: As lines of the pipeline file

    var lines: [String] {
        var lines = ["  - name: \(YAMLText.scalar(name))"]
        switch inputs.count {
        case 0:
            lines.append(
                "    # Standard input: give `-` behind the pipeline file. Files, a folder or a pattern would stand here as `input`.")
        case 1: lines.append("    input: \(YAMLText.scalar(inputs[0]))")
        default: lines += ["    input:"] + inputs.map { "      - \(YAMLText.scalar($0))" }
        }
        guard let format else { return lines + guessed }
        lines.append(
            "    # The mapping for \(format.title) and its comments are those of pipelines/formats/\(format.name).yaml; `the sample` is the log there."
        )
        return lines + format.source(matching: patterns?.patterns ?? [])
    }

    private var guessed: [String] {
        var lines: [String] = []
        if let each = survey.each {
            lines.append("    each: \(YAMLText.scalar(each.text))   # every element is a record; `$.` stands for the line's own fields")
        }
        if let time = times.first {
            if time.needsZone {
                lines.append("    timezone: UTC   # the times name no zone: put that of the system here, such as Europe/Berlin")
            }
            if let unit = time.unit { lines.append("    time_unit: \(unit.rawValue)") }
            if time.precision > 1 {
                let words = "    \(tellsPrecision ? "" : "# ")precision: \(DurationWords.text(time.precision))"
                lines.append(
                    "\(words)   # times are whole \(DurationWords.unit(time.precision))s: so what finer sources logged within one comes before"
                )
            }
        }
        if roles.channel == nil {
            lines.append(
                "    constants: {channel: \(YAMLText.scalar(channel))}   # no field says through which channel it came; name it as you call it"
            )
        }
        lines.append("    fields:")
        if let time = times.first {
            lines += field(
                "time", time.isNumberText ? "{path: \(path(time.stats)), as: number}" : form([time.stats]),
                also: times.dropFirst().prefix(3).map(\.stats))
        }
        if let id = identity.eventID { lines += field("event_id", path(id), "a line that comes twice counts once") }
        if let channel = roles.channel {
            let isWhole = survey.share(channel) > Self.wholeShare
            lines += field(
                "channel",
                isWhole
                    ? path(channel)
                    : "{first: [\(path(channel)), {value: \(YAMLText.scalar(self.channel == "log" ? "other" : self.channel))}]}")
        }
        lines += touchpoint
        if let action = roles.action { lines += field("action", path(action), seen(action)) }
        if let outcome = roles.outcome { lines += field("outcome", self.outcome(outcome), seen(outcome)) }
        if let value = roles.value { lines += field("value", value.numeric > 0.99 ? path(value) : "{path: \(path(value)), as: number}") }
        if let initiator = roles.initiator {
            lines += field("initiator", self.initiator(initiator), "whoever is not the customer opens no session")
        }
        return lines + ids + attributes
    }

    private var touchpoint: [String] {
        let places = roles.touchpoint
        guard let first = places.first else { return field("touchpoint", "{value: event}", "no field says where or what it was: name one") }
        let isWhole = survey.share(first) > Self.wholeShare
        let note =
            "      # \(roles.isUnsure ? "No name tells the place: this was chosen by its values. " : "")\(roles.otherPlaces.isEmpty ? "The place, or what happened." : "Or: " + names(roles.otherPlaces))"
        let forms = places.map(path) + (isWhole ? [] : ["{value: other}"])
        guard let patterns else {
            return [note, "      touchpoint: " + (forms.count == 1 ? forms[0] : "{first: [\(forms.joined(separator: ", "))]}")]
        }
        return [note + " Pages of one kind are one touchpoint; take or change the patterns.", "      touchpoint:"]
            + [forms.count == 1 ? "        path: \(forms[0])" : "        first: [\(forms.joined(separator: ", "))]", "        match:"]
            + patterns.patterns.map { "          - {like: \(YAMLText.scalar($0.like)), to: \(YAMLText.scalar($0.to))}" }
    }

    private var ids: [String] {
        var lines: [String] = []
        if identity.ids.contains(where: \.isUnsure) {
            lines.append(
                "      # No name tells whose an event is; this was chosen for its values, which may be shared or change. Look at it first.")
        }
        if !identity.others.isEmpty { lines.append("      # Other fields that may be ids of somebody: \(names(identity.others))") }
        var entries = identity.ids.map { (name: $0.type, path: path($0.stats)) }
        if identifiesNobody, let id = identity.eventID {
            lines.append("      # Some lines have no id of anybody. Each becomes somebody of its own, so that it is not put aside.")
            entries.append((Self.nobody, path(id)))
        }
        return lines + ["      ids: {\(entries.map { "\($0.name): \($0.path)" }.joined(separator: ", "))}"]
    }

    /// By the name that expressions use, the fields that are kept besides.
    var attributeNames: [(name: String, stats: FieldStats)] {
        guard format == nil else { return [] }
        var taken: Set<String> = []
        return ([identity.key, roles.topic].compactMap { $0 } + roles.attributes).map { stats in
            let words = stats.words
            let short = NameWords.identifier(words.last, or: "field")
            var name = taken.contains(short) ? NameWords.identifier(words.all, or: "field") : short
            let base = name
            var count = 2
            while taken.contains(name) { (name, count) = ("\(base)_\(count)", count + 1) }
            taken.insert(name)
            return (name, stats)
        }
    }

    private var attributes: [String] {
        let names = attributeNames
        guard !names.isEmpty else { return [] }
        return ["      attributes:"] + names.map { "        \($0.name): \(path($0.stats))" }
    }

    // MARK: Forms

    private func path(_ stats: FieldStats) -> String { YAMLText.scalar(stats.path.text) }

    /// The first, and where it is not there the others.
    private func form(_ stats: [FieldStats]) -> String {
        guard let first = stats.first, survey.share(first) < 0.995 else { return path(stats[0]) }
        let others = times.dropFirst().filter { $0.needsZone == times[0].needsZone && $0.unit == times[0].unit }.prefix(2).map(\.stats)
        return others.isEmpty ? path(first) : "{first: [\(([first] + others).map(path).joined(separator: ", "))]}"
    }

    private func outcome(_ stats: FieldStats) -> String {
        if OutcomeWords.isHTTP(stats) { return "{path: \(path(stats)), match: [{like: '^[45]', to: error}, {like: '^[0-9]', to: ok}]}" }
        guard stats.booleans > 0 else { return path(stats) }
        let isBad = OutcomeWords.isError(stats.words.last.joined(separator: " ")) || stats.words.endsWith(["failed", "error"])
        return "{path: \(path(stats)), values: {'true': \(isBad ? "error" : "ok"), 'false': \(isBad ? "ok" : "error")}}"
    }

    private func initiator(_ stats: FieldStats) -> String {
        let meanings = stats.frequent.prefix(40).compactMap { item in InitiatorWords.meaning(of: item.text).map { (item.text, $0) } }
        if meanings.allSatisfy({ $0.0.lowercased() == $0.1 }), meanings.count == stats.counts.count { return path(stats) }
        let values = meanings.map { "\(YAMLText.scalar($0.0)): \($0.1)" }.joined(separator: ", ")
        return "{path: \(path(stats)), values: {\(values)}, else: system}"
    }

    private func field(_ key: String, _ value: String, _ note: String = "", also: [FieldStats] = []) -> [String] {
        (also.isEmpty ? [] : ["      # Or: \(names(also))"]) + ["      \(key): \(value)\(note.isEmpty ? "" : "   # \(note)")"]
    }

    private func names(_ stats: [FieldStats]) -> String { stats.map { YAMLText.line($0.name) }.joined(separator: ", ") }

    private func seen(_ stats: FieldStats) -> String {
        stats.frequent.prefix(5).map { Secrets.shown($0.text, hides: false) }.joined(separator: ", ") + (stats.distinct > 5 ? ", …" : "")
    }
}

extension IdentityGuess {
    /// Whether what stands in the customer's place is a case.
    var isCases: Bool { ids.first.map { ["case", "ticket", "incident", "claim", "application", "permit"].contains($0.type) } ?? false }
}
