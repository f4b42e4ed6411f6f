import Foundation
import RunSupport
import TestSupport
import Testing

/// Small random logs and pipelines through the whole pipeline, and every number compared with the naive reference. The number
/// of threads and the size of blocks are drawn too: they must not matter.
@Suite struct ReferenceTests {
    /// `SOJOURN_SEEDS='2000..<20000' swift test -c release --filter ReferenceTests` runs others.
    @Test(arguments: SeedSlices.of(0..<1500, by: 50))
    func everyNumberIsTheReferences(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let folder = try ScratchFolder()
            let found = differences(RandomCase(seed: seed), in: folder)
            if !found.isEmpty { folder.keep() }
            #expect(found == [], "seed \(seed), kept in \(folder.path); SOJOURN_SEEDS=\(seed)..<\(seed + 1) runs it alone")
        }
    }

    private func differences(_ drawn: RandomCase, in folder: ScratchFolder) -> [String] {
        var random = SeededGenerator(seed: ~drawn.seed)
        do {
            let output = try CaseRun.run(
                drawn.write(to: folder.url), threads: random.int(1...3), blockBytes: random.pick([1, 50, 1000, 4096, 1 << 20]),
                asOf: drawn.asOf)
            let expected = drawn.expected
            return NaiveComparison.differences(naive: expected, csvFolder: output.appendingPathComponent("csv"))
                + NaiveDwells.differences(expected, csvFolder: output.appendingPathComponent("csv"))
                + NaiveComparison.ledgerDifferences(naive: expected, runFile: output.appendingPathComponent("run.json"))
                + NaiveComparison.quarantineDifferences(naive: expected, quarantineFile: output.appendingPathComponent("quarantine.ndjson"))
        } catch {
            return ["\(error)"]
        }
    }
}
