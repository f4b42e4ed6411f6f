import Disk
import Events
import Ingest
import Pages
import Reports
import Tables

/// The end of a run: what was computed is written, committed and published.
extension PipelineRun {
    /// All there is to publish.
    struct Computed {
        /// Of this run, and of everything that is published.
        var ledger: Ledger
        var total: Ledger
        var read: [LogInput]
        var reasons: [(reason: RejectReason, count: Int64)]
        var asOf: EventTime?
        var tables: [ReportTable]
        var daily: [ReportTable]
        var outlook: RunOutlook
        var persons: Int
        /// Lines of quarantine.ndjson.
        var quarantine: QuarantineFile.Lines
        /// Lines of late.ndjson, and restated.csv; only with a state.
        var late: QuarantineFile.Lines?
        var restated: ReportTable?
        /// Makes the state's change last; nil without a state.
        var commit: (() throws -> Outcome.Commit?)?
        var isLast = true
        var warnings: [RunWarning]
        var clock: StageClock
    }

    /// Throws; then nothing was published.
    func publish(_ computed: Computed) throws -> Outcome {
        var clock = computed.clock
        try QuarantineFile.write(computed.quarantine, to: "quarantine.ndjson", publication)
        if let late = computed.late { try QuarantineFile.write(late, to: "late.ndjson", publication) }
        if let restated = computed.restated { try publication.write(restated, to: "restated.csv", form: options.csvForm) }
        let checked = CheckedTables(
            definition, computed.tables, daily: computed.daily, computed.ledger, persons: computed.persons, asOf: computed.asOf)
        let checks = definition.checks.map { CheckResult($0, in: checked) }
        // An interval of a stream in which nothing comes is nothing unusual.
        let isQuiet = state != nil && options.every == nil && computed.ledger.lines == 0
        let warnings = computed.warnings + (isQuiet ? [.noNewLines] : []) + checks.compactMap(\.neverTrue)
        var record = RunRecord(
            definition: definition, options: options, inputs: inputs, read: computed.read, tables: computed.tables, ledger: computed.ledger,
            total: computed.total,
            reasons: computed.reasons, asOf: computed.asOf, persons: computed.persons, checks: checks, warnings: warnings,
            outlook: computed.outlook,
            started: started, stages: clock.stages)
        // The page says nothing that is known only later, such as how long the writing took.
        let page = PageTables(
            PageFacts(run: JSONText.pretty(record.json)), computed.tables, days: computed.daily.first { $0.name == "journeys" })
        var commit: Outcome.Commit?
        let commitState = { commit = try computed.commit?() }
        let writePage = { [publication] in _ = try publication.write(ReportPage.html(page), to: "report.html") }
        try publication.write(
            computed.tables, byDay: computed.daily,
            run: RunRecord.databaseRows(definition, computed.total, asOf: computed.asOf, persons: computed.persons),
            packageName: definition.name, title: "sojourn: \(definition.name)",
            databaseMode: definition.privacy.minCount == nil ? 0o644 : 0o600, form: options.csvForm,
            // The state first: that is a wait for the disk, in which the others are at work. Nothing is published before all have ended.
            besides: [commitState, writePage])
        clock.finish("write")
        record.stages = clock.stages
        try publication.write(JSONText.pretty(record.json), to: "run.json")
        if cancellation.isCancelled { throw RunError.cancelled }
        let left = try publication.publish()
        CrashPoint.reach("published")
        var mishaps =
            left.map { ["the output was published, but the earlier one could not be removed and lies in \($0) now; remove it"] } ?? []
        do {
            try state?.notePublished()
        } catch {
            // It is published all the same; nobody is to take it for a failed run.
            state?.giveUp()
            mishaps.append(
                "\(error); the output was published, but the state could not note it: the next restated.csv has these rows once more")
        }
        CrashPoint.reach("noted")
        clock.finish("publish")
        return Outcome(
            mishaps: mishaps, warnings: warnings, isStrict: options.isStrict, ledger: computed.ledger, reasons: computed.reasons,
            asOf: computed.asOf, persons: computed.persons,
            folder: options.outputFolder, commit: commit, isLast: computed.isLast, tables: computed.tables,
            outlook: computed.outlook, checks: checks,
            stages: clock.stages)
    }
}
