import Disk
import Foundation
import Glibc
import Reports
import Tables
import TestSupport
import Testing

struct PublicationTests {
    private static let runFile = Array("{\n  \"tool\": \"sojourn\"\n}\n".utf8)

    /// What says that csv/ holds these files.
    static func description(_ tables: String...) -> [UInt8] {
        Array("{\"resources\": [\(tables.map { "{\"path\": \"csv/\($0).csv\"}" }.joined(separator: ", "))]}".utf8)
    }

    /// Publishes an output with one table besides run.json.
    private func publish(_ path: String, _ content: String, canExchange: Bool = true) throws {
        let publication = try Publication(path, canExchange: canExchange)
        try publication.write(Self.runFile, to: "run.json")
        try publication.write(Self.description("a"), to: "datapackage.json")
        try publication.write(Array(content.utf8), to: "csv/a.csv")
        try publication.publish()
    }

    private func mode(_ path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    /// A process number that no process has: that of a child that has ended and was waited for.
    private func deadProcess() throws -> Int32 {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/true")
        try child.run()
        child.waitUntilExit()
        return child.processIdentifier
    }

    @Test func aFreshOutput() throws {
        let folder = try TemporaryFolder()
        let publication = try Publication(folder("out"))
        try publication.write(Self.runFile, to: "run.json")
        try publication.write([], to: "quarantine.ndjson", mode: 0o600)
        let digest = try publication.write(Array("abc".utf8), to: "csv/a.csv", hashing: true)
        #expect(digest == FileDigest(bytes: 3, sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
        #expect(folder.names() == [".out.partial-\(getpid())"], "nothing is seen before the publication")
        try publication.publish()
        #expect(folder.names() == ["out"])
        #expect(folder.names("out") == ["csv", "quarantine.ndjson", "run.json"])
        #expect(folder.text("out/csv/a.csv") == "abc")
        #expect(mode(folder("out/quarantine.ndjson")) == 0o600)
        #expect(!publication.discard(), "it is too late")
        #expect(folder.text("out/csv/a.csv") == "abc")
    }

    @Test func modesAreThoseGivenLessTheMask() throws {
        let folder = try TemporaryFolder()
        try publish(folder("out"), "abc")
        let mask = umask(0o022)
        umask(mask)
        #expect(mode(folder("out")) == 0o755 & ~mask)
        #expect(mode(folder("out/run.json")) == 0o644 & ~mask)
    }

    @Test(arguments: [true, false]) func replacesAnEarlierOutputAsAWhole(canExchange: Bool) throws {
        let folder = try TemporaryFolder()
        try publish(folder("out"), "old", canExchange: canExchange)
        try folder.write("x", to: "out/csv/only-in-old.csv")
        try folder.write(String(decoding: Self.description("a", "only-in-old"), as: UTF8.self), to: "out/datapackage.json")
        let publication = try Publication(folder("out"), canExchange: canExchange)
        try publication.write(Self.runFile, to: "run.json")
        try publication.write(Array("new".utf8), to: "csv/a.csv")
        #expect(folder.text("out/csv/a.csv") == "old")
        try publication.publish()
        #expect(folder.text("out/csv/a.csv") == "new")
        #expect(folder.names("out/csv") == ["a.csv"])
        #expect(folder.names() == ["out"])
    }

    @Test func takesAnEmptyFolderAndCreatesMissingOnes() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder("empty"), withIntermediateDirectories: true)
        try publish(folder("empty/"), "a")
        #expect(folder.text("empty/csv/a.csv") == "a")
        try publish(folder("deep//er/out//"), "b")
        #expect(folder.text("deep/er/out/csv/a.csv") == "b")
        let publication = try Publication(folder("gone/again/out"))
        #expect(publication.discard())
        #expect(folder.names() == ["deep", "empty"])
    }

    @Test func refusesWhatIsNotItsOwn() throws {
        let folder = try TemporaryFolder()
        try folder.write("dear diary", to: "home/diary.txt")
        try folder.write("{\"tool\": \"another\"}", to: "other/run.json")
        try folder.write("x", to: "file")
        try FileManager.default.createSymbolicLink(atPath: folder("nowhere"), withDestinationPath: folder("missing"))
        try FileManager.default.createSymbolicLink(atPath: folder("to-home"), withDestinationPath: folder("home"))
        let before = folder.names()
        for (name, words) in [
            ("home", "no earlier output"), ("home/", "no earlier output"), ("to-home", "no earlier output"), ("other", "no earlier output"),
            ("file", "not a folder"), ("nowhere", "leads nowhere"), ("file/out", "Not a directory"), ("none/../out", "No such file"),
        ] {
            let error = try #require(throws: OutputError.self, "\(name)") { try Publication(folder(name)) }
            #expect(error.description.contains(words), "\(error)")
        }
        for path in ["", "/", "///", "a\0b", "/proc"] { #expect(throws: OutputError.self, "\(path)") { try Publication(path) } }
        #expect(folder.names() == before)
        #expect(folder.text("home/diary.txt") == "dear diary")
    }

    @Test func filesThatAppearDuringTheRunAreSafe() throws {
        let folder = try TemporaryFolder()
        for canExchange in [true, false] {
            let publication = try Publication(folder("out"), canExchange: canExchange)
            try publication.write(Self.runFile, to: "run.json")
            try folder.write("mine", to: "out/note.txt")
            #expect(throws: OutputError.self) { try publication.publish() }
            publication.discard()
            #expect(folder.names() == ["out"])
            #expect(folder.text("out/note.txt") == "mine")
            try FileManager.default.removeItem(atPath: folder("out"))
        }
    }

    @Test func aLinkStaysAndItsFolderIsReplaced() throws {
        let folder = try TemporaryFolder()
        try publish(folder("disk/real"), "old")
        try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: "disk/real")
        try publish(folder("link/"), "new")
        #expect(folder.text("disk/real/csv/a.csv") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("link")) == "disk/real")
        #expect(folder.names("disk") == ["real"])
    }

    @Test func aFailureInTheMiddleLeavesTheOld() throws {
        let folder = try TemporaryFolder()
        try publish(folder("out"), "old")
        do {
            let publication = try Publication(folder("out"))
            try publication.write(Self.runFile, to: "run.json")
            let file = try publication.file("csv/a.csv")
            try file.write("half of")
            let error = try #require(throws: OutputError.self) { try publication.publish() }
            #expect(error.description.contains("csv/a.csv: the file was not finished"))
            #expect(folder.text("out/csv/a.csv") == "old")
        }
        #expect(folder.names() == ["out"], "the last reference is gone, and so is the partial folder")
        #expect(folder.text("out/csv/a.csv") == "old")
    }

    @Test func nothingIsWrittenAfterDiscard() throws {
        let folder = try TemporaryFolder()
        let publication = try Publication(folder("out"))
        let file = try publication.file("csv/a.csv")
        #expect(publication.discard())
        #expect(publication.discard(), "twice is once")
        try file.write("late")
        #expect(throws: OutputError.self) { try publication.file("csv/b.csv") }
        #expect(throws: OutputError.self) { try publication.publish() }
        #expect(folder.names() == [])
    }

    /// A signal arrives while every thread is writing.
    @Test func nothingRemainsWhenStoppedAtWork() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<8 {
            let publication = try Publication(folder("out"))
            DispatchQueue.concurrentPerform(iterations: 4) { worker in
                if worker == 3 {
                    usleep(500)
                    publication.discard()
                    return
                }
                for number in 0..<15 { _ = try? publication.write([1, 2, 3], to: "csv/\(worker)-\(number).csv") }
            }
            #expect(folder.names() == [])
            #expect(throws: OutputError.self) { try publication.publish() }
        }
    }

    @Test func aFailedSwapIsRolledBack() throws {
        let folder = try TemporaryFolder()
        try publish(folder("out"), "old")
        let publication = try Publication(folder("out"), canExchange: false)
        // A folder where the old output would be set aside: the first rename fails.
        try folder.write("x", to: ".out.previous-\(getpid())/x")
        #expect(throws: OutputError.self) { try publication.publish() }
        #expect(folder.text("out/csv/a.csv") == "old")
        publication.discard()
    }

    @Test func leftOversOfDeadRunsAreRemoved() throws {
        let folder = try TemporaryFolder()
        let dead = try deadProcess()
        try publish(folder("out"), "old")
        try folder.write("x", to: ".out.partial-\(dead)/csv/a.csv")
        try folder.write("x", to: ".out.partial-\(getpid())/csv/a.csv")
        try folder.write("x", to: ".out.previous-\(dead)/csv/a.csv")
        let kept = [
            ".out.partial-1", ".out.partial-", ".out.partial-x", ".out.partial-\(dead)x", ".other.partial-\(dead)", "out.partial-\(dead)",
        ]
        for name in kept { try folder.write("x", to: name + "/a") }
        try publish(folder("out"), "new")
        #expect(folder.names().filter { $0 != "out" } == kept.sorted())
        #expect(folder.text("out/csv/a.csv") == "new")
    }

    @Test func aRunThatDiedBetweenTwoRenamesIsMended() throws {
        let folder = try TemporaryFolder()
        try publish(folder("out"), "old")
        try FileManager.default.moveItem(atPath: folder("out"), toPath: folder(".out.previous-\(try deadProcess())"))
        let publication = try Publication(folder("out"))
        #expect(folder.text("out/csv/a.csv") == "old")
        publication.discard()
        #expect(folder.names() == ["out"])
    }

    @Test func twoAtOnceInOneProcess() throws {
        let folder = try TemporaryFolder()
        let first = try Publication(folder("out"))
        try first.write(Self.runFile, to: "run.json")
        let error = try #require(throws: OutputError.self) { try Publication(folder("out")) }
        #expect(error.description.contains("already writing"))
        try first.publish()
        #expect(folder.names("out") == ["run.json"])
    }

    @Test func tablesAndTheirDescription() throws {
        let folder = try TemporaryFolder()
        let publication = try Publication(folder("out"))
        try publication.write([SQLiteFileTests.table], byDay: [SQLiteFileTests.table], run: [], packageName: "p", title: "P")
        try publication.write(Self.runFile, to: "run.json")
        try publication.publish()
        #expect(folder.names("out") == ["csv", "datapackage.json", "metrics.sqlite", "run.json"])
        #expect(
            folder.text("out/csv/stalls.csv")?.hasPrefix(
                "day,from,order,rate,dwell_seconds,\"is \"\"it\"\"\"\n1970-01-02,b,7,0.333333,1.500,true\n") == true)
        #expect(folder.text("out/datapackage.json")?.contains("\"bytes\": \(folder.bytes("out/csv/stalls.csv")?.count ?? -1)") == true)
    }
}
