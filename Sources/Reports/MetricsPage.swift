package import Tables

/// pipelines/metrics.md: every table and column, by the question that it answers. What columns mean is said by the columns; here
/// stands which table answers what, and what one may take it for wrongly.
package enum MetricsPage {
    /// A question, the tables that answer it, and traps in reading them.
    private struct Question {
        let text: String
        let tables: [String]
        let traps: [String]
    }

    /// Everything that may be asked, in the order in which one would ask it. A table stands under one question.
    private static let questions = [
        Question(
            text: "How many journeys get to their goal, and is it better or worse than before?", tables: ["journeys"],
            traps: [
                "Compare days, groups and versions by `conversion_rate`. `completion_rate` divides by closed journeys, and those that are given up close late: of recent days it shows too much.",
                "Journeys younger than the horizon are not in `mature`, however they went.",
            ]),
        Question(
            text: "Which step loses people, and where do they wait?", tables: ["funnel", "stalls", "step_channels", "dwells"],
            traps: [
                "`dropped` counts open journeys too, which may still go on; `lost_rate` is of mature ones.",
                "A stall is a time beyond the threshold, not a loss: what it costs stands in `priorities`.",
            ]),
        Question(
            text: "What should be mended first, and what is it worth?", tables: ["priorities", "owners"],
            traps: [
                "`lost` is an association among journeys that had come as far, not a proof: those who meet a problem may differ in ways that the log does not show. Try a change on half of them.",
                "Journeys may have several problems, so rows do not add up; an owner's sum can be more than there is to win.",
                "`unclear` means that the log does not tell, not that there is no effect.",
            ]),
        Question(
            text: "Whom does it hit?", tables: ["segments", "segment_steps", "segment_frictions"],
            traps: [
                "Each segment is compared with the others together. `(none)` is compared with nobody: a field that is first seen at checkout would make progress a segment.",
                "Look at `q_value`, not at `p_value`: of many segments some differ by chance.",
            ]),
        Question(
            text: "What costs customers effort?", tables: ["frictions", "friction_places"],
            traps: [
                "Completion with and without a friction are not comparable groups: some frictions only happen to those who have got far. `priorities` compares like with like.",
                "Where `measurable` is false the log lacks what the rule needs; empty is not 0.",
            ]),
        Question(
            text: "Do customers have to come back for the same thing?", tables: ["contacts"],
            traps: ["A contact is judged once its window is over: rows of long windows know less of recent days."]),
        Question(
            text: "How long do they wait for an answer, and what makes them wait?", tables: ["responses", "busy"],
            traps: [
                "A channel whose log holds no answers has no rate; that is a gap in the log, not a bad service.",
                "`difference` compares like hours of the week. Both channels may still be busy for a reason of their own.",
            ]),
        Question(
            text: "Who passes on, and who holds the ball?", tables: ["handoffs", "holders"],
            traps: ["Time is given to the organization by a rule on who acted last and acts next, not by what anybody worked."]),
        Question(
            text: "What comes next, and for which customers now?", tables: ["next_steps", "open_journeys"],
            traps: [
                "What comes next is what came next in the past. How often that was right stands in run.json under `forecast`."
            ]),
        Question(
            text: "Which ways do journeys take?", tables: ["map", "transitions"],
            traps: ["A skipped step may be a shorter way or a missing event: look at one journey with `sojourn journey`."]),
        Question(
            text: "What happens in each channel and at each touchpoint?", tables: ["sessions", "touchpoints", "actions"],
            traps: ["Persons of several rows or days do not add up."]),
        Question(
            text: "What do customers say, how much do we ask of them, and when do they have what they came for?", tables: ["metrics"],
            traps: [
                "Who answers a survey chose to. A correlation with effort is of those.",
                "In `time_to_value` journeys that ended otherwise stay in the share; it does not rise to 1.",
            ]),
        Question(
            text: "Do our channels work together?", tables: ["scorecard"],
            traps: ["Five shares of different things; there is no total, and one that cannot be told is empty."]),
        Question(
            text: "Can the figures be trusted?", tables: ["identity", "sources", "source_fields"],
            traps: ["Where a source is silent, what hangs on it is low for that reason: look here before you blame a channel."]),
    ]

    /// Tables without a question; for a test that there are none.
    static func unasked(_ tables: [ReportTable]) -> [String] {
        tables.map(\.name).filter { name in !questions.contains { $0.tables.contains(name) } }
    }

    /// - Parameters:
    ///   - total: the tables of the whole time, without rows.
    ///   - daily: those by day.
    package static func text(_ total: [ReportTable], daily: [ReportTable]) -> String {
        var page = """
            # Metrics by question

            Every table of `csv/` with its columns, by the question that it answers. `sojourn metrics` prints this page from what the columns
            say of themselves; it stands in the `datapackage.json` of each output as well. A table by day, in `metrics.sqlite`, has the column
            `day` before the others. `number` is a ratio with 6 decimals or a time in seconds with 3; what is unknown is empty, never 0. What the
            words mean stands in [the rules](rules.md).


            """
        for question in questions {
            page += "- [\(question.text)](#\(anchor(question.text)))\n"
        }
        let left = unasked(total)
        for question in questions + (left.isEmpty ? [] : [Question(text: "Other tables", tables: left, traps: [])]) {
            page += "\n## \(question.text)\n"
            if !question.traps.isEmpty { page += "\n" + question.traps.map { "- \($0)\n" }.joined() }
            for name in question.tables {
                guard let table = total.first(where: { $0.name == name }) else { continue }
                page += section(table, daily: daily.first { $0.name == name })
            }
        }
        return page
    }

    private static func section(_ table: ReportTable, daily: ReportTable?) -> String {
        let names = Set(daily?.columns.map(\.name) ?? [])
        let missing = table.columns.map(\.name).filter { !names.contains($0) }
        func quoted(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
        let byDay = daily == nil ? "Not by day." : missing.isEmpty ? "By day, too." : "By day, too, without \(quoted(missing))."
        let key = table.keyColumns.isEmpty ? "" : " One row for each \(quoted(table.keyColumns))."
        let rows = table.columns.map { "| `\($0.name)` | \(type($0.kind)) | \(escaped($0.description)) |\n" }
        return "\n### \(table.name)\n\n\(table.title).\(key) \(byDay)\n\n| column | type | what it says |\n| --- | --- | --- |\n"
            + rows.joined()
    }

    /// A bar would end the cell.
    private static func escaped(_ text: String) -> String {
        text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
    }

    private static func type(_ kind: ReportTable.Kind) -> String {
        switch kind {
        case .text: "string"
        case .integer: "integer"
        case .ratio, .seconds: "number"
        case .boolean: "boolean"
        case .day: "date"
        }
    }

    /// As hosts of repositories make them of headings.
    private static func anchor(_ heading: String) -> String {
        String(
            String.UnicodeScalarView(
                heading.lowercased().unicodeScalars.compactMap { scalar in
                    scalar == " " ? "-" : scalar.properties.isAlphabetic || scalar == "-" || scalar == "_" ? scalar : nil
                }))
    }
}
