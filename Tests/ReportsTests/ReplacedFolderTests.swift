import Disk
import Foundation
import Glibc
import Reports
import TestSupport
import Testing

/// What a folder that is replaced keeps, and what keeps it from being replaced.
struct ReplacedFolderTests {
    private static let runFile = Array("{\n  \"tool\": \"sojourn\"\n}\n".utf8)

    @discardableResult
    private func publish(_ path: String, canExchange: Bool = true) throws -> String? {
        let publication = try Publication(path, canExchange: canExchange)
        try publication.write(Self.runFile, to: "run.json")
        try publication.write(PublicationTests.description("a"), to: "datapackage.json")
        try publication.write([1], to: "csv/a.csv")
        return try publication.publish()
    }

    private func status(_ path: String) throws -> stat {
        var status = stat()
        try #require(stat(path, &status) == 0)
        return status
    }

    // MARK: Mode and group

    private static let modes: [mode_t] = [0o755, 0o2775, 0o700, 0o1777, 0o2750, 0o6711, 0o555]

    /// Whether it held an output or nothing, and whatever way it is replaced.
    @Test(arguments: [true, false], modes) func modeAndGroupStay(canExchange: Bool, mode: mode_t) throws {
        let folder = try TemporaryFolder()
        for before in ["an output", "nothing"] {
            let path = folder(before)
            if before == "nothing" { try #require(mkdir(path, 0o700) == 0) } else { try publish(path) }
            // Only root may give a group away that is not its own.
            let group: gid_t = geteuid() == 0 ? 54_321 : getegid()
            try #require(chown(path, uid_t.max, group) == 0 && chmod(path, mode) == 0)
            for _ in 0..<2 {
                #expect(try publish(path, canExchange: canExchange) == nil)
                let found = try status(path)
                #expect(
                    found.st_mode & 0o7777 == mode && found.st_gid == group,
                    "\(before): \(String(found.st_mode, radix: 8)), \(found.st_gid)")
            }
            // With the bit that hands the group on, also to what is in it.
            if mode & 0o2000 != 0 {
                for name in ["/csv", "/csv/a.csv", "/run.json"] { #expect(try status(path + name).st_gid == group, "\(name)") }
            }
        }
        #expect(folder.names() == ["an output", "nothing"])
    }

    /// Somebody changes them while the run is at work; and nobody else may look in meanwhile.
    @Test func modesOfTheMomentOfPublication() throws {
        let folder = try TemporaryFolder()
        try publish(folder("out"))
        try #require(chmod(folder("out"), 0o700) == 0)
        let publication = try Publication(folder("out"))
        #expect(try status(folder(".out.partial-\(getpid())")).st_mode & 0o7777 == 0o700)
        try publication.write(Self.runFile, to: "run.json")
        try #require(chmod(folder("out"), 0o750) == 0)
        try publication.publish()
        #expect(try status(folder("out")).st_mode & 0o7777 == 0o750)
    }

    @Test func ownersStayWhereTheyMay() throws {
        guard geteuid() == 0 else { return }
        let folder = try TemporaryFolder()
        try publish(folder("out"))
        try #require(chown(folder("out"), 54_321, 54_321) == 0)
        try publish(folder("out"))
        let found = try status(folder("out"))
        #expect(found.st_uid == 54_321 && found.st_gid == 54_321)
    }

    /// A file that is replaced keeps them too.
    @Test func filesAlike() throws {
        let folder = try TemporaryFolder()
        try FileReplacement.write([1], to: folder("f"))
        try #require(chmod(folder("f"), 0o640) == 0)
        if geteuid() == 0 { try #require(chown(folder("f"), uid_t.max, 54_321) == 0) }
        try FileReplacement.write([2], to: folder("f"))
        let found = try status(folder("f"))
        #expect(found.st_mode & 0o7777 == 0o640 && (geteuid() != 0 || found.st_gid == 54_321) && folder.bytes("f") == [2])
    }

    // MARK: What somebody else put there

    @Test func strangersAreNamed() throws {
        let folder = try TemporaryFolder()
        for (name, shown) in [
            ("note.txt", "note.txt"), ("csv/b.csv", "csv/b.csv"), (".x", ".x"), ("maps/a/b", "maps"), ("csv/a/b", "csv/a"),
            ("report.html/x", "report.html"),
            ("a.csv", "a.csv"),
        ] {
            try publish(folder("out"))
            try folder.write("mine", to: "out/" + name)
            let error = try #require(throws: OutputError.self, "\(name)") { try Publication(folder("out")) }
            #expect(error.description.contains("no run put there: \(shown);"), "\(error)")
            #expect(folder.text("out/" + name) == "mine" && folder.names() == ["out"])
            try FileManager.default.removeItem(atPath: folder("out"))
        }
        try publish(folder("out"))
        for number in 1...7 { try folder.write("mine", to: "out/\(number)") }
        let error = try #require(throws: OutputError.self) { try Publication(folder("out")) }
        #expect(error.description.contains("1, 2, 3, 4, 5 and 2 more;"), "\(error)")
    }

    /// A link in the place of a file is somebody's, and so is a folder that is not one of ours any more.
    @Test func linksAndKinds() throws {
        let folder = try TemporaryFolder()
        for name in ["csv", "metrics.sqlite", "csv/a.csv"] {
            try publish(folder("out"))
            try? FileManager.default.removeItem(atPath: folder("out/" + name))
            try FileManager.default.createSymbolicLink(atPath: folder("out/" + name), withDestinationPath: folder.path)
            let error = try #require(throws: OutputError.self, "\(name)") { try Publication(folder("out")) }
            #expect(error.description.contains("no run put there: \(name);"), "\(error)")
            try FileManager.default.removeItem(atPath: folder("out"))
        }
    }

    /// Without the description nobody can tell whose the tables are.
    @Test func tablesWithoutDescription() throws {
        let folder = try TemporaryFolder()
        for text in [nil, "", "{", "[]", "{\"resources\": [{\"path\": 7}]}"] {
            try publish(folder("out"))
            if let text {
                try folder.write(text, to: "out/datapackage.json")
            } else {
                try FileManager.default.removeItem(atPath: folder("out/datapackage.json"))
            }
            let error = try #require(throws: OutputError.self, "\(text ?? "none")") { try Publication(folder("out")) }
            #expect(error.description.contains("no run put there: csv/a.csv;"), "\(error)")
            try FileManager.default.removeItem(atPath: folder("out"))
        }
    }

    @Test func whatComesWhileARunIsAtWorkStays() throws {
        let folder = try TemporaryFolder()
        try publish(folder("out"))
        let publication = try Publication(folder("out"))
        try publication.write(Self.runFile, to: "run.json")
        try folder.write("mine", to: "out/csv/note.csv")
        let error = try #require(throws: OutputError.self) { try publication.publish() }
        #expect(error.description.contains("csv/note.csv"), "\(error)")
        publication.discard()
        #expect(folder.text("out/csv/note.csv") == "mine" && folder.names() == ["out"])
    }

    /// The new output is there, and the caller is told where the old one is.
    @Test func anOldOutputThatCannotBeRemoved() throws {
        let folder = try TemporaryFolder()
        try publish(folder("out"))
        // A mount point stays; without privilege this test says nothing.
        guard mount("tmpfs", folder("out/csv"), "tmpfs", 0, "size=1m") == 0 else { return }
        let left = try publish(folder("out"))
        #expect(left == folder(".out.partial-\(getpid())"))
        #expect(folder.bytes("out/csv/a.csv") == [1])
        umount2(folder(".out.partial-\(getpid())/csv"), Int32(MNT_DETACH))
        #expect(try publish(folder("out")) == nil)
        #expect(folder.names() == ["out"])
    }
}
