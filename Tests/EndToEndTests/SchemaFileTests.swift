import Foundation
import Testing

@testable import TestSupport

/// `pipelines/schema.json` is what `sojourn schema` prints, and every pipeline of the repository names it for editors.
/// `SOJOURN_RECORD=1` writes it anew; a test that has recorded fails, so that nobody takes a recording for a check.
@Suite struct SchemaFileTests {
    private static let folder = Binary.root.appendingPathComponent("pipelines")
    private static let file = folder.appendingPathComponent("schema.json")

    @Test func theFileIsWhatTheCommandPrints() throws {
        let ended = try Binary.run("schema")
        try #require(ended.status == 0 && ended.errors == "", "\(ended.errors)")
        if ProcessInfo.processInfo.environment["SOJOURN_RECORD"] == "1" {
            try ended.output.write(to: Self.file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(Self.file.path); look at the changes, then run without SOJOURN_RECORD")
        }
        #expect(try String(contentsOf: Self.file, encoding: .utf8) == ended.output)
    }

    @Test func everyPipelineNamesTheFile() throws {
        var pipelines = 0
        for folder in [Self.folder, Self.folder.appendingPathComponent("formats")] {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".yaml") {
                let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
                let path = try #require(text.firstMatch(of: /^# yaml-language-server: \$schema=(\S+)\n/)?.1, "\(name)")
                #expect(folder.appendingPathComponent(String(path)).standardized == Self.file.standardized, "\(name)")
                pipelines += 1
            }
        }
        #expect(pipelines >= 15)
    }
}
