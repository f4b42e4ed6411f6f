import Events
import Foundation
import RunSupport
import Runs
import Scenarios
import TestSupport
import Testing

/// The same events give the same bytes: whatever the number of threads, the size of blocks, the compression and the cut of the
/// files, and whatever the order of lines where no position decides.
@Suite struct SameBytesTests {
    private static let layouts = [1, 2, 5].flatMap { threads in [1, 7, 64, 4096, 1 << 20].map { (threads: threads, blockBytes: $0) } }

    @Test(arguments: 0..<UInt64(24))
    func threadsAndBlocksOfRandomCases(seed: UInt64) throws {
        let folder = try ScratchFolder()
        let drawn = RandomCase(seed: 70_000 + seed)
        try expectSame(inAllLayouts: drawn.write(to: folder.url), asOf: drawn.asOf, in: folder)
    }

    @Test func threadsAndBlocksOfARetailLog() throws {
        let folder = try ScratchFolder()
        try expectSame(inAllLayouts: retail(in: folder), asOf: nil, in: folder)
    }

    /// Twice with each number of threads: what hash tables and schedulers do differs from run to run.
    private func expectSame(inAllLayouts pipeline: URL, asOf: Int64?, in folder: ScratchFolder) throws {
        let first = try RunSnapshot(folder: CaseRun.run(pipeline, asOf: asOf))
        for layout in Self.layouts + [(1, 1 << 20), (5, 1000)] {
            let output = try CaseRun.run(pipeline, threads: layout.threads, blockBytes: layout.blockBytes, asOf: asOf)
            expectSame(first, try RunSnapshot(folder: output), "\(layout)", folder)
        }
        // All rows spilled, from the first on and from the second thousand bytes on; shards of one row to a few dozen.
        for memoryBytes in [0, 1000, 20_000] {
            let output = try CaseRun.run(pipeline, threads: 2, blockBytes: 4096, asOf: asOf, memoryBytes: memoryBytes)
            expectSame(first, try RunSnapshot(folder: output), "spilled beyond \(memoryBytes) bytes", folder)
        }
    }

    /// Whatever a process draws for its hash tables, down to a secret that is none.
    @Test(arguments: 0..<UInt64(12))
    func anyHashSeed(seed: UInt64) throws {
        let folder = try ScratchFolder()
        let drawn = RandomCase(seed: 74_000 + seed)
        let pipeline = try drawn.write(to: folder.url)
        let first = try RunSnapshot(folder: CaseRun.run(pipeline, asOf: drawn.asOf))
        // Other tests that run meanwhile have tables with these seeds too, which must not matter to them either.
        let own = HashSeed.ofProcess
        defer { HashSeed.replaceOfProcess(by: own) }
        for words in [(0, 0), (1, 0), (0, 1), (.max, .max), (seed, ~seed)] as [(UInt64, UInt64)] {
            HashSeed.replaceOfProcess(by: HashSeed(first: words.0, second: words.1))
            expectSame(
                first, try RunSnapshot(folder: CaseRun.run(pipeline, threads: 2, blockBytes: 4096, asOf: drawn.asOf)), "\(words)", folder)
        }
    }

    @Test(arguments: 0..<UInt64(40))
    func compressionOfRandomCases(seed: UInt64) throws {
        let folder = try ScratchFolder()
        let drawn = RandomCase(seed: 71_000 + seed)
        let pipeline = try drawn.write(to: folder.url)
        try expectSame(inAllPackings: drawn.files.map { ($0.path, $0.bytes) }, of: pipeline, asOf: drawn.asOf, in: folder)
    }

    @Test func compressionOfARetailLog() throws {
        let folder = try ScratchFolder()
        let pipeline = try retail(in: folder)
        let files = try folder.names("log").map {
            ("log/\($0)", Packing.unpacked(Array(try Data(contentsOf: folder.url.appendingPathComponent("log/\($0)")))))
        }
        try expectSame(inAllPackings: files, of: pipeline, asOf: nil, in: folder)
    }

    /// The names stay: what a file is packed with is told by its content.
    private func expectSame(inAllPackings files: [(path: String, bytes: [UInt8])], of pipeline: URL, asOf: Int64?, in folder: ScratchFolder)
        throws
    {
        let first = try RunSnapshot(folder: CaseRun.run(pipeline, threads: 2, asOf: asOf))
        let packings: [(String, ([UInt8]) -> [UInt8])] = [
            ("one frame", { Packing.zstd($0) }), ("without checksum", { Packing.zstd($0, checksum: false) }),
            ("many frames", { Packing.skippableFrame([]) + Packing.zstdFrames($0, of: 1000) }), ("gzip", Packing.gzip),
            ("gzip members", { Packing.gzipMembers($0, of: 3000) }),
        ]
        for (name, pack) in packings {
            for file in files { try folder.write(pack(file.bytes), to: file.path) }
            expectSame(first, try RunSnapshot(folder: CaseRun.run(pipeline, threads: 2, blockBytes: 500, asOf: asOf)), name, folder)
        }
    }

    /// Cut at line ends into pieces whose names keep the order, and joined to one file a source: the positions stay in order.
    @Test(arguments: 0..<UInt64(40))
    func filesCutAndJoined(seed: UInt64) throws {
        let folder = try ScratchFolder()
        let drawn = RandomCase(seed: 72_000 + seed)
        let pipeline = try drawn.write(to: folder.url)
        let first = try RunSnapshot(folder: CaseRun.run(pipeline, asOf: drawn.asOf)).withoutPlaces()

        for file in drawn.files { try FileManager.default.removeItem(atPath: folder.path(file.path)) }
        for file in drawn.files {
            for (number, piece) in lines(file.bytes).enumerated() {
                try folder.write(piece, to: file.path.dropLast(".ndjson".count) + ".\(1000 + number).ndjson")
            }
        }
        expectSame(first, try RunSnapshot(folder: CaseRun.run(pipeline, threads: 3, asOf: drawn.asOf)).withoutPlaces(), "cut", folder)

        for name in folder.names() where name.hasSuffix(".ndjson") { try FileManager.default.removeItem(atPath: folder.path(name)) }
        for files in Dictionary(grouping: drawn.files, by: \.source).values {
            try folder.write(files.flatMap { ended(withoutMark($0.bytes)) }, to: files[0].path)
        }
        expectSame(first, try RunSnapshot(folder: CaseRun.run(pipeline, threads: 3, asOf: drawn.asOf)).withoutPlaces(), "joined", folder)
    }

    /// Where a shuffled log gives the reference the same tables, positions decide nothing in it.
    @Test(arguments: 0..<UInt64(4))
    func linesShuffled(slice: UInt64) throws {
        var shuffledCases = 0
        for seed in slice * 15..<slice * 15 + 15 {
            let drawn = RandomCase(seed: 73_000 + seed)
            var random = SeededGenerator(seed: seed)
            let shuffled = drawn.files.map { file in
                let lines = lines(ended(withoutMark(file.bytes))).shuffled(using: &random)
                return NaiveFile(source: file.source, path: file.path, bytes: lines.flatMap { $0 })
            }
            let original = drawn.expected
            var expected = NaiveReference.tables(drawn.pipeline, shuffled, asOf: drawn.asOf)
            expected.quarantine = original.quarantine
            guard expected == original else { continue }
            shuffledCases += 1
            let folder = try ScratchFolder()
            let pipeline = try drawn.write(to: folder.url)
            let first = try RunSnapshot(folder: CaseRun.run(pipeline, asOf: drawn.asOf)).withoutPlaces()
            for file in shuffled { try folder.write(file.bytes, to: file.path) }
            expectSame(
                first, try RunSnapshot(folder: CaseRun.run(pipeline, threads: 2, asOf: drawn.asOf)).withoutPlaces(), "seed \(seed)", folder)
        }
        #expect(shuffledCases >= 2, "the cases no longer test anything")
    }

    @Test func orderOfArguments() throws {
        let folder = try ScratchFolder()
        let pipeline = try retail(in: folder)
        let first = try RunSnapshot(folder: CaseRun.run(pipeline))
        let files = folder.names("log").map { folder.path("log/\($0)") }
        for order in [files, files.reversed(), files + files] {
            expectSame(first, try RunSnapshot(folder: CaseRun.run(pipeline, inputs: order, threads: 2)), "arguments", folder)
        }
    }

    // MARK: Parts

    private func expectSame(_ first: RunSnapshot, _ other: RunSnapshot, _ how: String, _ folder: ScratchFolder) {
        let found = other.differences(from: first)
        if !found.isEmpty { folder.keep() }
        #expect(found == [], "\(how), in \(folder.path)")
    }

    /// The sample pipeline on a log of its own in `log`.
    private func retail(in folder: ScratchFolder) throws -> URL {
        _ = try Scenario.retail.generate(into: folder.path("log"), lines: 4000, seed: 5)
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent("pipelines/retail.yaml"), encoding: .utf8)
        try folder.write(text.replacingOccurrences(of: "../sample-data/", with: "log/"), to: "pipeline.yaml")
        for name in ["truth.json", "truth-frictions.ndjson"] { try FileManager.default.removeItem(atPath: folder.path("log/\(name)")) }
        return folder.url.appendingPathComponent("pipeline.yaml")
    }

    /// With their line ends; the last may have none.
    private func lines(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { $0 + [0x0A] }.dropLast()
            + (bytes.last == 0x0A || bytes.isEmpty ? [] : [Array(bytes.split(separator: 0x0A).last ?? [])])
    }

    private func ended(_ bytes: [UInt8]) -> [UInt8] { bytes.isEmpty || bytes.last == 0x0A ? bytes : bytes + [0x0A] }

    /// A byte order mark counts only at the beginning of a file.
    private func withoutMark(_ bytes: [UInt8]) -> [UInt8] { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes }
}
