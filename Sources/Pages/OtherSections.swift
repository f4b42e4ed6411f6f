import Drawings

/// What is not of one journey type: contacts and answers, hand-overs, the scorecard, owners, and where the figures come from.
struct OtherSections {
    let tables: PageTables
    let models: PageModels

    private func section(_ id: String, _ title: String, _ about: String, _ parts: [Model?], _ items: [String] = []) -> Model? {
        let shown = parts.compactMap { $0 }
        guard !shown.isEmpty || !items.isEmpty else { return nil }
        return [
            "id": id, "title": title, "about": about, "tables": shown, "items": items.map { ["text": $0] as Model },
            "hasItems": !items.isEmpty,
        ]
    }

    private func table(_ name: String, _ caption: String, _ columns: [PageColumn], _ choose: ([PageRow]) -> [PageRow] = { $0 }) -> Model? {
        let rows = choose(Array(tables[name].rows))
        return rows.isEmpty ? nil : models.table(caption, tables[name], rows, columns)
    }

    var service: Model? {
        section(
            "service", "Contacts and answers",
            "Whether what customers contact somebody for is settled at the first contact, and how long they wait for an answer.",
            [
                table(
                    "responses", "Answers by channel",
                    [
                        .name("Channel", "channel"), .name("Owner", "owner"), .count("Waits", "waits"), .count("Answered", "answered"),
                        .length("Median", "p50_seconds"), .length("90th percentile", "p90_seconds"), .length("Within", "sla_seconds"),
                        .share("Kept", "within_rate"),
                        .own("95 % interval", "within_rate_low") { PageWords.interval($0.interval("within_rate")) },
                    ]),
                table(
                    "contacts", "First-contact resolution, channels and topics with most contacts first",
                    [
                        .name("Channel", "channel"), .name("Topic", "topic"), .length("Window", "window_seconds"),
                        .count("Contacts", "contacts"),
                        .count("Judged", "judged"), .count("Repeated", "repeated"), .share("Solved at first", "fcr"),
                        .own("95 % interval", "fcr_low") { PageWords.interval($0.interval("fcr")) },
                        .count("Repeated elsewhere", "repeated_elsewhere"),
                    ], { $0.sorted { $0.isBefore($1, by: "contacts") } }),
                table(
                    "busy", "Answers in hours when another channel is busy",
                    [
                        .name("Channel", "channel"), .name("Busy channel", "other_channel"), .count("Waits then", "busy_waits"),
                        .count("Kept then", "busy_within"), .count("Other waits", "calm_waits"), .count("Kept", "calm_within"),
                        .own("Difference in points", "difference") { $0.value("difference").map(PageWords.points) ?? "" },
                        .amount("q", "q_value"),
                    ]),
            ])
    }

    var handovers: Model? {
        section(
            "handovers", "Hand-overs, and who has journeys",
            "Where one owner passes a journey on to another, how long it lies in between, and how long it was whose move.",
            [
                table(
                    "handoffs", "Hand-overs between owners",
                    [
                        .name("Journey", "journey"), .name("From", "from"), .name("To", "to"), .count("Count", "count"),
                        .length("Median wait", "wait_p50_seconds"), .length("90th percentile", "wait_p90_seconds"),
                        .share("Conversion", "conversion_rate"), .count("Came back", "returned"),
                    ], { $0.filter { $0.text("scope") == "owner" }.sorted { $0.isBefore($1, by: "count") } }),
                table(
                    "holders", "Whose move it was",
                    [
                        .name("Journey", "journey"), .name("Holder", "holder"), .name("Owner", "owner"), .count("Intervals", "intervals"),
                        .share("Share of time", "share"), .length("Median", "p50_seconds"),
                    ]),
            ])
    }

    var scorecard: Model? {
        section(
            "scorecard", "Scorecard",
            "Five scores from 0 to 100, each by the formula that stands beside it; a score whose parts cannot be measured is empty.",
            [
                table(
                    "scorecard", "Scores",
                    [
                        .name("Part", "part"),
                        .own("Score", "score") { row in row.value("score").map { PageWords.tenths($0) } ?? "–" },
                        .own("95 % interval", "low") { row in
                            guard let low = row.value("low"), let high = row.value("high") else { return "" }
                            return "\(PageWords.tenths(low)) to \(PageWords.tenths(high))"
                        },
                        .name("Formula", "formula"), .name("Worst", "worst"), .name("Why it is empty", "reason"),
                    ]),
                table(
                    "metrics", "Measures",
                    [
                        .name("Measure", "metric"), .name("Journey", "journey"), .name("Name", "name"), .amount("Value", "value"),
                        .name("Unit", "unit"), .amount("Low", "low"), .amount("High", "high"), .name("Why it is empty", "reason"),
                    ]),
            ])
    }

    /// One block for each owner, to be sent to them.
    var owners: [Model] {
        tables["owners"].rows.prefix(models.limits.rows).enumerated().map { number, row in
            let owner = row.text("owner")
            func own(_ table: String) -> [PageRow] { tables[table].rows(where: "owner", is: owner) }
            var items: [String] = [
                "\(PageWords.counted(row.count("steps"), "step")), \(PageWords.counted(row.count("stall_points"), "stall point")), "
                    + "\(PageWords.counted(row.count("stalled"), "stalled visit"))"
            ]
            if let lost = row.value("lost"), lost > 0 {
                let month = row.value("lost_per_30_days").map { " (\(PageWords.amount($0)) in 30 days)" } ?? ""
                items.append("\(PageWords.amount(lost)) conversions lost to problems that clearly cost them\(month)")
            }
            if row.count("waits") > 0 {
                let rate = row.value("within_rate").map { ", \(PageWords.percent($0)) of those with a limit within it" } ?? ""
                items.append("\(PageWords.counted(row.count("waits"), "wait")) for an answer\(rate)")
            }
            let problems = own("priorities").filter { $0.text("verdict") == "costs" }
            items += problems.prefix(5).map {
                "\(PageWords.name(FirstScreen.problem($0))) in \(PageWords.name($0.text("journey"))): \(PageWords.amount($0.value("lost") ?? 0)) "
                    + "conversions lost (\(FirstScreen.range($0)))"
            }
            if problems.count > 5 { items.append("and \(problems.count - 5) more problems in csv/priorities.csv") }
            return [
                "id": "owner-\(number + 1)", "owner": PageWords.cell(owner), "items": items.map { ["text": $0] as Model },
            ]
        }
    }

    var data: Model? {
        let facts = tables.facts
        var items = facts.reasons.filter { $0.count > 0 }.map { "\(PageWords.count($0.count)) put aside as \($0.name)" }
        items += facts.checks.map { ($0.holds ? "holds: " : "does not hold: ") + PageWords.name($0.text) }
        items += facts.warnings.map { "warning: \(PageWords.name($0))" }
        if let least = facts.minCount { items.append("Rows of fewer than \(PageWords.counted(least, "person")) are left out everywhere.") }
        return section(
            "data", "Where the figures come from",
            "What was read from each source, how complete its fields are, and how persons were told apart.",
            [
                table(
                    "sources", "Sources",
                    [
                        .name("Source", "source"), .count("Lines", "lines"), .count("Events", "events"), .count("Put aside", "quarantined"),
                        .count("Twice", "duplicates"), .count("Filtered", "filtered"),
                        .own("First", "first", isNumber: false) { FirstScreen.minute($0.text("first")) },
                        .own("Last", "last", isNumber: false) { FirstScreen.minute($0.text("last")) },
                        .length("Longest gap", "gap_max_seconds"),
                    ]),
                table(
                    "source_fields", "Fields that are missing most often",
                    [.name("Source", "source"), .name("Field", "field"), .count("There", "there"), .share("Share", "share")],
                    { $0.sorted { ($0.value("share") ?? 2, $0.place) < ($1.value("share") ?? 2, $1.place) } }),
                table(
                    "identity", "Identifiers",
                    [
                        .name("Type", "id_type"), .name("Rank", "rank"), .count("Values", "values"), .count("Persons", "persons"),
                        .count("Shared", "shared"), .count("Placeholders", "placeholders"), .count("Refused", "refused"),
                    ]),
                table(
                    "frictions", "Frictions that cannot be measured in this log",
                    [.name("Friction", "friction"), .name("Journey", "journey"), .name("What is missing", "missing")],
                    { $0.filter { $0.text("measurable") == "false" } }),
            ], items)
    }
}
