import Definitions
import Events
import Runs
import Tables
import Timelines

/// What `run` says when it is done: the ledger, a line for each journey type, its stall points, its frictions, what matters, and
/// where the files are. On a terminal as wide as that is, with small bars; elsewhere the same words and numbers in plain lines.
struct RunSummary {
    private let outcome: PipelineRun.Outcome
    private let definition: PipelineDefinition
    /// Of the terminal; nil: there is none.
    private let width: Int?

    init(_ outcome: PipelineRun.Outcome, _ definition: PipelineDefinition, width: Int?) {
        (self.outcome, self.definition, self.width) = (outcome, definition, width)
    }

    var lines: [StyledLine] {
        var styled = wrapped(head).map { StyledLine($0) }
        for block in blocks where !block.isEmpty {
            styled += [StyledLine(), StyledLine(block[0], .strong)] + wrapped(Array(block.dropFirst())).map { StyledLine($0) }
        }
        styled.append(StyledLine())
        let files = "Written to \(outcome.folder): report.html, csv/, metrics.sqlite, run.json, datapackage.json, quarantine.ndjson"
        return styled + wrapped([files]).map { StyledLine($0) }
    }

    /// Each begins with its heading.
    private var blocks: [[String]] {
        [
            journeys, stalls, frictions, outcome.checks.isEmpty ? [] : [checkLine], leftOut,
            RunFindings(outcome).lines,
        ]
    }

    /// Tables fit already.
    private func wrapped(_ lines: [String]) -> [String] { WrappedText.lines(lines, width: width) }

    private func rows(_ name: String) -> [NamedRow] {
        outcome.tables.first { $0.name == name }.map { table in table.rows.map { NamedRow(table, $0) } } ?? []
    }

    // MARK: The head

    private var head: [String] {
        var lines = [
            ledger,
            "\(NumberText.grouped(outcome.persons)) persons, as of \(outcome.asOf.map { TimeFormat.utc($0) } ?? "no time: there are no events")",
        ]
        if !outcome.reasons.isEmpty {
            lines.append(
                "quarantined: " + outcome.reasons.map { "\(NumberText.grouped($0.count)) \($0.reason.rawValue)" }.joined(separator: ", "))
            lines += outcome.reasons.compactMap { reason in reason.reason.hint.map { "  \(reason.reason.rawValue): \($0)" } }
        }
        return lines
    }

    /// Only what there can be is named: where a line is one record, and nothing waited, nothing was expanded or released.
    private var ledger: String {
        let ledger = outcome.ledger
        func sum(_ parts: [(Int64, String)]) -> String { parts.map { "\(NumberText.grouped($0.0)) \($0.1)" }.joined(separator: " + ") }
        let before = [(ledger.lines, "lines")] + [(ledger.expanded, "expanded"), (ledger.released, "released")].filter { $0.0 != 0 }
        let after = [
            (ledger.events, "events"), (ledger.quarantined, "quarantined"), (ledger.duplicates, "duplicates"),
            (ledger.filtered, "filtered"), (ledger.late, "late"),
        ]
        return "\(definition.name): \(sum(before)) = \(sum(after))"
    }

    // MARK: Tables

    private func counts(_ name: String, _ rows: [NamedRow], as heading: String? = nil, isOptional: Bool = false) -> SummaryTable.Column {
        .init(heading ?? name, rows.map { NumberText.grouped($0.number(name)) }, isOptional: isOptional)
    }

    private func texts(_ name: String, _ rows: [NamedRow], isOptional: Bool = false) -> SummaryTable.Column {
        .init(name, rows.map { $0.text(name) }, isNumeric: false, isOptional: isOptional)
    }

    /// - Parameter isBarred: whether bars show the rates.
    private func rates(
        _ name: String, _ rows: [NamedRow], as heading: String, unknown: String = "", isBarred: Bool = false, isOptional: Bool = false
    ) -> SummaryTable.Column {
        let rates = rows.map { $0.ratio(name) }
        return .init(heading, rates.map { $0.map(NumberText.percent) ?? unknown }, bars: isBarred ? rates : nil, isOptional: isOptional)
    }

    /// First of all what compares: how many of those that had the time for it reached their goal.
    private var journeys: [String] {
        let rows = rows("journeys")
        guard !rows.isEmpty else { return [] }
        let columns =
            [
                texts("journey", rows), rates("conversion_rate", rows, as: "converted", unknown: "none mature yet", isBarred: true),
                counts("mature", rows, as: "of mature"),
            ] + ["started", "completed", "failed", "abandoned", "open", "customers"].map { counts($0, rows, isOptional: $0 != "started") }
        return ["Journeys:"] + SummaryTable(columns).lines(width: width)
    }

    private var stalls: [String] {
        let all = rows("stalls")
        let points = all.filter { $0["is_stall_point"] == .boolean(true) }
        guard !points.isEmpty else { return all.isEmpty ? [] : ["No stall points."] }
        let columns = [
            texts("journey", points), texts("step", points), rates("stall_rate", points, as: "stalled", isBarred: true),
            counts("judged", points, as: "of visits"), texts("owner", points, isOptional: true),
        ]
        return ["Stall points:"] + SummaryTable(columns).lines(width: width)
    }

    /// How many rules are shown: those that most journeys have.
    private static let frictionsMax = 10

    private var frictions: [String] {
        let rows = rows("frictions")
        guard !rows.isEmpty else { return [] }
        let found = rows.filter { $0.number("journeys") > 0 }.enumerated().sorted {
            (-$0.element.number("journeys"), $0.offset) < (-$1.element.number("journeys"), $1.offset)
        }.map(\.element)
        var lines = found.isEmpty ? ["No frictions."] : ["Frictions:"]
        if !found.isEmpty {
            let shown = Array(found.prefix(Self.frictionsMax))
            let columns = [
                texts("journey", shown), texts("friction", shown), counts("journeys", shown, as: "journeys"),
                rates("share", shown, as: "of started", isBarred: true),
                rates("completion_rate_with", shown, as: "completed with", isOptional: true),
                rates("completion_rate_without", shown, as: "without", isOptional: true), texts("owner", shown, isOptional: true),
            ]
            lines += SummaryTable(columns).lines(width: width)
        }
        if found.count > Self.frictionsMax {
            lines.append("  and \(NumberText.grouped(found.count - Self.frictionsMax)) more in csv/frictions.csv")
        }
        let given = rows.filter { $0.number("gave_up") > 0 }.map {
            "\($0.text("friction")) in \(NumberText.grouped($0.number("gave_up"))) \($0.text("journey")) journeys"
        }
        if !given.isEmpty { lines.append("  given up at the step limit, so perhaps more: " + given.joined(separator: ", ")) }
        let missing = Set(rows.filter { $0["measurable"] == .boolean(false) }.map { $0.text("friction") })
        if !missing.isEmpty { lines.append("  not measurable in this log: " + missing.sorted().joined(separator: ", ")) }
        return lines
    }

    // MARK: Lines

    private var checkLine: String {
        let open = outcome.checks.count { $0.isOpen }
        return "Checks: \(NumberText.grouped(outcome.checks.count { $0.holds })) of \(NumberText.grouped(outcome.checks.count)) hold"
            + (open > 0 ? ", \(open) with a warning." : ".")
    }

    private var leftOut: [String] {
        let count = outcome.tables.reduce(0) { $0 + $1.rowsLeftOut }
        guard let minCount = definition.privacy.minCount, count > 0 else { return [] }
        return [
            "Left out: \(NumberText.grouped(count)) rows of fewer than \(minCount) persons (privacy: min_count; run.json has how many of which table)"
        ]
    }
}
