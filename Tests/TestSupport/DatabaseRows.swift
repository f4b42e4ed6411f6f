import CSQLite
import Foundation

/// What a query finds in an SQLite file that nobody is to change.
public enum DatabaseRows {
    public enum Failure: Error { case database(String) }

    /// Each row's values by the names of their columns, as texts; NULL is absent.
    public static func of(_ path: String, _ sql: String) throws -> [[String: String]] {
        var opened: OpaquePointer?
        defer { sqlite3_close(opened) }
        guard sqlite3_open_v2(path, &opened, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else { throw Failure.database("cannot open \(path)") }
        var prepared: OpaquePointer?
        defer { sqlite3_finalize(prepared) }
        guard sqlite3_prepare_v2(opened, sql, -1, &prepared, nil) == SQLITE_OK else {
            throw Failure.database(String(cString: sqlite3_errmsg(opened)))
        }
        var rows: [[String: String]] = []
        while sqlite3_step(prepared) == SQLITE_ROW {
            var row: [String: String] = [:]
            for column in 0..<sqlite3_column_count(prepared) {
                guard let text = sqlite3_column_text(prepared, column) else { continue }
                row[String(cString: sqlite3_column_name(prepared, column))] = String(cString: text)
            }
            rows.append(row)
        }
        return rows
    }
}
