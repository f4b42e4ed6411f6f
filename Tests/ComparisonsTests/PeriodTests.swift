import Disk
import Foundation
import Pages
import Reports
import Tables
import TestSupport
import Testing

@testable import Comparisons

/// Periods: as texts, and as sums over days.
@Suite struct PeriodTests {
    @Test func texts() throws {
        let march = try Period("2026-03-01..2026-03-31", option: "--from")
        #expect(march.days == 31 && "\(march)" == "2026-03-01 to 2026-03-31")
        let april = try Period("2026-03-31..2026-04-30", option: "--to")
        #expect(march.shared(with: april) == Period(first: march.last, last: march.last))
        #expect(try march.shared(with: Period("2026-04-01..2026-04-01", option: "")) == nil)
        #expect(try Period("2024-02-29..2024-02-29", option: "").days == 1)
        #expect(march.holds(march) && !march.holds(april))
    }

    @Test(
        arguments: [
            ("", "this is no period"), ("2026-03-01", "this is no period"), ("2026-03-01..", "`` is no day"),
            ("2026-03-01...2026-03-31", "`.2026-03-31` is no day"), ("2026-3-1..2026-03-31", "`2026-3-1` is no day"),
            ("2026-02-29..2026-03-31", "`2026-02-29` is no day"), ("2026-13-01..2026-12-31", "`2026-13-01` is no day"),
            ("2026-03-02..2026-03-01", "ends before it begins"), ("2026-03-01..2026-03-+1", "`2026-03-+1` is no day"),
            ("2026-03-01..2026-03-02..2026-03-03", "this is no period"), ("yesterday..today", "`yesterday` is no day"),
        ])
    func malformed(_ text: String, _ reason: String) {
        #expect(
            performing: { try Period(text, option: "--from") },
            throws: { error in
                let words = "\(error)"
                return words.hasPrefix("--from \(text): ") && words.contains(reason) && words.contains("2026-03-01..2026-03-31")
            })
    }

    // MARK: Sums

    private func database(_ rows: [String: [[String]]], _ folder: TemporaryFolder) throws -> DayTables {
        let path = folder("metrics.sqlite")
        let tables = ComparedTables.columns.keys.sorted().map { ComparedTables.table($0, rows[$0] ?? [], daily: true) }
        try SQLiteFile.write(tables, run: [("pipeline", "p"), ("timezone", "UTC")], to: path)
        return try DayTables(path: path)
    }

    /// The sums of a period are those that a loop over the days finds.
    @Test(arguments: SeedSlices.of(0..<40, by: 10))
    func sumsOverDays(_ seeds: Range<UInt64>) throws {
        for seed in seeds {
            var random = SeededGenerator(seed: seed)
            let rows = ComparedTables.drawn(&random, daily: true)
            let folder = try TemporaryFolder()
            let database = try database(rows, folder)
            let first = random.int(1...9)
            let last = random.int(first...9)
            let period = try Period("2026-03-0\(first)..2026-03-0\(last)", option: "")
            let side = try ComparedSide(database, period, facts: database.facts())
            #expect(side.facts.pipeline == "p")
            func inside(_ row: [String]) -> Bool { (first...last).contains(Int(row[0].suffix(2))!) }
            for kind in FigureKind.allCases {
                let columns = ["day"] + ComparedTables.columns[kind.table]!
                var sums: [[[UInt8]]: (Int, Int)] = [:]
                for row in rows[kind.table] ?? [] where inside(row) {
                    func cell(_ name: String?) -> String { name.flatMap { columns.firstIndex(of: $0) }.map { row[$0] } ?? "" }
                    guard let part = Int(cell(kind.part)), kind.whole == nil || !cell(kind.whole).isEmpty else { continue }
                    let key = [cell("journey"), cell(kind.name), cell("topic")].map { Array($0.utf8) }
                    sums[key, default: (0, 0)].0 += kind == .stall ? min(part, Int(cell(kind.whole))!) : part
                    sums[key, default: (0, 0)].1 += Int(cell(kind.whole)) ?? 0
                }
                if kind == .friction {
                    for key in sums.keys {
                        let began = (rows["journeys"] ?? []).filter { inside($0) && Array($0[1].utf8) == key[0] }.map { Int($0[2])! }
                        if began.isEmpty { sums[key] = nil } else { sums[key]!.1 = began.reduce(0, +) }
                    }
                }
                let found = side.entries(kind).values.filter { $0.share != nil }
                #expect(found.count == sums.count, "seed \(seed), \(kind)")
                for entry in found {
                    let key = [entry.name.journey, entry.name.name, entry.name.topic].map { Array($0.utf8) }
                    let sum = try #require(sums[key])
                    #expect(entry.share == Share(Int64(sum.0), of: Int64(sum.1)), "seed \(seed), \(kind)")
                }
            }
        }
    }

    private static let days: [String: [[String]]] = [
        "journeys": [
            ["2026-03-01", "buy", "500", "500", "200"], ["2026-03-02", "buy", "500", "500", "210"],
            ["2026-03-03", "buy", "500", "100", "40"],
        ],
        "frictions": [["2026-03-01", "buy", "again", "60"]],
    ]

    /// A friction has rows only of days on which it was found: without one nobody had it.
    @Test func frictionsThatAreGone() throws {
        let folder = try TemporaryFolder()
        let database = try database(Self.days, folder)
        let (comparison, warnings) = try Comparison.ofPeriods(
            database.path, from: Period("2026-03-01..2026-03-01", option: ""), to: Period("2026-03-02..2026-03-02", option: ""))
        let friction = try #require(comparison.figures.first { $0.kind == .friction })
        #expect(friction.a == Share(60, of: 500) && friction.b == Share(0, of: 500) && friction.state == .changed && !friction.isWorse)
        #expect(comparison.figures(.onlyInA).isEmpty && warnings == [] && comparison.warnings == [])
    }

    @Test func whatMakesPeriodsDoubtful() throws {
        let folder = try TemporaryFolder()
        let path = try database(Self.days, folder).path
        func warnings(_ from: String, _ to: String) throws -> [String] {
            let (comparison, warnings) = try Comparison.ofPeriods(path, from: Period(from, option: ""), to: Period(to, option: ""))
            return (warnings + comparison.warnings).map(PageWords.withoutMarks)
        }
        let shared = try warnings("2026-03-01..2026-03-02", "2026-03-02..2026-03-02")
        #expect(shared.count == 1 && shared[0].hasPrefix("A and B share 2026-03-02 to 2026-03-02"))
        let young = try warnings("2026-03-01..2026-03-02", "2026-03-03..2026-03-03")
        #expect(young.count == 1 && young[0].hasPrefix("B: most of the journeys that began are too young to be judged: buy on 1 of 1 days"))
        let whole = ComparedTables.side(["journeys": [["buy", "9", "4", "1"], ["new", "8", "4", "1"]]])
        #expect(
            Comparison(whole, ComparedTables.side([:])).warnings.map(PageWords.withoutMarks).map { $0.prefix(82) } == [
                "A: most of the journeys that began are too young to be judged: buy (5 of 9). Conve"
            ])
        #expect(
            throws: ComparisonError.usage("A: the database has no day of 2026-02-01 to 2026-02-28; its days are 2026-03-01 to 2026-03-03")
        ) {
            try warnings("2026-02-01..2026-02-28", "2026-03-02..2026-03-04")
        }
        let outside = try warnings("2026-03-01..2026-03-01", "2026-03-02..2026-03-04")
        #expect(
            outside.prefix(1) == [
                "B: of 2026-03-02 to 2026-03-04 the database has only 2026-03-02 to 2026-03-03; its days are 2026-03-01 to 2026-03-03."
            ])
    }

    /// Who is lost is known later than who goes on: days of which mature journeys are open still would look better than they are.
    @Test func lossesAreThoseOfSettledDays() throws {
        let columns = ["day", "journey", "step_index", "step", "mature", "lost", "open"]
        let rows = [
            ["2026-03-01", "buy", "1", "cart", "100", "30", "0"], ["2026-03-01", "buy", "2", "pay", "70", "7", "0"],
            ["2026-03-02", "buy", "1", "cart", "100", "20", "0"], ["2026-03-02", "buy", "2", "pay", "70", "1", "9"],
            ["2026-03-02", "call", "1", "cart", "50", "5", "0"], ["2026-03-03", "buy", "1", "cart", "100", "31", "0"],
        ]
        let table = ReportTable(
            name: "funnel", title: "", columns: columns.map { .init($0, .text, "") }, rows: rows.map { $0.map { .text($0) } },
            keyColumns: [])
        let period = try Period("2026-03-01..2026-03-03", option: "")
        let side = ComparedSide(label: "", PageTables(PageFacts(), [table], days: nil), period: period)
        let shares = Set(side.entries(.stepLoss).values.compactMap { $0.share.map { "\($0.part) of \($0.whole)" } })
        #expect(shares == ["61 of 200", "7 of 70", "5 of 50"])
        // Of a whole run the same, by its days.
        let whole = ComparedSide(label: "", PageTables(PageFacts(), [], days: nil), funnelDays: PageTable(table))
        #expect(Set(whole.entries(.stepLoss).values.compactMap { $0.share.map { "\($0.part) of \($0.whole)" } }) == shares)
    }

    /// What both sides count is no two samples: differences are told, and none is tested.
    @Test func sharedDaysAreNotTested() throws {
        let folder = try TemporaryFolder()
        let (comparison, _) = try Comparison.ofPeriods(
            database(Self.days, folder).path, from: Period("2026-03-01..2026-03-02", option: ""),
            to: Period("2026-03-02..2026-03-03", option: ""))
        #expect(comparison.compared == 0 && comparison.figures.allSatisfy { $0.pValue == nil && $0.qValue == nil })
        #expect(comparison.figures(.untested).count == 2 && comparison.summary.contains("None is tested"), "\(comparison.summary)")
    }

    /// What the database has not by day is said to be left out.
    @Test func missingTables() throws {
        let folder = try TemporaryFolder()
        let journeys = ComparedTables.table("journeys", Self.days["journeys"]!, daily: true)
        let funnel = ComparedTables.table("funnel", [], daily: true)
        try SQLiteFile.write([journeys, funnel], run: [], to: folder("metrics.sqlite"))
        let day = try Period("2026-03-01..2026-03-01", option: "")
        let (comparison, _) = try Comparison.ofPeriods(folder(""), from: day, to: day)
        #expect(
            comparison.leftOut.map { $0.prefix(78) } == [
                "The database has no stalls, frictions, contacts and responses by day: left out"
            ])
        #expect(comparison.figures.map(\.kind) == [.conversion])
    }

    /// Nobody can say how many persons a period has, so where few are to be left out there is no comparison.
    @Test func minCount() throws {
        let folder = try TemporaryFolder()
        let path = try database(Self.days, folder).path
        let link = folder("elsewhere")
        try FileManager.default.createDirectory(atPath: link, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: link + "/db", withDestinationPath: path)
        let day = Period(first: 20_513, last: 20_513)
        _ = try Comparison.ofPeriods(path, from: day, to: day)
        try Data(#"{"privacy": {"min_count": 5}}"#.utf8).write(to: URL(fileURLWithPath: folder("run.json")))
        for place in [path, folder(""), link + "/db"] {
            #expect(throws: ComparisonError.self) { try Comparison.ofPeriods(place, from: day, to: day) }
        }
    }

    @Test func whatIsNoDatabase() throws {
        let folder = try TemporaryFolder()
        let path = folder("x")
        #expect(throws: OutputError.self) { try DayTables(path: path) }
        #expect(!FileManager.default.fileExists(atPath: path))
        try Data("no database at all, but long enough to be looked at as one\n".utf8).write(to: URL(fileURLWithPath: path))
        #expect(performing: { try DayTables(path: path) }, throws: { "\($0)".hasPrefix("cannot read \(path): ") })
        try FileManager.default.removeItem(atPath: path)
        try SQLiteDatabase(path: path).use { try $0.execute("CREATE TABLE journeys (day TEXT)") }
        #expect(performing: { try DayTables(path: path) }, throws: { "\($0)".contains("no metrics.sqlite of sojourn") })
    }
}
