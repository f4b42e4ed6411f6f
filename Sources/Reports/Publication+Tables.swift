import Disk
package import Tables

extension Publication {
    /// Writes one table as CSV, without an entry in datapackage.json.
    package func write(_ table: ReportTable, to name: String) throws {
        let file = try file(name)
        try CSVFile.write(table, to: file)
        try file.finish()
    }

    /// Writes csv/NAME.csv for each table, datapackage.json for them, and metrics.sqlite with the tables by day.
    /// - Parameters:
    ///   - run: goes into the database: only what is the same for the same input.
    ///   - databaseMode: who may read the database.
    package func write(
        _ tables: [ReportTable], byDay: [ReportTable], run: [(name: String, value: String)], packageName: String, title: String,
        databaseMode: UInt32 = 0o644
    ) throws {
        var resources: [DataPackage.Resource] = []
        for table in tables {
            let file = try file("csv/\(table.name).csv", hashing: true)
            try CSVFile.write(table, to: file)
            resources.append(DataPackage.Resource(table: table, digest: try file.finish()))
        }
        try write(JSONText.pretty(DataPackage.json(name: packageName, title: title, resources: resources)), to: "datapackage.json")
        try SQLiteFile.write(byDay, run: run, to: path(for: "metrics.sqlite", mode: databaseMode))
    }
}
