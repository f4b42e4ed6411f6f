import Pages
import Tables
import TestSupport

@testable import Comparisons

/// Tables as files have them: all texts.
enum ComparedTables {
    static let columns: [String: [String]] = [
        "journeys": ["journey", "started", "mature", "converted"], "funnel": ["journey", "step_index", "step", "mature", "lost"],
        "stalls": ["journey", "step_index", "step", "threshold_seconds", "stalled", "judged"],
        "frictions": ["journey", "friction", "journeys"],
        "contacts": ["channel", "topic", "window_seconds", "judged", "repeated"], "responses": ["channel", "judged", "within_sla"],
    ]

    static func table(_ name: String, _ rows: [[String]], daily: Bool = false) -> ReportTable {
        let names = (daily ? ["day"] : []) + columns[name]!
        return ReportTable(
            name: name, title: "", columns: names.map { .init($0, .text, "") }, rows: rows.map { $0.map { .text($0) } }, keyColumns: [])
    }

    static func side(_ rows: [String: [[String]]], _ facts: PageFacts = PageFacts(), days: [[String]] = []) -> ComparedSide {
        let tables = columns.keys.sorted().map { table($0, rows[$0] ?? []) }
        return ComparedSide(label: "out", PageTables(facts, tables, days: table("journeys", days, daily: true)))
    }

    // MARK: Drawn

    static let names = ["a", "b", "é", "e\u{301}", "<script>", "\u{202E}x", "a\nb", "(all)", ""]

    /// Rows of all tables; some cells are empty, some names are missing.
    static func drawn(_ random: inout SeededGenerator, daily: Bool = false) -> [String: [[String]]] {
        func share(_ random: inout SeededGenerator) -> [String] {
            let whole = random.int(0...(random.chance(percent: 50) ? 30 : 4000))
            return random.chance(percent: 8) ? ["", ""] : ["\(whole)", "\(random.int(0...whole))"]
        }
        var rows: [String: [[String]]] = [:]
        func add(_ table: String, _ row: [String], _ random: inout SeededGenerator) {
            guard !random.chance(percent: 15) else { return }
            for day in daily ? (1...9).map({ "2026-03-0\($0)" }) : [""] where !daily || random.chance(percent: 70) {
                var row = row
                // Counts are drawn for each day.
                if let place = row.firstIndex(of: "?"), row[place + 1] == "?" { row[place...(place + 1)] = share(&random)[...] }
                rows[table, default: []].append(daily ? [day] + row : row)
            }
        }
        for (type, journey) in random.some(3, of: names).enumerated() {
            add("journeys", [journey, "\(5000 + type)", "?", "?"], &random)
            for (place, step) in random.some(3, of: names).enumerated() {
                add("funnel", [journey, "\(place + 1)", step, "?", "?"], &random)
                add("stalls", [journey, "\(place + 1)", step, "60", "0", "\(random.int(0...900))"], &random)
            }
            for friction in random.some(3, of: names) {
                add("frictions", [journey, friction, random.chance(percent: 10) ? "" : "\(random.int(0...400))"], &random)
            }
        }
        for channel in random.some(2, of: names) {
            for topic in random.some(2, of: names) { add("contacts", [channel, topic, "86400.000", "?", "?"], &random) }
            add("responses", [channel, "?", "?"], &random)
        }
        return rows
    }
}
