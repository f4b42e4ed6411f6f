import Foundation
import Testing

@testable import TestSupport

/// `sojourn init` as a new user takes it: a log in, a pipeline file out, and a run on that. `Golden/init` holds drafts of logs in the
/// repository; `SOJOURN_RECORD=1` writes them anew, and a test that has recorded fails.
@Suite struct InitTests {
    private static let golden = Binary.root.appendingPathComponent("Tests/EndToEndTests/Golden/init")

    /// A folder in which the repository's logs lie as a user's would.
    private static func folder() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        for name in ["pipelines", "sample-data"] {
            try FileManager.default.createSymbolicLink(
                at: folder.url.appendingPathComponent(name), withDestinationURL: Binary.root.appendingPathComponent(name))
        }
        return folder
    }

    private static func draft(_ logs: [String], in folder: ScratchFolder) throws -> String {
        let ended = try Binary.run(["init"] + logs + ["-o", "draft.yaml"], in: folder.path)
        try #require(ended.status == 0, "\(ended.errors)")
        return try String(contentsOf: folder.url.appendingPathComponent("draft.yaml"), encoding: .utf8)
    }

    private static func cells(_ table: CSVTable, _ column: String) throws -> [String] { try #require(table.column(column)) }

    /// Validates and runs the draft; the rows of journeys.csv and funnel.csv.
    private static func run(in folder: ScratchFolder) throws -> (journeys: CSVTable, funnel: CSVTable) {
        let sound = try Binary.run("validate", "draft.yaml", in: folder.path)
        try #require(sound.status == 0, "\(sound.errors)")
        let ended = try Binary.run("run", "draft.yaml", "-o", "out", "--quiet", in: folder.path)
        try #require(ended.status == 0, "\(ended.errors)")
        func table(_ name: String) throws -> CSVTable {
            try CSVTable(text: String(contentsOf: folder.url.appendingPathComponent("out/csv/\(name).csv"), encoding: .utf8))
        }
        return (try table("journeys"), try table("funnel"))
    }

    @Test(arguments: [
        ("retail", ["sample-data/*-0*.ndjson*"]), ("tickets", ["sample-data/tickets"]), ("segment", ["pipelines/formats/segment.ndjson"]),
        ("matomo", ["pipelines/formats/matomo.ndjson"]),
    ])
    func draftsAreThoseRecorded(name: String, logs: [String]) throws {
        let folder = try Self.folder()
        let named = name == "tickets" ? ["sample-data/tickets/tickets-000.ndjson.zst"] : logs
        let text = try Self.draft(named, in: folder)
        let file = Self.golden.appendingPathComponent("\(name).yaml")
        if ProcessInfo.processInfo.environment["SOJOURN_RECORD"] == "1" {
            try FileManager.default.createDirectory(at: Self.golden, withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.path); look at the changes, then run without SOJOURN_RECORD")
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
        let (journeys, funnel) = try Self.run(in: folder)
        #expect(try Self.cells(journeys, "completed").contains { $0 != "0" })
        let reached = try Self.cells(funnel, "reached")
        #expect(reached.count >= 2 && reached.last != "0")
    }

    /// Five sources, none of which the program was told anything about: the purchases that come of the draft are those of the pipeline that
    /// was written by hand.
    @Test func fiveSourcesGiveTheJourneysOfThePipelineByHand() throws {
        let folder = try Self.folder()
        _ = try Self.draft(["sample-data/*-0*.ndjson*"], in: folder)
        let (journeys, _) = try Self.run(in: folder)
        let byHand = try CSVTable(
            text: String(contentsOf: Binary.root.appendingPathComponent("Tests/EndToEndTests/Golden/retail/journeys.csv"), encoding: .utf8))
        func row(_ table: CSVTable) throws -> [String] {
            let place = try #require(Self.cells(table, "journey").firstIndex(of: "purchase"))
            return try ["started", "completed", "failed", "abandoned", "open"].map { try Self.cells(table, $0)[place] }
        }
        #expect(try row(journeys) == row(byHand))
    }

    @Test(arguments: ["cloudevents", "connect", "ga4", "genesys", "amplitude", "mixpanel", "posthog", "snowplow", "xes", "zendesk"])
    func formatsRunAtOnce(name: String) throws {
        let folder = try Self.folder()
        let text = try Self.draft(["pipelines/formats/\(name).ndjson"], in: folder)
        #expect(text.contains("pipelines/formats/\(name).yaml"))
        #expect(try Self.cells(Self.run(in: folder).journeys, "started").contains { $0 != "0" })
    }

    /// Without -o the file goes to stdout and nothing else does.
    @Test func withoutAFileItGoesToStandardOutput() throws {
        let folder = try Self.folder()
        let ended = try Binary.run("init", "sample-data/web-000.ndjson.zst", in: folder.path)
        #expect(ended.status == 0 && ended.errors.contains("sojourn: looked at ") && ended.errors.contains("known id, user"))
        #expect(ended.output.hasPrefix("# yaml-language-server: $schema=schema.json\n# A first draft by `sojourn init`"))
        try folder.write(ended.output, to: "draft.yaml")
        _ = try Self.run(in: folder)
        let quiet = try Binary.run("init", "sample-data/web-000.ndjson.zst", "--quiet", in: folder.path)
        #expect(quiet.output == ended.output && quiet.errors == "")
    }

    @Test func aFileThatIsThereStays() throws {
        let folder = try Self.folder()
        try folder.write("mine", to: "draft.yaml")
        let ended = try Binary.run("init", "sample-data/web-000.ndjson.zst", "-o", "draft.yaml", in: folder.path)
        #expect(
            ended.status == 2
                && ended.errors
                    == "sojourn: draft.yaml is there already and is not overwritten; name another file with -o, or move it away\n"
        )
        #expect(try String(contentsOf: folder.url.appendingPathComponent("draft.yaml"), encoding: .utf8) == "mine")
        let nowhere = try Binary.run("init", "sample-data/web-000.ndjson.zst", "-o", "none/draft.yaml", in: folder.path)
        #expect(nowhere.status == 1 && nowhere.errors.contains("none"), "\(nowhere.errors)")
    }

    /// Inputs are named from where the file lies, however the log was named.
    @Test func inputsAreNamedFromTheFile() throws {
        let folder = try Self.folder()
        try FileManager.default.createDirectory(at: folder.url.appendingPathComponent("conf"), withIntermediateDirectories: true)
        try folder.write(
            "{\"time\":\"2024-01-01T10:00:00Z\",\"user\":\"u1\",\"page\":\"a\"}\n{\"time\":\"2024-01-01T10:00:05Z\",\"user\":\"u1\",\"page\":\"b\"}\n",
            to: "logs [old]/it's*.ndjson")
        let ended = try Binary.run("init", folder.path("logs [old]/it's*.ndjson"), "-o", "conf/draft.yaml", in: folder.path)
        try #require(ended.status == 0, "\(ended.errors)")
        let run = try Binary.run("run", "conf/draft.yaml", "-o", "out", in: folder.path)
        #expect(run.status == 0 && run.output.contains("2 lines = 2 events"), "\(run.errors)")
    }

    @Test func standardInput() throws {
        let folder = try ScratchFolder()
        let lines = (0..<40).map {
            "{\"time\":\"2024-01-01T10:00:\($0 + 10)Z\",\"user\":\"u\($0 / 4)\",\"page\":\"\(["a", "b", "c", "done"][$0 % 4])\"}\n"
        }.joined()
        let ended = try Binary.run("init", "-", "-o", "draft.yaml", input: Array(lines.utf8), in: folder.path)
        try #require(ended.status == 0, "\(ended.errors)")
        let run = try Binary.run("run", "draft.yaml", "-", "-o", "out", input: Array(lines.utf8), in: folder.path)
        #expect(run.status == 0 && run.output.contains("40 lines = 40 events"), "\(run.errors)")
    }

    /// What is no log says so as `run` does, and nothing is written.
    @Test func otherFilesAreCalledWhatTheyAre() throws {
        let folder = try ScratchFolder()
        for (number, file) in ForeignFiles.all.enumerated() where number % 5 == 0 {
            try folder.write(file.bytes, to: "log")
            let ended = try Binary.run("init", "log", "-o", "draft.yaml", in: folder.path)
            #expect(ended.status == 1 && ended.errors.contains(file.name) && ended.output == "", "\(ended.errors)")
        }
        for words in [["nothing-*.ndjson"], ["no.such.file"], []] {
            #expect(try Binary.run(["init"] + words, in: folder.path).status == 2)
        }
        #expect(!folder.names().contains("draft.yaml"))
    }
}
