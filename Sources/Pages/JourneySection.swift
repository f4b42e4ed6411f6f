import Drawings

/// One journey type: how far journeys get, where they go and stop, what costs, and for whom.
struct JourneySection {
    let tables: PageTables
    let models: PageModels
    let journey: PageRow
    let number: Int

    private var name: String { journey.text("journey") }

    private func rows(_ table: String) -> [PageRow] { tables.rows(table, of: name) }

    var model: Model {
        let stalls = StallPictures(tables: tables, models: models, journey: name)
        let parts: [Model?] = [
            funnel, JourneyMap(tables: self.tables, models: models, journey: name).model, problems, weeks,
        ]
        let tables: [Model?] = [switches, segments, nextSteps, examples]
        return [
            "id": "journey-\(number)", "name": PageWords.cell(name),
            "counts": "\(PageWords.count(journey.count("started"))) began: \(PageWords.count(journey.count("completed"))) completed, "
                + "\(PageWords.count(journey.count("failed"))) failed, \(PageWords.count(journey.count("abandoned"))) abandoned, "
                + "\(PageWords.count(journey.count("open"))) are open. Median duration of completed ones: "
                + "\(PageWords.length(seconds: journey.value("duration_p50_seconds"))).",
            "parts": parts.compactMap { $0 } + [stalls.table].compactMap { $0 } + stalls.pictures + tables.compactMap { $0 },
        ]
    }

    static func part(_ title: String, _ about: String, figure: Model? = nil, table: Model? = nil, isFolded: Bool = false) -> Model {
        [
            "title": title, "about": about, "hasFigure": figure != nil, "figure": figure ?? [:], "hasTable": table != nil,
            "table": table ?? [:], "isWide": false, "isFolded": isFolded,
        ]
    }

    private func part(_ title: String, _ about: String, figure: Model? = nil, table: Model? = nil) -> Model {
        Self.part(title, about, figure: figure, table: table)
    }

    // MARK: Funnel

    private var funnel: Model? {
        let steps = rows("funnel")
        guard let first = steps.first, let last = steps.last, first.count("reached") > 0 else { return nil }
        let table = models.table(
            "Funnel of \(PageWords.name(name))", tables["funnel"], steps,
            [
                .name("Step", "step"), .name("Owner", "owner"), .count("Reached", "reached"),
                .share("From the step before", "from_previous"),
                .count("Mature", "mature"), .count("Lost", "lost"), .count("Open", "open"), .count("Elsewhere", "elsewhere"),
                .share("Lost rate", "lost_rate"), .length("Median time from the step before", "seconds_from_previous_p50"),
            ])
        let whole = Double(max(1, first.count("mature")))
        let bars = steps.prefix(models.limits.pictureRows).map { step in
            let (mature, lost) = (step.count("mature"), step.count("lost"))
            let (open, elsewhere) = (step.count("open"), step.count("elsewhere"))
            let on = max(0, mature - lost - open - elsewhere)
            let rest = step.text("lost").isEmpty ? "" : "lost \(PageWords.count(lost)) (\(PageWords.percent(step.value("lost_rate"))))"
            let others = [(open, "open"), (elsewhere, "elsewhere")].filter { $0.0 > 0 }.map { "\(PageWords.count($0.0)) \($0.1)" }
            return SegmentedBars.Bar(
                label: PageWords.cell(step.text("step")),
                value: "\(PageWords.count(step.count("reached"))) · \(PageWords.percent(step.value("from_start")))",
                parts: [
                    (Double(on) / whole, .neutral), (Double(lost) / whole, .loss), (Double(open) / whole, .hatched),
                    (Double(elsewhere) / whole, .muted),
                ], note: ([rest] + others).filter { !$0.isEmpty }.joined(separator: ", "))
        }
        let worst = steps.dropLast().max { ($0.count("lost"), $1.text("step")) < ($1.count("lost"), $0.text("step")) }
        var takeaway =
            "\(PageWords.count(last.count("reached"))) of \(PageWords.counted(first.count("reached"), "journey")) reached \(PageWords.name(last.text("step")))."
        if let worst, worst.count("lost") > 0 {
            takeaway +=
                " Most are lost after \(PageWords.name(worst.text("step"))): \(PageWords.count(worst.count("lost"))) of "
                + "\(PageWords.count(worst.count("mature"))) mature journeys (\(PageWords.percent(worst.value("lost_rate"))))."
        }
        let figure = models.figure("Funnel of \(name)", takeaway: takeaway, table) { SegmentedBars(bars).draw(&$0) }
        return part(
            "Funnel",
            "Blue: went on; red: lost; striped: still open; grey: went elsewhere. Widths are mature journeys, figures all of them.",
            figure: figure)
    }

    static func byCount(_ one: PageRow, _ other: PageRow) -> Bool { one.isBefore(other, by: "count") }

    // MARK: Problems, switches, segments

    private var problems: Model? {
        let found = rows("priorities")
        guard !found.isEmpty else { return nil }
        let table = models.table(
            "Problems of \(PageWords.name(name)), the costliest first", tables["priorities"], found,
            [
                .own("Problem", "problem", isNumber: false) { PageWords.cell(FirstScreen.problem($0)) }, .name("Owner", "owner"),
                .name("Verdict", "verdict"), .count("Journeys", "journeys"), .share("Conversion", "conversion_rate"),
                .share("Expected", "expected_rate"), .amount("Lost", "lost"), .own("95 % interval", "lost_low", FirstScreen.range),
                .amount("Lost in 30 days", "lost_per_30_days"), .amount("Value lost", "value_lost"),
            ])
        let shown = found.prefix(min(12, models.limits.pictureRows)).compactMap { row -> IntervalBars.Row? in
            guard let lost = row.value("lost"), let (low, high) = row.interval("lost") else { return nil }
            return IntervalBars.Row(
                label: PageWords.cell(FirstScreen.problem(row)), text: "\(PageWords.amount(lost)) (\(FirstScreen.range(row)))", value: lost,
                low: low,
                high: high, fill: row.text("verdict") == "costs" ? .loss : row.text("verdict") == "helps" ? .neutral : .muted)
        }
        let costs = found.filter { $0.text("verdict") == "costs" }
        let takeaway =
            costs.first.map {
                "\(PageWords.name(FirstScreen.problem($0))) costs most: \(PageWords.amount($0.value("lost") ?? 0)) conversions (\(FirstScreen.range($0))). "
                    + "\(costs.count) of \(PageWords.counted(Int64(found.count), "problem")) clearly cost conversions (q ≤ 0.05)."
            } ?? "None of \(PageWords.counted(Int64(found.count), "problem")) clearly costs conversions (q ≤ 0.05)."
        return part(
            "What costs conversions",
            "Conversions lost against comparable journeys without the problem, with 95 % intervals. Red: costs; grey: unclear; blue: helps. "
                + "This is association among comparable journeys, not proof.",
            figure: models.figure("Conversions lost in \(name), by problem", takeaway: takeaway, table) {
                IntervalBars(Array(shown)).draw(&$0)
            })
    }

    /// Whom frictions hit, for instance: persons that frictions.csv names too.
    private var examples: Model? {
        let found = rows("frictions").filter { !$0.text("examples").isEmpty }.sorted { $0.isBefore($1, by: "journeys") }
        guard !found.isEmpty else { return nil }
        return Self.part(
            "For example",
            "Customers whom a friction hit, the first by name. sojourn journey PIPELINE --person ID draws one of them, sojourn list has all.",
            table: models.table(
                "Examples of frictions of \(PageWords.name(name))", tables["frictions"], found,
                [
                    .name("Friction", "friction"), .count("Journeys", "journeys"),
                    .own("Customers", "examples", isNumber: false) { PageWords.examples($0.text("examples")) },
                ]), isFolded: true)
    }

    private var switches: Model? {
        let found = rows("handoffs").filter { $0.text("scope") == "channel" }.sorted(by: Self.byCount)
        guard !found.isEmpty else { return nil }
        return part(
            "Channel switches", "From one channel to the next within a journey.",
            table: models.table(
                "Channel switches of \(PageWords.name(name))", tables["handoffs"], found,
                [
                    .name("From", "from"), .name("To", "to"), .count("Count", "count"), .length("Median wait", "wait_p50_seconds"),
                    .share("Conversion", "conversion_rate"), .count("Came back", "returned"),
                ]))
    }

    private var segments: Model? {
        let found = rows("segments")
        guard !found.isEmpty else { return nil }
        return part(
            "Segments", "Conversion of each segment against the rest; a gap is clear where its interval does not hold 0.",
            table: models.table(
                "Segments of \(PageWords.name(name))", tables["segments"], found,
                [
                    .own("Segment", "segment", isNumber: false) { PageWords.cell("\($0.text("dimension")): \($0.text("segment"))") },
                    .count("Mature", "mature"), .share("Conversion", "conversion_rate"), .share("Rest", "rest_rate"),
                    .own("Gap in points", "difference") { $0.value("difference").map(PageWords.points) ?? "" },
                    .own("95 % interval", "difference_low") { row in
                        row.interval("difference").map { "\(PageWords.points($0.low)) to \(PageWords.points($0.high))" } ?? ""
                    }, .amount("q", "q_value"),
                ]))
    }

    private var weeks: Model? {
        // By day nothing is left out: a week might show fewer persons than rows may.
        guard tables.facts.minCount == nil else { return nil }
        let weeks = ConversionWeeks(tables.days.rows(where: "journey", is: name))
        guard weeks.all.count > 1 else { return nil }
        return part("Week by week", weeks.about, figure: weeks.figure(name, tables, models))
    }

    private var nextSteps: Model? {
        let found = rows("next_steps").filter { $0.text("previous") == "*" }.sorted(by: Self.byCount)
        guard !found.isEmpty else { return nil }
        return part(
            "What follows each step", "Of all visits that ended, what came next.",
            table: models.table(
                "Next steps of \(PageWords.name(name))", tables["next_steps"], found,
                [
                    .name("Step", "step"), .name("Next", "next"), .count("Count", "count"), .share("Share", "share"),
                    .length("Median time", "seconds_p50"), .share("Conversion", "conversion_rate"),
                ]))
    }
}

extension PageRow {
    /// More first; where there are as many, by what stands in the table.
    func isBefore(_ other: PageRow, by column: String) -> Bool {
        (count(column), -Int64(place)) > (other.count(column), -Int64(other.place))
    }
}
