import Foundation
import Glibc
import Testing

@testable import TestSupport

/// What names an input, and that a file is read once under however many names.
@Suite struct InputNamesTests {
    private func link(_ log: SmallLog, _ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: log.folder.path(name), withDestinationPath: target)
    }

    private func run(_ log: SmallLog, _ words: [String], in folder: String? = nil) throws -> Binary.Ended {
        try Binary.run(["run", "p.yaml", "-o", "out"] + words, in: folder ?? log.folder.path)
    }

    /// What run.json says was read.
    private func files(_ log: SmallLog) -> [String] { (0..<9).compactMap { log.record("/inputs/\($0)/file") } }

    // MARK: One file, several names

    /// However it is named, and in whatever order: once, under its own name.
    @Test(arguments: [
        [], ["log-1.ndjson", "log-0.ndjson"], ["log-0.ndjson", "log-1.ndjson"], ["log-0.ndjson", "log-1.ndjson", "log-9.ndjson"],
        ["log-*", "log-1.ndjson"],
        ["log-1.ndjson", "log-1.ndjson"], ["./log-1.ndjson", "log-1.ndjson", "HERE/log-1.ndjson"],
    ])
    func linksToANamedFile(arguments: [String]) throws {
        let log = try SmallLog(SmallLog.lines(2))
        for name in ["log-0.ndjson", "log-9.ndjson"] { try link(log, name, to: "log-1.ndjson") }
        let words = arguments.map { $0.replacingOccurrences(of: "HERE", with: log.folder.path) }
        let ended = try run(log, words)
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(log.record("ledger.events") == "2" && files(log) == ["log-1.ndjson"])
        let isOneName = Set(arguments.map { ($0 as NSString).lastPathComponent }) == ["log-1.ndjson"]
        #expect(ended.errors.contains("log-1.ndjson") == !isOneName, "\(ended.errors)")
        #expect(try run(log, words + ["--quiet"]).errors == "")
    }

    @Test func hardLinksAndLinksToFolders() throws {
        let log = try SmallLog(SmallLog.lines(2))
        #expect(Glibc.link(log.folder.path("log-1.ndjson"), log.folder.path("log-2.ndjson")) == 0)
        var ended = try run(log, [])
        #expect(ended.status == 0 && log.record("ledger.events") == "2" && files(log) == ["log-1.ndjson"], "\(ended.errors)")
        #expect(ended.errors.contains("log-2.ndjson"), "\(ended.errors)")
        try log.folder.write(SmallLog.lines(3), to: "days/z/log.ndjson")
        try link(log, "days/a", to: "z")
        try link(log, "days/z/loop", to: "..")
        ended = try run(log, ["days"])
        #expect(ended.status == 0 && log.record("ledger.events") == "3" && files(log) == ["days/z/log.ndjson"], "\(ended.errors)")
        // Two links, and the file itself is not named.
        ended = try run(log, ["days/a/log.ndjson", "days/a/../z/loop/a/log.ndjson"])
        #expect(ended.status == 0 && log.record("ledger.events") == "3" && files(log).count == 1, "\(ended.errors)")
    }

    @Test func standardInputByTwoNames() throws {
        let log = try SmallLog(SmallLog.lines(2))
        let ended = try run(log, ["-", "/dev/stdin"])
        #expect(ended.status == 0 && files(log) == ["-"], "\(ended.errors)")
    }

    /// Twice in two sources would be counted twice.
    @Test func oneFileOfTwoSources() throws {
        let log = try SmallLog(SmallLog.lines(2))
        let source = SmallLog.pipeline.components(separatedBy: "identity:")[0].components(separatedBy: "sources:\n")[1]
        let second = source.replacingOccurrences(of: "name: log", with: "name: other").replacingOccurrences(of: "log-*", with: "other-*")
        try log.folder.write(SmallLog.pipeline.replacingOccurrences(of: "identity:", with: second + "identity:"), to: "p.yaml")
        try link(log, "other-1.ndjson", to: "log-1.ndjson")
        for words in [[], ["log-1.ndjson", "other-1.ndjson"]] {
            let ended = try run(log, words)
            #expect(ended.status == 2 && ended.errors.contains("log and other") && ended.errors.contains("log-1.ndjson"), "\(ended.errors)")
        }
        #expect(try run(log, ["log-1.ndjson", "other-1.ndjson", "--source", "log"]).status == 0)
        #expect(log.record("ledger.events") == "2")
    }

    /// With a state a file stays known under the name that it was first read by.
    @Test(arguments: [
        ([["log-1.ndjson"], []], "log-1.ndjson"), ([["log-0.ndjson"], []], "log-0.ndjson"),
        ([["log-9.ndjson"], ["log-1.ndjson", "log-9.ndjson"]], "log-9.ndjson"),
        ([[], ["log-1.ndjson"], []], "log-1.ndjson"),
    ])
    func knownNamesStay(nights: [[String]], name: String) throws {
        let log = try SmallLog(SmallLog.lines(2))
        for name in ["log-0.ndjson", "log-9.ndjson"] { try link(log, name, to: "log-1.ndjson") }
        for (number, words) in nights.enumerated() {
            let ended = try run(log, words + ["--state", "state"])
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(log.record("total.events") == "2", "night \(number + 1)")
        }
        try log.folder.write(SmallLog.lines(4), to: "log-1.ndjson")
        #expect(try run(log, ["--state", "state"]).status == 0)
        #expect(log.record("total.events") == "4" && files(log) == [name])
    }

    // MARK: Patterns

    /// Only what the user wrote is a pattern: not the folder of the pipeline file, nor that in which one stands.
    @Test(arguments: ["[prod]", "a*", "wh?t", "b\\c", "[", "{x}"])
    func foldersWithPatternCharacters(name: String) throws {
        let log = try SmallLog(in: ScratchFolder())
        for folder in [name, "p", "ab", "what", "bc"] {
            try log.folder.write(SmallLog.pipeline.replacingOccurrences(of: "log-*", with: "logs/log-*"), to: "\(folder)/p.yaml")
            try log.folder.write(SmallLog.lines(folder == name ? 3 : 1), to: "\(folder)/logs/log-1.ndjson")
        }
        let here = log.folder.path(name)
        func expectOwn(_ words: [String], in folder: String, _ pipeline: String) throws {
            let ended = try Binary.run(["run", pipeline, "-o", log.folder.path("out")] + words, in: folder)
            #expect(ended.status == 0 && log.record("ledger.lines") == "3", "\(words) in \(folder): \(ended.errors)")
            #expect(files(log).count == 1 && files(log)[0].hasSuffix("logs/log-1.ndjson"), "\(files(log))")
        }
        try expectOwn([], in: log.folder.path, "\(name)/p.yaml")
        try expectOwn([], in: here, "p.yaml")
        try expectOwn(["logs/*"], in: here, "p.yaml")
        try expectOwn(["logs"], in: here, "p.yaml")
        // Called as written, it is what is meant.
        try expectOwn(["\(name)/logs/log-1.ndjson"], in: log.folder.path, "\(name)/p.yaml")
        try expectOwn(["\(name)/logs"], in: log.folder.path, "\(name)/p.yaml")
    }

    /// A given file belongs to the source that would find it, whatever the folders are called.
    @Test func sourcesOfFilesInSuchFolders() throws {
        let log = try SmallLog(in: ScratchFolder())
        let source = SmallLog.pipeline.components(separatedBy: "identity:")[0].components(separatedBy: "sources:\n")[1]
        func input(_ name: String, _ pattern: String) -> String {
            source.replacingOccurrences(of: "name: log", with: "name: \(name)").replacingOccurrences(of: "log-*.ndjson", with: pattern)
        }
        let sources = input("a", "a/log-*.ndjson") + input("b", "b-*") + input("c", "'[c]'")
        try log.folder.write(SmallLog.pipeline.replacingOccurrences(of: source, with: sources), to: "[prod]/p.yaml")
        for (file, name) in [("a/log-1.ndjson", "a"), ("b-1/deep/x.ndjson", "b"), ("[c]/x.ndjson", "c")] {
            try log.folder.write(SmallLog.lines(2), to: "[prod]/\(file)")
            let ended = try Binary.run("run", "[prod]/p.yaml", "[prod]/\(file)", "-o", "out", in: log.folder.path)
            #expect(ended.status == 0 && log.record("/inputs/0/source") == name, "\(file): \(ended.errors)")
        }
        // The folder `p` is not `[prod]`.
        try log.folder.write(SmallLog.lines(2), to: "p/a/log-1.ndjson")
        #expect(try Binary.run("run", "[prod]/p.yaml", "p/a/log-1.ndjson", "-o", "out", in: log.folder.path).status == 2)
    }

    // MARK: What cannot be read

    /// Somebody who may not read everything, also where the tests may.
    private func runAsSomebody(_ log: SmallLog, _ words: [String]) throws -> Binary.Ended {
        chmod(log.folder.path, 0o777)
        return try Binary.run(["run", "p.yaml", "-o", "out"] + words, in: log.folder.path, asNobody: true)
    }

    /// Named, status 1, nothing published; also where a pattern is allowed to match nothing.
    @Test(
        arguments: [["logs"], ["logs/*/*.ndjson"], ["logs/closed/*.ndjson"], ["logs/closed/a.ndjson"], ["logs/closed"], ["lo*"]],
        [[], ["--allow-empty"], ["--state", "state"]])
    func aFolderThatCannotBeRead(words: [String], more: [String]) throws {
        let log = try SmallLog()
        try log.folder.write(SmallLog.lines(2), to: "logs/open/a.ndjson")
        try log.folder.write(SmallLog.lines(2), to: "logs/closed/a.ndjson")
        let closed = log.folder.path("logs/closed")
        chmod(closed, 0)
        defer { chmod(closed, 0o755) }
        let ended = try runAsSomebody(log, words + more)
        #expect(
            ended.status == 1 && ended.errors.contains(closed) && ended.errors.contains("Permission denied"),
            "\(ended.status): \(ended.errors)")
        #expect(!log.isPublished)
        chmod(closed, 0o755)
        #expect(try runAsSomebody(log, words + more).status == 0)
    }

    /// With a state, a known file that cannot be read is no file with other content.
    @Test func aKnownFileThatCannotBeRead() throws {
        let log = try SmallLog(SmallLog.lines(2))
        #expect(try runAsSomebody(log, ["--state", "state"]).status == 0)
        try log.folder.write(SmallLog.lines(4), to: "log-1.ndjson")
        chmod(log.folder.path("log-1.ndjson"), 0)
        let ended = try runAsSomebody(log, ["--state", "state"])
        #expect(ended.status == 1 && ended.errors.contains("log-1.ndjson") && ended.errors.contains("Permission denied"), "\(ended.errors)")
        #expect(!ended.errors.contains("other content"), "\(ended.errors)")
    }

    /// Folders that are none, and links that lead nowhere, match nothing; they are no errors of reading.
    @Test func whatIsNotThere() throws {
        let log = try SmallLog()
        try link(log, "nowhere", to: "gone")
        for words in [["gone/*.ndjson"], ["nowhere/*"], ["p.yaml/*"], ["*/x.ndjson"], [String(repeating: "[a]", count: 200)]] {
            #expect(try run(log, words).status == 2, "\(words)")
            #expect(try run(log, words + ["--allow-empty"]).status == 0, "\(words)")
        }
    }
}
