import Foundation
import Testing

@testable import TestSupport

/// Standard input in pieces, run by run on one state: lines count on, and the last run publishes what one run over all of it
/// does.
@Suite struct StandardInputStateTests {
    @Test(arguments: 0..<UInt64(16))
    func piecesAreOneText(seed: UInt64) throws {
        let drawn = RandomCase(seed: 60_000 + seed)
        var random = SeededGenerator(seed: seed)
        let folder = try ScratchFolder()
        try folder.write(drawn.yaml, to: "pipeline.yaml")
        let file = drawn.files[0]
        func run(_ text: [UInt8], _ output: String, _ more: [String]) throws {
            let asOf = drawn.asOfText.map { ["--as-of", $0] } ?? []
            let ended = try Binary.run(
                ["run", "pipeline.yaml", "-", "--source", file.source, "--max-rejects", "100%", "-o", output, "--quiet"] + asOf + more,
                input: text, in: folder.path)
            #expect(ended.status == 0, "\(ended.errors)")
        }
        try run(file.bytes, "whole", [])
        let ends = [0] + file.bytes.indices.filter { file.bytes[$0] == 0x0A }.map { $0 + 1 } + [file.bytes.count]
        let cuts = ([0, file.bytes.count] + (0..<random.int(1...3)).map { _ in random.pick(ends) }).sorted()
        for (start, end) in zip(cuts, cuts.dropFirst()) { try run(Array(file.bytes[start..<end]), "out", ["--state", "state"]) }
        let (whole, found) = (folder.url.appendingPathComponent("whole"), folder.url.appendingPathComponent("out"))
        // Where a piece began in the text is not known to a run: offsets are those in the piece.
        #expect(
            try RunSnapshot(folder: found).withoutPlaces().differences(from: RunSnapshot(folder: whole).withoutPlaces()) == [],
            "seed \(seed)")
        #expect(try RunLedgers(folder: found).total == RunLedgers(folder: whole).run && RunLedgers(folder: found).faults == [])
        #expect(try lines(found) == lines(whole), "seed \(seed)")
    }

    /// Line numbers of what was put aside.
    private func lines(_ output: URL) throws -> [String] {
        try Data(contentsOf: output.appendingPathComponent("quarantine.ndjson")).split(separator: 0x0A).map { line in
            try NaiveJSONParser.parse(Array(line)).value(at: "line")?.text?.description ?? "?"
        }
    }
}
