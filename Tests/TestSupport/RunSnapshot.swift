import CSQLite
public import Foundation

/// What a run published and another run must publish again: the bytes of csv/ and of quarantine.ndjson, and the rows of
/// metrics.sqlite. Not run.json, which holds the time of the run.
public struct RunSnapshot: Sendable, Equatable {
    public private(set) var parts: [String: Data] = [:]

    public enum Failure: Error { case database(String) }

    public init(folder: URL) throws {
        let csv = folder.appendingPathComponent("csv")
        for name in try FileManager.default.contentsOfDirectory(atPath: csv.path) {
            parts["csv/\(name)"] = try Data(contentsOf: csv.appendingPathComponent(name))
        }
        parts["quarantine.ndjson"] = try Data(contentsOf: folder.appendingPathComponent("quarantine.ndjson"))
        for (table, rows) in try Self.rows(ofDatabase: folder.appendingPathComponent("metrics.sqlite").path) {
            parts["metrics.sqlite/\(table)"] = Data(rows.utf8)
        }
    }

    /// The names of what is not the same, none when all is.
    public func differences(from other: Self) -> [String] {
        Set(parts.keys).union(other.parts.keys).filter { parts[$0] != other.parts[$0] }.sorted()
    }

    /// For runs whose lines lie in other files: the same, but of quarantine.ndjson only how many lines each reason has.
    public func withoutPlaces() -> Self {
        var result = self
        let lines = (parts["quarantine.ndjson"] ?? Data()).split(separator: 0x0A)
        let reasons = lines.map { line in (try? NaiveJSONParser.parse(Array(line)))?.value(at: "reason")?.text?.description ?? "?" }
        result.parts["quarantine.ndjson"] = Data(reasons.sorted().joined(separator: "\n").utf8)
        return result
    }

    /// Every table's statement, then its rows as they lie there, values with their types.
    private static func rows(ofDatabase path: String) throws -> [String: String] {
        var opened: OpaquePointer?
        let status = sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY, nil)
        defer { sqlite3_close(opened) }
        guard status == SQLITE_OK, let database = opened else { throw Failure.database("cannot open \(path)") }
        var tables: [String: String] = [:]
        for row in try query("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name", database) {
            let name = String(row[0].dropFirst())
            let rows = try query("SELECT * FROM \"\(name)\"", database).map { $0.joined(separator: "|") }
            tables[name] = ([row[1]] + rows).joined(separator: "\n")
        }
        return tables
    }

    private static func query(_ sql: String, _ database: OpaquePointer) throws -> [[String]] {
        var prepared: OpaquePointer?
        let status = sqlite3_prepare_v2(database, sql, -1, &prepared, nil)
        defer { sqlite3_finalize(prepared) }
        guard status == SQLITE_OK else { throw Failure.database(String(cString: sqlite3_errmsg(database))) }
        var rows: [[String]] = []
        while sqlite3_step(prepared) == SQLITE_ROW {
            rows.append(
                (0..<sqlite3_column_count(prepared)).map { column in
                    let kind = ["?", "i", "f", "t", "b", "n"][Int(sqlite3_column_type(prepared, column))]
                    return kind + (sqlite3_column_text(prepared, column).map { String(cString: $0) } ?? "")
                })
        }
        return rows
    }
}
