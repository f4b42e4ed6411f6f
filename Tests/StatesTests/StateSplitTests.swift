import TestSupport
import Testing

/// However a log comes to the runs on a state, the last run publishes what one run over everything does, to the byte.
@Suite struct StateSplitTests {
    /// `SOJOURN_SEEDS='2000..<20000' swift test -c release --filter StateSplitTests` runs others.
    @Test(arguments: SeedSlices.of(0..<200, by: 10))
    func anySplitIsOneRun(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let folder = try ScratchFolder()
            let found: [String]
            do {
                var sequence = try StateSequence(RandomCase(seed: 90_000 + seed), in: folder)
                found = try sequence.differences()
            } catch {
                found = ["\(error)"]
            }
            if !found.isEmpty { folder.keep() }
            #expect(found == [], "seed \(seed), kept in \(folder.path); SOJOURN_SEEDS=\(seed)..<\(seed + 1) runs it alone")
        }
    }
}
