import Foundation
import TestSupport
import Testing

/// Files that are no NDJSON: status 1, called what they are, and nothing published.
@Suite struct ForeignFileTests {
    private static let pipeline = """
        version: 1
        name: small
        sources:
          - {name: log, input: log-*.ndjson, constants: {channel: web}, fields: {time: ts, touchpoint: tp, ids: {customer: u}}}
        identity: {known: [customer]}

        """

    @Test(arguments: ForeignFiles.all.indices)
    func isRefused(_ index: Int) throws {
        let (bytes, name) = ForeignFiles.all[index]
        let packed = [bytes, Packing.gzip(bytes), Packing.zstd(bytes)][index % 3]
        let log = try SmallLog(packed, pipeline: Self.pipeline)
        for arguments in [
            ["run", "p.yaml", "-o", "out"], ["run", "p.yaml", "-o", "out", "--state", "s", "--max-rejects", "100%"],
            ["validate", "p.yaml"],
        ] {
            let ended = try Binary.run(arguments, in: log.folder.path)
            #expect(
                ended.status == 1 && ended.errors.contains("log-1.ndjson: this is ") && ended.errors.contains(name),
                "\(name): \(ended.status) \(ended.errors)")
            #expect(!log.isPublished && log.leftOvers == [])
        }
        let piped = try Binary.run("run", "p.yaml", "-o", "out", "-", input: packed, in: log.folder.path)
        #expect(
            piped.status == 1 && piped.errors.contains("standard input: this is ") && piped.errors.contains(name),
            "\(name): \(piped.errors)")
        #expect(!log.isPublished && log.leftOvers == [])
    }

    @Test func badFirstLinesAreBadLines() throws {
        for beginning in ForeignFiles.badBeginnings {
            let text = beginning + "\n" + (0..<3).map { ForeignFiles.object($0) + "\n" }.joined()
            let log = try SmallLog(Array(text.utf8), pipeline: Self.pipeline)
            let ended = try log.run("--max-rejects", "100%")
            #expect(ended.status == 0, "\(beginning): \(ended.errors)")
        }
    }

    /// One of several files is enough, and an output that is there stays.
    @Test func oneOfMany() throws {
        let good = Array((0..<20).map { ForeignFiles.object($0) + "\n" }.joined().utf8)
        let log = try SmallLog(good, pipeline: Self.pipeline)
        #expect(try log.run().status == 0)
        let before = try RunSnapshot(folder: log.folder.url.appendingPathComponent("out"))
        try log.folder.write(Array("PK\u{3}\u{4}".utf8) + [20, 0, 0, 0], to: "log-2.ndjson")
        let ended = try log.run()
        #expect(ended.status == 1 && ended.errors.contains("log-2.ndjson: this is a zip archive"), "\(ended.errors)")
        #expect(try RunSnapshot(folder: log.folder.url.appendingPathComponent("out")).differences(from: before) == [])
    }
}
