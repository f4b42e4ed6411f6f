import Disk
package import Tables

/// metrics.sqlite: one table for each `ReportTable`, plus `run` and `schema_version`.
///
/// Written for tools that read SQLite: declared types, primary keys, a rollback journal that is gone when the
/// file is closed. The same tables give the same bytes (with the same version of SQLite): everything is
/// inserted in the order given, in one transaction, into a file with fixed settings.
package enum SQLiteFile {
    /// The major version of the tables' layout. Columns and tables are only added within one; also in the
    /// file's `user_version`.
    package static let schemaVersion: Int64 = 1

    private static let pageBytes = 4096

    /// Writes the database. The file is missing or empty. `run` holds what describes the run without its time, host or
    /// paths: these would make the same input give other bytes.
    package static func write(_ tables: [ReportTable], run: [(name: String, value: String)], to path: String) throws {
        try SQLiteDatabase(path: path).use { try write(tables, run: run, $0) }
    }

    private static func write(_ tables: [ReportTable], run: [(name: String, value: String)], _ connection: SQLiteConnection) throws {
        // These three only work before the first table. FULL waits for the disk, so that a finished file is durable.
        try connection.execute(
            """
            PRAGMA page_size = \(pageBytes);
            PRAGMA encoding = 'UTF-8';
            PRAGMA auto_vacuum = NONE;
            PRAGMA journal_mode = DELETE;
            PRAGMA synchronous = FULL;
            BEGIN IMMEDIATE;
            PRAGMA user_version = \(schemaVersion);
            """)
        for table in tables { try insert(table, connection) }
        try insert(runTable(run), connection)
        try insert(versionTable, connection)
        CrashPoint.reach("database-filled")
        try connection.execute("COMMIT")
        CrashPoint.reach("database-committed")
        try connection.close()
    }

    /// The statement that creates a table. Keys whose values repeat are left out: a database with a broken
    /// primary key could not be written at all.
    static func createStatement(_ table: ReportTable) -> String {
        let key = table.hasUniqueKey ? table.keyColumns : []
        var parts = table.columns.map { column in
            // A lone INTEGER key would become the rowid and bring the rows into its own order; INT does not.
            let type = key == [column.name] && column.kind == .integer ? "INT" : declaredType(column.kind)
            return "\(quoted(column.name)) \(type)\(key.contains(column.name) ? " NOT NULL" : "")"
        }
        if !key.isEmpty { parts.append("PRIMARY KEY (\(key.map(quoted).joined(separator: ", ")))") }
        return "CREATE TABLE \(quoted(table.name)) (\n    \(parts.joined(separator: ",\n    "))\n)"
    }

    private static func insert(_ table: ReportTable, _ connection: SQLiteConnection) throws {
        try connection.execute(createStatement(table))
        let places = repeatElement("?", count: table.columns.count).joined(separator: ", ")
        let statement = try connection.prepare("INSERT INTO \(quoted(table.name)) VALUES (\(places))")
        var bytes: [UInt8] = []
        try RowsAhead(table.rows).forEach { row in
            precondition(
                row.count == table.columns.count, "\(table.name): a row of \(row.count) cells under \(table.columns.count) columns")
            for (index, cell) in row.enumerated() { try bind(cell, at: index + 1, of: statement, &bytes) }
            try statement.run()
        }
    }

    /// Ratios and seconds keep all their digits here; only text formats round.
    private static func bind(_ cell: ReportTable.Cell, at place: Int, of statement: SQLiteStatement, _ bytes: inout [UInt8]) throws {
        switch cell {
        case .text(let text): try statement.bind(text, at: place)
        case .integer(let value): try statement.bind(value, at: place)
        case .ratio(let value), .seconds(let value): try statement.bind(value, at: place)
        case .duration(let microseconds): try statement.bind(Double(microseconds) / 1_000_000, at: place)
        case .boolean(let value): try statement.bind(value ? 1 : 0 as Int64, at: place)
        case .day(let day):
            bytes.removeAll(keepingCapacity: true)
            DecimalText.append(day: day, to: &bytes)
            try statement.bind(String(decoding: bytes, as: UTF8.self), at: place)
        case .unknown: try statement.bindNull(at: place)
        }
    }

    /// DATE and BOOLEAN are only names to SQLite, but business intelligence tools go by them.
    private static func declaredType(_ kind: ReportTable.Kind) -> String {
        switch kind {
        case .text: "TEXT"
        case .integer: "INTEGER"
        case .ratio, .seconds: "REAL"
        case .boolean: "BOOLEAN"
        case .day: "DATE"
        }
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func runTable(_ run: [(name: String, value: String)]) -> ReportTable {
        ReportTable(
            name: "run", title: "What the tables were made from",
            columns: [.init("name", .text, "What is described"), .init("value", .text, "Its value as text")],
            rows: run.map { [.text($0.name), .text($0.value)] }, keyColumns: ["name"])
    }

    private static var versionTable: ReportTable {
        ReportTable(
            name: "schema_version", title: "The version of the tables' layout", columns: [.init("version", .integer, "Major version")],
            rows: [[.integer(schemaVersion)]], keyColumns: [])
    }
}
