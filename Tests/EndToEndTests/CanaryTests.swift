import Foundation
import Testing

@testable import TestSupport

/// A log whose identifiers, dropped fields and unusable lines are marked: with a key the mark comes out nowhere, and
/// without the identifiers nothing else changes.
@Suite struct CanaryTests {
    private static let mark = "CANARY"
    private static let keyText = "a key of the canary test"
    /// By `printf %s CANARY-ann | openssl dgst -sha256 -hmac 'a key of the canary test'`.
    private static let ann = "6634a52c3289d59bbbe64e90e66f375941698669d1ac0f6261081a7f7fafcd75"
    private static let sharedDevice = "99285ab4558c242f1e20d995b94df4eefe530a179ad42dcc32eef1e948391bae"

    private static let pipeline = """
        version: 1
        name: birds
        sources:
          - name: web
            input: web.ndjson
            fields:
              time: t
              event_id: id
              channel: ch
              touchpoint: tp
              action: a
              outcome: person.result
              ids: {customer: c, email: mail, device: d}
              attributes: {topic: topic, name: person.name, note: note}
          - name: phone
            input: phone.ndjson
            fields: {time: t, event_id: id, channel: ch, touchpoint: tp, action: a, ids: {customer: c, device: d}, attributes: {topic: topic}}
        identity: {known: [customer], linking: [email, device], max_known: 2, block: [CANARY-blocked]}
        channels: {web: {kind: self-service, gap: 30m}, phone: {kind: assisted, gap: 2h}}
        max_line_bytes: 1024
        journeys:
          - name: help
            start: 'touchpoint == "faq"'
            goal: 'touchpoint == "solved"'
            inactivity: 7d
            steps:
              - {name: read, match: 'channel == "web"', sla: 5m}
              - {name: ask, match: 'channel == "phone"'}
            funnel: {mode: ordered}
        frictions:
          include: [standard]
          define:
            - {name: asked, owner: service, pattern: 'read ask', where: {read: 'channel == "web"', ask: 'channel == "phone" && attributes.topic == prev.attributes.topic'}}

        """
    private static let privacy = "privacy: {key_file: birds.key, drop: [person, /note]}\n"
    /// Without the key, what is dropped must go too: its outcomes would count.
    private static let dropOnly = "privacy: {drop: [person, /note]}\n"

    private static func line(_ time: Int, _ ids: String, _ rest: String) -> String {
        "{\"t\":\(1_772_323_200 + time * 60),\(ids),\(rest),\"unmapped\":\"CANARY-unmapped\"}\n"
    }

    private static func web(_ time: Int, _ ids: String, _ touchpoint: String) -> String {
        line(
            time, ids,
            "\"id\":\"CANARY-event-\(time)\",\"ch\":\"web\",\"tp\":\"\(touchpoint)\",\"a\":\"view\",\"topic\":\"delivery\",\"note\":\"CANARY-note\","
                + "\"person\":{\"name\":\"CANARY-name\",\"result\":\"CANARY-result\"}")
    }

    private static func phone(_ time: Int, _ ids: String, _ touchpoint: String) -> String {
        line(time, ids, "\"id\":\(time),\"ch\":\"phone\",\"tp\":\"\(touchpoint)\",\"a\":\"call\",\"topic\":\"delivery\"")
    }

    /// Known persons, one by an escaped text; an anonymous one; a device of two persons and a placeholder of three; duplicates.
    private static var goodLines: (web: String, phone: String) {
        var (web, phone) = ("", "")
        for (number, name) in ["ann", "b\\u0065a", "cy"].enumerated() {
            let ids = "\"c\":\"CANARY-\(name)\",\"mail\":\"CANARY-\(name)@x\",\"d\":\"CANARY-d\(number)\""
            web += Self.web(100 * number, ids, "faq") + Self.web(100 * number + 7, ids, "faq") + Self.web(100 * number + 7, ids, "faq")
            phone += Self.phone(100 * number + 20, "\"c\":\"CANARY-\(name)\",\"d\":\"CANARY-kiosk\"", "agent")
            if number < 2 { web += Self.web(100 * number + 30, "\"c\":\"CANARY-\(name)\",\"d\":\"CANARY-shared-device\"", "solved") }
        }
        web += Self.web(500, "\"d\":\"CANARY-anonymous\",\"mail\":\"CANARY-someone@x\"", "faq")
        phone += Self.phone(520, "\"d\":\"CANARY-anonymous\"", "agent") + Self.phone(530, "\"d\":\"CANARY-kiosk\"", "agent")
        web += Self.web(540, "\"c\":\"CANARY-blocked\",\"d\":\"CANARY-shared-device\"", "faq")
        return (web, phone)
    }

    /// One for every reason to put a line aside.
    private static var badLines: [UInt8] {
        let (id, place) = ("\"c\":\"CANARY-ann\"", "\"ch\":\"web\",\"tp\":\"faq\"")
        let text = [
            line(1, id, place + ",\"x\":\"" + String(repeating: "CANARY", count: 200) + "\""), "{\"c\":\"CANARY-cut\n", "\"CANARY\"\n",
            "{\(id),\(place)}\n", "{\"t\":\"CANARY-time\",\(id),\(place)}\n", line(1, "\"c\":\"CANARY-blocked\"", place),
            line(1, id, "\"ch\":{\"CANARY\":1},\"tp\":\"faq\""), line(1, id, "\"ch\":\"web\",\"tp\":[\"CANARY\"]"),
        ].joined()
        return Array(text.utf8) + Array("{\"c\":\"CANARY-".utf8) + [0xFF] + Array("\"}\n".utf8)
    }

    private func birds(_ privacy: String) throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write(Self.pipeline + privacy, to: "p.yaml")
        try folder.write(Self.goodLines.web.utf8 + Self.badLines, to: "web.ndjson")
        try folder.write(Self.goodLines.phone, to: "phone.ndjson")
        let key = try folder.write((Self.keyText + "\n").utf8, to: "birds.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
        try FileManager.default.createDirectory(atPath: folder.path("tmp"), withIntermediateDirectories: true)
        return folder
    }

    private func start(_ words: [String], _ folder: ScratchFolder) throws -> Binary.Ended {
        try Binary.run(words, in: folder.path, environment: ["TMPDIR": folder.path("tmp")])
    }

    /// Where a mark stands in files below the folder, in their names too.
    private func marked(_ mark: String, in folder: ScratchFolder, below names: [String]) throws -> [String] {
        var found: [String] = []
        for name in names {
            for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path(name)) {
                let data = (try? Data(contentsOf: URL(fileURLWithPath: folder.path(name) + "/" + path))) ?? Data()
                if path.contains(mark) || data.range(of: Data(mark.utf8)) != nil { found.append("\(name)/\(path)") }
            }
        }
        return found
    }

    private func csv(_ name: String, _ folder: ScratchFolder) throws -> CSVTable {
        try CSVTable(Array(Data(contentsOf: folder.url.appendingPathComponent("out/csv/\(name).csv"))))
    }

    private static let run = ["run", "p.yaml", "-o", "out", "--max-rejects", "100%"]

    @Test(arguments: [[], ["--log-format", "json"], ["--threads", "1"], ["--threads", "3", "--block-bytes", "100"], ["-o", "tmp/out"]])
    func runsShowNoMark(_ means: [String]) throws {
        let folder = try birds(Self.privacy)
        let ended = try start(Self.run + means, folder)
        #expect(ended.status == 0 && ended.errors == "", "\(ended.errors)")
        #expect(!ended.output.contains(Self.mark), "\(ended.output)")
        #expect(try marked(Self.mark, in: folder, below: means.contains("tmp/out") ? ["tmp"] : ["out", "tmp"]) == [])
        guard !means.contains("tmp/out") else { return }
        let log = SmallLog(in: folder)
        #expect(log.record("privacy.key_id") == "8f27705256ff036f" && log.record("/privacy/drop/1") == "/note")
        #expect(Set(log.quarantine.compactMap { $0.split(separator: " ").last }).count == 9, "\(log.quarantine)")
        #expect(log.record("ledger.duplicates") == "3" && log.record("ledger.filtered") == "1")
        let examples = try #require(try csv("frictions", folder).column("examples"))
        #expect(examples.contains { $0.contains("customer:" + Self.ann) }, "\(examples)")
        // All types of identifiers stand behind the numbers, and a device that persons share is one with a key as well.
        #expect(try csv("identity", folder).column("values") == ["3", "6", "4"])
        #expect(try csv("identity", folder).column("shared") == ["0", "1", "0"])
        #expect(try csv("identity", folder).column("placeholders") == ["0", "1", "0"])
    }

    /// From run to run: what a state keeps, late events, and a person who is forgotten by the id in the log.
    @Test func statesShowNoMark() throws {
        let folder = try birds(Self.privacy + "retention: 1d\n")
        let day = 1440
        func read(_ name: String, _ lines: String) throws {
            try folder.write(lines, to: name)
            let ended = try start(Self.run + ["--state", "state", "--accept-jump", "--source", "web", name], folder)
            #expect(ended.status == 0 && !(ended.output + ended.errors).contains(Self.mark), "\(ended.output)\(ended.errors)")
            #expect(try marked(Self.mark, in: folder, below: ["out", "tmp", "state"]) == [])
        }
        let ended = try start(Self.run + ["--state", "state"], folder)
        #expect(ended.status == 0 && !(ended.output + ended.errors).contains(Self.mark), "\(ended.output)\(ended.errors)")
        #expect(try marked(Self.mark, in: folder, below: ["out", "tmp", "state"]) == [])
        try read(
            "later.ndjson",
            Self.web(9 * day, "\"c\":\"CANARY-ann\",\"d\":\"CANARY-d0\"", "faq") + Self.web(9 * day + 1, "\"c\":\"CANARY-cy\"", "faq"))
        try read(
            "late.ndjson",
            Self.web(50, "\"c\":\"CANARY-ann\",\"mail\":\"CANARY-ann@x\"", "faq") + Self.web(51, "\"c\":\"CANARY-cy\"", "faq"))
        let log = SmallLog(in: folder)
        #expect(log.record("ledger.late") == "2")
        #expect(try marked(Self.ann, in: folder, below: ["out", "state"]).contains("out/late.ndjson"))
        // The state holds pseudonyms; after forgetting, hers is gone too.
        #expect(try marked(Self.ann, in: folder, below: ["state"]) == ["state/state.sqlite"])
        let forgotten = try start(["forget", "--state", "state", "--person", "CANARY-ann"], folder)
        #expect(
            forgotten.status == 0 && forgotten.output.hasPrefix("Forgotten: ") && !forgotten.output.contains(Self.mark),
            "\(forgotten.output)\(forgotten.errors)")
        #expect(try marked(Self.ann, in: folder, below: ["state"]) == [])
        let again = try start(["forget", "--state", "state", "--person", "customer:CANARY-ann"], folder)
        #expect(
            again.status == 1 && again.errors.contains("or one with this pseudonym") && !again.errors.contains(Self.mark), "\(again.errors)"
        )
        let after = try start(Self.run + ["--state", "state"], folder)
        #expect(after.status == 0, "\(after.errors)")
        #expect(try marked(Self.ann, in: folder, below: ["out", "state"]) == [])
        #expect(try marked(Self.mark, in: folder, below: ["out", "tmp", "state"]) == [])
    }

    /// The same log without a key, to see that the marks are there to be found, and that all other numbers are the same.
    @Test func onlyIdentifiersChange() throws {
        let (plain, keyed) = (try birds(Self.dropOnly), try birds(Self.privacy))
        for folder in [plain, keyed] { #expect(try start(Self.run, folder).status == 0) }
        #expect(
            try Set(marked(Self.mark, in: plain, below: ["out"])) == [
                "out/csv/frictions.csv", "out/csv/open_journeys.csv", "out/report.html",
            ])
        for name in plain.names("out/csv") {
            let file = String(name.dropLast(4))
            var (one, other) = (try csv(file, plain), try csv(file, keyed))
            if file == "frictions" {
                let place = try #require(one.header.firstIndex(of: "examples"))
                for index in one.rows.indices {
                    #expect(one.rows[index][place].split(separator: ";").count == other.rows[index][place].split(separator: ";").count)
                    (one.rows[index][place], other.rows[index][place]) = ("", "")
                }
            }
            if file == "open_journeys" {
                let place = try #require(one.header.firstIndex(of: "person"))
                // Of equal ones the person decides which comes first.
                one.rows = one.rows.map { $0.enumerated().filter { $0.offset != place }.map(\.element) }.sorted {
                    $0.lexicographicallyPrecedes($1)
                }
                other.rows = other.rows.map { $0.enumerated().filter { $0.offset != place }.map(\.element) }.sorted {
                    $0.lexicographicallyPrecedes($1)
                }
            }
            #expect(one == other, "\(name)")
        }
        let databases = try [plain, keyed].map { try Data(contentsOf: $0.url.appendingPathComponent("out/metrics.sqlite")) }
        #expect(databases[0] == databases[1])
        let ledgers = [plain, keyed].map { SmallLog(in: $0) }.map { log in
            ["lines", "events", "duplicates"].map { log.record("ledger." + $0) }
        }
        #expect(ledgers[0] == ledgers[1])
    }

    @Test(
        arguments: [
            (["run", "p.yaml", "-o", "out"], 3), (["run", "p.yaml", "-o", "out", "--log-format", "json"], 3),
            (["run", "p.yaml", "-o", "out", "--quarantine-raw"], 2),
            (["validate", "p.yaml"], 0), (["validate", "p.yaml", "--log-format", "json"], 0), (["test", "p.yaml"], 0),
            (["journey", "p.yaml", "--person", "CANARY-ann"], 0), (["journey", "p.yaml", "--person", "customer:CANARY-bea"], 0),
            (["journey", "p.yaml", "--person", ann], 0), (["journey", "p.yaml", "--person", "customer:" + ann], 0),
            (["journey", "p.yaml", "--person", "email:CANARY-someone@x"], 0),
            (["journey", "p.yaml", "--friction", "asked", "--examples", "5"], 0),
            (["journey", "p.yaml", "--person", "CANARY-nobody"], 1),
            (["journey", "p.yaml", "--person", "device:CANARY-nobody", "--log-format", "json"], 1),
            (["journey", "p.yaml", "--person", "CANARY-shared-device"], 1), (["journey", "p.yaml", "--person", "device:CANARY-kiosk"], 1),
            (["journey", "p.yaml", "--person", "CANARY-blocked"], 1), (["journey", "p.yaml", "--person", "nobody:CANARY-ann"], 1),
        ] as [([String], Int32)])
    func commandsShowNoMark(_ words: [String], _ status: Int32) throws {
        let folder = try birds(Self.privacy)
        let ended = try start(words, folder)
        #expect(ended.status == status, "\(ended.errors)")
        #expect(!(ended.output + ended.errors).contains(Self.mark), "\(ended.output)\(ended.errors)")
        #expect(!ended.output.isEmpty || !ended.errors.isEmpty)
        #expect(
            folder.names().filter { $0 != "p.yaml" } == ["birds.key", "phone.ndjson", "tmp", "web.ndjson"] && folder.names("tmp") == [])
        if words.contains("--quarantine-raw") { #expect(ended.errors.contains("--quarantine-raw") && ended.errors.contains("privacy")) }
    }

    @Test func personsByTheirIdOrTheirPseudonym() throws {
        let folder = try birds(Self.privacy)
        let pictures = try ["CANARY-ann", "customer:CANARY-ann", Self.ann, "CANARY-d0"].map {
            try start(["journey", "p.yaml", "--person", $0], folder).output
        }
        #expect(pictures[0].hasPrefix("customer:\(Self.ann)\n") && Set(pictures).count == 1, "\(pictures)")
        let shared = try start(["journey", "p.yaml", "--person", "CANARY-shared-device"], folder)
        #expect(
            shared.errors.contains("\(Self.sharedDevice) is shared by 2 persons") && shared.errors.contains("--person customer:\(Self.ann)")
        )
        let upper = try start(["journey", "p.yaml", "--person", "customer:" + Self.ann.uppercased()], folder)
        #expect(upper.status == 1 && upper.errors.contains("or one with this pseudonym"))
    }

    /// What is read shows pseudonyms also before a run.
    @Test func samplesAreHidden() throws {
        let folder = try birds(Self.privacy)
        let sample = try start(["validate", "p.yaml"], folder).output
        #expect(sample.contains(Self.ann.prefix(20)) && !sample.contains("note"), "\(sample)")
    }

    @Test func warningsAboutTheKey() throws {
        let folder = try birds(Self.privacy)
        try folder.write("short", to: "birds.key")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.path("birds.key"))
        for words in [Self.run, ["validate", "p.yaml"], ["journey", "p.yaml", "--person", "CANARY-ann"]] {
            let ended = try start(words, folder)
            #expect(ended.status == 0 && ended.errors.components(separatedBy: "sojourn: warning: ").count == 3, "\(ended.errors)")
            #expect(ended.errors.contains("others may read") && ended.errors.contains("5 bytes can be guessed"))
            #expect(try start(words + ["--quiet"], folder).errors == "")
        }
        let json = try start(Self.run + ["--log-format", "json"], folder).errors
        #expect(try NaiveJSONParser.parse(Array(json.split(separator: "\n")[0].utf8)).value(at: "level") == .string("warning"))
        try folder.write("\n", to: "birds.key")
        let empty = try start(Self.run, folder)
        #expect(empty.status == 2 && empty.errors.contains("p.yaml:") && empty.errors.contains("birds.key is empty"), "\(empty.errors)")
        // Rules can be tried where the key is not.
        #expect(try start(["test", "p.yaml"], folder).status == 0)
    }
}
