import Ingest
import Tables

extension MetricCells {
    /// Both forms of every table, in order of names: for the whole time and by day.
    func tables(_ names: TableNames, threads: Int, _ cancellation: Cancellation) throws -> (total: [ReportTable], daily: [ReportTable]) {
        (try tables(.total, names, threads: threads, cancellation), try tables(.daily, names, threads: threads, cancellation))
    }

    func tables(_ granularity: Granularity, _ names: TableNames, threads: Int, _ cancellation: Cancellation) throws -> [ReportTable] {
        // The largest first, so that the workers end together.
        let made = try Parallel.run(count: TableList.count, threads: threads, cancellation: cancellation, state: { _ in [ReportTable]() }) { tables, place in
            tables.append(TableList.make(place, granularity, self, names))
        }
        return made.joined().sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
}
