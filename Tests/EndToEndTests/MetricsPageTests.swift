import Foundation
import Testing

@testable import TestSupport

/// `pipelines/metrics.md` is what the program says of its tables, and an output's package says the same.
/// `SOJOURN_RECORD=1` writes it anew; a test that has recorded fails, so that nobody takes a recording for a check.
@Suite struct MetricsPageTests {
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

    private static let page = Binary.root.appendingPathComponent("pipelines/metrics.md")

    @Test func thePageIsWhatTheCommandPrints() throws {
        let ended = try Binary.run("metrics")
        try #require(ended.status == 0, "\(ended.errors)")
        if ProcessInfo.processInfo.environment["SOJOURN_RECORD"] == "1" {
            try ended.output.write(to: Self.page, atomically: true, encoding: .utf8)
            Issue.record("recorded \(Self.page.path); look at the changes, then run without SOJOURN_RECORD")
        }
        let written = try String(contentsOf: Self.page, encoding: .utf8)
        #expect(written.split(separator: "\n") == ended.output.split(separator: "\n"))
        #expect(!written.contains("## Other tables"), "a table answers no question")
    }

    /// Every table that the sample's run publishes, with each column's words and whether it is by day.
    @Test func thePageHasEveryPublishedColumn() throws {
        let folder = try ScratchFolder()
        let ended = try Binary.run("run", Binary.root.appendingPathComponent("pipelines/retail.yaml").path, "-o", folder.path("out"))
        try #require(ended.status == 0, "\(ended.errors)")
        let out = folder.url.appendingPathComponent("out")
        let package = try JSONDecoder().decode(Package.self, from: Data(contentsOf: out.appendingPathComponent("datapackage.json")))
        let daily = try RunSnapshot(folder: out).parts
        let page = try String(contentsOf: Self.page, encoding: .utf8)
        let sections = Dictionary(
            page.components(separatedBy: "\n### ").dropFirst().map { ($0.components(separatedBy: "\n")[0], $0) },
            uniquingKeysWith: { first, _ in first })
        #expect(package.resources.count > 20)
        for table in package.resources {
            let section = try #require(sections[table.name], "\(table.name)")
            #expect(section.contains(table.title))
            for field in table.schema.fields {
                let words = field.description.replacingOccurrences(of: "|", with: "\\|")
                #expect(section.contains("| `\(field.name)` | \(field.type) | \(words) |"), "\(table.name).\(field.name)")
            }
            #expect(section.contains("Not by day.") == (daily["metrics.sqlite/\(table.name)"] == nil), "\(table.name)")
        }
    }
}
