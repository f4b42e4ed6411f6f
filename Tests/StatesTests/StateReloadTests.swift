import Foundation
import RunSupport
import Runs
import TestSupport
import Testing

/// What an earlier run counted is counted anew: files whose content was exchanged, a pipeline that counts otherwise. It
/// happens only when asked for, and then gives what one run over everything does, to the byte.
@Suite struct StateReloadTests {
    /// `SOJOURN_SEEDS='2000..<20000' swift test -c release --filter StateReloadTests` runs others.
    @Test(arguments: SeedSlices.of(0..<60, by: 10))
    func exchangedContent(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let folder = try ScratchFolder()
            let drawn = RandomCase(seed: 95_000 + seed)
            var random = SeededGenerator(seed: drawn.seed &* 31 &+ 11)
            let pipeline = try drawn.write(to: folder.url)
            // Lines go and others come; as-of must be given, as the latest event of all may be among those that go.
            let asOf = drawn.asOf ?? drawn.expected.asOf
            let versions = drawn.files.map { file in (0..<2).map { _ in Self.some(of: file.bytes, &random) } }
            func write(_ version: Int) throws {
                for (file, bytes) in zip(drawn.files, versions) { try folder.write(bytes[version], to: file.path) }
            }
            func run(reprocesses: Bool) throws -> URL {
                try CaseRun.run(
                    pipeline, threads: random.int(1...3), asOf: asOf, memoryBytes: random.pick([0, 64 << 20]), state: "state",
                    reprocesses: reprocesses)
            }
            try write(0)
            let first = try RunSnapshot(folder: run(reprocesses: false))
            try write(1)
            // What begins as before has grown and is no other file.
            if versions.contains(where: { !$0[1].starts(with: $0[0]) }) {
                let refusal = #expect(throws: RunError.self, "seed \(seed)") { try run(reprocesses: false) }
                #expect(
                    refusal?.exitStatus == 2 && refusal?.description.contains("--reprocess") == true,
                    "seed \(seed): \(String(describing: refusal))")
                #expect(try RunSnapshot(folder: folder.url.appendingPathComponent("out")) == first, "seed \(seed)")
            }
            let found = try Self.differences(run(reprocesses: true), CaseRun.run(pipeline, into: "whole", asOf: asOf))
            if !found.isEmpty { folder.keep() }
            #expect(found == [], "seed \(seed), kept in \(folder.path); SOJOURN_SEEDS=\(seed)..<\(seed + 1) runs it alone")
        }
    }

    @Test(arguments: SeedSlices.of(0..<60, by: 10))
    func aPipelineThatIsChangedAndChangedBack(seeds: Range<UInt64>) throws {
        for seed in seeds {
            let folder = try ScratchFolder()
            let drawn = RandomCase(seed: 96_000 + seed)
            var random = SeededGenerator(seed: drawn.seed &* 31 &+ 13)
            let pipeline = try drawn.write(to: folder.url)
            let other = Self.changed(drawn.pipeline, &random)
            let given = random.some(random.int(0...drawn.files.count), of: drawn.files.map { folder.path($0.path) })
            try CaseRun.run(pipeline, inputs: given, asOf: drawn.asOf, state: "state")
            for (turn, yaml) in [other.yaml, drawn.yaml].enumerated() {
                try folder.write(yaml, to: "pipeline.yaml")
                let refusal = #expect(throws: RunError.self, "seed \(seed)") { try CaseRun.run(pipeline, asOf: drawn.asOf, state: "state") }
                #expect(
                    refusal?.exitStatus == 2 && refusal?.description.contains("--rebuild") == true,
                    "seed \(seed): \(String(describing: refusal))")
                let output = try CaseRun.run(pipeline, threads: random.int(1...3), asOf: drawn.asOf, state: "state", rebuilds: true)
                let found = try Self.differences(output, CaseRun.run(pipeline, into: "whole", asOf: drawn.asOf))
                if !found.isEmpty { folder.keep() }
                #expect(
                    found == [], "seed \(seed), turn \(turn), kept in \(folder.path); SOJOURN_SEEDS=\(seed)..<\(seed + 1) runs it alone")
            }
        }
    }

    /// What changes no number needs no rebuild.
    @Test(arguments: [
        ("version: 1\n", "# night after night\nversion: 1\n"),
        ("input: night-*.ndjson", "input: [night-1.ndjson, night-?.ndjson]"), ("max_known: 2}\n", "max_known: 2}\nretention: 30d\n"),
        ("{name: unanswered,", "{name: unanswered, owner: shop,"),
    ])
    func whatChangesNoNumber(_ old: String, _ new: String) throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann d=pc", "10 ask c=ann"])
        let changed = Nights.pipeline.replacingOccurrences(of: old, with: new)
        #expect(changed != Nights.pipeline)
        try nights.folder.write(changed, to: "p.yaml")
        try nights.run("2", ["90 end d=pc"])
        #expect(try nights.table("journeys", "started", "completed") == ["1 1"])
        try nights.expectWhole()
    }

    /// More events are folded anew than one block of rows holds.
    @Test func aBlockOfStoredEventsAndMore() throws {
        let nights = try Nights()
        try nights.run("1", (0..<17_000).map { "\($0) look c=p\($0 % 40)" })
        try nights.folder.write(Nights.pipeline.replacingOccurrences(of: "inactivity: 2h", with: "inactivity: 3h"), to: "p.yaml")
        try nights.run(rebuilds: true)
        try nights.expectWhole()
    }

    /// What was read of a grown file before counts as read before, though it is folded anew.
    @Test func aFileThatHasGrown() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann", "1 look c=ann"])
        try nights.folder.write(Nights.pipeline.replacingOccurrences(of: "inactivity: 2h", with: "inactivity: 3h"), to: "p.yaml")
        let output = try nights.run("1", ["0 begin c=ann", "1 look c=ann", "170 end c=ann"], rebuilds: true)
        #expect(try RunLedgers(folder: output).run["lines"] == 1 && RunLedgers(folder: output).run["events"] == 1)
        try nights.expectWhole()
    }

    /// Other content is noticed though it is as long as before.
    @Test func otherContentOfTheSameLength() throws {
        let nights = try Nights()
        try nights.run("1", ["0 begin c=ann"])
        let refusal = #expect(throws: RunError.self) { try nights.run("1", ["0 begin c=bob"]) }
        #expect(refusal?.description.contains("other content") == true, "\(String(describing: refusal))")
    }

    /// Identifiers under one key cannot be brought under another.
    @Test(arguments: [
        ("privacy: {key_file: k1}\n", "privacy: {key_file: k2}\n"), ("privacy: {key_file: k1}\n", ""), ("", "privacy: {key_file: k2}\n"),
    ])
    func anotherKey(_ first: String, _ second: String) throws {
        let nights = try Nights(Nights.pipeline + first)
        try nights.folder.write("one key of sixteen bytes and more\n", to: "k1")
        try nights.folder.write("another key of sixteen bytes and more\n", to: "k2")
        let before = try RunSnapshot(folder: nights.run("1", ["0 begin c=ann d=pc"]))
        try nights.folder.write(Nights.pipeline + second, to: "p.yaml")
        for rebuilds in [false, true] {
            let refusal = #expect(throws: RunError.self) { try nights.run(rebuilds: rebuilds) }
            #expect(
                refusal?.exitStatus == 2 && refusal?.description.contains("another privacy key") == true, "\(String(describing: refusal))")
        }
        // With the key it was made with, all goes on.
        try nights.folder.write(Nights.pipeline + first, to: "p.yaml")
        #expect(try RunSnapshot(folder: nights.run()) == before)
    }

    // MARK: Parts

    private static func differences(_ output: URL, _ whole: URL) throws -> [String] {
        let (ledgers, expected) = (try RunLedgers(folder: output), try RunLedgers(folder: whole))
        let wrong = ledgers.total == expected.run ? [] : ["total \(ledgers.total), should be \(expected.run)"]
        return try wrong + ledgers.faults + RunSnapshot(folder: output).differences(from: RunSnapshot(folder: whole))
    }

    /// Most of the lines, in their order.
    private static func some(of bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false).filter { _ in random.chance(percent: 75) }.joined(separator: [0x0A])
            + []
    }

    /// Longer silences, and at times another order of trust or more known ids; no rule becomes a wrong one by it.
    private static func changed(_ pipeline: NaivePipeline, _ random: inout SeededGenerator) -> NaivePipeline {
        var changed = pipeline
        changed.journeys[0].inactivity += 3_600_000_000
        if random.chance(percent: 50) { changed.sessions.gap = 7 * 60_000_000 }
        if random.chance(percent: 50) { changed.identity.linking.reverse() }
        if random.chance(percent: 50) { changed.identity.maxKnown += random.int(1...2) }
        return changed
    }
}
