import Tables
import TestSupport
import Testing

@testable import Pages

/// The map of a journey type says what map.csv, stalls.csv and step_channels.csv say.
@Suite struct JourneyMapTests {
    /// 10 visits of the first step, 6 of the second: some skip, come back, stop, or are still there. Seven channels.
    private static let tables = PageTables(
        PageFacts(),
        [
            table("journeys", ["journey", "started"], [[.text("buy"), .integer(10)]]),
            table(
                "stalls", ["journey", "step_index", "step", "visits"],
                [
                    [.text("buy"), .integer(1), .text("look"), .integer(10)], [.text("buy"), .integer(2), .text("pay"), .integer(6)],
                    [.text("other"), .integer(1), .text("look"), .integer(99)],
                ]),
            table(
                "map", ["journey", "from", "to", "kind", "count", "share"],
                [
                    [.text("buy"), .text(""), .text("look"), .text("start"), .integer(9), .ratio(1)],
                    [.text("buy"), .text("look"), .text("pay"), .text("next"), .integer(4), .ratio(0.5)],
                    [.text("buy"), .text("look"), .text("ship"), .text("skip"), .integer(1), .ratio(0.125)],
                    [.text("buy"), .text("look"), .text("abandoned"), .text("end"), .integer(2), .ratio(0.25)],
                    [.text("buy"), .text("look"), .text("failed"), .text("end"), .integer(1), .ratio(0.125)],
                    [.text("buy"), .text("pay"), .text("look"), .text("back"), .integer(1), .ratio(0.2)],
                    [.text("buy"), .text("pay"), .text("goal"), .text("end"), .integer(4), .ratio(0.8)],
                ]),
            table(
                "step_channels", ["journey", "step_index", "channel", "visits", "share"],
                [("a", 1), ("web", 4), ("c", 1), ("app", 2), ("e", 1), ("f", 1), ("g", 0)].map {
                    [.text("buy"), .integer(1), .text($0.0), .integer(Int64($0.1)), .ratio(Double($0.1) / 10)]
                } + [[.text("buy"), .integer(2), .text("phone"), .integer(6), .ratio(1)]]),
        ], days: nil)

    private static func table(_ name: String, _ columns: [String], _ rows: [[ReportTable.Cell]]) -> ReportTable {
        ReportTable(name: name, title: "", columns: columns.map { .init($0, .text, "") }, rows: rows, keyColumns: [])
    }

    @Test func figuresAreTheTables() throws {
        let part = try #require(JourneyMap(tables: Self.tables, models: PageModels(PageLimits.all[0]), journey: "buy").model)
        let figure = try #require(part["figure"] as? Model)
        let svg = try #require(figure["svg"] as? String)
        let texts = svg.matches(of: /<text[^>]*>([^<]*)</).map { String($0.1) }
        #expect(
            texts == [
                "look", "10 visits", "web", "app", "a", "c", "e", "web 40.0\u{A0}% · app 20.0\u{A0}% · a 10.0\u{A0}% · …",
                "on 4 · back or over steps 1 · stop 3", "still there 2",
                "pay", "6 visits", "phone", "phone 100.0\u{A0}%", "goal 4 · back or over steps 1", "still there 1",
            ])
        #expect(figure["takeaway"] as? String == "Most journeys stop at \u{2068}look\u{2069}: 2, 25.0\u{A0}% of those that were there.")
        // Widths: of the largest step. First its lanes, the last two in one; then what goes on, aside, and stops, with its mark.
        let widths = svg.matches(of: /<rect x="([^"]*)" y="[^"]*" width="([^"]*)" height="[^"]*" class="(.)"/).map {
            "\($0.3) \($0.1) \($0.2)"
        }
        #expect(
            widths.prefix(10) == [
                "a 0% 40%", "a 40% 20%", "a 60% 10%", "a 70% 10%", "a 80% 10%", "a 90% 10%", "n 0% 40%", "m 40% 10%", "l 50% 30%",
                "l 50% 30%",
            ])
        #expect(widths.dropFirst(10) == ["a 0% 60%", "n 0% 40%", "m 40% 10%"])
    }

    /// Nothing is drawn of nothing.
    @Test func withoutWaysThereIsNoMap() {
        #expect(JourneyMap(tables: Self.tables, models: PageModels(PageLimits.all[0]), journey: "other").model == nil)
    }
}
