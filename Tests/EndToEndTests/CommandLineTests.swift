import Foundation
import Testing

@testable import TestSupport

/// What the command line promises: statuses, streams, and where inputs and outputs may lie.
@Suite struct CommandLineTests {
    @Test func quietRunsSayNothing() throws {
        let log = try SmallLog()
        let ended = try log.run("--quiet")
        #expect(ended.status == 0 && ended.output == "" && ended.errors == "")
        #expect(log.isPublished && log.leftOvers == [])
        #expect(log.record("ledger.lines") == "20")
    }

    @Test(arguments: [["run", "--help"], ["help", "run"]])
    func helpOfRun(_ arguments: [String]) throws {
        let ended = try Binary.run(arguments)
        #expect(ended.status == 0 && ended.errors == "")
        let options = [
            "-o", "--output", "--as-of", "--threads", "--memory", "--max-rejects", "--source", "--allow-empty", "--quarantine-raw",
            "--metrics-file", "--expect-lines", "--expect-end",
            "--quiet",
            "--log-format",
        ]
        for option in options { #expect(ended.output.contains(option), "\(option)") }
    }

    /// A command that does not exist is an error that names the nearest, also where help for it is asked for.
    @Test(arguments: [
        (["rnu"], "there is no command `rnu`; did you mean `run`?"), (["help", "validat"], "did you mean `validate`?"),
        (["nosuch", "--help"], "the commands are init, run, validate,"),
    ])
    func commandsThatDoNotExist(_ arguments: [String], _ words: String) throws {
        let result = try Binary.run(arguments)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("sojourn: ") && result.errors.contains(words), "\(result.errors)")
    }

    /// No line of any help is broken at 80 columns.
    @Test(arguments: [
        [], ["run"], ["validate"], ["test"], ["frictions"], ["journey"], ["forget"], ["generate"], ["metrics"], ["schema"], ["report"],
        ["list"], ["init"], ["diff"],
    ])
    func helpFitsEightyColumns(_ command: [String]) throws {
        let result = try Binary.run(["help"] + command)
        #expect(result.status == 0 && result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test(arguments: [
        (["--help"], ["run", "validate", "generate", "--version", "Exit status"]),
        (["validate", "--help"], ["--source", "--allow-empty", "--quiet", "--log-format"]),
        (["generate", "--help"], ["retail", "tickets", "effects", "no-effects", "--output", "--events", "--seed", "--quiet"]),
        (["--version"], ["0."]),
    ])
    func helpAndVersion(_ arguments: [String], _ words: [String]) throws {
        let ended = try Binary.run(arguments)
        #expect(ended.status == 0 && ended.errors == "")
        for word in words { #expect(ended.output.contains(word), "\(word)") }
    }

    /// Wrong use: status 2, said on stderr, nothing written.
    @Test(arguments: [
        (["--frobnicate"], "--frobnicate"), (["--threads", "0"], "--threads"), (["--threads", "many"], "many"),
        (["--memory", "lots"], "lots"),
        (["--max-rejects", "-1"], "max-rejects"), (["--max-rejects=101%"], "101%"), (["--as-of", "yesterday"], "yesterday"),
        (["--expect-lines", "many"], "many"), (["--expect-lines=-1"], "-1"),
        (["--source", "lag"], "lag"),
        (["nothing-*.ndjson"], "nothing-*.ndjson"), (["no.such.file"], "no.such.file"), (["--log-format", "xml"], "xml"),
    ])
    func wrongUse(_ arguments: [String], _ word: String) throws {
        let log = try SmallLog()
        let ended = try Binary.run(["run", "p.yaml", "-o", "out"] + arguments, in: log.folder.path)
        #expect(ended.status == 2, "\(ended.errors)")
        #expect(ended.errors.contains(word) && ended.output == "", "\(ended.errors)")
        #expect(!log.isPublished && log.leftOvers == [])
    }

    @Test(arguments: [[], ["frobnicate"], ["run"], ["run", "no.such.pipeline", "-o", "out"], ["validate", "no.such.pipeline"]])
    func wrongCommands(_ arguments: [String]) throws {
        let folder = try ScratchFolder()
        let ended = try Binary.run(arguments, in: folder.path)
        // Alone, the program says what it can do.
        #expect(ended.status == (arguments.isEmpty ? 0 : 2), "\(ended.errors)")
        #expect(folder.names() == [])
    }

    @Test func wrongPipelineNamesThePlace() throws {
        let log = try SmallLog(
            Array(SmallLog.lines(3).utf8), pipeline: SmallLog.pipeline.replacingOccurrences(of: "gap: 30m", with: "gapp: 30m"))
        for command in [["run", "p.yaml", "-o", "out"], ["validate", "p.yaml"]] {
            let ended = try Binary.run(command, in: log.folder.path)
            #expect(ended.status == 2 && ended.output == "")
            #expect(ended.errors.contains("p.yaml:9:29: unknown key `gapp`") && ended.errors.contains("`gap`"), "\(ended.errors)")
        }
        #expect(!log.isPublished && log.leftOvers == [])
    }

    @Test func rejectsUpToTheLimit() throws {
        let log = try SmallLog(SmallLog.lines(17) + "nul\n[]\n{}\n")
        for (limit, status) in [("2", 3), ("3", 0), ("14.9%", 3), ("15%", 0), ("0", 3), ("100%", 0)] as [(String, Int32)] {
            let ended = try log.run("--max-rejects", limit)
            #expect(ended.status == status, "\(limit): \(ended.errors)")
            #expect(log.isPublished == (status == 0) && log.leftOvers == [], "\(limit)")
            if status == 3 {
                #expect(ended.errors.contains("3 of 20 lines") && ended.errors.contains("1 not_an_object"), "\(ended.errors)")
            }
            try? FileManager.default.removeItem(atPath: log.folder.path("out"))
        }
        #expect(try log.run().status == 3)
    }

    @Test func standardInputFoldersAndEmptyInputs() throws {
        let log = try SmallLog()
        let plain = Array(SmallLog.lines(20).utf8)
        #expect(try log.run().status == 0)
        let csv = try Data(contentsOf: log.folder.url.appendingPathComponent("out/csv/journeys.csv"))
        for input in [plain, Packing.zstdFrames(plain, of: 100), Packing.gzip(plain)] {
            #expect(try log.run("-", input: input).status == 0)
            #expect(try Data(contentsOf: log.folder.url.appendingPathComponent("out/csv/journeys.csv")) == csv)
        }
        try log.folder.write(SmallLog.lines(10), to: "logs/a/one")
        try log.folder.write(Packing.zstd(Array(SmallLog.lines(10).utf8)), to: "logs/b/two")
        try log.folder.write("no JSON\n", to: "logs/.hidden")
        #expect(try log.run("logs").status == 0)
        #expect(log.record("ledger.lines") == "20")
        for arguments in [["logs/c", "--allow-empty"], ["-"]] {
            #expect(try Binary.run(["run", "p.yaml", "-o", "out"] + arguments, in: log.folder.path).status == 0, "\(arguments)")
            #expect(log.record("ledger.lines") == "0")
        }
        let nothing = try String(contentsOf: log.folder.url.appendingPathComponent("out/csv/journeys.csv"), encoding: .utf8)
        #expect(nothing.split(separator: "\n").last?.hasPrefix("buy,0,0,0,0,0,,") == true, "\(nothing)")
    }

    /// As `sha256sum` has it, from a file and from a pipe.
    @Test func inputsAreKnownByTheirBytes() throws {
        let log = try SmallLog("")
        let text = Array("abc".utf8)
        try log.folder.write(text, to: "log-1.ndjson")
        for (arguments, input) in [([], []), (["-"], text)] as [([String], [UInt8])] {
            let ended = try Binary.run(["run", "p.yaml", "-o", "out", "--max-rejects", "1"] + arguments, input: input, in: log.folder.path)
            #expect(ended.status == 0, "\(ended.errors)")
            #expect(log.record("/inputs/0/bytes") == "3" && log.record("/inputs/0/lines") == "1")
            #expect(log.record("/inputs/0/sha256") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        }
    }

    @Test func asOfLetsLaterEventsWait() throws {
        let log = try SmallLog()
        #expect(try log.run("--as-of", "2026-03-01T00:09:00Z").status == 0)
        #expect(log.record("ledger.events") == "10" && log.record("ledger.filtered") == "10")
        #expect(log.record("as_of") == "2026-03-01T00:09:00Z")
        #expect(try log.run("--as-of", "1772323739").status == 0)
        #expect(log.record("ledger.events") == "9")
    }

    @Test func aGivenFileBelongsToItsSource() throws {
        let log = try SmallLog()
        let source = SmallLog.pipeline.components(separatedBy: "identity:")[0].components(separatedBy: "sources:\n")[1]
        let second = source.replacingOccurrences(of: "name: log", with: "name: other").replacingOccurrences(of: "log-*", with: "other-*")
        try log.folder.write(SmallLog.pipeline.replacingOccurrences(of: "identity:", with: second + "identity:"), to: "p.yaml")
        try log.folder.write(SmallLog.lines(5), to: "new.ndjson")
        for (arguments, status) in [
            (["log-1.ndjson"], 0), (["new.ndjson"], 2), (["-"], 2), (["new.ndjson", "--source", "other"], 0),
            (["-", "--source", "log"], 0), ([], 2),
        ] as [([String], Int32)] {
            let ended = try Binary.run(["run", "p.yaml", "-o", "out"] + arguments, in: log.folder.path)
            #expect(ended.status == status, "\(arguments): \(ended.errors)")
        }
    }

    /// A letter has two spellings; Swift takes them for one, the file system does not.
    @Test func fileNamesAreBytes() throws {
        let log = try SmallLog()
        for name in ["log-\u{E4}.ndjson", "log-a\u{308}.ndjson"] { try log.folder.write(SmallLog.lines(20), to: name) }
        #expect(try log.run().status == 0)
        #expect(log.record("ledger.lines") == "60")
    }

    @Test func otherPeoplesFoldersStay() throws {
        let log = try SmallLog()
        try log.folder.write("mine", to: "out/thesis.txt")
        let ended = try log.run()
        #expect([1, 2].contains(ended.status) && ended.errors.contains("out"), "\(ended.errors)")
        #expect(log.folder.names("out") == ["thesis.txt"] && log.leftOvers == [])
    }

    @Test func messagesForMachines() throws {
        let log = try SmallLog(SmallLog.lines(5) + "nul\n")
        for (arguments, status) in [(["--max-rejects", "0"], 3), (["nothing-*"], 2)] as [([String], Int32)] {
            let ended = try Binary.run(["run", "p.yaml", "-o", "out", "--log-format", "json"] + arguments, in: log.folder.path)
            #expect(ended.status == status && !ended.errors.isEmpty)
            for line in ended.errors.split(separator: "\n") {
                let json = try NaiveJSONParser.parse(Array(line.utf8))
                #expect(json.value(at: "level") == .string("error") && json.value(at: "message")?.text != nil, "\(line)")
            }
        }
    }
}
