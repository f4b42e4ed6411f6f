import Foundation
import Testing

@testable import TestSupport

/// `sojourn journey` on the little shop in `Golden/journey`, where the pictures lie too. `SOJOURN_RECORD=1` draws them anew; a
/// test that has recorded fails, so that nobody takes a recording for a check.
@Suite struct JourneyCommandTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/journey")
    private static let isRecording = ProcessInfo.processInfo.environment["SOJOURN_RECORD"] == "1"
    private static let shop = golden.appendingPathComponent("shop.yaml").path

    private func journey(_ arguments: String..., input: [UInt8] = []) throws -> Binary.Ended {
        try Binary.run(["journey", Self.shop] + arguments, input: input)
    }

    @Test(
        arguments: [
            ("person", ["--person", "1042"]), ("limited", ["--person", "customer:1042", "--limit", "8"]),
            ("friction", ["--friction", "payment_retry", "--examples", "2"]),
            ("as-of", ["--person", "1042", "--as-of", "2026-03-28T20:17:30Z"]),
        ])
    func picturesAreTheRecordedOnes(name: String, arguments: [String]) throws {
        let ended = try Binary.run(["journey", Self.shop] + arguments)
        #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
        let file = Self.golden.appendingPathComponent(name + ".txt")
        if Self.isRecording {
            try ended.output.write(to: file, atomically: true, encoding: .utf8)
            Issue.record("recorded \(file.path); look at the changes, then run without SOJOURN_RECORD")
        }
        let wanted = try String(contentsOf: file, encoding: .utf8)
        #expect(ended.output.components(separatedBy: "\n") == wanted.components(separatedBy: "\n"))
        #expect(ended.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
        #expect(!ended.output.contains("\u{1B}"))
    }

    @Test(arguments: [["--threads", "1"], ["--threads", "3", "--block-bytes", "100"], ["--quiet"], ["--memory", "16M"]])
    func meansDoNotMatter(_ means: [String]) throws {
        let wanted = try String(contentsOf: Self.golden.appendingPathComponent("person.txt"), encoding: .utf8)
        let ended = try Binary.run(["journey", Self.shop, "--person", "1042"] + means)
        #expect(ended.output == wanted && ended.errors == "")
    }

    // MARK: Who

    @Test(
        arguments: [
            ("1042", "customer:1042"), ("customer:1042", "customer:1042"), ("d-7", "customer:1042"), ("device:d-7", "customer:1042"),
            ("customer:77", "customer:77"), ("device:77", "customer:2001"), ("d-20", "device:d-20"),
        ])
    func isFound(_ asked: String, _ name: String) throws {
        let ended = try journey("--person", asked)
        #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
        #expect(ended.output.hasPrefix(name + "\n"), "\(ended.output.prefix(40))")
    }

    @Test(
        arguments: [
            ("nobody", ["no event", "customer, device"]), ("device:1042", ["no event", "looked for as device"]), ("01042", ["no event"]),
            ("unknown", ["no id"]), ("0000", ["no id"]), ("customer:", ["no id"]), ("kiosk", ["placeholder", "more than 3"]),
            ("d-9", ["shared by 2 persons", "--person customer:2001\n", "--person customer:2002\n"]),
            ("77", ["several types (customer, device)", "--person customer:2001\n", "--person customer:77\n"]),
        ])
    func isNotFound(_ asked: String, _ words: [String]) throws {
        let ended = try journey("--person", asked)
        #expect(ended.status == 1 && ended.output == "", "\(ended.output)")
        for word in words { #expect(ended.errors.contains(word), "\(ended.errors)") }
    }

    /// Whoever comes only after as-of is not there yet.
    @Test func isNotYetThere() throws {
        let early = try journey("--person", "2003", "--as-of", "2026-03-10T00:00:00Z")
        #expect(early.status == 1 && early.errors.contains("no event up to as-of"), "\(early.errors)")
        #expect(try journey("--person", "2003").status == 0)
    }

    // MARK: Frictions

    @Test func frictionsThatNobodyHas() throws {
        let log = try SmallLog(
            Array(SmallLog.lines(20).utf8),
            pipeline: SmallLog.pipeline + "frictions: {define: [{name: never, pattern: a, where: {a: 'touchpoint == \"no\"'}}]}\n")
        let never = try Binary.run(["journey", "p.yaml", "--friction", "never"], in: log.folder.path)
        #expect(never.status == 0 && never.output == "No journey has never.\n" && never.errors == "")
        let lacking = try journey("--friction", "re_explain")
        #expect(lacking.status == 0 && lacking.output == "re_explain cannot be measured in this log, which lacks: names of agents\n")
        #expect(
            try journey("--friction", "payment_retry", "--journey", "support").output == "No journey of type support has payment_retry.\n")
    }

    @Test(
        arguments: [
            (["--friction", "payment-retri"], "did you mean `payment_retry`?"), (["--friction", "xyz"], "second_thoughts"),
            (["--friction", "rage_click", "--journey", "purchas"], "`purchase`"), ([], "--person or --friction"),
            (["--person", "1", "--friction", "rage_click"], "--person or --friction"), (["--person", ""], "--person"),
            (["--person", "1", "--examples", "2"], "--examples"), (["--friction", "rage_click", "--examples", "0"], "--examples"),
            (["--person", "1", "--limit", "0"], "--limit"), (["--person", "1", "--as-of", "noon"], "noon"),
            (["nothing-*", "--person", "1"], "nothing-*"),
        ])
    func wrongUse(_ arguments: [String], _ word: String) throws {
        let ended = try Binary.run(["journey", Self.shop] + arguments)
        #expect(ended.status == 2 && ended.output == "" && ended.errors.contains(word), "\(ended.errors)")
    }

    @Test func help() throws {
        let ended = try Binary.run(["journey", "--help"])
        #expect(ended.status == 0 && ended.errors == "")
        for option in ["--person", "--friction", "--examples", "--journey", "--limit", "--as-of", "--threads", "--quiet"] {
            #expect(ended.output.contains(option), "\(option)")
        }
        #expect(try Binary.run(["--help"]).output.contains("sojourn journey"))
    }

    @Test func readsStandardInput() throws {
        let log = Array(try Data(contentsOf: Self.golden.appendingPathComponent("shop.ndjson")))
        let wanted = try String(contentsOf: Self.golden.appendingPathComponent("person.txt"), encoding: .utf8)
        #expect(try journey("-", "--person", "1042", input: Packing.gzip(log)).output == wanted)
        let nobody = try journey("-", "--person", "1042")
        #expect(nobody.status == 1 && nobody.errors.contains("no event"))
    }

    /// Lines that cannot be used do not keep the picture from being drawn, but are told.
    @Test func unusableLinesAreTold() throws {
        let log = try SmallLog(SmallLog.lines(9) + "nul\n")
        let ended = try Binary.run(["journey", "p.yaml", "--person", "c0"], in: log.folder.path)
        #expect(ended.status == 0 && ended.output.hasPrefix("customer:c0\n") && ended.errors.contains("1 of 10 lines"), "\(ended.errors)")
        #expect(try Binary.run(["journey", "p.yaml", "--person", "c0", "--quiet"], in: log.folder.path).errors == "")
    }

    /// For every friction of a made-up log: the persons drawn are those that frictions.csv names.
    @Test func examplesAreThoseOfTheTable() throws {
        let folder = try ScratchFolder()
        let generated = try Binary.run("generate", "retail", "-o", folder.path("log"), "--events", "6000", "--quiet")
        try #require(generated.status == 0, "\(generated.errors)")
        let text = try String(contentsOf: Binary.root.appendingPathComponent("pipelines/retail.yaml"), encoding: .utf8)
        try folder.write(text.replacingOccurrences(of: "../sample-data/", with: "log/"), to: "p.yaml")
        let run = try Binary.run("run", "p.yaml", "-o", "out", "--max-rejects", "100%", in: folder.path)
        try #require(run.status == 0, "\(run.errors)")
        let table = try CSVTable(Array(Data(contentsOf: folder.url.appendingPathComponent("out/csv/frictions.csv"))))
        let columns = try ["journey", "friction", "examples"].map { try #require(table.column($0)) }
        var compared = 0
        for row in table.rows.indices where compared < 12 && columns[2][row] != "" {
            let (journey, friction, examples) = (columns[0][row], columns[1][row], columns[2][row])
            let ended = try Binary.run(
                "journey", "p.yaml", "--friction", friction, "--journey", journey, "--examples", "5", "--quiet", in: folder.path)
            let names = ended.output.split(separator: "\n").filter {
                $0.contains(", \(journey) ") && !$0.hasPrefix(" ") && !$0.contains(": a stall of ")
            }
            .map { String($0.split(separator: ",")[0]) }
            var persons: [String] = []
            for name in names where persons.last != name { persons.append(name) }
            #expect(persons.joined(separator: "; ") == examples, "\(journey) \(friction)")
            compared += 1
        }
        #expect(compared >= 5, "the log no longer tests anything")
    }
}
