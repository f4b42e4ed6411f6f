import Events
import Foundation
import RunSupport
import States
import TestSupport
import Testing

/// Nothing comes, and time passes: a state that judges everybody as of later and later moments publishes each time what a run over
/// all lines does as of that moment, to the byte. Journeys grow old, visits come to be judged, windows end, sessions and journeys
/// close, in every order.
@Suite struct StatePassingTests {
    /// From minutes to months, each as a power of two microseconds.
    private static let steps: [Int64] = [28, 31, 33, 34, 35, 36, 37, 38, 40, 42]

    @Test(arguments: SeedSlices.of(0..<24, by: 4))
    func timePassesInSteps(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let folder = try ScratchFolder()
            let drawn = try RandomCase(seed: 70_000 + seed).write(to: folder.url)
            var random = SeededGenerator(seed: seed)
            _ = try CaseRun.run(drawn, state: "state")
            let days = try StateFolder(folder.path("state")).use { try DayStore($0).load(texts: SymbolTable()) }.days
            // From the last event on none waits, and nothing but time can change anything.
            guard var asOf = days.values.map(\.latest).max() else { continue }
            for step in Self.steps {
                asOf += Int64.random(in: 1..<(1 << step), using: &random)
                let output = try CaseRun.run(drawn, asOf: asOf, state: "state")
                let whole = try CaseRun.run(drawn, into: "whole", asOf: asOf)
                let found = try RunSnapshot(folder: output).differences(from: RunSnapshot(folder: whole))
                if !found.isEmpty { folder.keep() }
                #expect(found == [], "seed \(seed), step \(step), as of \(asOf), kept in \(folder.path)")
            }
        }
    }
}
