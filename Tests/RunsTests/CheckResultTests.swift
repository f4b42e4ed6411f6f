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
        return CheckResult(try TableCheck.parse(text, tables: [.init(name: "t", columns: columns)]), in: [Self.table])
    }

    /// The names of the rows that fail; the third fails whatever is asked of its unknown values.
    @Test(arguments: [
        ("t.count == 9007199254740993", "bc"), ("t.count == 9007199254740992", "abc"), ("t.count > -1.5", "c"), ("t.count < 0", "ac"),
        ("t.share >= 0.333333", "bc"), ("t.share > 0.3333334", "abc"), ("t.share == 0", "ac"), ("t.share != 7", "c"),
        ("t.median_seconds == 1.5", "bc"), ("t.median_seconds <= duration('1500ms')", "bc"), ("t.median_seconds > 1.5", "ac"),
        ("t.limit_seconds < duration('36500d')", "bc"), ("t.flag", "bc"), ("!t.flag", "ac"), ("t.flag != true", "ac"),
        ("t.day == '1970-01-01'", "bc"), ("t.day > '2024-10-03'", "ac"), ("t.name < 'b'", "bc"), ("t.name in ['a', 'c']", "b"),
        ("t.count in [-1, 5]", "ac"), ("t.name in []", "abc"),
        // What is unknown decides nothing where the rest does.
        ("t.count > 0 || t.name == 'c'", "b"), ("t.name == 'x' && t.count > 0", "abc"), ("!(t.name == 'x' && t.count > 0)", ""),
        ("!(t.count > 0)", "ac"), ("t.count > 0 || !(t.count > 0)", "c"),
    ])
    func rowsThatFail(_ text: String, _ names: String) throws {
        let result = try result(text)
        #expect(result.rowCount == 3 && result.failedCount == names.count && result.holds == names.isEmpty)
        #expect(result.failed.map { $0.key.map(\.cell) } == names.map { [.text(String($0))] })
    }

    /// In `where` an unknown value is unequal to everything and neither less nor greater, as in expressions.
    @Test(arguments: [
        ("name != 'b'", 2), ("count > -5", 2), ("count != 7", 3), ("!(count > -5)", 1), ("flag", 1), ("!flag", 2), ("share < 1", 2),
        ("count in [-1]", 1), ("!(count in [-1])", 2), ("t.name == 'z' || t.day >= '2000-01-01'", 1), ("name == 'z'", 0),
    ])
    func rowsThatAreMeant(_ selection: String, _ count: Int) throws {
        let result = try result("t.name != 'x' where " + selection)
        #expect(result.rowCount == count && result.failedCount == 0 && result.holds == (count > 0))
    }

    @Test func wordsNameTheRowAndItsValues() throws {
        #expect(
            try result("t.share > 0.5 && t.median_seconds < 1 where name != 'b'").words == """
                check breached: t.share > 0.5 && t.median_seconds < 1 where name != 'b'
                  name a: share is 0.333333, median_seconds is 1.500
                  name c: share is unknown, median_seconds is unknown
                """)
    }

    /// A table that checks may ask about is one that a run writes, and the other way round.
    @Test func everyTableCanBeAskedAbout() throws {
        let folder = try ScratchFolder()
        let source = "{name: log, input: log, constants: {channel: web, touchpoint: x}, fields: {time: t, ids: {c: c}}}"
        try folder.write("version: 1\nname: p\nidentity: {known: [c]}\nsources: [\(source)]\n", to: "p.yaml")
        try folder.write(#"{"t":1,"c":"c"}"#, to: "log")
        let output = try CaseRun.run(folder.url.appendingPathComponent("p.yaml"))
        var headers: [String: [String]] = [:]
        for name in folder.names("out/csv") {
            let bytes = Array(try Data(contentsOf: output.appendingPathComponent("csv/" + name)))
            headers[String(name.dropLast(4))] = try CSVTable(bytes).header
        }
        let asked = PipelineDefinition.checkedTables.map { ($0.name, $0.columns.map(\.name)) }
        #expect(headers == Dictionary(uniqueKeysWithValues: asked) && headers.count >= 9)
    }
}
