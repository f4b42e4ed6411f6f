import Foundation
import TestSupport
import Testing

/// Compressed files that are cut, damaged or odd: all of their lines, or status 1 with the file and the place, and nothing published.
@Suite struct DamagedFileTests {
    private static let plain = Array(SmallLog.lines(12).utf8)

    /// Cut behind every byte but the last; of an empty file nobody can tell that it was more.
    @Test(arguments: [("zstd", Packing.zstd(plain)), ("zstd", Packing.zstd(plain, checksum: false)), ("gzip", Packing.gzip(plain))], 0..<4)
    func cutAnywhere(_ packed: (format: String, bytes: [UInt8]), quarter: Int) throws {
        let log = try SmallLog([])
        for count in stride(from: quarter + 1, to: packed.bytes.count, by: 4) {
            try log.folder.write(packed.bytes[..<count], to: "log-1.ndjson")
            let ended = try log.run()
            #expect(ended.status == 1 && !log.isPublished && log.leftOvers == [], "\(count) of \(packed.bytes.count): \(ended.errors)")
            #expect(
                ended.errors.contains("log-1.ndjson: the \(packed.format) data ends too early, at byte \(count) of the file"),
                "\(ended.errors)")
        }
        try log.folder.write(packed.bytes, to: "log-1.ndjson")
        #expect(try log.run().status == 0)
    }

    /// Between two members of a file that has several, a cut cannot be told from an end; everywhere else it can.
    @Test func cutWithinTheSecondFrame() throws {
        for (first, second) in [(Packing.zstd(Self.plain), Packing.zstd(Self.plain)), (Packing.gzip(Self.plain), Packing.gzip(Self.plain))]
        {
            let log = try SmallLog([])
            for count in [1, 2, 3, 5, second.count / 2, second.count - 1] {
                try log.folder.write(first + second[..<count], to: "log-1.ndjson")
                let ended = try log.run()
                #expect(ended.status == 1 && ended.errors.contains("byte \(first.count + count) "), "\(count): \(ended.errors)")
                #expect(!log.isPublished && log.leftOvers == [])
            }
        }
    }

    @Test(arguments: [
        Array("junk".utf8), [0, 0, 0, 7], Array("{\"a\":1}\n".utf8), [0x28, 0xB5, 0x2F], [0x28, 0xB5, 0x2F, 0xFE], [0x1F, 0x8C],
        [0x50, 0x2A, 0x4D, 0x19, 0, 0, 0, 0],
    ])
    func junkAfterTheLastFrame(_ junk: [UInt8]) throws {
        for (format, packed) in [("zstd", Packing.zstd(Self.plain)), ("gzip", Packing.gzip(Self.plain))] {
            let log = try SmallLog(packed + junk)
            let ended = try log.run()
            #expect(ended.status == 1 && !log.isPublished && log.leftOvers == [], "\(format): \(ended.errors)")
            #expect(
                ended.errors.contains("log-1.ndjson") && ended.errors.contains(" \(format) data") && ended.errors.contains("byte "),
                "\(ended.errors)")
        }
    }

    /// Zero bytes behind a gzip member are padding, and another member may follow; behind a zstd frame they are no frame.
    @Test(arguments: [1, 4, 511, 300 << 10])
    func zerosAfterTheLastMember(_ count: Int) throws {
        let (member, padding) = (Packing.gzip(Self.plain), [UInt8](repeating: 0, count: count))
        for (bytes, lines) in [(member + padding, 12), (member + padding + member, 24), (member + padding + member + padding, 24)] {
            let log = try SmallLog(bytes)
            let ended = try log.run()
            #expect(ended.status == 0 && log.record("ledger.lines") == String(lines), "\(ended.errors)")
        }
        let cut = try SmallLog(member + padding + member.dropLast(3)).run()
        #expect(
            cut.status == 1 && cut.errors.contains("the gzip data ends too early, at byte \(2 * member.count + count - 3) "),
            "\(cut.errors)")
        #expect(try SmallLog(member + padding + Array("junk".utf8)).run().errors.contains("damaged gzip data at byte"))
        #expect(try SmallLog(Packing.zstd(Self.plain) + padding).run().status == 1)
    }

    /// One source's damage is the whole run's: what other files hold is not published either, and an earlier output stays.
    @Test func oneDamagedFileOfMany() throws {
        let log = try SmallLog(Packing.zstd(Self.plain))
        #expect(try log.run().status == 0)
        let before = try RunSnapshot(folder: log.folder.url.appendingPathComponent("out"))
        for number in 2...9 { try log.folder.write(Packing.zstd(Self.plain), to: "log-\(number).ndjson") }
        try log.folder.write(Packing.zstd(Self.plain).dropLast(3), to: "log-5.ndjson")
        for threads in ["1", "3"] {
            let ended = try log.run("--threads", threads)
            #expect(ended.status == 1 && ended.errors.contains("log-5.ndjson"), "\(ended.errors)")
            #expect(try RunSnapshot(folder: log.folder.url.appendingPathComponent("out")).differences(from: before) == [])
        }
    }

    @Test func oddButSoundFiles() throws {
        let (plain, skippable) = (Self.plain, Packing.skippableFrame([UInt8](repeating: 7, count: 1000), number: 15))
        let files: [(String, [UInt8], Int)] = [
            ("skippable frames", skippable + Packing.zstd(plain) + skippable + skippable, 12), ("skippable frame only", skippable, 0),
            ("empty frames", Packing.zstd([]) + Packing.zstd([]) + Packing.zstd(plain) + Packing.zstd([]), 12),
            ("empty frame only", Packing.zstd([]), 0),
            ("a frame for each byte", Packing.zstdFrames(plain, of: 1), 12),
            ("a member for each byte", Packing.gzipMembers(plain, of: 1), 12),
            ("empty member only", Packing.gzip([]), 0), ("empty file", [], 0),
            ("no frame's size known", Packing.zstd(pieces: [plain, plain]), 24),
            ("long window", Packing.zstd(pieces: [plain, plain], windowLog: 27), 24),
        ]
        for (name, bytes, lines) in files {
            let log = try SmallLog(bytes)
            let ended = try log.run()
            #expect(ended.status == 0 && log.record("ledger.lines") == String(lines), "\(name): \(ended.errors)")
        }
    }

    /// A window that needs more than 128 MiB is refused rather than held.
    @Test func windowBeyondTheLimit() throws {
        let log = try SmallLog(Packing.zstd(pieces: [Self.plain, Self.plain], windowLog: 28))
        let ended = try log.run()
        #expect(ended.status == 1 && ended.errors.contains("log-1.ndjson") && ended.errors.contains("memory"), "\(ended.errors)")
    }

    @Test func filesThatCannotBeRead() throws {
        let log = try SmallLog()
        try FileManager.default.removeItem(atPath: log.folder.path("log-1.ndjson"))
        try FileManager.default.createSymbolicLink(atPath: log.folder.path("log-1.ndjson"), withDestinationPath: "nowhere")
        let ended = try log.run()
        #expect([1, 2].contains(ended.status) && ended.errors.contains("log-"), "\(ended.errors)")
        #expect(!log.isPublished && log.leftOvers == [])
    }
}
