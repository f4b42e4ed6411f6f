import Reports

/// The made-up logs that `generate` can write.
package enum Scenario: String, CaseIterable, Sendable {
    case retail, tickets, effects
    case noEffects = "no-effects"

    package var summary: String {
        switch self {
        case .retail: "a shop: web, app, chat, phone, e-mail and stores, in five sources of different shape"
        case .tickets: "a service desk: one case number, one time, one activity a line"
        case .effects: "frictions, contacts and hand-overs whose effects are known, to hold the tables of decisions against"
        case .noEffects: "the same where nothing has an effect"
        }
    }

    /// Lines that are written unless told otherwise.
    package var defaultLines: Int {
        switch self {
        case .retail: 30_000
        case .tickets: 8_000
        case .effects, .noEffects: 16_000
        }
    }

    static var allSourceNames: [String] { RetailScenario.sourceNames + TicketsScenario.sourceNames + EffectsScenario.sourceNames }

    /// Writes `lines` lines and `truth.json` into the folder; retail puts its frictions into a file of their own. The same
    /// scenario, number of lines and seed give the same bytes. Memory follows the traffic of some days, not the length of the log. `progress` is told the number
    /// of lines written, about once for each simulated hour.
    package func generate(
        into path: String, lines: Int, seed: UInt64, daysPerFile: Int? = nil, progress: (Int) -> Void = { _ in }
    ) throws(GenerateError) -> GenerationSummary {
        let folder = try OutputFolder(preparing: path)
        let head: [(String, JSONValue)] = [("scenario", .text(rawValue)), ("seed", .unsigned(seed))]
        // Tells an interrupted log from a whole one, and the next `generate` that the files are its own.
        try folder.write(JSONText.pretty(.members(head + [("complete", false)])), as: OutputFolder.truthName)
        let log: GeneratedLog
        switch self {
        case .retail:
            var scenario = try RetailScenario(lines: lines, seed: seed, daysPerFile: daysPerFile, folder: folder)
            log = try scenario.write(progress: progress)
        case .tickets:
            var scenario = TicketsScenario(lines: lines, seed: seed, daysPerFile: daysPerFile, folder: folder)
            log = try scenario.write(progress: progress)
        case .effects, .noEffects:
            let plan = self == .effects ? EffectsPlan.planted : .nothing
            var scenario = EffectsScenario(lines: lines, seed: seed, daysPerFile: daysPerFile, plan: plan, folder: folder)
            log = try scenario.write(progress: progress)
        }
        let summary = GenerationSummary(log)
        let files: JSONValue = .array(summary.fileNames.map { .text($0) })
        try folder.write(
            JSONText.pretty(.members(head + [("complete", true)] + log.truth + [("files", files)])), as: OutputFolder.truthName)
        return summary
    }
}

/// What a scenario hands back when its last line is written.
struct GeneratedLog {
    let sources: [SourceLog]
    let truth: [(String, JSONValue)]
}

/// What was written, for a person to read.
package struct GenerationSummary: Sendable, Equatable {
    package let lines: Int
    /// Of text, before compression.
    package let textBytes: Int
    /// Of the files, without `truth.json`.
    package let fileBytes: Int
    package let fileNames: [String]

    init(_ log: GeneratedLog) {
        lines = log.sources.map(\.lines).reduce(0, +)
        textBytes = log.sources.map(\.textBytes).reduce(0, +)
        fileBytes = log.sources.map(\.fileBytes).reduce(0, +)
        fileNames = log.sources.flatMap(\.fileNames)
    }
}

/// What `truth.json` is made of: members in the order given, so that it is the same bytes every time.
extension JSONValue {
    static func members(_ members: [(String, JSONValue)]) -> Self { .object(members.map { Member($0.0, $0.1) }) }
    static func counts(_ members: [(String, Int)]) -> Self { .object(members.map { Member($0.0, .integer(Int64($0.1))) }) }
}
