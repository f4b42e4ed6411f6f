import Definitions
import Events
import Runs
import Tables
import Timelines

/// What `run` says when it is done: the ledger, a line for each journey type, its stall points, and where the files are.
enum RunSummary {
    static func lines(_ outcome: PipelineRun.Outcome, _ definition: PipelineDefinition) -> [StyledLine] {
        var lines = [
            ledger(outcome.ledger, definition.name),
            "\(NumberText.grouped(outcome.persons)) persons, as of \(outcome.asOf.map { TimeFormat.utc($0) } ?? "no time: there are no events")",
        ]
        if !outcome.reasons.isEmpty {
            lines.append(
                "quarantined: " + outcome.reasons.map { "\(NumberText.grouped($0.count)) \($0.reason.rawValue)" }.joined(separator: ", "))
            lines += outcome.reasons.compactMap { reason in reason.reason.hint.map { "  \(reason.reason.rawValue): \($0)" } }
        }
        var styled = lines.map { StyledLine($0) }
        /// Some lines, the first of which is a heading.
        func add(_ lines: [String]) {
            styled += [StyledLine(), StyledLine(lines[0], .strong)] + lines.dropFirst().map { StyledLine($0) }
        }
        if let journeys = outcome.tables.first(where: { $0.name == "journeys" }), !journeys.rows.isEmpty { add(journeyLines(journeys)) }
        if let stalls = outcome.tables.first(where: { $0.name == "stalls" }) { add(stallLines(stalls)) }
        if let frictions = outcome.tables.first(where: { $0.name == "frictions" }), !frictions.rows.isEmpty {
            add(frictionLines(frictions))
        }
        if !outcome.checks.isEmpty { add([checkLine(outcome.checks)]) }
        let leftOut = outcome.tables.reduce(0) { $0 + $1.rowsLeftOut }
        if let minCount = definition.privacy.minCount, leftOut > 0 {
            add([
                "Left out: \(NumberText.grouped(leftOut)) rows of fewer than \(minCount) persons (privacy: min_count; run.json has how many of which table)"
            ])
        }
        add(RunFindings(outcome).lines)
        return styled + [
            StyledLine(),
            StyledLine("Written to \(outcome.folder): report.html, csv/, metrics.sqlite, run.json, datapackage.json, quarantine.ndjson"),
        ]
    }

    /// Only what there can be is named: where a line is one record, and nothing waited, nothing was expanded or released.
    private static func ledger(_ ledger: Ledger, _ name: String) -> String {
        func sum(_ parts: [(Int64, String)]) -> String { parts.map { "\(NumberText.grouped($0.0)) \($0.1)" }.joined(separator: " + ") }
        let before = [(ledger.lines, "lines")] + [(ledger.expanded, "expanded"), (ledger.released, "released")].filter { $0.0 != 0 }
        let after = [
            (ledger.events, "events"), (ledger.quarantined, "quarantined"), (ledger.duplicates, "duplicates"),
            (ledger.filtered, "filtered"),
            (ledger.late, "late"),
        ]
        return "\(name): \(sum(before)) = \(sum(after))"
    }

    /// First of all what compares: how many of those that had the time for it reached their goal.
    private static func journeyLines(_ table: ReportTable) -> [String] {
        let counts = ["started", "completed", "failed", "abandoned", "open", "customers"]
        let rows = table.rows.map { cells in
            let row = NamedRow(table, cells)
            let conversion =
                row.ratio("conversion_rate").map { "\(NumberText.percent($0)) of \(NumberText.grouped(row.number("mature"))) mature" }
                ?? "none mature yet"
            return [row.text("journey"), conversion] + counts.map { NumberText.grouped(row.number($0)) }
        }
        return TextTable(header: ["journey", "converted"] + counts, rows: rows, numeric: Set(["converted"] + counts)).lines()
    }

    private static func checkLine(_ checks: [CheckResult]) -> String {
        let open = checks.count { $0.isOpen }
        return "Checks: \(NumberText.grouped(checks.count { $0.holds })) of \(NumberText.grouped(checks.count)) hold"
            + (open > 0 ? ", \(open) with a warning." : ".")
    }

    private static func stallLines(_ table: ReportTable) -> [String] {
        let points = table.rows.map { NamedRow(table, $0) }.filter { $0["is_stall_point"] == .boolean(true) }
        guard !points.isEmpty else { return ["No stall points."] }
        return ["Stall points:"]
            + points.map { row in
                "  \(row.text("journey")) / \(row.text("step")): \(NumberText.grouped(row.number("stalled"))) of "
                    + "\(NumberText.grouped(row.number("judged"))) judged visits stalled, \(row.percent("stall_rate"))" + row.owner
            }
    }

    /// How many rules are shown: those that most journeys have.
    private static let frictionsMax = 10

    private static func frictionLines(_ table: ReportTable) -> [String] {
        let rows = table.rows.map { NamedRow(table, $0) }
        let found = rows.filter { $0.number("journeys") > 0 }.enumerated().sorted {
            (-$0.element.number("journeys"), $0.offset) < (-$1.element.number("journeys"), $1.offset)
        }.map(\.element)
        var lines = found.isEmpty ? ["No frictions."] : ["Frictions:"]
        for row in found.prefix(frictionsMax) {
            lines.append(
                "  \(row.text("journey")) / \(row.text("friction")): in \(NumberText.grouped(row.number("journeys"))) journeys, completed "
                    + "\(row.percent("completion_rate_with")) with, \(row.percent("completion_rate_without")) without" + row.owner)
        }
        if found.count > frictionsMax { lines.append("  and \(NumberText.grouped(found.count - frictionsMax)) more in csv/frictions.csv") }
        let given = rows.filter { $0.number("gave_up") > 0 }.map {
            "\($0.text("friction")) in \(NumberText.grouped($0.number("gave_up"))) \($0.text("journey")) journeys"
        }
        if !given.isEmpty { lines.append("  given up at the step limit, so perhaps more: " + given.joined(separator: ", ")) }
        let missing = Set(rows.filter { $0["measurable"] == .boolean(false) }.map { $0.text("friction") })
        if !missing.isEmpty { lines.append("  not measurable in this log: " + missing.sorted().joined(separator: ", ")) }
        return lines
    }
}
