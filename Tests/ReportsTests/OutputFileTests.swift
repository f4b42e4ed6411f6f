import Disk
import Foundation
import Glibc
import Reports
import Tables
import Testing

struct OutputFileTests {
    @Test func bytesComeOutAsTheyWentIn() throws {
        let folder = try TemporaryFolder()
        let file = try OutputFile(path: folder("f"))
        var expected: [UInt8] = []
        // Around the buffer's size, where a piece fits, fills it, or goes past it.
        for size in [0, 1, 500_000, 548_575, 1, 1 << 20, (1 << 20) - 1, 2, 2 << 20, 7] {
            let piece = [UInt8](repeating: UInt8(size % 251), count: size)
            try file.write(piece)
            expected += piece
        }
        try file.write("Zürich")
        expected += Array("Zürich".utf8)
        let digest = try file.finish()
        #expect(folder.bytes("f") == expected)
        #expect(digest.bytes == Int64(expected.count))
        #expect(digest.sha256 == nil)
        #expect(try file.finish() == digest)
        #expect(throws: OutputError.self) { try file.write("more") }
    }

    @Test func aFullDeviceIsAnError() throws {
        let file = try OutputFile(path: "/dev/full")
        try file.write("fits into the buffer")
        let error = try #require(throws: OutputError.self) { try file.finish() }
        #expect(error.description == "cannot write /dev/full: No space left on device")
        #expect(error.code == ENOSPC)
        #expect(!file.isFinished)
        // The error stays, whoever asks again.
        #expect(throws: error) { try file.write("x") }
        #expect(throws: error) { try file.finish() }
    }

    @Test func aLinkIsNotFollowed() throws {
        let folder = try TemporaryFolder()
        try folder.write("precious", to: "target")
        try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: folder("target"))
        #expect(throws: OutputError.self) { try OutputFile(path: folder("link")) }
        #expect(folder.text("target") == "precious")
    }

    @Test func aMissingFolderIsNamed() throws {
        let error = try #require(throws: OutputError.self) { try OutputFile(path: "/nonexistent/f") }
        #expect(error.description == "cannot create /nonexistent/f: No such file or directory")
    }
}

/// A filesystem of 1 MiB, which takes a privileged user; without one, these tests say nothing.
struct FullDiskTests {
    private final class SmallDisk {
        let folder: TemporaryFolder
        private let mounted: Bool

        init?() throws {
            folder = try TemporaryFolder()
            mounted = mount("tmpfs", folder.path, "tmpfs", 0, "size=1m") == 0
            guard mounted else { return nil }
        }

        deinit { if mounted { umount2(folder.path, Int32(MNT_DETACH)) } }
    }

    @Test func theOldOutputSurvives() throws {
        guard let disk = try SmallDisk() else { return }
        let folder = disk.folder
        let old = try Publication(folder("out"))
        try old.write(Array("{\"tool\": \"sojourn\"}".utf8), to: "run.json")
        try old.publish()

        let new = try Publication(folder("out"))
        let file = try new.file("csv/large.csv")
        let error = try #require(throws: OutputError.self) {
            for _ in 0..<3 { try file.write([UInt8](repeating: 65, count: 1_000_000)) }
            try file.finish()
        }
        #expect(error.code == ENOSPC)
        #expect(error.path.hasSuffix("csv/large.csv"))
        #expect(throws: error, "the publication stops at the failed file") { try new.publish() }
        new.discard()
        #expect(folder.names() == ["out"])
        #expect(folder.names("out") == ["run.json"])
    }

    @Test func theDatabaseToo() throws {
        guard let disk = try SmallDisk() else { return }
        let folder = disk.folder
        var table = SQLiteFileTests.table
        table.rows = (0..<30_000).map { [.day(0), .text("step \($0)"), .integer(0), .ratio(0), .duration(1), .unknown] }
        let publication = try Publication(folder("out"))
        let path = try publication.path(for: "metrics.sqlite")
        let error = try #require(throws: OutputError.self) { try SQLiteFile.write([table], run: [], to: path) }
        #expect(error.path == path)
        #expect(error.description.contains("full") || error.code == ENOSPC, "\(error)")
        publication.discard()
        #expect(folder.names() == [])
    }

    @Test func aMountPointCannotBeReplaced() throws {
        guard let disk = try SmallDisk() else { return }
        let error = try #require(throws: OutputError.self) { try Publication(disk.folder.path) }
        #expect(error.description.contains("mount point"))
    }
}
