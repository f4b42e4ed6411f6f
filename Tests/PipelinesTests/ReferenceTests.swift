import Foundation
import TestSupport
import Testing

/// Small random logs and pipelines through the whole pipeline, and every number compared with the naive reference. The number
/// of threads and the size of blocks are drawn too: they must not matter.
@Suite struct ReferenceTests {
    /// Many seeds an argument, so that arguments run side by side and each is worth its start.
    /// `SOJOURN_SEEDS=2000..<20000 swift test -c release --filter ReferenceTests` runs others.
    static let slices: [Range<UInt64>] = {
        let seeds = ProcessInfo.processInfo.environment["SOJOURN_SEEDS"].flatMap(range) ?? 0..<1500
        return stride(from: seeds.lowerBound, to: seeds.upperBound, by: 50).map { $0..<min($0 + 50, seeds.upperBound) }
    }()

    private static func range(_ text: String) -> Range<UInt64>? {
        let bounds = text.components(separatedBy: "..<").map { UInt64($0) }
        guard bounds.count == 2, let from = bounds[0], let to = bounds[1], from < to else { return nil }
        return from..<to
    }

    @Test(arguments: slices)
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
                + NaiveComparison.ledgerDifferences(naive: expected, runFile: output.appendingPathComponent("run.json"))
                + NaiveComparison.quarantineDifferences(naive: expected, quarantineFile: output.appendingPathComponent("quarantine.ndjson"))
        } catch {
            return ["\(error)"]
        }
    }
}
