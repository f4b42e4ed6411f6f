import Disk
import Foundation
import Glibc
import Reports
import Tables
import TestSupport
import Testing

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
        table.rows = ReportRows(count: 30_000) { [.day(0), .text("step \($0)"), .integer(0), .ratio(0), .duration(1), .unknown] }
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
