import Foundation
import Events
import RunSupport
import States
import TestSupport

/// A random case's files, dealt to runs on one state: cut at random lines into files of their own, or growing in place;
/// in a random order, some given again, as of earlier and later times on the way.
struct StateSequence {
    /// Bytes that are there from a run on.
    private struct Delivery {
        var path: String
        var bytes: [UInt8]
        var run: Int
    }

    private let drawn: RandomCase
    private let folder: ScratchFolder
    private let pipeline: URL
    private var deliveries: [Delivery] = []
    private var random: SeededGenerator
    private let runs: Int

    init(_ drawn: RandomCase, in folder: ScratchFolder) throws {
        self.drawn = drawn
        self.folder = folder
        random = SeededGenerator(seed: drawn.seed &* 31 &+ 7)
        runs = random.int(1...5)
        pipeline = try drawn.write(to: folder.url)
        for file in drawn.files {
            let grows = random.chance(percent: 30)
            var piece = 0
            let pieces = cut(file.bytes)
            // What grows comes in its order; new files come in any.
            var order = pieces.map { _ in random.int(0...runs - 1) }
            if grows { order.sort() }
            for bytes in pieces {
                let path = grows ? file.path : file.path.dropLast(".ndjson".count) + ".\(piece).ndjson"
                deliveries.append(Delivery(path: String(path), bytes: bytes, run: order[piece]))
                piece += 1
            }
            try FileManager.default.removeItem(atPath: folder.path(file.path))
        }
    }

    /// Runs all of it.
    /// - Returns: in words, what is wrong.
    mutating func differences() throws -> [String] {
        var found: [String] = []
        var output = folder.url
        var (known, story): ([String], [String]) = ([], [])
        for run in 0..<runs {
            for delivery in deliveries where delivery.run == run {
                let earlier =
                    known.contains(delivery.path) ? [UInt8](try Data(contentsOf: folder.url.appendingPathComponent(delivery.path))) : []
                try folder.write(earlier + delivery.bytes, to: delivery.path)
                if !known.contains(delivery.path) { known.append(delivery.path) }
            }
            // Everything that is there, as a pipeline's patterns find it, or new files and some old ones by name.
            let new = deliveries.filter { $0.run == run }.map(\.path)
            let inputs = random.chance(percent: 40) ? [] : (new + random.some(random.int(0...2), of: known)).shuffled(using: &random)
            let asOf = run == runs - 1 ? drawn.asOf : onTheWay()
            output = try CaseRun.run(
                pipeline, inputs: inputs.map { folder.path($0) }, threads: random.int(1...3), blockBytes: random.pick([50, 1000, 1 << 20]),
                asOf: asOf, memoryBytes: random.pick([0, 20_000, 64 << 20]), state: "state")
            story.append("\(new) given as \(inputs), as of \(asOf.map(String.init) ?? "the latest")")
            found += try RunLedgers(folder: output).faults.map { "run \(run): \($0)" }
        }
        let whole = try CaseRun.run(pipeline, into: "whole", asOf: drawn.asOf)
        let (ledgers, expected) = (try RunLedgers(folder: output), try RunLedgers(folder: whole))
        if ledgers.total != expected.run { found.append("total \(ledgers.total), should be \(expected.run)") }
        found += try RunSnapshot(folder: output).differences(from: RunSnapshot(folder: whole))
        found += try daysDifferences()
        return found.isEmpty ? [] : found + story
    }

    /// What as-of is found by is what one look at everything says.
    private func daysDifferences() throws -> [String] {
        let stored = try StateFolder(folder.path("state")).use { try DayStore($0).load(texts: SymbolTable()) }.days
        let days = drawn.expected.days
        return Set(stored.keys.map(Int64.init)).union(days.keys).sorted().compactMap { day in
            let (one, other) = (stored[Int32(day)], days[day] ?? NaiveDay())
            let isSame =
                Int64(other.persons) == one?.persons ?? 0 && Int64(other.events) == one?.events ?? 0 && other.latest == one?.latest ?? .min
            return isSame ? nil : "day \(day): \(String(describing: one)), should be \(other)"
        }
    }

    /// Mostly none, else a time among the log's or beyond it.
    private mutating func onTheWay() -> Int64? {
        guard random.chance(percent: 30) else { return nil }
        let last = drawn.expected.asOf
        let first = min(last, RandomCase.start)
        return first + Int64.random(in: 0...(last - first) * 5 / 4, using: &random)
    }

    /// At line ends; some pieces are empty.
    private mutating func cut(_ bytes: [UInt8]) -> [[UInt8]] {
        let ends = bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
        var places = (0..<random.int(0...3)).compactMap { _ in ends.isEmpty ? nil : random.pick(ends) }.sorted()
        places.append(bytes.count)
        var (pieces, start): ([[UInt8]], Int) = ([], 0)
        for place in places {
            pieces.append(Array(bytes[start..<place]))
            start = place
        }
        return pieces
    }
}
