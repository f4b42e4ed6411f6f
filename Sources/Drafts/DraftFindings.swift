import Ingest
package import Tables

/// What was seen of the log, for whoever is to judge the draft: source by source, field by field.
package struct DraftFindings {
    package struct Source {
        /// What it is, and how much of it.
        package let title: String
        package let fields: TextTable
        /// Fields that the table leaves out.
        package let more: Int
    }

    /// `looked at 12,000 lines of 3 files`
    package let look: String
    package let sources: [Source]
    /// What became of the lines, and which journey was found.
    package let notes: [String]
    /// Files that are no source of the draft, each with why.
    package let leftOut: [String]

    private static let fieldsMax = 40

    init(look: DraftLook, sources: [SourceDraft], events: SampledEvents, journeys: [JourneyGuess], leftOut: [String]) {
        self.look = "looked at \(look.words)"
        self.sources = sources.map { source in
            let survey = source.survey
            let kind =
                source.format.map { "the format is \($0.title)" } ?? survey.each.map { "records in `\(YAMLText.line($0.text))`" }
                ?? "a format of your own"
            let roles = Self.roles(source)
            let sorted = survey.fields.enumerated().sorted {
                let (one, other) = (roles[$0.element.path] != nil, roles[$1.element.path] != nil)
                return one != other ? one : $0.offset < $1.offset
            }.map(\.element)
            let rows = sorted.prefix(Self.fieldsMax).map { stats in
                let hides = Secrets.hides(stats.words)
                let isID = (source.identity.ids.map(\.stats) + source.identity.others).contains { $0.path == stats.path }
                let examples = stats.frequent.prefix(3).map {
                    isID && !hides ? Secrets.shape($0.text) : Secrets.shown($0.text, hides: hides)
                }
                var seen: Set<String> = []
                return [
                    YAMLText.line(stats.name, max: 40), "\(Int((100 * survey.share(stats)).rounded())) %",
                    DraftLook.grouped(stats.distinct), roles[stats.path] ?? "",
                    examples.filter { seen.insert($0).inserted }.joined(separator: ", "),
                ]
            }
            let bad = survey.unusable > 0 ? "; \(survey.unusable) lines of it are no JSON object" : ""
            return Source(
                title: "\(source.name): \(kind), \(survey.fields.count) fields in \(DraftLook.grouped(survey.records)) records\(bad)",
                fields: TextTable(header: ["field", "there", "values", "taken for", "such as"], rows: rows, numeric: ["there", "values"]),
                more: max(0, survey.fields.count - Self.fieldsMax))
        }
        var notes: [String] = []
        let rejected = events.rejected.count
        if rejected > 0 {
            let reasons = events.rejected.reasons.map { "\(DraftLook.grouped(Int($0.count))) \($0.reason.rawValue)" }.joined(
                separator: ", ")
            notes.append("of these lines \(DraftLook.grouped(Int(rejected))) cannot be used: \(reasons)")
            let percent = 100 * Double(rejected) / Double(max(1, events.lines))
            if percent > 1 {
                notes.append("more than 1 % may not be put aside: run it with --max-rejects \(Int(percent.rounded(.up)) + 1)%")
            }
        }
        for journey in journeys {
            guard let goal = journey.goal else {
                notes.append("nothing in the sample looks like a goal: give the journey one")
                continue
            }
            notes.append(
                "journey \(journey.name): \(journey.steps.count) steps to \(YAMLText.line(goal.moment.expression)), \(DraftLook.grouped(journey.reached)) of "
                    + "\(DraftLook.grouped(journey.begun)) in the sample came to it")
        }
        if sources.contains(where: { $0.inputs.isEmpty }) {
            notes.append("the log was standard input: give its file, or `-`, behind the pipeline file when you run it")
        }
        self.notes = notes
        self.leftOut = leftOut
    }

    private static func roles(_ source: SourceDraft) -> [RecordPath: String] {
        guard source.format == nil else { return [:] }
        var roles: [RecordPath: String] = [:]
        for attribute in source.attributeNames { roles[attribute.stats.path] = "attribute \(attribute.name)" }
        if let time = source.times.first { roles[time.stats.path] = "time" }
        if let id = source.identity.eventID { roles[id.path] = "event id" }
        for id in source.identity.ids { roles[id.stats.path] = "\(id.isKnown ? "known" : "linking") id, \(id.type)" }
        let named: [(FieldStats?, String)] = [
            (source.roles.channel, "channel"), (source.roles.action, "action"), (source.roles.outcome, "outcome"),
            (source.roles.value, "value"),
            (source.roles.initiator, "initiator"),
        ]
        for (stats, role) in named { if let stats { roles[stats.path] = role } }
        for stats in source.roles.touchpoint { roles[stats.path] = roles[stats.path].map { "\($0), touchpoint" } ?? "touchpoint" }
        return roles
    }
}
