import Definitions
import Identity
import Ingest
import Tables

extension PipelineDefinition {
    /// All that is published: the tables of the whole time, with identifiers by type at the end, those by day, and what run.json and
    /// the run's summary say besides.
    func tables(
        _ cells: MetricCells, _ names: TableNames, identity counts: [IdentityCounts], threads: Int, _ cancellation: Cancellation
    ) throws -> (total: [ReportTable], daily: [ReportTable], outlook: RunOutlook) {
        var names = names
        names.symbolRanks = SymbolRanks(cells, names.texts)
        let total = try cells.tables(.total, names, threads: threads, cancellation)
        let daily = try cells.tables(.daily, names, threads: threads, cancellation)
        return (total + [identity.table(counts, minCount: privacy.rowPersonsMin)], daily, cells.outlook(names))
    }
}

extension MetricCells {
    /// Every table of persons' contributions, in order of names.
    /// - Parameter whole: the sums in which these cells say what changed; nil: they are the sums.
    func tables(
        _ granularity: Granularity, _ names: TableNames, threads: Int, changesOf whole: MetricCells? = nil, _ cancellation: Cancellation
    ) throws -> [ReportTable] {
        // The largest first, so that the workers end together.
        let made = try Parallel.run(count: TableList.count, threads: threads, cancellation: cancellation, state: { _ in [ReportTable]() }) {
            tables, place in
            if let table = TableList.make(place, granularity, self, names, changesOf: whole) { tables.append(table) }
        }
        return made.joined().sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
