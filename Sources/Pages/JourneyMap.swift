import Drawings

/// The map of a journey type: from each step, in the declared order, in which channels it is visited and where visits lead.
struct JourneyMap {
    let tables: PageTables
    let models: PageModels
    let journey: String

    private static let lanesMax = 6
    private static let namedMax = 3
    private static let nameMax = 14

    var model: Model? {
        let (ways, steps) = (tables.rows("map", of: journey), tables.rows("stalls", of: journey))
        guard !ways.isEmpty, !steps.isEmpty else { return nil }
        let largest = Double(max(1, steps.map { $0.count("visits") }.max() ?? 1))
        let channels = Dictionary(grouping: tables.rows("step_channels", of: journey)) { $0.text("step_index") }
        let stages = steps.prefix(models.limits.pictureRows).map { step in
            stage(step, ways, channels[step.text("step_index")] ?? [], largest)
        }
        let table = models.table(
            "Ways of \(PageWords.name(journey))", tables["map"], ways.sorted(by: JourneySection.byCount),
            [
                .own("From", "from", isNumber: false) { $0.text("from").isEmpty ? "(start)" : PageWords.cell($0.text("from")) },
                .name("To", "to"), .name("Kind", "kind"), .count("Count", "count"),
                .share("Share", "share"), .share("Conversion", "conversion_rate"),
            ])
        let stop = ways.filter { $0.text("kind") == "end" && $0.text("to") != "goal" }.max { $1.isBefore($0, by: "count") }
        let takeaway =
            stop.map {
                "Most journeys stop at \(PageWords.name($0.text("from"))): \(PageWords.count($0.count("count"))), "
                    + "\(PageWords.percent($0.value("share"))) of those that were there."
            } ?? "No journey stopped."
        return JourneySection.part(
            "Where journeys go",
            "Each bar is a step, as wide as it has visits, cut by the channel in which they begin. Below it: blue, on to the next step or "
                + "the goal; grey, back or over steps; red with a line under it, stops; what is left of the bar's width is still there.",
            figure: models.figure("Where journeys of \(journey) go from each step", takeaway: takeaway, table) { Flow(stages).draw(&$0) })
    }

    private func stage(_ step: PageRow, _ ways: [PageRow], _ channels: [PageRow], _ largest: Double) -> Flow.Stage {
        let from = ways.filter { $0.text("from").utf8.elementsEqual(step.text("step").utf8) && $0.text("kind") != "start" }
        func sum(_ isWanted: (PageRow) -> Bool) -> Int64 { from.filter(isWanted).reduce(0) { $0 + $1.count("count") } }
        let goal = sum { $0.text("kind") == "end" && $0.text("to") == "goal" }
        let next = sum { $0.text("kind") == "next" }
        let stopped = sum { $0.text("kind") == "end" && $0.text("to") != "goal" }
        let aside = sum { $0.text("kind") == "skip" || $0.text("kind") == "back" }
        let visits = step.count("visits")
        let words = [
            (next, "on"), (goal, "goal"), (aside, "back or over steps"), (stopped, "stop"),
            (visits - next - goal - aside - stopped, "still there"),
        ]
        .filter { $0.0 > 0 }.map { "\($0.1) \(PageWords.count($0.0))" }
        let lanes = lanes(channels)
        return Flow.Stage(
            label: PageWords.cell(step.text("step")), value: PageWords.counted(visits, "visit"), width: Double(visits) / largest,
            lanes: lanes.map { Flow.Lane($0.name, $0.share) }, laneNotes: Self.words(lanes),
            bands: (Double(next + goal) / largest, Double(aside) / largest, Double(stopped) / largest), notes: words
        )
    }

    /// The channels with most visits; the rest is one lane.
    private func lanes(_ channels: [PageRow]) -> [(name: String, share: Double)] {
        let sorted = channels.sorted { $0.isBefore($1, by: "visits") }
        let shown = sorted.count > Self.lanesMax ? sorted.prefix(Self.lanesMax - 1) : sorted[...]
        let lanes = shown.map { (name: PageWords.cell($0.text("channel")), share: $0.value("share") ?? 0) }
        let rest = sorted.dropFirst(shown.count)
        return rest.isEmpty ? lanes : lanes + [("\(rest.count) more", rest.reduce(0) { $0 + ($1.value("share") ?? 0) })]
    }

    /// `app 62.0 %`, `web 30.1 %`; of many channels the largest.
    private static func words(_ lanes: [(name: String, share: Double)]) -> [String] {
        let named = lanes.prefix(namedMax).map { "\(Picture.shortened($0.name, to: nameMax)) \(PageWords.percent($0.share))" }
        return lanes.count > namedMax ? named + ["…"] : named
    }
}
