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
        let (total, daily) = try cells.tables(names, threads: threads, cancellation)
        return (total + [identity.table(counts, minCount: privacy.rowPersonsMin)], daily, cells.outlook(names))
    }
}

extension MetricCells {
    /// Every table of persons' contributions, of the whole time and by day, in order of names.
    func tables(
        _ names: TableNames, threads: Int, _ cancellation: Cancellation
    ) throws -> (total: [ReportTable], daily: [ReportTable]) {
        let tables = try make([.total, .daily], names, threads: threads, changesOf: nil, cancellation)
        return (tables[0], tables[1])
    }

    /// The same of one granularity.
    /// - Parameter whole: the sums in which these cells say what changed; nil: they are the sums.
    func tables(
        _ granularity: Granularity, _ names: TableNames, threads: Int, changesOf whole: MetricCells? = nil, _ cancellation: Cancellation
    ) throws -> [ReportTable] {
        try make([granularity], names, threads: threads, changesOf: whole, cancellation)[0]
    }

    private func make(
        _ granularities: [Granularity], _ names: TableNames, threads: Int, changesOf whole: MetricCells?, _ cancellation: Cancellation
    ) throws -> [[ReportTable]] {
        // The largest first, so that the workers end together.
        let made = try Parallel.run(
            count: TableList.count * granularities.count, threads: threads, cancellation: cancellation,
            state: { _ in [(which: Int, table: ReportTable)]() }
        ) { tables, place in
            let (place, which) = place.quotientAndRemainder(dividingBy: granularities.count)
            if let table = TableList.make(place, granularities[which], self, names, changesOf: whole) { tables.append((which, table)) }
        }
        return granularities.indices.map { which in
            made.joined().filter { $0.which == which }.map(\.table).sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        }
    }
}
