import Foundation
import RunSupport
import TestSupport
import Testing

/// Nothing comes, and time passes: a state that judges everybody as of later and later moments publishes each time what a run over
/// all lines does as of that moment, to the byte. Journeys grow old, visits come to be judged, windows end, sessions and journeys
/// close, in every order.
@Suite struct StatePassingTests {
    @Test(arguments: SeedSlices.of(0..<24, by: 4))
    func timePassesInSteps(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let folder = try ScratchFolder()
            let drawn = try RandomCase(seed: 70_000 + seed).write(to: folder.url)
            var random = SeededGenerator(seed: seed)
            // First when most events wait, then soon after each other and farther and farther apart, until all is settled.
            var asOf = RandomCase.start + Int64.random(in: 0..<4 * 86_400_000_000, using: &random)
            for step in 0..<7 {
                let output = try CaseRun.run(drawn, asOf: asOf, state: "state")
                let whole = try CaseRun.run(drawn, into: "whole", asOf: asOf)
                let found = try RunSnapshot(folder: output).differences(from: RunSnapshot(folder: whole))
                if !found.isEmpty { folder.keep() }
                #expect(found == [], "seed \(seed), step \(step), as of \(asOf), kept in \(folder.path)")
                asOf += Int64.random(in: 1..<(1 << Int64(30 + 2 * step)), using: &random)
            }
        }
    }
}
