import Foundation
import Testing

@testable import TestSupport

/// The pipelines for export formats, each over the log that lies beside it. The journeys it must give were counted by hand from
/// that log, never recorded from the program.
@Suite struct FormatTests {
    private static let folder = "pipelines/formats"
    private static let names = files(".yaml")

    private static func files(_ ending: String) -> [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: Binary.root.appendingPathComponent(folder).path)) ?? []
        return all.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
    }

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: Binary.root.appendingPathComponent("\(folder)/\(name)"), encoding: .utf8)
    }

    /// Every pipeline has its log and its journeys, and the page shows it.
    @Test func everyFormatIsWhole() throws {
        #expect(Self.names.count >= 12)
        #expect(Self.files(".ndjson") == Self.names)
        #expect(Self.files(".expected.csv") == Self.names)
        let page = try Self.text("README.md")
        for name in Self.names { #expect(page.contains("[\(name)](\(name).yaml)"), "\(name)") }
    }

    @Test(arguments: names)
    func journeysAreThoseCountedByHand(name: String) throws {
        let folder = try ScratchFolder()
        let ended = try run(name, folder)
        #expect(ended.errors == "")
        let wanted = try CSVTable(text: Self.text("\(name).expected.csv"))
        let found = try CSVTable(text: String(contentsOf: folder.url.appendingPathComponent("out/csv/journeys.csv"), encoding: .utf8))
        for column in wanted.header { #expect(found.column(column) == wanted.column(column), "\(name): \(column)") }
        #expect(try record(folder).value(at: "ledger.quarantined") == .number("0"))
    }

    @Test(arguments: names)
    func pipelineIsSound(name: String) throws {
        let ended = try Binary.run("validate", "\(Self.folder)/\(name).yaml", in: Binary.root.path)
        #expect(ended.status == 0, "\(ended.errors)")
    }

    /// The last action of the sample is at 11:00 in Paris, in summer. No count of journeys would show that it was read as UTC.
    @Test func actionsOfMatomoCountLocalSeconds() throws {
        let folder = try ScratchFolder()
        _ = try run("matomo", folder)
        #expect(try record(folder).value(at: "as_of") == .string("2024-06-20T09:00:00Z"))
    }

    private func run(_ name: String, _ folder: ScratchFolder) throws -> Binary.Ended {
        let ended = try Binary.run("run", "\(Self.folder)/\(name).yaml", "-o", folder.path("out"), in: Binary.root.path)
        try #require(ended.status == 0, "\(ended.errors)")
        return ended
    }

    private func record(_ folder: ScratchFolder) throws -> NaiveJSON {
        try NaiveJSONParser.parse(Array(try Data(contentsOf: folder.url.appendingPathComponent("out/run.json"))))
    }
}
