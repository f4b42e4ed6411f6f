import Foundation
import Ingest
import RunSupport
import Runs
import TestSupport
import Testing

/// Every bit of a small compressed file turned, one at a time: the run fails, or the bit did not matter and the output is the same.
/// In process, since it is thousands of runs.
@Suite struct BitFlipTests {
    private static let pipeline = """
        version: 1
        name: flips
        sources:
          - name: log
            input: log.ndjson
            fields: {time: t, channel: c, touchpoint: p, ids: {customer: u}}
        identity: {known: [customer]}

        """

    private static let plain = Array(
        (0..<12).map { "{\"t\":\(1_772_323_200 + $0 * 61),\"c\":\"web\",\"p\":\"p\($0 % 3)\",\"u\":\"u\($0 % 2)\"}\n" }.joined().utf8)

    /// gzip's header holds bits that mean nothing to the content, and zstd's skippable frames are nothing else.
    private static let files: [String: [UInt8]] = [
        "zstd": Packing.zstd(plain), "two frames": Packing.zstd(plain.dropLast(100).map { $0 }) + Packing.zstd(Array(plain.suffix(100))),
        "skippable": Packing.skippableFrame(Array("note".utf8)) + Packing.zstd(plain), "gzip": Packing.gzip(plain),
    ]

    @Test(arguments: files.keys.sorted(), 0..<8)
    func everyBitIsNoticedOrMeansNothing(_ name: String, bit: Int) throws {
        let file = try #require(Self.files[name])
        let folder = try ScratchFolder()
        try folder.write(Self.pipeline, to: "pipeline.yaml")
        let pipeline = folder.url.appendingPathComponent("pipeline.yaml")
        try folder.write(file, to: "log.ndjson")
        let sound = try RunSnapshot(folder: CaseRun.run(pipeline, into: "sound"))
        var changes = 0
        for place in file.indices {
            var flipped = file
            flipped[place] ^= 1 << bit
            try folder.write(flipped, to: "log.ndjson")
            do {
                let output = try CaseRun.run(pipeline)
                let same = try RunSnapshot(folder: output).differences(from: sound) == []
                // What no longer begins as a compressed file is taken for text, and is none: its lines are put aside.
                if !same {
                    changes += 1
                    #expect(try unusable(output), "bit \(bit) of byte \(place) of \(file.count): other tables")
                    #expect(place < 4, "bit \(bit) of byte \(place) of \(file.count)")
                }
                try FileManager.default.removeItem(at: output)
            } catch let error as RunError {
                #expect(error.exitStatus == 1 && "\(error)".contains("log.ndjson"), "\(error)")
                #expect(!FileManager.default.fileExists(atPath: folder.path("out")) && folder.names().allSatisfy { !$0.hasPrefix(".") })
            }
        }
        #expect(changes <= 4)
    }

    /// Whether the run put all of its lines aside; the command line then fails it with status 3.
    private func unusable(_ output: URL) throws -> Bool {
        let sessions = try String(contentsOf: output.appendingPathComponent("csv/sessions.csv"), encoding: .utf8)
        return sessions.split(separator: "\n").count == 1
    }
}
