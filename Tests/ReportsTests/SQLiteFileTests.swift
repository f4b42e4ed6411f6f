import CSQLite
import Disk
import Foundation
import Glibc
import Reports
import Tables
import TestSupport
import Testing

/// Reads a database back with SQLite's own functions.
private struct Database {
    let path: String

    /// Every row as text with the storage class before it: `integer 1`, `null`.
    func rows(_ sql: String) throws -> [[String]] {
        var handle: OpaquePointer?
        defer { sqlite3_close(handle) }
        try #require(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK)
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        try #require(sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, "\(sql)")
        var rows: [[String]] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            rows.append((0..<sqlite3_column_count(statement)).map { cell(statement, $0) })
        }
        return rows
    }

    private func cell(_ statement: OpaquePointer?, _ column: Int32) -> String {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: return "integer \(sqlite3_column_int64(statement, column))"
        case SQLITE_FLOAT: return "real \(sqlite3_column_double(statement, column))"
        case SQLITE_NULL: return "null"
        default:
            guard let text = sqlite3_column_text(statement, column) else { return "no text" }
            let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column)))
            return "text " + String(decoding: bytes, as: UTF8.self)
        }
    }
}

struct SQLiteFileTests {
    static let table = ReportTable(
        name: "stalls", title: "Where journeys stall",
        columns: [
            .init("day", .day, "Day"), .init("from", .text, "Step"), .init("order", .integer, "Visits"), .init("rate", .ratio, "Share"),
            .init("dwell_seconds", .seconds, "Dwell"), .init("is \"it\"", .boolean, "Flag"),
        ],
        rows: [
            [.day(1), .text("b"), .integer(7), .ratio(1.0 / 3), .duration(1_500_001), .boolean(true)],
            [.day(0), .text(""), .integer(Int64.max), .ratio(-0.0), .seconds(1e20), .boolean(false)],
            [.day(0), .text("nul\0byte, 'quote' \"é\""), .integer(-1), .ratio(.nan), .unknown, .unknown],
        ],
        keyColumns: ["day", "from"])

    private func write(
        _ tables: [ReportTable], run: [(name: String, value: String)] = [], to folder: TemporaryFolder, _ name: String = "m.sqlite"
    ) throws
        -> Database
    {
        try SQLiteFile.write(tables, run: run, to: folder(name))
        return Database(path: folder(name))
    }

    @Test func rowsReadBackInTheirOrder() throws {
        let folder = try TemporaryFolder()
        let database = try write([Self.table], to: folder)
        #expect(
            try database.rows("SELECT * FROM stalls") == [
                ["text 1970-01-02", "text b", "integer 7", "real \(1.0 / 3)", "real 1.500001", "integer 1"],
                ["text 1970-01-01", "text ", "integer 9223372036854775807", "real 0.0", "real 1e+20", "integer 0"],
                ["text 1970-01-01", "text nul\0byte, 'quote' \"é\"", "integer -1", "null", "null", "null"],
            ])
        #expect(folder.names() == ["m.sqlite"], "no journal is left")
    }

    @Test func declaredTypesAndKey() throws {
        let folder = try TemporaryFolder()
        let database = try write([Self.table], to: folder)
        let columns = try database.rows("SELECT name, type, \"notnull\", pk FROM pragma_table_info('stalls')")
        #expect(
            columns.map { $0.joined(separator: "; ") } == [
                "text day; text DATE; integer 1; integer 1", "text from; text TEXT; integer 1; integer 2",
                "text order; text INTEGER; integer 0; integer 0", "text rate; text REAL; integer 0; integer 0",
                "text dwell_seconds; text REAL; integer 0; integer 0", "text is \"it\"; text BOOLEAN; integer 0; integer 0",
            ])
    }

    @Test func settings() throws {
        let folder = try TemporaryFolder()
        let database = try write([], run: [("pipeline", "retail"), ("as_of", "2026-01-01T00:00:00Z")], to: folder)
        #expect(try database.rows("PRAGMA page_size") == [["integer 4096"]])
        #expect(try database.rows("PRAGMA user_version") == [["integer 1"]])
        #expect(try database.rows("PRAGMA journal_mode") == [["text delete"]])
        #expect(try database.rows("PRAGMA integrity_check") == [["text ok"]])
        #expect(try database.rows("SELECT version FROM schema_version") == [["integer 1"]])
        #expect(
            try database.rows("SELECT * FROM run") == [["text pipeline", "text retail"], ["text as_of", "text 2026-01-01T00:00:00Z"]])
    }

    @Test func aKeyThatRepeatsIsNoPrimaryKey() throws {
        let columns: [ReportTable.Column] = [.init("k", .text, ""), .init("v", .integer, "")]
        let repeated: [[ReportTable.Cell]] = [[.text("a"), .integer(1)], [.text("a"), .integer(2)]]
        // The same letter to a reader, two to a database.
        let composed: [[ReportTable.Cell]] = [[.text("\u{E9}"), .integer(1)], [.text("e\u{301}"), .integer(2)]]
        let unknown: [[ReportTable.Cell]] = [[.unknown, .integer(1)]]
        for (rows, isUnique) in [(repeated, false), (composed, true), (unknown, false)] {
            let folder = try TemporaryFolder()
            let table = ReportTable(name: "t", title: "", columns: columns, rows: rows, keyColumns: ["k"])
            let database = try write([table], to: folder)
            #expect(try database.rows("SELECT * FROM t").count == rows.count)
            #expect(try database.rows("SELECT max(pk) FROM pragma_table_info('t')") == [["integer \(isUnique ? 1 : 0)"]])
        }
    }

    @Test func anIntegerKeyDoesNotReorderTheRows() throws {
        let folder = try TemporaryFolder()
        let table = ReportTable(
            name: "t", title: "", columns: [.init("k", .integer, "")], rows: [[.integer(3)], [.integer(1)], [.integer(2)]],
            keyColumns: ["k"])
        #expect(try write([table], to: folder).rows("SELECT * FROM t") == [["integer 3"], ["integer 1"], ["integer 2"]])
    }

    @Test func theSameRowsGiveTheSameBytes() throws {
        let folder = try TemporaryFolder()
        var large = Self.table
        large.rows = ReportRows(count: 5000) {
            [.day(Int32($0 / 10)), .text("step \($0)"), .integer(Int64($0)), .ratio(Double($0) / 7), .duration(1), .unknown]
        }
        _ = try write([large, ReportTable(name: "u", title: "", columns: large.columns, rows: [], keyColumns: [])], to: folder, "1")
        _ = try write([large, ReportTable(name: "u", title: "", columns: large.columns, rows: [], keyColumns: [])], to: folder, "2")
        #expect(folder.bytes("1") == folder.bytes("2"))
    }

    @Test func errorsNameThePathAndTheReason() throws {
        let folder = try TemporaryFolder()
        let error = try #require(throws: OutputError.self) { try SQLiteFile.write([], run: [], to: folder("none/m.sqlite")) }
        #expect(error.description.contains(folder("none/m.sqlite")))
        #expect(error.description.contains("unable to open database file"))
        #expect(error.code == ENOENT)
    }
}

struct DataPackageTests {
    @Test func describesEveryColumn() throws {
        let json = DataPackage.json(
            name: "Retail & more", title: "Retail",
            resources: [.init(table: SQLiteFileTests.table, digest: FileDigest(bytes: 12, sha256: "ab"))])
        let read = try #require(try JSONSerialization.jsonObject(with: Data(JSONText.pretty(json))) as? [String: Any])
        #expect(read["name"] as? String == "retail---more")
        #expect(read["profile"] as? String == "tabular-data-package")
        let resource = try #require((read["resources"] as? [[String: Any]])?.first)
        #expect(resource["path"] as? String == "csv/stalls.csv")
        #expect(resource["bytes"] as? Int == 12)
        #expect(resource["hash"] as? String == "sha256:ab")
        let schema = try #require(resource["schema"] as? [String: Any])
        let fields = try #require(schema["fields"] as? [[String: String]])
        #expect(fields.map { $0["type"] } == ["date", "string", "integer", "number", "number", "boolean"])
        #expect(fields.first == ["name": "day", "type": "date", "description": "Day"])
        #expect(schema["missingValues"] as? [String] == [""])
        // One of the key's texts is empty, which a reader takes for a missing value.
        #expect(schema["primaryKey"] == nil)
    }

    @Test func saysThatItIsForSpreadsheets() throws {
        let resources = [DataPackage.Resource(table: SQLiteFileTests.table, digest: FileDigest(bytes: 12, sha256: "ab"))]
        func text(_ form: CSVFile.Form) -> String {
            String(decoding: JSONText.line(DataPackage.json(name: "p", title: "", resources: resources, form: form)), as: UTF8.self)
        }
        #expect(text(.spreadsheet).contains(#""byteOrderMark":true,"formulaEscape":"'""#) && text(.spreadsheet).contains("Take one away"))
        #expect(!text(.exact).contains("byteOrderMark") && !text(.exact).contains("apostrophe"))
    }

    @Test func namesTheKeyWhereItIsOne() throws {
        var table = SQLiteFileTests.table
        table.rows = ReportRows(table.rows.enumerated().filter { $0.offset != 1 }.map(\.element))
        let json = DataPackage.json(name: "p", title: "", resources: [.init(table: table, digest: FileDigest(bytes: 0, sha256: nil))])
        let text = String(decoding: JSONText.line(json), as: UTF8.self)
        #expect(text.contains(#""primaryKey":["day","from"]"#))
        #expect(!text.contains("hash"))
    }
}
