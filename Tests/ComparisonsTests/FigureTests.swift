import Foundation
import Pages
import Tables
import TestSupport
import Testing

@testable import Comparisons

/// Two sides by hand, with what Python's statistics.NormalDist makes of the same numbers by the textbook's formulas, and drawn ones.
@Suite struct FigureTests {
    private static let before: [String: [[String]]] = [
        "journeys": [["buy", "1200", "1000", "300"]],
        "funnel": [["buy", "1", "browse", "1000", "200"], ["buy", "2", "pay", "800", ""]],
        "stalls": [["buy", "2", "pay", "60.000", "90", "400"]], "frictions": [["buy", "again", "40"], ["buy", "unmeasured", ""]],
        "contacts": [["phone", "(all)", "86400.000", "200", "30"]], "responses": [["phone", "150", "100"]],
    ]
    private static let after: [String: [[String]]] = [
        "journeys": [["buy", "1100", "1000", "390"]],
        "funnel": [["buy", "1", "browse", "1000", "190"], ["buy", "2", "pay", "810", ""]],
        "stalls": [["buy", "2", "pay", "60.000", "60", "410"]], "frictions": [["buy", "again", "75"], ["buy", "unmeasured", ""]],
        "contacts": [["phone", "(all)", "86400.0", "210", "33"]], "responses": [["phone", "160", "120"]],
    ]

    private func close(_ found: Double?, _ wanted: Double) -> Bool { abs((found ?? .nan) - wanted) < 1e-7 }

    @Test func byHand() {
        let comparison = Comparison(ComparedTables.side(Self.before), ComparedTables.side(Self.after))
        // Difference, interval, p and q.
        let wanted: [(FigureKind, String, [Double], Figure.State)] = [
            (.conversion, "", [0.09, 0.048364257, 0.131201055, 0.000023010, 0.000138063], .changed),
            (.stepLoss, "browse", [-0.01, -0.044726050, 0.024748258, 0.572497191, 0.686996629], .unclear),
            (.stall, "pay", [-0.078658537, -0.131973245, -0.025135989, 0.003960033, 0.007920066], .changed),
            (.friction, "again", [0.034848485, 0.017002515, 0.053483596, 0.000127862, 0.000383585], .changed),
            (.repeatContact, "phone", [0.007142857, -0.063509881, 0.077129635, 0.841111525, 0.841111525], .unclear),
            (.answer, "phone", [0.083333333, -0.017700256, 0.182777457, 0.106230099, 0.159345149], .unclear),
        ]
        #expect(comparison.figures.map(\.kind) == wanted.map(\.0) && comparison.figures.map(\.name.name) == wanted.map(\.1))
        for (figure, (kind, _, numbers, state)) in zip(comparison.figures, wanted) {
            let found = [figure.difference?.difference, figure.difference?.low, figure.difference?.high, figure.pValue, figure.qValue]
            #expect(zip(found, numbers).allSatisfy(close), "\(kind): \(found)")
            #expect(figure.state == state, "\(kind)")
        }
        #expect(comparison.figures.filter { $0.state == .changed }.map(\.isWorse) == [false, false, true])
        #expect(comparison.summary == "3 of 6 figures changed beyond chance (q ≤ 0.05).")
        #expect(comparison.restWords == ["No clear change: 1 loss at a step, 1 share of repeated contacts, 1 share of answers in time."])
        #expect(comparison.volumes.map(\.a) == [1200] && comparison.volumes.map(\.b) == [1100])
        #expect(comparison.warnings == [])
    }

    /// What one side does not have is said to be so, and is no zero.
    @Test func onOneSideOnly() {
        var (before, after) = (Self.before, Self.after)
        before["frictions"]!.append(["buy", "gone", "300"])
        after["journeys"]!.append(["return", "50", "40", "20"])
        after["funnel"]!.append(["return", "1", "ask", "40", "5"])
        after["frictions"]![0] = ["buy", "again", ""]
        after["responses"] = [["chat", "100", "50"], ["phone", "0", "0"]]
        let comparison = Comparison(ComparedTables.side(before), ComparedTables.side(after))
        #expect(comparison.figures(.onlyInA).map(\.name.name) == ["gone"])
        #expect(
            comparison.figures(.onlyInB).map { "\($0.kind.rawValue) \($0.name.journey)\($0.name.name)" } == [
                "conversion return", "step_loss returnask", "answer chat",
            ])
        #expect(comparison.figures(.unknown).map(\.name.name) == ["again", "phone"])
        #expect(comparison.figures(.onlyInA).allSatisfy { $0.b == nil && $0.difference == nil && $0.qValue == nil })
        #expect(
            comparison.onlyWords.map(PageWords.withoutMarks) == [
                "Only in A: friction gone in buy", "Only in B: all of return", "Only in B: answered in time, chat",
            ])
        var facts = PageFacts()
        facts.minCount = 5
        let cut = Comparison(ComparedTables.side(before), ComparedTables.side(after, facts))
        #expect(cut.onlyWords[0].hasSuffix("(in B perhaps left out: min_count)") && cut.onlyWords[1].hasSuffix("return\u{2069}"))
    }

    /// 2 of 20 against 5 of 1,000 is 7 cases of which 2 lie on the small side: at random 1 time in 130 (binomial), which the z-test
    /// takes for 3 in 10 million.
    @Test(
        arguments: [
            ((5, 1000), (2, 20), false), ((0, 1000), (8, 1000), false), ((0, 1000), (10, 1000), true), ((990, 1000), (1000, 1000), true),
            ((992, 1000), (1000, 1000), false), ((5, 10), (5, 10), true), ((4, 10), (5, 10), false), ((0, 0), (50, 100), false),
        ] as [((Int64, Int64), (Int64, Int64), Bool)])
    func smallCountsAreNotTested(_ a: (Int64, Int64), _ b: (Int64, Int64), _ isTested: Bool) {
        let (first, second) = (Share(a.0, of: a.1), Share(b.0, of: b.1))
        #expect(Figure.canBeTested(first, second) == isTested && Figure.canBeTested(second, first) == isTested)
        let sides = [a, b].map { ComparedTables.side(["responses": [["phone", "\($0.1)", "\($0.0)"]]]) }
        let comparison = Comparison(sides[0], sides[1])
        let state: Figure.State = isTested && a.0 != b.0 ? .changed : isTested ? .unclear : a.1 == 0 ? .unknown : .few
        #expect(comparison.figures.map(\.state) == [state])
        #expect((comparison.figures[0].pValue != nil) == isTested)
    }

    // MARK: Drawn

    @Test(arguments: SeedSlices.of(0..<200, by: 50))
    func drawnSides(_ seeds: Range<UInt64>) throws {
        for seed in seeds {
            var random = SeededGenerator(seed: seed)
            let (a, b) = (ComparedTables.side(ComparedTables.drawn(&random)), ComparedTables.side(ComparedTables.drawn(&random)))
            let same = Comparison(a, a)
            #expect(same.isTheSame && same.figures.allSatisfy { ($0.difference?.difference ?? 0) == 0 }, "seed \(seed)")
            #expect([Figure.State.changed, .few, .onlyInA, .onlyInB].allSatisfy { same.figures($0).isEmpty }, "seed \(seed)")
            #expect(same.figures.isEmpty || same.summary.hasPrefix("Nothing differs"), "seed \(seed)")

            let (there, back) = (Comparison(a, b), Comparison(b, a))
            #expect(there.figures.count == back.figures.count, "seed \(seed)")
            func key(_ figure: Figure) -> [[UInt8]] {
                [figure.kind.rawValue, figure.name.journey, figure.name.name, figure.name.topic].map { Array($0.utf8) }
            }
            let others = Dictionary(uniqueKeysWithValues: back.figures.map { (key($0), $0) })
            for figure in there.figures {
                let other = try #require(others[key(figure)])
                #expect(figure.a == other.b && figure.b == other.a && figure.qValue == other.qValue, "seed \(seed)")
                #expect(figure.difference?.difference == other.difference.map { -$0.difference }, "seed \(seed)")
                #expect(figure.difference?.low == other.difference.map { -$0.high }, "seed \(seed)")
                let state: Figure.State = figure.state == .onlyInA ? .onlyInB : figure.state == .onlyInB ? .onlyInA : figure.state
                #expect(other.state == state, "seed \(seed)")
            }
            #expect(there.table.rows.count == there.figures.count + there.volumes.count)
        }
    }

    /// The page is sound whatever the names are, and holds none of them as markup.
    @Test(arguments: SeedSlices.of(0..<40, by: 20))
    func pages(_ seeds: Range<UInt64>) throws {
        for seed in seeds {
            var random = SeededGenerator(seed: seed)
            let sides = (ComparedTables.side(ComparedTables.drawn(&random)), ComparedTables.side(ComparedTables.drawn(&random)))
            let comparison = Comparison(sides.0, sides.1)
            let bytes = try ComparisonPage.html(comparison, warnings: comparison.warnings + ["<script>"], version: "1")
            let page = String(decoding: bytes, as: UTF8.self)
            #expect(!page.contains("<script>") && page.contains("&lt;script&gt;") && !page.contains("\u{202E}") && !page.contains("{{"))
            #expect(page.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:") && bytes.count <= PageLibrary.bytesMax)
            let text = page.replacing(/<style>.*?<\/style>/.dotMatchesNewlines(), with: "")
            var open: [String] = []
            for tag in text.matches(of: /<[^>]*>/).map(\.output) {
                let name = String(tag.dropFirst().drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber || $0 == "!" })
                if tag.hasPrefix("</") {
                    #expect(open.popLast() == name, "seed \(seed): \(tag)")
                } else if !tag.hasSuffix("/>"), !["meta", "link", "!doctype"].contains(name) {
                    open.append(name)
                }
            }
            #expect(open.isEmpty, "seed \(seed)")
            let ids = page.matches(of: #/ id="([^"]*)"/#).map { String($0.output.1) }
            #expect(Set(ids).count == ids.count)
        }
    }

    /// Many rows are cut, and that is said.
    @Test func longPages() throws {
        let name = String(repeating: "long name ", count: 12)
        func rows(_ part: Int) -> [[String]] { (0..<3000).map { ["buy", "\($0 + 1)", "\(name)\($0)", "60", "\(part)", "1000"] } }
        let journeys = [["buy", "5000", "5000", "100"]]
        let comparison = Comparison(
            ComparedTables.side(["journeys": journeys, "stalls": rows(100)]),
            ComparedTables.side(["journeys": journeys, "stalls": rows(300)]))
        #expect(comparison.figures(.changed).count == 3000)
        let page = try ComparisonPage.html(comparison, warnings: [], version: "1")
        #expect(page.count <= PageLibrary.bytesMax && String(decoding: page, as: UTF8.self).contains("more; all are in the CSV"))
    }
}
