import Drawings

/// Where journeys of a type wait: all steps in a table, and how long visits of stall points last.
struct StallPictures {
    let tables: PageTables
    let models: PageModels
    let journey: String

    private static let picturesMax = 3

    private var steps: [PageRow] { tables.rows("stalls", of: journey) }

    var table: Model? {
        guard !steps.isEmpty else { return nil }
        let points = steps.filter { $0.holds("is_stall_point") }
        let about =
            points.isEmpty
            ? "No step stalls clearly more often than the others."
            : "Stall points: "
                + points.map { "\(PageWords.name($0.text("step"))) (\(PageWords.percent($0.value("stall_rate"))) of visits)" }
                .joined(separator: ", ") + "."
        return [
            "title": "Where journeys wait", "about": about, "hasFigure": false, "figure": [:] as Model, "hasTable": true, "isWide": true,
            "isFolded": false,
            "table": models.table(
                "Steps of \(PageWords.name(journey)) and how long visits last", tables["stalls"], steps,
                [
                    .name("Step", "step"), .name("Owner", "owner"), .count("Visits", "visits"), .length("Median", "dwell_p50_seconds"),
                    .length("90th percentile", "dwell_p90_seconds"), .length("Threshold", "threshold_seconds"),
                    .name("Threshold from", "threshold_source"), .count("Stalled", "stalled"), .share("Stall rate", "stall_rate"),
                    .own("Stall point", "is_stall_point", isNumber: false) { $0.holds("is_stall_point") ? "yes" : "no" },
                ]),
        ]
    }

    /// Of the stall points with most stalled visits, those first.
    var pictures: [Model] {
        steps.filter { $0.holds("is_stall_point") }.sorted { $0.isBefore($1, by: "stalled") }.prefix(Self.picturesMax).compactMap(picture)
    }

    private func picture(_ step: PageRow) -> Model? {
        let bins = tables.rows("dwells", of: journey).filter { $0.text("step").utf8.elementsEqual(step.text("step").utf8) }
        guard bins.count > 1, let largest = bins.map({ $0.count("visits") }).max(), largest > 0 else { return nil }
        let threshold = step.value("threshold_seconds")
        let columns = bins.map { bin in
            let isBeyond = threshold.map { (bin.value("from_seconds") ?? 0) >= $0 } ?? false
            return Columns.Column(height: Double(bin.count("visits")) / Double(largest), fill: isBeyond ? .loss : .neutral)
        }
        let mark = threshold.flatMap { limit -> (place: Double, text: String)? in
            guard let place = bins.firstIndex(where: { (bin) in (bin.value("to_seconds") ?? 0) > limit }) else { return nil }
            let (from, to) = (bins[place].value("from_seconds") ?? 0, bins[place].value("to_seconds") ?? 0)
            let within = to > from ? min(max((limit - from) / (to - from), 0), 1) : 0
            return (Double(place) + within, "threshold \(PageWords.length(seconds: limit))")
        }
        let takeaway =
            "Half of the visits of \(PageWords.name(step.text("step"))) that led on lasted at most \(PageWords.length(seconds: step.value("dwell_p50_seconds"))), "
            + "nine in ten at most \(PageWords.length(seconds: step.value("dwell_p90_seconds"))). "
            + "\(PageWords.count(step.count("stalled"))) of \(PageWords.counted(step.count("visits"), "visit")) stalled."
        let table = models.table(
            "How long visits of \(PageWords.name(step.text("step"))) last", tables["dwells"], bins,
            [
                .length("From", "from_seconds"), .length("To below", "to_seconds"), .count("Visits", "visits"),
            ])
        return [
            "title": "How long it takes at \(PageWords.cell(step.text("step")))",
            "about": "Visits by their length; each column lasts longer than the one before by the same factor. Red: beyond the threshold.",
            "hasFigure": true,
            "figure": models.figure("How long visits of \(step.text("step")) last", takeaway: takeaway, table) {
                Columns(
                    columns,
                    ends: (
                        PageWords.length(seconds: bins.first?.value("from_seconds")),
                        PageWords.length(seconds: bins.last?.value("to_seconds"))
                    ), top: PageWords.counted(largest, "visit"), mark: mark
                ).draw(&$0)
            }, "hasTable": false, "table": [:] as Model, "isWide": false, "isFolded": false,
        ]
    }
}
