import Foundation
import Testing

@testable import TestSupport

/// `pipelines/effects.yaml` as its first lines say to use it. What its tables must find stands in `Tests/EffectsTests`.
@Suite struct EffectsPipelineTests {
    private static let pipeline = Binary.root.appendingPathComponent("pipelines/effects.yaml").path

    @Test(arguments: ["effects", "no-effects"])
    func itDescribesTheLog(scenario: String) throws {
        let folder = try ScratchFolder()
        let generated = try Binary.run("generate", scenario, "-o", folder.path("log"), "--events", "6000", "--quiet")
        try #require(generated.status == 0, "\(generated.errors)")
        let log = folder.path("log/effects-*.ndjson.zst")
        for command in ["run", "validate"] {
            let ended = try Binary.run([command, Self.pipeline, log] + (command == "run" ? ["-o", folder.path("out")] : []))
            #expect(ended.status == 0 && ended.errors == "", "\(command): \(ended.errors)")
        }
        #expect(try Binary.run("test", Self.pipeline).status == 0)
        let counts = try RunLedgers(folder: folder.url.appendingPathComponent("out")).run
        #expect(counts["lines"] == 6000 && counts["events"] == 6000)
    }
}
