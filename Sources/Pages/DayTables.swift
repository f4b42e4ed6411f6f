import Disk
import Foundation
package import Tables

/// The tables by day of a metrics.sqlite. Every reading opens the file and closes it again.
package struct DayTables: Sendable {
    package let path: String
    /// Columns by table, of all that have a `day`.
    private let columns: [String: [String]]

    /// Throws `OutputError` where the file cannot be read or is none of sojourn's.
    package init(path: String) throws {
        self.path = path
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw OutputError("read", path, reason: "it is not there, or not readable; run the pipeline again")
        }
        let found = try Self.read(path) { connection in
            try Self.texts(
                connection,
                "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid", 2)
        }
        let all = Dictionary(grouping: found) { $0[0] }.mapValues { $0.map { $0[1] } }
        guard all["schema_version"] != nil, all["run"] != nil else {
            throw OutputError("read", path, reason: "it is no metrics.sqlite of sojourn")
        }
        columns = all.filter { $0.value.contains("day") }
    }

    package func has(_ table: String) -> Bool { columns[table] != nil }

    /// A table in order of its days, with all its columns as texts; without columns where the database has none of the name.
    /// - Parameter days: the first and the last that are asked for, `YYYY-MM-DD`; nil: all.
    package func table(_ name: String, days: (first: String, last: String)? = nil) throws -> ReportTable {
        let columns = columns[name] ?? []
        var table = ReportTable(name: name, title: "", columns: columns.map { .init($0, .text, "") }, rows: [], keyColumns: [])
        guard !columns.isEmpty else { return table }
        let names = columns.map(Self.quoted).joined(separator: ", ")
        let range = days == nil ? "" : " WHERE day BETWEEN ? AND ?"
        try Self.read(path) { connection in
            // Rows lie in the order of their keys, which begin with the day.
            let statement = try connection.prepare("SELECT \(names) FROM \(Self.quoted(name))\(range) ORDER BY day, rowid")
            defer { statement.finish() }
            if let days {
                try statement.bind(days.first, at: 1)
                try statement.bind(days.last, at: 2)
            }
            while try statement.next() { table.rows.append(columns.indices.map { .text(statement.text($0)) }) }
        }
        return table
    }

    /// The first and the last day of these tables; nil where they have no row.
    package func span(of names: [String]) throws -> (first: String, last: String)? {
        let ends = try Self.read(path) { connection in
            try names.filter(has).flatMap { try Self.texts(connection, "SELECT min(day), max(day) FROM \(Self.quoted($0))", 2) }
        }
        let filled = ends.filter { !$0[0].isEmpty }
        guard let first = filled.map({ $0[0] }).min(), let last = filled.map({ $0[1] }).max() else { return nil }
        return (first, last)
    }

    /// What the database says of the run.
    package func facts() throws -> PageFacts {
        let rows = try Self.read(path) { try Self.texts($0, "SELECT name, value FROM run", 2) }
        let values = Dictionary(rows.map { ($0[0], $0[1]) }) { first, _ in first }
        var facts = PageFacts()
        facts.pipeline = values["pipeline"] ?? ""
        facts.version = values["version"] ?? ""
        facts.asOf = values["as_of"] ?? ""
        facts.timezone = values["timezone"] ?? "UTC"
        return facts
    }

    private static func texts(_ connection: SQLiteConnection, _ sql: String, _ width: Int) throws -> [[String]] {
        let statement = try connection.prepare(sql)
        defer { statement.finish() }
        var rows: [[String]] = []
        while try statement.next() { rows.append((0..<width).map { statement.text($0) }) }
        return rows
    }

    /// In SQLite's words an unreadable file cannot be written, as it was opened for both.
    private static func read<Result>(_ path: String, _ body: (SQLiteConnection) throws -> Result) throws -> Result {
        do {
            let database = try SQLiteDatabase(path: path)
            let result = try database.use(body)
            try database.use { try $0.close() }
            return result
        } catch let error as OutputError {
            throw OutputError("read", path, reason: error.reason, code: error.code)
        }
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
