import Foundation
import Testing

@testable import TestSupport

/// `run --excel`, and what spreadsheets and business intelligence tools go by: types, dates, sizes. `make readers` asks such
/// programs themselves.
@Suite struct SpreadsheetTests {
    private static let names = ["=1+1", "+49 30", "-2", "@SUM(A1)", "\\ttab", "'=x", "'tis", "plain", "größe, \\\"2\\\""]
    private static let formulaStarts: [Character] = ["=", "+", "-", "@", "\t", "\r", "\r\n"]

    /// A log whose names are formulas, with negative numbers nowhere but in figures.
    private static let lines = (0..<300).map { number in
        let name = names[number * 4 % names.count]
        return "{\"t\":\(1_772_323_200 + number * 400),\"c\":\"c\(number % 17)\",\"ch\":\"\(names[number % 3])\",\"tp\":\"\(name)\"}\n"
    }.joined()

    private static let pipeline = """
        version: 1
        name: hostile
        sources: [{name: '=log', input: log-*.ndjson, fields: {time: t, channel: ch, touchpoint: tp, ids: {customer: c}}}]
        identity: {known: [customer]}
        journeys:
          - name: '-all'
            inactivity: 2h
            goal: touchpoint == "plain"
            steps: [{name: '=a', match: touchpoint == "=1+1", owner: '@team'}, {name: b, match: touchpoint == "plain"}]
        dimensions: [{name: '@by', field: touchpoint}]

        """

    private static func resources(_ log: SmallLog, _ output: String) throws -> [(path: String, types: [String], bytes: Int?)] {
        let data = try Data(contentsOf: log.folder.url.appendingPathComponent("\(output)/datapackage.json"))
        guard case .array(let resources)? = try NaiveJSONParser.parse(Array(data)).value(at: "resources") else { return [] }
        return resources.map { resource in
            guard case .array(let fields)? = resource.value(at: "schema.fields") else { return ("", [], nil) }
            return (
                resource.value(at: "path")?.text?.description ?? "", fields.map { $0.value(at: "type")?.text?.description ?? "" },
                resource.value(at: "bytes")?.text.flatMap { Int($0.description) }
            )
        }
    }

    @Test func textsAreNoFormulasAndNumbersStay() throws {
        let log = try SmallLog(Array(Self.lines.utf8), pipeline: Self.pipeline)
        #expect(try log.run("--quiet").status == 0)
        #expect(try Binary.run("run", "p.yaml", "-o", "safe", "--excel", "--quiet", in: log.folder.path).status == 0)
        let resources = try Self.resources(log, "safe")
        #expect(resources.count > 10)
        var escaped = 0
        for (path, types, bytes) in resources {
            func file(_ output: String) throws -> [UInt8] {
                try Array(Data(contentsOf: log.folder.url.appendingPathComponent("\(output)/\(path)")))
            }
            let (exact, safe) = (try CSVTable(file("out")), try file("safe"))
            #expect(bytes == safe.count && safe.starts(with: [0xEF, 0xBB, 0xBF]), "\(path)")
            let table = try CSVTable(Array(safe.dropFirst(3)))
            #expect(table.header == exact.header && table.rows.count == exact.rows.count, "\(path)")
            for (row, exactRow) in zip(table.rows, exact.rows) {
                for (place, (cell, text)) in zip(row, exactRow).enumerated() {
                    if types[place] == "string" { #expect(cell.first.map(Self.formulaStarts.contains) != true, "\(path): \(cell)") }
                    guard cell != text else { continue }
                    #expect(types[place] == "string" && cell == "'" + text, "\(path): \(cell) of \(text)")
                    escaped += 1
                }
            }
        }
        #expect(escaped > 50)
        func database(_ output: String) throws -> Data {
            try Data(contentsOf: log.folder.url.appendingPathComponent("\(output)/metrics.sqlite"))
        }
        #expect(try database("out") == database("safe"))
    }

    /// In a database that tools import, a column holds what it is declared as: dates are dates.
    @Test func columnsOfTheDatabaseAreOfTheirTypes() throws {
        let log = try SmallLog(Array(Self.lines.utf8), pipeline: Self.pipeline)
        #expect(try log.run("--quiet").status == 0)
        let path = log.folder.path("out/metrics.sqlite")
        #expect(try DatabaseRows.of(path, "PRAGMA integrity_check") == [["integrity_check": "ok"]])
        let stored = ["INTEGER": "integer", "INT": "integer", "REAL": "real", "TEXT": "text", "BOOLEAN": "integer", "DATE": "text"]
        var dates = 0
        for table in try DatabaseRows.of(path, "SELECT name FROM sqlite_schema WHERE type = 'table'").compactMap({ $0["name"] }) {
            for column in try DatabaseRows.of(path, "PRAGMA table_info(\"\(table)\")") {
                let (name, type) = (column["name"] ?? "", column["type"] ?? "")
                let wanted = try #require(stored[type], "\(table).\(name) is \(type)")
                let found = try DatabaseRows.of(path, "SELECT DISTINCT typeof(\"\(name)\") AS t FROM \"\(table)\"").compactMap { $0["t"] }
                #expect(Set(found).isSubset(of: [wanted, "null"]), "\(table).\(name): \(found)")
                guard type == "DATE" else { continue }
                let other = try DatabaseRows.of(path, "SELECT \"\(name)\" FROM \"\(table)\" WHERE \"\(name)\" IS NOT date(\"\(name)\")")
                #expect(other == [], "\(table).\(name)")
                dates += 1
            }
        }
        #expect(dates > 5)
    }
}
