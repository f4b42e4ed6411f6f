import Foundation
import Testing

@testable import TestSupport

/// `pipelines/tables.md` is made of what the program says of its tables, so that no column is without a word.
/// `SOJOURN_RECORD=1` writes it anew; a test that has recorded fails, so that nobody takes a recording for a check.
@Suite struct TablesPageTests {
    private struct Package: Decodable {
        var resources: [Resource]
    }

    private struct Resource: Decodable {
        var name: String
        var title: String
        var schema: Schema
    }

    private struct Schema: Decodable {
        var fields: [Field]
        var primaryKey: [String]?
    }

    private struct Field: Decodable {
        var name: String
        var type: String
        var description: String
    }

    @Test func thePageHasEveryTableAndColumn() throws {
        let folder = try ScratchFolder()
        let ended = try Binary.run("run", Binary.root.appendingPathComponent("pipelines/retail.yaml").path, "-o", folder.path("out"))
        try #require(ended.status == 0, "\(ended.errors)")
        let out = folder.url.appendingPathComponent("out")
        let package = try JSONDecoder().decode(Package.self, from: Data(contentsOf: out.appendingPathComponent("datapackage.json")))
        let daily = try RunSnapshot(folder: out).parts
        let sections = package.resources.sorted { $0.name < $1.name }.map { section($0, statement: daily["metrics.sqlite/\($0.name)"]) }
        let page = Self.introduction + sections.joined()
        let file = Binary.root.appendingPathComponent("pipelines/tables.md")
        if ProcessInfo.processInfo.environment["SOJOURN_RECORD"] == "1" {
            try page.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.path); look at the changes, then run without SOJOURN_RECORD")
        }
        let written = try String(contentsOf: file, encoding: .utf8)
        #expect(written.split(separator: "\n") == page.split(separator: "\n"))
    }

    private static let introduction = """
        # Tables

        Every table of `csv/` with its columns, in the program's own words: they stand in the `datapackage.json` of each output as well. A
        table by day, in `metrics.sqlite`, has the column `day` before the others. `number` is a ratio with 6 decimals or a time in
        seconds with 3; what is unknown is empty. What the words mean stands in [the rules](rules.md).

        """

    /// - Parameter statement: of the table by day, which names its columns; nil where there is none.
    private func section(_ table: Resource, statement: Data?) -> String {
        let sql = statement.map { String(decoding: $0, as: UTF8.self).components(separatedBy: "\n)")[0] }
        let missing = table.schema.fields.map(\.name).filter { sql?.contains("\"\($0)\"") == false }
        let byDay =
            switch (sql, missing) {
            case (nil, _): "Not by day."
            case (_, []): "By day, too."
            default: "By day, too, without \(missing.map { "`\($0)`" }.joined(separator: ", "))."
            }
        let key = table.schema.primaryKey.map { " One row for each \($0.map { "`\($0)`" }.joined(separator: ", "))." } ?? ""
        let rows = table.schema.fields.map { "| `\($0.name)` | \($0.type) | \($0.description) |\n" }
        let head = ["", "## \(table.name)", "", "\(table.title).\(key) \(byDay)", "", "| column | type | what it says |"]
        return head.map { $0 + "\n" }.joined() + "| --- | --- | --- |\n" + rows.joined()
    }
}
