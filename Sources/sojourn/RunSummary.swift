import Definitions
import Events
import Runs
import Tables

/// What `run` says when it is done: the ledger, a line for each journey type, its stall points, and where the files are.
enum RunSummary {
    static func lines(_ outcome: PipelineRun.Outcome, _ definition: PipelineDefinition) -> [String] {
        let ledger = outcome.ledger
        var lines = [
            "\(definition.name): \(ledger.lines) lines = \(ledger.events) events + \(ledger.quarantined) quarantined + \(ledger.duplicates) duplicates"
                + " + \(ledger.filtered) filtered + \(ledger.late) late",
            "\(outcome.persons) persons, as of \(outcome.asOf.map { TimeFormat.utc($0) } ?? "no time: there are no events")",
        ]
        if !outcome.reasons.isEmpty {
            lines.append("quarantined: " + outcome.reasons.map { "\($0.count) \($0.reason.rawValue)" }.joined(separator: ", "))
        }
        if let journeys = outcome.tables.first(where: { $0.name == "journeys" }), !journeys.rows.isEmpty {
            lines +=
                [""] + table(journeys, ["journey", "started", "completed", "failed", "abandoned", "open", "completion_rate", "customers"])
        }
        if let stalls = outcome.tables.first(where: { $0.name == "stalls" }) {
            lines += [""] + stallLines(stalls)
        }
        if let frictions = outcome.tables.first(where: { $0.name == "frictions" }), !frictions.rows.isEmpty {
            lines += [""] + frictionLines(frictions)
        }
        if !outcome.checks.isEmpty { lines += ["", checkLine(outcome.checks)] }
        let leftOut = outcome.tables.reduce(0) { $0 + $1.rowsLeftOut }
        if let minCount = definition.privacy.minCount, leftOut > 0 {
            lines += [
                "",
                "Left out: \(leftOut) rows of fewer than \(minCount) persons (privacy: min_count; run.json has how many of which table)",
            ]
        }
        return lines + ["", "Written to \(outcome.folder): csv/, metrics.sqlite, run.json, datapackage.json, quarantine.ndjson"]
    }

    private static func checkLine(_ checks: [CheckResult]) -> String {
        let open = checks.count { !$0.warnings.isEmpty }
        return "Checks: \(checks.count { $0.holds }) of \(checks.count) hold" + (open > 0 ? ", \(open) with a warning." : ".")
    }

    private static func stallLines(_ table: ReportTable) -> [String] {
        func place(_ name: String) -> Int { table.columns.firstIndex { $0.name == name }! }
        let points = table.rows.filter { $0[place("is_stall_point")] == .boolean(true) }
        guard !points.isEmpty else { return ["No stall points."] }
        return ["Stall points:"]
            + points.map { row in
                let owner = text(row[place("owner")])
                return "  \(text(row[place("journey")])) / \(text(row[place("step")])): \(text(row[place("stalled")])) of "
                    + "\(text(row[place("visits")])) visits stalled, rate \(text(row[place("stall_rate")]))"
                    + (owner.isEmpty ? "" : " (\(owner))")
            }
    }

    /// How many rules are shown: those that most journeys have.
    private static let frictionsMax = 10

    private static func frictionLines(_ table: ReportTable) -> [String] {
        func place(_ name: String) -> Int { table.columns.firstIndex { $0.name == name }! }
        func number(_ row: [ReportTable.Cell], _ name: String) -> Int64 {
            if case .integer(let number) = row[place(name)] { number } else { 0 }
        }
        let found = table.rows.filter { number($0, "journeys") > 0 }.enumerated().sorted {
            (-number($0.element, "journeys"), $0.offset) < (-number($1.element, "journeys"), $1.offset)
        }.map(\.element)
        var lines = found.isEmpty ? ["No frictions."] : ["Frictions:"]
        for row in found.prefix(frictionsMax) {
            let owner = text(row[place("owner")])
            let rates = [text(row[place("completion_rate_with")]), text(row[place("completion_rate_without")])].map {
                $0.isEmpty ? "unknown" : $0
            }
            lines.append(
                "  \(text(row[place("journey")])) / \(text(row[place("friction")])): in \(number(row, "journeys")) journeys, completed "
                    + "\(rates[0]) with, \(rates[1]) without" + (owner.isEmpty ? "" : " (\(owner))"))
        }
        if found.count > frictionsMax { lines.append("  and \(found.count - frictionsMax) more in csv/frictions.csv") }
        let given = table.rows.filter { number($0, "gave_up") > 0 }.map {
            "\(text($0[place("friction")])) in \(number($0, "gave_up")) \(text($0[place("journey")])) journeys"
        }
        if !given.isEmpty { lines.append("  given up at the step limit, so perhaps more: " + given.joined(separator: ", ")) }
        let missing = Set(table.rows.filter { $0[place("measurable")] == .boolean(false) }.map { text($0[place("friction")]) })
        if !missing.isEmpty { lines.append("  not measurable in this log: " + missing.sorted().joined(separator: ", ")) }
        return lines
    }

    private static func table(_ table: ReportTable, _ columns: [String]) -> [String] {
        let places = columns.compactMap { name in table.columns.firstIndex { $0.name == name } }
        let rows = table.rows.map { row in places.map { text(row[$0]) } }
        return TextTable(header: columns, rows: rows, numeric: Set(columns.dropFirst())).lines()
    }

    private static func text(_ cell: ReportTable.Cell) -> String {
        switch cell {
        case .text(let text): text
        case .integer(let number): String(number)
        case .ratio(let ratio): String((ratio * 1000).rounded() / 1000)
        case .boolean(let truth): truth ? "true" : "false"
        case .duration, .seconds, .day, .unknown: ""
        }
    }
}
