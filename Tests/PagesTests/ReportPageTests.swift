import Foundation
import Tables
import TestSupport
import Testing

@testable import Pages

/// The page as text: whatever the tables hold, it is sound, small and says nothing that is markup.
@Suite struct ReportPageTests {
    static let hostile = [
        "<script>alert(1)</script>", "\"quoted\" & 'single'", "</style></svg></table>", "{{{svg}}} {{pipeline}}", "עברית\u{202E}",
        "line\nbreak\tand\u{1}",
        "😀👩‍👩‍👧", String(repeating: "long name ", count: 30), "javascript:alert(1)", "", "=1+1", "plain",
    ]

    /// Every table with that many rows for each journey type; what stands in them depends on the seed.
    static func tables(types: Int, rows: Int, seed: UInt64 = 1, names: [String] = hostile) -> PageTables {
        var random = SeededGenerator(seed: seed)
        let journeys = (0..<types).map { "\(names[$0 % names.count]) \($0)" }
        func cell(_ column: ReportTable.Column, _ table: String, _ journey: String, _ row: Int) -> ReportTable.Cell {
            switch (column.name, column.kind) {
            case ("journey", _): return .text(journey)
            case ("verdict", _): return .text(["costs", "unclear", "helps"][row % 3])
            case ("kind", _) where table == "map": return .text(["next", "back", "end", "start", "skip"][row % 5])
            case ("scope", _): return .text(row % 2 == 0 ? "channel" : "owner")
            case ("previous", _): return .text("*")
            case ("step", _), ("problem", _), ("owner", _): return .text(names[row % names.count])
            case (_, .text): return .text(random.pick(names))
            case (_, .integer): return .integer(Int64(random.int(0...1_000_000)))
            case (_, .ratio): return random.chance(percent: 10) ? .unknown : .ratio(Double(random.int(-1000...1000)) / 1000)
            case (_, .seconds): return random.chance(percent: 10) ? .unknown : .duration(Int64(random.int(0...1_000_000_000_000)))
            case (_, .boolean): return .boolean(random.chance(percent: 50))
            case (_, .day): return .day(Int32(20_000 + row))
            }
        }
        var facts = PageFacts()
        (facts.pipeline, facts.version, facts.asOf, facts.timezone) = (names[0], "0.1.0", "2026-04-29T18:31:20Z", "Europe/Berlin")
        facts.ledger = [("lines", 1000), ("events", 990), ("quarantined", 10)]
        facts.warnings = names
        facts.checks = names.map { ($0, false) }
        facts.trends = journeys.map { .init(journey: $0, recent: Share(30, of: 100), before: Share(10, of: 100)) }
        func filled(_ table: ReportTable, _ journeys: [String]) -> ReportTable {
            var table = table
            let isByJourney = table.columns.contains { $0.name == "journey" }
            let count = table.name == "journeys" && table.columns[0].name != "day" ? 1 : rows
            for journey in isByJourney ? journeys : [""] {
                for row in 0..<count { table.rows.append(table.columns.map { cell($0, table.name, journey, row) }) }
            }
            return table
        }
        let total = TableList.empty(.total).map { filled($0, journeys) }
        let days = TableList.empty(.daily).first { $0.name == "journeys" }!
        return PageTables(facts, total, days: filled(days, journeys))
    }

    private func page(_ tables: PageTables) throws -> String { String(decoding: try ReportPage.html(tables), as: UTF8.self) }

    /// All there is between `<` and `>`.
    private func tags(_ page: String) -> [Substring] {
        page.replacing(/<style>.*?<\/style>/.dotMatchesNewlines(), with: "").matches(of: /<[^>]*>/).map(\.output)
    }

    @Test(arguments: [(0, 0), (1, 0), (1, 1), (3, 14), (1, 50), (40, 30)])
    func soundWhateverNamesThereAre(types: Int, rows: Int) throws {
        let page = try page(Self.tables(types: types, rows: rows))
        #expect(page.utf8.count <= PageLimits.bytesMax)
        let allowed: Set<String> = [
            "!doctype", "html", "head", "meta", "link", "title", "style", "body", "a", "svg", "defs", "pattern", "rect", "line", "circle",
            "text",
            "desc", "header", "h1", "h2", "h3", "p", "main", "section", "div", "span", "b", "bdi", "ol", "ul", "li", "details", "summary",
            "dl",
            "dt", "dd", "nav", "article", "figure", "figcaption", "table", "caption", "thead", "tbody", "tr", "th", "td", "footer",
        ]
        var open: [String] = []
        for tag in tags(page) {
            let name = String(tag.dropFirst().drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber || $0 == "!" })
            #expect(allowed.contains(name), "\(tag)")
            #expect(!tag.contains(" on") || !tag.contains(#/ on[a-z]+=/#), "\(tag)")
            if tag.hasPrefix("</") {
                #expect(open.popLast() == name, "\(tag)")
            } else if !tag.hasSuffix("/>"), !["meta", "link", "!doctype"].contains(name) {
                open.append(name)
            }
        }
        #expect(open.isEmpty)
        #expect(!page.contains("{{") || page.contains("{{{svg}}} {{pipeline}}"))
    }

    @Test func headingsLinksAndIDs() throws {
        let page = try page(Self.tables(types: 3, rows: 6))
        var level = 0
        for heading in page.matches(of: /<h([1-6])/) {
            let next = Int(heading.output.1)!
            #expect(next <= level + 1, "h\(next) under h\(level)")
            level = next
        }
        let ids = page.matches(of: #/ id="([^"]*)"/#).map { String($0.output.1) }
        #expect(Set(ids).count == ids.count)
        for link in page.matches(of: /href="#([^"]*)"/) { #expect(ids.contains(String(link.output.1)), "\(link.output.1)") }
        for part in page.matches(of: /aria-labelledby="([^"]*)"/) {
            for id in part.output.1.split(separator: " ") { #expect(ids.contains(String(id)), "\(id)") }
        }
        for link in page.matches(of: /href="([^#"][^"]*)"/) {
            let target = link.output.1
            #expect(
                target == "data:," || target.wholeMatch(of: /csv\/[a-z_]+\.csv|metrics\.sqlite|run\.json|datapackage\.json/) != nil,
                "\(target)")
        }
        #expect(page.matches(of: /<th[ >]/).count == page.matches(of: /<th scope="(col|row)"/).count)
        #expect(page.contains("<html lang=\"en\">") && page.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:"))
    }

    @Test func sameTablesSameBytes() throws {
        #expect(try ReportPage.html(Self.tables(types: 2, rows: 9)) == ReportPage.html(Self.tables(types: 2, rows: 9)))
    }

    /// What was cut is told, with the file that has it.
    @Test func longTablesAreCut() throws {
        let page = try page(Self.tables(types: 1, rows: 200, names: ["a", "b", "c"]))
        #expect(page.contains("and 175 more in csv/next_steps.csv") && page.contains("and 100 more in csv/handoffs.csv") == false)
        #expect(page.contains("more in csv/handoffs.csv") && page.utf8.count <= PageLimits.bytesMax)
        let many = try self.page(Self.tables(types: 30, rows: 1, names: ["a"]))
        #expect(many.contains("more types in csv/journeys.csv"))
    }

    /// Rows of few persons are left out everywhere: so are pictures by day, and changes.
    @Test func fewPersons() throws {
        let tables = Self.tables(types: 1, rows: 40, names: ["a"])
        var facts = tables.facts
        facts.minCount = 5
        let open = try page(tables)
        let closed = try page(PageTables(facts, TableList.empty(.total), days: nil))
        #expect(open.contains("Week by week") && open.contains("Last 28 mature days"))
        #expect(!closed.contains("Week by week") && !closed.contains("Last 28 mature days"))
        #expect(closed.contains("Rows of fewer than 5 persons are left out everywhere."))
    }

    // MARK: Colours

    /// Contrast by WCAG 2.2: relative luminance of sRGB colours.
    private func contrast(_ one: String, _ other: String) -> Double {
        func luminance(_ colour: String) -> Double {
            var digits = colour.dropFirst()
            if digits.count == 3 { digits = digits.flatMap { [$0, $0] }[...].reduce(into: Substring()) { $0.append($1) } }
            let value = Int(digits, radix: 16)!
            let parts = [value >> 16, value >> 8 & 255, value & 255].map { part -> Double in
                let share = Double(part) / 255
                return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
            }
            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
        }
        let (first, second) = (luminance(one), luminance(other))
        return (max(first, second) + 0.05) / (min(first, second) + 0.05)
    }

    @Test func contrastOfBothSchemes() throws {
        let page = try page(Self.tables(types: 1, rows: 1))
        let schemes = page.matches(of: /:root\{([^}]*)\}/).map { scheme in
            Dictionary(
                uniqueKeysWithValues: scheme.output.1.split(separator: ";").map { entry in
                    let parts = entry.split(separator: ":")
                    return (String(parts[0].dropFirst(2)), String(parts[1]))
                })
        }
        #expect(schemes.count == 2)
        for scheme in schemes {
            for ground in ["paper", "card"] {
                for text in ["ink", "soft", "link", "loss"] {
                    #expect(contrast(scheme[text]!, scheme[ground]!) >= 4.5, "\(text) on \(ground)")
                }
            }
            // Areas that mean something, or the line around them.
            for shape in ["neutral", "loss", "soft", "whisker", "focus"] {
                #expect(contrast(scheme[shape]!, scheme["paper"]!) >= 3, "\(shape)")
            }
            #expect(contrast(scheme["whisker"]!, scheme["loss"]!) >= 1.5)
        }
        #expect(abs(contrast("#000000", "#ffffff") - 21) < 0.001 && abs(contrast("#777", "#fff") - 4.478) < 0.01)
    }
}
