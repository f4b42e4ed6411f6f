import Foundation
import Testing

@testable import TestSupport

/// `sojourn diff` as users start it. What it computes is checked on tables by hand and drawn ones (`ComparisonsTests`).
@Suite struct DiffTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/diff")
    private static let isRecording = ProcessInfo.processInfo.environment["SOJOURN_RECORD"] == "1"
    private static let periods = ["--from", "2026-03-30..2026-04-08", "--to", "2026-04-09..2026-04-18"]

    private static let young =
        "sojourn: warning: B: most of the journeys that began are too young to be judged: onboarding on 5 of 10 days (2026-04-14 to "
        + "2026-04-18). Conversion and losses speak of the others, and frictions had less time to occur.\n"

    private func sample(_ folder: ScratchFolder) throws {
        let ran = try Binary.run("run", Binary.root.appendingPathComponent("pipelines/retail.yaml").path, "-o", "out", in: folder.path)
        try #require(ran.status == 0, "\(ran.errors)")
    }

    private func isRecorded(_ found: String, _ name: String) throws {
        let file = Self.golden.appendingPathComponent(name)
        if Self.isRecording {
            try FileManager.default.createDirectory(at: Self.golden, withIntermediateDirectories: true)
            try Data(found.utf8).write(to: file)
            Issue.record("recorded \(file.path); look at the changes, then run without SOJOURN_RECORD")
        }
        let wanted = try String(contentsOf: file, encoding: .utf8)
        #expect(found.split(separator: "\n") == wanted.split(separator: "\n"), "\(name)")
    }

    /// Two periods of the sample: text, CSV and page, from the folder and from its database alone.
    @Test func periodsOfTheSample() throws {
        let folder = try ScratchFolder()
        try sample(folder)
        let text = try Binary.run(["diff", "out", "--all", "--html", "page.html"] + Self.periods, in: folder.path)
        #expect(text.status == 0 && text.errors.hasPrefix(Self.young + "sojourn: page.html: "), "\(text.errors)")
        try isRecorded(text.output, "april.txt")
        let csv = try Binary.run(["diff", "out/metrics.sqlite", "--csv"] + Self.periods, in: folder.path)
        #expect(csv.status == 0 && csv.errors == Self.young, "\(csv.errors)")
        try isRecorded(csv.output, "april.csv")
        // Every row of the CSV has the counts that a sum over the database's days gives.
        let table = try CSVTable(Array(csv.output.utf8))
        let rows = table.rows.map { Dictionary(uniqueKeysWithValues: zip(table.header, $0)) }
        let sums = try DatabaseRows.of(
            folder.path("out/metrics.sqlite"),
            "SELECT journey, sum(converted) c, sum(mature) m FROM journeys WHERE day BETWEEN '2026-04-09' AND '2026-04-18' GROUP BY journey"
        )
        for sum in sums {
            let row = rows.first { $0["kind"] == "conversion" && $0["journey"] == sum["journey"] }
            #expect(row?["b_count"] == sum["c"] && row?["b_of"] == sum["m"])
        }
        #expect(sums.count == 3)
        try PageLook.look(folder.path("page.html"))
    }

    /// A run and itself: nothing differs, and that the same journeys are in both is said.
    @Test func aFolderAndItself() throws {
        let folder = try ScratchFolder()
        try sample(folder)
        let ended = try Binary.run("diff", "out", "out", in: folder.path)
        #expect(ended.status == 0 && ended.output.contains("\nNothing differs: all "), "\(ended.output)")
        #expect(ended.errors.contains("warning: A and B both have journeys that began 2026-03-01 to 2026-04-28"), "\(ended.errors)")
        #expect(try Binary.run("diff", "out", "out", "--quiet", in: folder.path).errors == "")
    }

    // MARK: Two logs

    private static let hostile = ["<script>alert(1)</script>", "a\u{1B}[31m\u{202E}b", "{{{x}}}", "🙂 \"q\" & 'r'"]

    private static func quoted(_ text: String) -> String {
        String(decoding: try! JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed), as: UTF8.self)
    }

    private static func pipeline(_ more: String = "") -> String {
        let journeys = hostile.prefix(3).map { name in
            "  - {name: \(quoted(name)), goal: 'touchpoint == \"end\"', inactivity: 1h, steps: [{name: \(quoted(name)), match: 'touchpoint == \"begin\"'}, "
                + "{name: end, match: 'touchpoint == \"end\"'}]}\n"
        }
        return """
            version: 1
            name: \(quoted(hostile[0]))
            sources: [{name: log, input: log.ndjson, fields: {time: t, channel: ch, touchpoint: tp, ids: {customer: c}}}]
            identity: {known: [customer]}
            channels: {web: {kind: self-service}}
            journeys:
            \(journeys.joined())
            \(more)

            """
    }

    /// 400 customers, of whom so many in ten reach the end.
    private static func log(_ day: Int, _ tenths: Int) -> String {
        (0..<400).map { person in
            func line(_ second: Int, _ place: String) -> String {
                "{\"t\":\(1_772_323_200 + day * 86_400 + person + second),\"c\":\"c\(day)-\(person)\",\"ch\":\"web\",\"tp\":\"\(place)\"}\n"
            }
            return line(0, "begin") + (person % 10 < tenths ? line(9000 - person, "begin") + line(9010 - person, "end") : "")
        }.joined() + "{\"t\":\(1_772_323_200 + day * 86_400 + 80_000),\"c\":\"last\(day)\",\"ch\":\"web\",\"tp\":\"begin\"}\n"
    }

    private func run(_ folder: ScratchFolder, _ name: String, _ log: String, _ pipeline: String = Self.pipeline()) throws {
        try folder.write(pipeline, to: "p.yaml")
        try folder.write(log, to: "log.ndjson")
        let ended = try Binary.run("run", "p.yaml", "-o", name, in: folder.path)
        try #require(ended.status == 0, "\(ended.errors)")
    }

    @Test func hostileNames() throws {
        let folder = try ScratchFolder()
        try run(folder, "a", Self.log(0, 2))
        try run(folder, "b", Self.log(5, 6))
        let ended = try Binary.run("diff", "a", "b", "--html", "page.html", in: folder.path)
        #expect(ended.status == 0 && ended.output.contains(" figures changed beyond chance (q ≤ 0.05)."), "\(ended.output)")
        #expect(!ended.output.contains("\u{1B}") && !ended.output.contains("\u{202E}") && !ended.output.hasPrefix("None"))
        #expect(!ended.errors.contains("\u{1B}") && !ended.errors.contains("\u{2068}"), "\(ended.errors)")
        let page = try String(contentsOfFile: folder.path("page.html"), encoding: .utf8)
        #expect(!page.contains("<script>") && page.contains("&lt;script&gt;alert(1)") && !page.contains("\u{202E}"))
        let looks = try PageLook.look(folder.path("page.html"))
        for look in looks { #expect(look.closed.pictures == 1 && look.closed.tables >= 3) }
    }

    /// What makes two folders doubtful: another pipeline, zone or min_count.
    @Test func differentRuns() throws {
        let folder = try ScratchFolder()
        try run(folder, "a", Self.log(0, 3))
        try run(folder, "b", Self.log(5, 3), Self.pipeline("timezone: Europe/Berlin\nprivacy: {min_count: 2}"))
        let ended = try Binary.run("diff", "a", "b", in: folder.path)
        #expect(ended.status == 0)
        for words in ["another time zone (UTC in A, Europe/Berlin in B)", "another min_count (none in A, 2 in B)", "another pipeline file"]
        {
            #expect(ended.errors.contains(words), "\(words): \(ended.errors)")
        }
        #expect(!ended.errors.contains("both have journeys"))
        let refused = try Binary.run(["diff", "b"] + Self.periods, in: folder.path)
        #expect(refused.status == 2 && refused.output == "" && refused.errors.contains("the run has min_count"), "\(refused.errors)")
    }

    @Test(
        arguments: [
            (["out"], 2, "Give two folders, or one and two periods"), ([], 2, "Missing expected argument '<a>'"),
            (["out", "--from", "2026-03-01..2026-03-02"], 2, "give both --from and --to"),
            (["out", "out", "--from", "2026-03-01..2026-03-02", "--to", "2026-03-01..2026-03-02"], 2, "give either B, or --from and --to"),
            (
                ["out", "--from", "march", "--to", "2026-03-01..2026-03-02"], 2,
                "--from march: this is no period; give a period as its first"
            ),
            (
                ["out", "--from", "2026-03-01..2026-03-02", "--to", "2026-03-01..2026-03-32"], 2,
                "--to 2026-03-01..2026-03-32: `2026-03-32` is no day"
            ),
            (["out", "out", "--csv", "--all"], 2, "give either --csv or --all"), (["out", "nowhere"], 1, "cannot read nowhere/"),
            (["empty", "out"], 1, "cannot read empty/datapackage.json"), (["empty"] + periods, 1, "cannot read empty/metrics.sqlite"),
            (["p.yaml"] + periods, 1, "cannot read p.yaml: "), (["out", "out", "--html", "empty"], 1, "empty"),
        ])
    func wrongUse(_ words: [String], _ status: Int32, _ saying: String) throws {
        let log = try SmallLog()
        _ = try log.run()
        try FileManager.default.createDirectory(atPath: log.folder.path("empty"), withIntermediateDirectories: true)
        let ended = try Binary.run(["diff"] + words, in: log.folder.path)
        #expect(ended.status == status && ended.output == "" && ended.errors.contains(saying), "\(ended.status) \(ended.errors)")
        #expect(log.folder.names("empty") == [])
    }
}
