import Definitions
import Events
import States

/// As of when a run on a state judges: what was given, or the latest time on the last alive day of all runs (pipelines/rules.md, 2).
struct AsOfDecision {
    let options: RunOptions
    let definition: PipelineDefinition
    let files: [KnownFile]
    /// As-of of the last run; nil where there were no events.
    let last: EventTime?
    let hasRun: Bool
    /// Time before is sealed already.
    let sealedBefore: EventTime
    /// Whether events were dropped that could not be folded anew.
    let isSealed: Bool

    struct Judged {
        var moments = IncrementalFold.Moments(before: nil, asOf: nil, sealedBefore: .min, willSealBefore: .min)
        /// UTC days, ascending.
        var aliveDays: [Int32] = []
        var warnings: [RunWarning] = []
    }

    static let sealedError = RunError.usage(
        "an earlier as-of, or other content of a file that was read, cannot be brought into a state of which events are sealed "
            + "(`retention`): those that are dropped would be missing. Nothing was published")

    /// Throws `RunError`.
    func judge(_ days: EventDays) throws -> Judged {
        let alive = days.lastAlive
        // What was dropped is settled as of any time after the seal, and only then. The last alive day can come to lie before it:
        // those who made a later one alive are forgotten.
        if isSealed, let given = options.log.asOf, given < sealedBefore { throw Self.sealedError }
        let asOf = options.log.asOf ?? alive.map { isSealed ? max($0.latest, sealedBefore) : $0.latest }
        let willSealBefore = max(sealedBefore, asOf?.saturatingSubtract(definition.retention) ?? .min)
        var judged = Judged()
        judged.aliveDays = days.alive.map(\.day)
        // Without events there is nothing whose silence could be measured; any moment will do then.
        judged.moments = .init(
            before: hasRun ? last ?? 0 : nil, asOf: asOf, sealedBefore: sealedBefore, willSealBefore: willSealBefore)
        guard options.log.asOf == nil, let alive else { return judged }
        if !options.acceptsJump, let last, alive.latest > last.saturatingAdd(definition.retention / 4),
            seals(days, before: willSealBefore)
        {
            throw RunError.jump(from: last, to: alive.latest, retention: definition.retention, place: place(alive.position))
        }
        if let ahead = days.ahead(of: alive.day) {
            judged.warnings = [
                .ahead(events: ahead.events, furthest: ahead.latest, asOf: alive.latest, place: place(ahead.position))
            ]
        }
        return judged
    }

    /// Whether events lie in what would be sealed now, told by days: one that is sealed in part counts.
    private func seals(_ days: EventDays, before time: EventTime) -> Bool {
        days.days.contains { day, counts in counts.latest >= sealedBefore && EventDays.start(of: day) < time }
    }

    private func place(_ position: Int64) -> String {
        guard let file = files.first(where: { Int($0.id) == RowPosition.file(position) }) else { return "" }
        return "source \(file.source), \(file.name == "-" ? "standard input" : file.name), line \(RowPosition.line(position))"
    }
}
