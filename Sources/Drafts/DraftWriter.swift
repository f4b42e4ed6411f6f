import Events
import Ingest

/// The pipeline file in words: what was decided as YAML, what is unsure as comments beside it.
struct DraftWriter {
    let name: String
    let path: String?
    let look: DraftLook
    let sources: [SourceDraft]
    let events: SampledEvents
    /// The likeliest first.
    let journeys: [JourneyGuess]

    init(name: String, path: String?, look: DraftLook, sources: [SourceDraft], events: SampledEvents) {
        (self.name, self.path, self.look, self.sources, self.events) = (name, path, look, sources, events)
        journeys = JourneyGuess.all(events)
    }

    /// What reads a log: the beginning of every draft, without comments of the whole.
    static func mapping(name: String, _ sources: [SourceDraft]) -> [String] {
        var lines = [
            "version: 1", "name: \(YAMLText.scalar(name))",
            "timezone: UTC   # days are cut here: put the zone of your business, such as Europe/Berlin",
        ]
        lines += ["", "sources:"] + Array(sources.map(\.lines).joined(separator: [""]))
        func names(_ lists: [[String]]) -> [String] {
            var seen: Set<String> = []
            return lists.joined().filter { seen.insert($0).inserted }
        }
        let known = names(sources.map(\.known))
        let linking = names(sources.map(\.linking)).filter { !known.contains($0) }
        lines += [
            "",
            "# `known` names a customer; `linking` ids are joined to the customer with whom they were seen. Two known ids never become one.",
            "identity: {known: [\(known.joined(separator: ", "))]\(linking.isEmpty ? "" : ", linking: [\(linking.joined(separator: ", "))]")}",
        ]
        return lines
    }

    var text: String {
        (header + Self.mapping(name: name, sources) + channels + sessions + errors + journeyLines + dimensions + rest).joined(
            separator: "\n") + "\n"
    }

    private var header: [String] {
        let file = path.map { YAMLText.line($0, max: 200) } ?? "FILE"
        return [
            "# yaml-language-server: $schema=schema.json",
            "# A first draft by `sojourn init`, from a look at \(look.words). It runs as it is:",
            "#   sojourn validate \(file)      what each line becomes",
            "#   sojourn run \(file) -o out    then open out/report.html",
            "# Comments say what it is unsure of. `sojourn schema > schema.json` beside this file lets an editor help.",
        ]
    }

    private static let channelsMax = 30

    private var channels: [String] {
        guard !events.channels.isEmpty else { return [] }
        var lines = [
            "",
            "# `kind`: self-service, assisted (somebody of yours is on the other side), outbound (only you write). `owner`: whose it is.",
            "channels:",
        ]
        for channel in events.channels.prefix(Self.channelsMax)
        where !channel.name.isEmpty && !Secrets.isSecret(channel.name) && channel.name.utf8.count <= 120 {
            let (fields, note): (String, String)
            switch ChannelWords.kind(of: channel.name) {
            case .selfService: (fields, note) = (" {kind: self-service}", "")
            case .assisted: (fields, note) = (" {kind: assisted, gap: 2h}", "")
            case .written where events.outbound.contains(channel.name): (fields, note) = (" {kind: outbound}", "")
            case .written: (fields, note) = ("", "kind: outbound where only you write, assisted where you answer; ")
            case nil: (fields, note) = ("", "kind? ")
            }
            lines.append("  \(YAMLText.scalar(channel.name)):\(fields)   # \(note)\(DraftLook.grouped(channel.count)) events")
        }
        return lines.count > 3 ? lines : []
    }

    private var sessions: [String] {
        let gaps = events.gaps
        guard gaps.count >= 10 else { return [] }
        let (half, most) = (gaps[gaps.count / 2], gaps[gaps.count * 9 / 10])
        return [
            "",
            "# Of the silences between one person's events, half are below \(DurationWords.about(half)), nine in ten below \(DurationWords.about(most)).",
            "sessions: {gap: 30m}",
        ]
    }

    private var errors: [String] {
        let usual: Set<String> = ["error", "failed", "failure", "timeout"]
        let seen = events.outcomes.map(\.name).filter { OutcomeWords.isError($0) && $0.utf8.count <= 60 && !Secrets.isSecret($0) }.prefix(
            12)
        guard seen.contains(where: { !usual.contains($0) }) else { return [] }
        return ["", "# Outcomes that count as errors.", "error_outcomes: [\(seen.map(YAMLText.scalar).joined(separator: ", "))]"]
    }

    // MARK: Journeys

    private var journeyLines: [String] {
        // The format's own journeys hold for every log of its kind that has their goal.
        if let format = sources.first?.format, sources.count == 1, let own = format.ownOutcome,
            events.outcomes.contains(where: { $0.name == own })
        {
            return ["", "# The journeys of pipelines/formats/\(format.name).yaml, whose words are the format's own.", "journeys:"]
                + format.journeys
        }
        return ["", "# Guessed from what comes before what most often.", "journeys:"] + journeys.flatMap(lines)
    }

    private func lines(_ journey: JourneyGuess) -> [String] {
        var lines = [
            "  # In the sample \(DraftLook.grouped(journey.begun)) began so, and \(DraftLook.grouped(journey.reached)) came to the goal.",
            "  - name: \(YAMLText.scalar(journey.name))",
        ]
        if let key { lines.append("    key: \(key.name)   # one journey for each \(key.name), also where a person has several at once") }
        if let start = journey.start {
            lines.append(
                "    start: \(YAMLText.scalar(start.expression))   # \(journey.isOnTheWay ? "persons begin anywhere, and are on the way with any of these" : "most begin so"); without, any event begins a journey"
            )
        } else {
            lines.append("    # start: …   # persons begin anywhere; without it, any event begins a journey")
        }
        if let goal = journey.goal {
            if !journey.otherGoals.isEmpty { lines.append("    # Or: \(journey.otherGoals.map(words).joined(separator: "; "))") }
            lines.append(
                "    goal: \(YAMLText.scalar(goal.moment.expression))   # \(DraftLook.grouped(goal.attempts)) attempts had it, \(DraftLook.grouped(goal.last)) ended with it"
            )
        } else {
            lines.append("    # goal: …   # nothing in the sample looks like one: without it, no journey is ever completed")
        }
        if let fail = journey.fail {
            lines.append("    fail: \(YAMLText.scalar(fail.moment.expression))   # ended \(DraftLook.grouped(fail.last)) attempts")
        }
        if !journey.otherFails.isEmpty { lines.append("    # Perhaps `fail`: \(journey.otherFails.map(words).joined(separator: "; "))") }
        lines.append(
            "    inactivity: \(DurationWords.text(journey.inactivity))   # after such a silence it is given up; by the silences on the way to the goal"
        )
        if let horizon = journey.horizon {
            lines.append("    horizon: \(DurationWords.text(horizon))   # within this time it must reach its goal to have converted")
        }
        lines.append(
            "    # In their most frequent order\(journey.isOrdered ? "" : ", which many do not take: see `mode`"). Give each an `owner`, and an `sla` where it has one."
        )
        if journey.steps.contains(where: { !$0.isInFunnel }) {
            lines.append("    # `funnel: false`: many go past it on their way to the goal.")
        }
        lines.append("    steps:")
        for step in journey.steps {
            lines.append(
                "      - {name: \(YAMLText.scalar(step.name)), match: \(YAMLText.scalar(step.expression))\(step.isInFunnel ? "" : ", funnel: false")}"
            )
        }
        if journey.steps.isEmpty { lines[lines.count - 1] = "    steps: []" }
        lines.append("    funnel: {mode: \(journey.isOrdered ? "ordered" : "any")}")
        return lines
    }

    private func words(_ candidate: JourneyGuess.Candidate) -> String {
        let expression = YAMLText.line(candidate.moment.expression, max: 80)
        return "\(expression) (in \(DraftLook.grouped(candidate.attempts)) attempts, last of \(DraftLook.grouped(candidate.last)))"
    }

    /// The attribute by which one person's cases are told apart.
    private var key: (name: String, stats: FieldStats)? {
        guard sources.count == 1, let key = sources[0].identity.key else { return nil }
        return sources[0].attributeNames.first { $0.stats.path == key.path }
    }

    // MARK: What journeys are set side by side by

    private static let dimensionsMax = 2

    private var dimensions: [String] {
        var found = stableAttributes
        let more = found.dropFirst(Self.dimensionsMax)
        found = Array(found.prefix(Self.dimensionsMax))
        guard !found.isEmpty else { return [] }
        return ["", "# Fields that stay the same for most persons: by these journeys are set side by side."]
            + (more.isEmpty ? [] : ["# Or: \(more.joined(separator: ", "))"]) + ["dimensions:"]
            + found.map { "  - {name: \($0), field: attributes.\($0)}" }
    }

    private var stableAttributes: [String] {
        events.attributeNames.enumerated().filter { column, name in
            guard sources.allSatisfy({ $0.format == nil }), name != key?.name else { return false }
            let persons = events.persons.compactMap { person in
                let values = Set(person.compactMap { $0.attributes[column] })
                return values.isEmpty ? nil : values
            }
            let values = Set(persons.joined())
            let stable = persons.count { $0.count == 1 }
            return (2...12).contains(values.count) && persons.count * 10 >= events.persons.count * 9 && stable * 10 >= persons.count * 9
        }.map(\.element)
    }

    private var rest: [String] {
        var lines: [String] = []
        let topic = sources.lazy.compactMap { source in
            source.roles.topic.flatMap { topic in source.attributeNames.first { $0.stats.path == topic.path }?.name }
        }.first
        if let topic, events.channels.contains(where: { ChannelWords.kind(of: $0.name) == .assisted }) {
            lines += [
                "", "# Whether what customers contact you for is settled at the first contact, by topic.",
                "contacts: {topic: attributes.\(topic)}",
            ]
        }
        return lines + [
            "", "# The shipped rules; `sojourn frictions` lists them, and `validate` says which of them this log can tell.",
            "frictions: {include: [standard]}", "",
            "# Before others see the tables: `privacy: {key_file: …, min_count: 10}` hides who is who.",
        ]
    }
}
