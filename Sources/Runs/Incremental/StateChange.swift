import Definitions
import Disk
import Events
import Ingest
import Reports
import States
import Tables

/// The end of a transaction that changed the sums of a state, whether a run added to them or a person was taken out: whose sums
/// they are, that all lines are accounted for, and which published cells are others now.
struct StateChange: Sendable {
    let definition: PipelineDefinition
    let options: LogOptions
    let cancellation: Cancellation

    /// By number of a file: its place by source in the pipeline's order, then by name in bytes (pipelines/rules.md, 5).
    func ranks(of files: [KnownFile]) -> [Int] {
        let sources = definition.sources.map { Array($0.name.utf8) }
        func place(_ file: KnownFile) -> Int { sources.firstIndex(of: Array(file.source.utf8)) ?? sources.count }
        let ordered = files.sorted { left, right in
            let (one, other) = (place(left), place(right))
            return one != other ? one < other : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        var ranks = [Int](repeating: 0, count: Int(files.map(\.id).max() ?? 0) + 1)
        for (rank, file) in ordered.enumerated() { ranks[Int(file.id)] = rank + 1 }
        return ranks
    }

    /// Where all lines of all runs went.
    /// - Parameter lines: those that are more now, or fewer; what counts is in the sums.
    func total(_ lines: Ledger, _ totals: Totals, _ state: StateFile) throws -> Ledger {
        var total = Ledger(
            lines: try state.add(.lines, lines.lines), expanded: try state.add(.expanded, lines.expanded), events: totals.events,
            quarantined: try state.add(.quarantined, lines.quarantined),
            duplicates: totals.duplicates, filtered: totals.filtered)
        total.late = try state.add(.late, lines.late)
        return total
    }

    /// Throws `StateError.damaged` where a line is lost.
    func check(_ total: Ledger, _ state: StateFile) throws {
        guard total.balances else { throw StateError.damaged(path: state.path, reason: "its lines do not add up") }
    }

    /// Names for tables, with persons that have frictions as they stand in the state now.
    func names(_ sums: IncrementalFold.Sums, asOf: EventTime, aliveDays: [Int32], _ state: StateFile) throws -> TableNames {
        let store = ExampleStore(state)
        let examples = try definition.journeys.indices.map { type in
            try definition.frictions.indices.map {
                try store.first(PipelineRun.examplesMax, type: UInt32(type), friction: UInt32($0))
            }
        }
        var names = definition.tableNames(texts: sums.texts, asOf: asOf, aliveDays: aliveDays) { examples[$0][$1] }
        names.openJourneys = try OpenJourneyStore(state).all()
        var sources = SourceSums(definition)
        for file in try FileStore(state).all() { sources.add(file) }
        names.sources = sources.rows(try DayStore(state).load(texts: sums.texts).spans, sums.texts)
        return names
    }

    /// Adds to what the next publication restates.
    /// - Parameters:
    ///   - before: as-of of the last run; nil: nothing was published yet.
    ///   - daily: the tables by day as they are now.
    func storeRestated(_ sums: IncrementalFold.Sums, _ names: TableNames, before: EventTime?, _ daily: [ReportTable], _ state: StateFile)
        throws
    {
        guard let before else { return }
        var namesBefore = names
        // Where another version of this program wrote it, it may not be readable any more; the names of today serve then.
        if let text = try state.bytes(.pipeline), let then = try? PipelineReader.read(text: text, name: "") {
            namesBefore = then.tableNames(texts: sums.texts, asOf: before) { _, _ in [] }
        }
        namesBefore.asOf = before
        let tables = try sums.before.tables(.daily, namesBefore, threads: options.threads, cancellation)
        let zone = ZoneOffsets.named(definition.timezone) ?? .utc
        let restatement = Restatement(
            lastDay: zone.day(of: before), days: sums.days,
            changes: try sums.changes.map {
                ($0.cause, try $0.cells.tables(.daily, names, threads: options.threads, changesOf: sums.cells, cancellation))
            })
        try RestatedStore(state).add(restatement.cells(before: tables, now: daily))
    }

    /// Notes whose sums they are, and commits. Answers how many changes were committed, this one included.
    func commit(_ state: StateFile) throws -> Int64 {
        try state.set(.pipelineHash, definition.fingerprint.text)
        // Its list of blocked values may hold identifiers, which a state with a key must not.
        if definition.privacy.key == nil { try state.set(.pipeline, definition.fileText) }
        try state.set(.version, SojournVersion.current)
        try state.set(.pipelinePath, FilePaths.absolute(options.pipelinePath, from: FilePaths.workingFolder))
        let commits = try state.add(.commits, 1)
        if cancellation.isCancelled { throw RunError.cancelled }
        try state.commit()
        return commits
    }
}
