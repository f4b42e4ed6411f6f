import Ingest
import Tables

extension MetricCells {
    /// Both forms of every table, in order of names: for the whole time and by day.
    func tables(_ names: TableNames, threads: Int, _ cancellation: Cancellation) throws -> (total: [ReportTable], daily: [ReportTable]) {
        (try tables(.total, names, threads: threads, cancellation), try tables(.daily, names, threads: threads, cancellation))
    }

    func tables(_ granularity: Granularity, _ names: TableNames, threads: Int, _ cancellation: Cancellation) throws -> [ReportTable] {
        // The largest first, so that the workers end together.
        let makers = Self.tableMakers
        let made = try Parallel.run(count: makers.count, threads: threads, cancellation: cancellation, state: { _ in [ReportTable]() }) { tables, index in
            tables.append(makers[index](self, granularity, names))
        }
        return made.joined().sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
