import Expressions
import Foundation
import RunSupport
import Tables
import TestSupport
import Testing

@testable import Definitions
@testable import Runs

/// Checks on a table drawn by hand: which rows are meant, and for which of them a check holds.
@Suite struct CheckResultTests {
    /// Row 1 has every value, row 2 others, row 3 none but its name.
    private static let table = ReportTable(
        name: "t", title: "",
        columns: [
            .init("name", .text, ""), .init("count", .integer, ""), .init("share", .ratio, ""), .init("median_seconds", .seconds, ""),
            .init("limit_seconds", .seconds, ""), .init("flag", .boolean, ""), .init("day", .day, ""),
        ],
        rows: [
            [.text("a"), .integer(9_007_199_254_740_993), .ratio(1.0 / 3), .duration(1_500_000), .seconds(2.5), .boolean(true), .day(0)],
            [.text("b"), .integer(-1), .ratio(0), .duration(1_500_001), .seconds(1e300), .boolean(false), .day(20_000)],
            [.text("c"), .unknown, .ratio(.nan), .unknown, .unknown, .unknown, .unknown],
        ], keyColumns: ["name"])

    private func result(_ text: String) throws -> CheckResult {
        let columns: [(name: String, kind: TableCheck.Kind)] = [
            ("name", .text), ("count", .number), ("share", .number), ("median_seconds", .seconds), ("limit_seconds", .seconds),
            ("flag", .boolean), ("day", .day),
        ]
        return CheckResult(
            try TableCheck.parse(text, tables: [.init(name: "t", columns: columns)]), in: CheckedTables(["t": Self.table], lastDay: 20_002))
    }

    /// The names of the rows that fail, and of those that nobody can judge.
    @Test(arguments: [
        ("t.count == 9007199254740993", "b", "c"), ("t.count == 9007199254740992", "ab", "c"), ("t.count > -1.5", "", "c"),
        ("t.count < 0", "a", "c"),
        ("t.share >= 0.333333", "b", "c"), ("t.share > 0.3333334", "ab", "c"), ("t.share == 0", "a", "c"), ("t.share != 7", "", "c"),
        ("t.median_seconds == 1.5", "b", "c"), ("t.median_seconds <= duration('1500ms')", "b", "c"), ("t.median_seconds > 1.5", "a", "c"),
        ("t.limit_seconds < duration('36500d')", "b", "c"), ("t.flag", "b", "c"), ("!t.flag", "a", "c"), ("t.flag != true", "a", "c"),
        ("t.day == '1970-01-01'", "b", "c"), ("t.day > '2024-10-03'", "a", "c"), ("t.name < 'b'", "bc", ""),
        ("t.name in ['a', 'c']", "b", ""), ("t.count in [-1, 5]", "a", "c"), ("t.name in []", "abc", ""),
        // 20,000 is two days before the last day.
        ("t.day >= last_day - 2", "a", "c"), ("t.day >= last_day - 1", "ab", "c"), ("t.day < last_day", "", "c"),
        ("t.day in ['1970-01-01', last_day - 2]", "", "c"), ("t.day in [last_day]", "ab", "c"),
        // What is unknown decides nothing where the rest does.
        ("t.count > 0 || t.name == 'c'", "b", ""), ("t.name == 'x' && t.count > 0", "abc", ""), ("!(t.name == 'x' && t.count > 0)", "", ""),
        ("!(t.count > 0)", "a", "c"), ("t.count > 0 || !(t.count > 0)", "", "c"),
    ])
    func rowsThatFail(_ text: String, _ failed: String, _ unknown: String) throws {
        let result = try result(text)
        func names(_ rows: CheckResult.Rows) -> String {
            rows.first.flatMap { $0.key.map(\.cell) }.map { if case .text(let text) = $0 { text } else { "?" } }.joined()
        }
        #expect(result.rowCount == 3 && names(result.failed) == failed && names(result.unknown) == unknown)
        #expect(result.failed.count == failed.count && result.unknown.count == unknown.count)
        #expect(result.holds == failed.isEmpty && (result.warning == nil) == unknown.isEmpty)
    }

    /// In `where` an unknown value is unequal to everything and neither less nor greater, as in expressions.
    @Test(arguments: [
        ("name != 'b'", 2), ("count > -5", 2), ("count != 7", 3), ("!(count > -5)", 1), ("flag", 1), ("!flag", 2), ("share < 1", 2),
        ("count in [-1]", 1), ("!(count in [-1])", 2), ("t.name == 'z' || t.day >= '2000-01-01'", 1), ("name == 'z'", 0),
        ("day >= last_day - 2", 1), ("day != last_day", 3), ("!(day > last_day - 3)", 2),
    ])
    func rowsThatAreMeant(_ selection: String, _ count: Int) throws {
        let result = try result("t.name != 'x' where " + selection)
        #expect(result.rowCount == count && result.holds && (result.neverTrue == nil) == (count > 0))
    }

    @Test func wordsNameTheRowAndItsValues() throws {
        let result = try result("t.share > 0.5 && t.median_seconds < 1")
        #expect(
            result.words == """
                check breached: t.share > 0.5 && t.median_seconds < 1
                  t.share is 0.333333, t.median_seconds is 1.500 where name a
                  t.share is 0.000000, t.median_seconds is 1.500 where name b
                """)
        #expect(
            result.warning == """
                the check `t.share > 0.5 && t.median_seconds < 1` could not be judged everywhere:
                  t.share is empty, t.median_seconds is empty where name c
                """)
        #expect(
            try self.result("t.share > 0.5 where name == 'z'").neverTrue?.line
                == "the check `t.share > 0.5 where name == 'z'` selects no row of t: nothing was held against it (never_true; `checks`)")
    }

    /// A step is told by its name; a table by day shows no rows where few persons must not be seen.
    @Test func rowsAreToldByWhatPeopleKnowThemBy() throws {
        let table = ReportTable(
            name: "funnel", title: "",
            columns: [.init("day", .day, ""), .init("journey", .text, ""), .init("step_index", .integer, ""), .init("step", .text, "")]
                + [.init("reached", .integer, "")],
            rows: [[.day(20_454), .text("buy"), .integer(2), .text("pay"), .integer(3)]], keyColumns: ["day", "journey", "step_index"])
        let check = try TableCheck.parse("daily.funnel.reached > 5", tables: PipelineDefinition.checkedTables)
        let shown = CheckResult(check, in: CheckedTables(["daily.funnel": table], lastDay: 0))
        #expect(
            shown.words
                == "check breached: daily.funnel.reached > 5\n  daily.funnel.reached is 3 where day 2026-01-01, journey buy, step pay")
        let hidden = CheckResult(check, in: CheckedTables(["daily.funnel": table], lastDay: 0, hidesDays: true))
        #expect(hidden.failed.count == 1 && !hidden.holds && hidden.failed.first.isEmpty)
        #expect(
            hidden.words
                == "check breached: daily.funnel.reached > 5\n  in 1 row by day, which are not shown because of `min_count`")
    }

    /// A table that checks may ask about is one that a run writes, and the other way round.
    @Test func everyTableCanBeAskedAbout() throws {
        let folder = try ScratchFolder()
        let source = "{name: log, input: log, constants: {channel: web, touchpoint: x}, fields: {time: t, ids: {c: c}}}"
        let said =
            "channels: {web: {kind: assisted, response_sla: 1h}}\ndimensions: [{name: page, field: touchpoint}]\n"
            + "terms: [{item: touchpoint, value: action}]\n"
        let rule = "frictions: {define: [{name: f, pattern: a, where: {a: 'true'}}]}\n"
        try folder.write("version: 1\nname: p\nidentity: {known: [c]}\nsources: [\(source)]\n" + said + rule, to: "p.yaml")
        try folder.write(#"{"t":1,"c":"c"}"#, to: "log")
        let output = try CaseRun.run(folder.url.appendingPathComponent("p.yaml"))
        var headers: [String: [String]] = [:]
        for name in folder.names("out/csv") {
            let bytes = Array(try Data(contentsOf: output.appendingPathComponent("csv/" + name)))
            headers[String(name.dropLast(4))] = try CSVTable(bytes).header
        }
        let asked = PipelineDefinition.checkedTables.map { ($0.name, $0.columns.map(\.name)) }
        #expect(Dictionary(uniqueKeysWithValues: asked.filter { !$0.0.contains(".") && $0.0 != "run" }) == headers && headers.count >= 9)
        let byDay = asked.filter { $0.0.hasPrefix("daily.") }
        #expect(
            Set(byDay.map { String($0.0.dropFirst(6)) })
                == Set(headers.keys).subtracting([
                    "identity", "priorities", "busy", "open_journeys", "dwells", "step_channels", "owners", "metrics", "scorecard",
                    "sources", "source_fields",
                ]))
        #expect(byDay.allSatisfy { $0.1.first == "day" })
        #expect(asked.first { $0.0 == "run" }?.1 == Ledger().counts.map(\.name) + ["persons"])
    }
}
