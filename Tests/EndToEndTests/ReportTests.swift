import Foundation
import Testing

@testable import TestSupport

/// report.html as people open it: in Chromium, at the widths of a telephone, a tablet and a desk, whatever the log holds.
@Suite struct ReportTests {
    @discardableResult
    private func look(_ page: String, _ widths: [Int] = [320, 768, 1280]) throws -> [PageLook.Look] { try PageLook.look(page, widths) }

    private func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

    /// The sample's page: everything is on it, what matters on the first screen, and it can be made again from the tables alone.
    @Test func sampleData() throws {
        let folder = try ScratchFolder()
        let ran = try Binary.run("run", Binary.root.appendingPathComponent("pipelines/retail.yaml").path, "-o", "out", in: folder.path)
        #expect(ran.status == 0, "\(ran.errors)")
        let page = folder.path("out/report.html")
        let looks = try look(page)
        for look in looks { #expect(look.closed.pictures >= 12 && look.closed.tables >= 30) }
        #expect(try #require(looks.last).closed.firstScreenEnds < 800)
        let written = try bytes(page)
        #expect(written.count < 500_000)
        try FileManager.default.removeItem(atPath: page)
        let made = try Binary.run("report", "out", in: folder.path)
        #expect(made.status == 0 && made.output.contains("report.html"), "\(made.errors)")
        #expect(try bytes(page) == written)
        // Nothing but the tables is needed, and a run replaces the folder as before.
        let again = try Binary.run("run", Binary.root.appendingPathComponent("pipelines/retail.yaml").path, "-o", "out", in: folder.path)
        #expect(again.status == 0, "\(again.errors)")
        #expect(try bytes(page) == written)
    }

    /// Names that spreadsheets would run are escaped in their files, and not on the page.
    @Test func filesForSpreadsheets() throws {
        let folder = try ScratchFolder()
        try folder.write(Self.pipeline("journeys:\n" + Self.journey("=j", ["=a", "'-b", "+c"])), to: "p.yaml")
        try folder.write((0..<90).map { Self.line($0, $0 / 3, "@web", ["=a", "'-b", "+c"][$0 % 3]) + "\n" }.joined(), to: "log.ndjson")
        let exact = try Binary.run("run", "p.yaml", "-o", "out", in: folder.path)
        #expect(exact.status == 0, "\(exact.errors)")
        let page = try bytes(folder.path("out/report.html"))
        let escaped = try Binary.run("run", "p.yaml", "-o", "out", "--excel", in: folder.path)
        #expect(escaped.status == 0, "\(escaped.errors)")
        #expect(try String(contentsOfFile: folder.path("out/csv/touchpoints.csv"), encoding: .utf8).contains("''-b"))
        #expect(try bytes(folder.path("out/report.html")) == page)
        let made = try Binary.run("report", "out", in: folder.path)
        #expect(made.status == 0, "\(made.errors)")
        #expect(try bytes(folder.path("out/report.html")) == page)
    }

    @Test func noFolderOfARun() throws {
        let folder = try ScratchFolder()
        for name in ["missing", "."] {
            let ended = try Binary.run("report", name, in: folder.path)
            #expect(ended.status == 1 && ended.errors.contains("datapackage.json"), "\(ended.errors)")
        }
        #expect(folder.names() == [])
    }

    /// Tables that somebody has spoilt are told, and do not end the program.
    @Test(arguments: [
        ("csv/journeys.csv", "journey,started\n\"open"), ("csv/journeys.csv", ""), ("csv/stalls.csv", "a,b\n1\n"),
        ("datapackage.json", "[]"),
        ("datapackage.json", "{}"),
    ])
    func spoiltTables(_ file: String, _ text: String) throws {
        let log = try SmallLog()
        #expect(try log.run().status == 0)
        let page = try bytes(log.folder.path("out/report.html"))
        try log.folder.write(text, to: "out/\(file)")
        let ended = try Binary.run("report", "out", in: log.folder.path)
        #expect(ended.status == 1 && ended.errors.contains(file), "\(ended.errors)")
        #expect(try bytes(log.folder.path("out/report.html")) == page)
    }

    /// Figures beyond all reason make an unreasonable page, and no crash.
    @Test func figuresBeyondReason() throws {
        let log = try SmallLog()
        #expect(try log.run().status == 0)
        for name in try FileManager.default.contentsOfDirectory(atPath: log.folder.path("out/csv")) {
            let table = try CSVTable(bytes(log.folder.path("out/csv/\(name)")))
            for value in ["9223372036854775807", "-1", "1e308", "nan", "x"] {
                let rows =
                    [table.header.map(\.description)]
                    + (0..<3).map { _ in table.header.map { $0.description == "journey" ? "buy" : value } }
                try log.folder.write(rows.map { $0.joined(separator: ",") + "\n" }.joined(), to: "out/csv/\(name)")
                let ended = try Binary.run("report", "out", in: log.folder.path)
                #expect(ended.status == 0, "\(name) \(value): \(ended.errors)")
            }
        }
    }

    // MARK: Logs of every shape

    private static let hostile = [
        "<script>document.title='x'</script>", "\"'&<>", "</style></svg>", "{{{x}}}", "עברית", "\u{202E}turned", "a\nb", "😀", "=1+1",
        String(repeating: "unbreakable", count: 28),
    ]

    private func page(_ log: [String], _ pipeline: String) throws -> (folder: ScratchFolder, path: String) {
        let folder = try ScratchFolder()
        try folder.write(pipeline, to: "p.yaml")
        try folder.write(log.map { $0 + "\n" }.joined(), to: "log.ndjson")
        let ended = try Binary.run("run", "p.yaml", "-o", "out", in: folder.path)
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try bytes(folder.path("out/report.html")).count < 500_000)
        return (folder, folder.path("out/report.html"))
    }

    private static func quoted(_ text: String) -> String {
        String(decoding: try! JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed), as: UTF8.self)
    }

    private static func pipeline(_ journeys: String, more: String = "") -> String {
        """
        version: 1
        name: \(quoted(hostile[0]))
        sources:
          - name: \(quoted(hostile[1]))
            input: log.ndjson
            fields: {time: t, channel: ch, touchpoint: tp, ids: {customer: c}, attributes: {segment: s}}
        identity: {known: [customer]}
        channels: {\(hostile.map { "\(quoted($0)): {kind: assisted, owner: \(quoted($0)), response_sla: 1m}" }.joined(separator: ", "))}
        dimensions: [{name: segment, field: attributes.segment}]
        \(journeys)
        \(more)

        """
    }

    private static func line(_ number: Int, _ person: Int, _ channel: String, _ touchpoint: String) -> String {
        "{\"t\":\(1_772_323_200 + number * 600),\"c\":\"c\(person)\",\"ch\":\(quoted(channel)),\"tp\":\(quoted(touchpoint)),\"s\":\(quoted(channel))}"
    }

    private static func journey(_ name: String, _ touchpoints: [String]) -> String {
        let steps = touchpoints.map { "      - {name: \(quoted($0)), owner: \(quoted($0)), match: 'touchpoint == \(expression($0))'}" }
        return "  - name: \(quoted(name))\n    goal: 'touchpoint == \(expression(touchpoints.last!))'\n    inactivity: 1d\n    steps:\n"
            + steps.joined(separator: "\n")
    }

    /// In a text of YAML in single quotes.
    private static func expression(_ text: String) -> String { quoted(text).replacingOccurrences(of: "'", with: "''") }

    @Test func hostileNames() throws {
        let log = (0..<900).map { number in
            let person = number / 9
            return Self.line(
                person * 3 + number % 9, person, Self.hostile[(person + number) % 10], Self.hostile[(number % 9 + person % 2) % 10])
        }
        let journeys = "journeys:\n" + Self.hostile.prefix(3).map { Self.journey($0, Self.hostile) }.joined(separator: "\n")
        let (folder, path) = try page(log, Self.pipeline(journeys))
        try withExtendedLifetime(folder) { _ = try look(path) }
    }

    @Test func emptyLogAndOneJourney() throws {
        let journeys = "journeys:\n" + Self.journey("j", ["a", "b"])
        for log in [[], [Self.line(0, 0, "web", "a")]] {
            let folder = try ScratchFolder()
            try folder.write(Self.pipeline(journeys), to: "p.yaml")
            try folder.write(log.map { $0 + "\n" }.joined(), to: "log.ndjson")
            let ended = try Binary.run("run", "p.yaml", "-o", "out", in: folder.path)
            #expect(ended.status == 0, "\(ended.errors)")
            try look(folder.path("out/report.html"), [320, 1280])
        }
    }

    /// 50 steps, 200 frictions and 5,000 touchpoints.
    @Test func manyOfEverything() throws {
        let steps = (0..<50).map { "step \($0)" }
        let log = (0..<10_000).map { number in
            let (person, place) = (number / 25, number % 25)
            return Self.line(
                person + place, person, "web \(place % 3)", place % 2 == 0 ? steps[(place + person) % 50] : "touchpoint \(number % 5000)")
        }
        let rules = (0..<200).map {
            "    - {name: rule_\($0), scope: person, pattern: 'a b', where: {a: 'touchpoint == \"step \($0 % 50)\"', b: 'touchpoint == \"step \(($0 + 2) % 50)\"'}}"
        }
        let (folder, path) = try page(
            log, Self.pipeline("journeys:\n" + Self.journey("long", steps), more: "frictions:\n  define:\n" + rules.joined(separator: "\n"))
        )
        try withExtendedLifetime(folder) { _ = try look(path, [320, 1280]) }
    }
}
