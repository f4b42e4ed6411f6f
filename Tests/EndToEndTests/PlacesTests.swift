import Foundation
import Glibc
import Testing

@testable import TestSupport

/// What a run reads and what it writes must not lie in one another: a slip of the hand costs nobody anything.
@Suite struct PlacesTests {
    private static let template = Result { try makeTemplate() }

    private static func folder() throws -> SmallLog {
        let folder = try ScratchFolder()
        try FileManager.default.removeItem(at: folder.url)
        try FileManager.default.copyItem(at: template.get().folder.url, to: folder.url)
        return SmallLog(in: folder)
    }

    /// A pipeline with a key beside it, logs in a folder, an earlier output `old`, and one with a state `kept`.
    private static func makeTemplate() throws -> SmallLog {
        let log = try SmallLog()
        try log.folder.write(SmallLog.lines(10), to: "logs/log-a.ndjson")
        try log.folder.write(SmallLog.lines(5), to: "logs/deep/log-b.ndjson")
        try log.folder.write(SmallLog.pipeline + "privacy: {key_file: keys/k}\n", to: "keyed.yaml")
        try log.folder.write("0123456789abcdef0123456789abcdef\n", to: "keys/k")
        try log.folder.write(SmallLog.pipeline, to: "shop/p.yaml")
        for words in [["old"], ["other", "--state", "kept"]] {
            let ended = try Binary.run(["run", "p.yaml", "--quiet", "-o"] + words, in: log.folder.path)
            try #require(ended.status == 0, "\(ended.errors)")
        }
        for (link, target) in [
            ("to-old", "old"), ("to-new", "new/deep"), ("logs/.link", "../old/quarantine.ndjson"), ("link.ndjson", "old/run.json"),
        ] {
            try FileManager.default.createSymbolicLink(atPath: log.folder.path(link), withDestinationPath: target)
        }
        return log
    }

    /// Every file and folder with its bytes, by path.
    private static func tree(_ log: SmallLog) throws -> [String: Data] {
        var found: [String: Data] = [:]
        for case let path as String in try #require(FileManager.default.enumerator(atPath: log.folder.path)) {
            found[path] = FileManager.default.contents(atPath: log.folder.path(path)) ?? Data()
        }
        return found
    }

    /// Status 2 with both places named, and everything is as it was.
    @Test(arguments: [
        // Output and state.
        ("p.yaml -o old --state old/state", "old/state"), ("p.yaml -o new --state new/state", "new/state"),
        ("p.yaml -o new --state new", "new"),
        ("p.yaml -o kept --state kept", "kept"), ("p.yaml -o kept/out --state kept", "kept/out"),
        ("p.yaml -o new/deep/o --state new/deep/o/s/t", "s/t"),
        ("p.yaml -o logs/../new --state ./new//state/", "./new//state/"), ("p.yaml -o to-old --state old/state", "old/state"),
        ("p.yaml -o old --state to-old/state", "old/state"), ("p.yaml -o new --state to-new", "new/deep"),
        ("p.yaml -o new/deep/er --state to-new", "new/deep"),
        ("- p.yaml -o old --state old/state --every 1s", "old/state"), ("- p.yaml -o new --state new/state --every 1s", "new/state"),
        // What would be replaced with the output.
        ("shop/p.yaml log-1.ndjson -o shop", "shop/p.yaml"), ("p.yaml logs/log-a.ndjson -o logs", "logs"),
        ("p.yaml logs/deep/log-b.ndjson -o logs", "logs"),
        ("keyed.yaml -o keys", "keys/k"), ("p.yaml link.ndjson -o old", "link.ndjson"),
        // What would be read as a log.
        ("p.yaml logs -o logs/out", "logs/out"), ("p.yaml logs -o logs/deep/er/out", "logs/deep/er/out"), ("p.yaml logs -o logs", "logs"),
        ("p.yaml logs -o new --state logs/state", "logs/state"), ("p.yaml */*.ndjson -o new", "new"),
        ("p.yaml n*/*/j*.csv --allow-empty -o new", "new"),
        ("p.yaml ne? --allow-empty -o new", "new"), ("p.yaml new --allow-empty -o new", "new"),
        ("p.yaml new/in/*.ndjson --allow-empty -o new", "new"),
        ("p.yaml */state.sqlite* -o new --state kept", "kept"), ("p.yaml */loc? -o new --state st", "st"), ("p.yaml . -o new", "."),
        ("p.yaml *.yaml -o new", "p.yaml"),
        ("keyed.yaml keys -o new", "keys/k"), ("keyed.yaml k*/* -o new", "keys/k"),
        // The state's folder is the state's alone.
        ("shop/p.yaml log-1.ndjson -o new --state shop", "shop/p.yaml"), ("keyed.yaml -o new --state keys", "keys/k"),
        ("p.yaml -o new --state p.yaml", "p.yaml"),
        ("p.yaml logs/log-a.ndjson -o new --state logs", "logs/log-a.ndjson"),
        // The metrics file is replaced too.
        ("p.yaml -o new --metrics-file p.yaml", "p.yaml"), ("p.yaml -o new --metrics-file log-1.ndjson", "log-1.ndjson"),
        ("keyed.yaml -o new --metrics-file keys/k", "keys/k"), ("p.yaml -o old --metrics-file old/m.prom", "old/m.prom"),
        ("p.yaml -o old --metrics-file to-old/m.prom", "m.prom"),
        ("p.yaml -o other --state kept --metrics-file kept/m.prom", "kept/m.prom"),
        ("p.yaml -o other --state kept --metrics-file kept/state.sqlite", "kept/state.sqlite"),
        ("p.yaml logs -o new --metrics-file logs/m.prom", "logs/m.prom"),
        ("p.yaml *.prom --allow-empty -o new --metrics-file m.prom", "m.prom"), ("p.yaml -o new --metrics-file new", "new"),
        ("p.yaml -o old --threads 0 --metrics-file old/m.prom", "old/m.prom"),
        ("p.yaml -o new --threads 0 --metrics-file p.yaml", "p.yaml"),
    ])
    func refused(words: String, name: String) throws {
        let log = try Self.folder()
        let before = try Self.tree(log)
        let isStream = words.hasPrefix("- ")
        var arguments = words.split(separator: " ").map(String.init)
        if isStream { arguments.swapAt(0, 1) }
        let ended = try Binary.run(["run"] + arguments, input: Array(SmallLog.lines(3).utf8), in: log.folder.path)
        #expect(ended.status == 2 && ended.output == "", "\(ended.status): \(ended.errors)")
        #expect(ended.errors.contains(name), "\(ended.errors)")
        #expect(try Self.tree(log) == before, "something was written")
    }

    /// What looks alike and is harmless: twice, as the second run finds what the first one wrote.
    @Test(arguments: [
        "p.yaml -o new --state new-state --metrics-file new.prom", "p.yaml -o shop/new --state shop/state --metrics-file shop/m.prom",
        "p.yaml logs -o logs/.hidden/out --state logs/.state", "p.yaml */log-*.ndjson -o new --state s",
        "p.yaml l*/log-a.ndjson -o new --state logs-state",
        "p.yaml logs/log-*.ndjson -o logs/out --state logs/state --metrics-file logs/m.prom",
        "p.yaml shop/../logs/log-a.ndjson -o shop/out --state shop/state",
        "keyed.yaml -o keys/out --state keys/state", "shop/p.yaml logs -o shop/out",
    ])
    func harmless(words: String) throws {
        let log = try Self.folder()
        for _ in 0..<2 {
            let ended = try Binary.run(["run"] + words.split(separator: " ").map(String.init), in: log.folder.path)
            #expect(ended.status == 0, "\(ended.errors)")
        }
    }

    /// Files that somebody put into an output are named, and stay.
    @Test(
        arguments: ["note.txt", "csv/mine.csv", ".hidden", "csv/sub/x", "maps/x", "run.json.bak", "csv/journeys.csv.orig"],
        [[], ["--state", "state"]])
    func filesOfSomebodysOwn(name: String, state: [String]) throws {
        let log = try SmallLog()
        #expect(try Binary.run(["run", "p.yaml", "-o", "out"] + state, in: log.folder.path).status == 0)
        try log.folder.write("mine", to: "out/\(name)")
        try log.folder.write(SmallLog.lines(3), to: "log-2.ndjson")
        let before = try Self.tree(log)
        let ended = try Binary.run(["run", "p.yaml", "-o", "out"] + state, in: log.folder.path)
        let shown = name.hasSuffix("/x") ? String(name.dropLast(2)) : name
        #expect(ended.status == 1 && ended.errors.contains(shown) && ended.errors.contains("out"), "\(ended.errors)")
        #expect(try Self.tree(log) == before)
    }

    /// A state that is to be made is not, where the output is refused.
    @Test func nothingIsBegunForARefusedOutput() throws {
        let log = try SmallLog()
        try log.folder.write("mine", to: "out/thesis.txt")
        let ended = try log.run("--state", "state")
        #expect(ended.status == 1 && ended.errors.contains("out"), "\(ended.errors)")
        #expect(log.folder.names() == ["log-1.ndjson", "out", "p.yaml"])
    }

    /// What tools and desktops leave where somebody only looked is nobody's file.
    @Test func tracesOfLookingDoNotStopARun() throws {
        let log = try SmallLog()
        #expect(try log.run().status == 0)
        for name in [".DS_Store", "csv/.~lock.journeys.csv#", "metrics.sqlite-wal", "metrics.sqlite-shm", "csv/Thumbs.db"] {
            try log.folder.write("", to: "out/" + name)
        }
        let ended = try log.run()
        #expect(ended.status == 0, "\(ended.errors)")
    }

    /// The working directory and those above it, also where they are earlier outputs or empty.
    @Test(arguments: [".", "..", "../", "./", "HERE", "link"])
    func theWorkingFolder(output: String) throws {
        let log = try SmallLog()
        #expect(try log.run().status == 0)
        try FileManager.default.createSymbolicLink(atPath: log.folder.path("link"), withDestinationPath: "out")
        try FileManager.default.createDirectory(atPath: log.folder.path("out/csv/empty"), withIntermediateDirectories: true)
        for place in ["out/csv", "out", "out/csv/empty"] {
            let here = log.folder.path(place)
            let folder = output == "HERE" ? here : output == "link" ? log.folder.path("link") : output
            let ended = try Binary.run("run", log.folder.path("p.yaml"), "-o", folder, in: here)
            #expect(ended.status == 1 && ended.errors.contains("working"), "\(place), \(output): \(ended.errors)")
        }
        #expect(log.leftOvers == [] && log.folder.names("out").contains("run.json"))
    }

    /// A folder that is mistyped must not become a state.
    @Test func forgetMakesNoState() throws {
        let log = try SmallLog()
        for words in [["--state", "docs", "--pipeline", "p.yaml"], ["--state", "docs"], ["--state", "new", "--pipeline", "p.yaml"]] {
            try log.folder.write("mine", to: "docs/thesis.txt")
            let ended = try Binary.run(["forget", "--person", "c1"] + words, in: log.folder.path)
            #expect(ended.status == 2 && ended.errors.contains("no state"), "\(ended.status): \(ended.errors)")
            #expect(log.folder.names("docs") == ["thesis.txt"] && !log.folder.names().contains("new"))
        }
    }

    /// A key must not be read as a log by any command.
    @Test(arguments: ["validate", "journey"])
    func otherCommandsToo(command: String) throws {
        let log = try Self.folder()
        for words in [["keyed.yaml", "keys"], ["p.yaml", "."]] {
            let ended = try Binary.run([command] + words + (command == "journey" ? ["--person", "c1"] : []), in: log.folder.path)
            #expect(ended.status == 2 && ended.output == "", "\(words): \(ended.errors)")
        }
    }

    /// A metrics file replaces its like and nothing else.
    @Test func otherFilesAreNoMetrics() throws {
        let log = try SmallLog()
        try log.folder.write("dear diary\n", to: "diary.txt")
        let ended = try log.run("--metrics-file", "diary.txt")
        #expect(ended.status == 2 && ended.errors.contains("diary.txt") && !log.isPublished, "\(ended.errors)")
        #expect(try String(contentsOfFile: log.folder.path("diary.txt"), encoding: .utf8) == "dear diary\n")
        try log.folder.write("", to: "empty.prom")
        for _ in 0..<2 { #expect(try log.run("--metrics-file", "empty.prom").status == 0) }
    }
}
