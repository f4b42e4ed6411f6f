import Tables

/// What is to be seen without scrolling: what the log is, how journeys convert, what costs most, and what is not known.
struct FirstScreen {
    let tables: PageTables

    /// Of fewer mature journeys no change and no problem is told.
    static let matureMin: Int64 = 100

    var model: Model {
        let facts = tables.facts
        return [
            "pipeline": PageWords.cell(facts.pipeline), "period": period, "asOf": facts.asOf.isEmpty ? "unknown" : Self.minute(facts.asOf),
            "timezone": facts.timezone, "persons": PageWords.counted(facts.persons, "person"), "quality": quality,
            "conversions": conversions, "hasConversions": tables["journeys"].count > 0, "costs": costs, "hasCosts": !costs.isEmpty,
            "noCosts": noCosts, "uncertain": uncertain, "hasUncertain": !uncertain.isEmpty,
        ]
    }

    /// `2026-04-29 18:31 UTC`
    static func minute(_ time: String) -> String { time.count < 16 ? time : time.prefix(10) + " " + time.dropFirst(11).prefix(5) + " UTC" }

    private var period: String {
        let rows = Array(tables["sources"].rows).filter { !$0.text("first").isEmpty }
        guard let first = rows.map({ $0.text("first") }).min(), let last = rows.map({ $0.text("last") }).max() else { return "no events" }
        return "\(first.prefix(10)) to \(last.prefix(10))"
    }

    /// The ledger in a sentence: every line is one of these.
    private var quality: String {
        let facts = tables.facts
        let lines = facts.count("lines")
        guard lines > 0 else { return "No line was read." }
        let others: [(name: String, words: String)] = [
            ("quarantined", "put aside as unusable"), ("duplicates", "delivered twice"), ("filtered", "left out by the pipeline"),
            ("late", "too late"), ("released", "released"), ("expanded", "more records than lines"),
        ]
        let parts = others.compactMap { name, words in facts.count(name) == 0 ? nil : "\(PageWords.count(facts.count(name))) \(words)" }
        let events = "\(PageWords.counted(lines, "line")) read: \(PageWords.count(facts.count("events"))) are events"
        return ([events] + parts).joined(separator: ", ") + ". Every line is accounted for."
    }

    private var conversions: [Model] {
        let rows = tables["journeys"].rows.sorted { ($1.count("mature"), $0.text("journey")) < ($0.count("mature"), $1.text("journey")) }
        return rows.prefix(6).map { row in
            let (mature, journey) = (row.count("mature"), row.text("journey"))
            let isKnown = mature >= Self.matureMin && tables.facts.minCount == nil
            return [
                "journey": PageWords.cell(journey), "isKnown": mature >= Self.matureMin,
                "rate": mature == 0 ? "–" : PageWords.percent(row.value("conversion_rate")),
                "of": mature == 0
                    ? "No journey is old enough to be judged yet."
                    : "\(PageWords.count(row.count("converted"))) of \(PageWords.counted(mature, "mature journey")) converted; "
                        + "95 % interval \(PageWords.interval(row.interval("conversion_rate"))).",
                "change": isKnown
                    ? change(journey)
                    : tables.facts.minCount == nil ? "Too few to tell a change." : "Changes are left out, as they may be of few persons.",
            ]
        }
    }

    private func change(_ journey: String) -> String {
        let trend = tables.facts.trends.first { $0.journey.utf8.elementsEqual(journey.utf8) }
        guard let trend, let recent = trend.recent.rate, let before = trend.before.rate,
            let difference = ShareDifference(trend.recent, trend.before)
        else { return "The log has no two times 28 mature days to compare." }
        let words = difference.low > 0 ? "more than the" : difference.high < 0 ? "less than the" : "no clear change from the"
        return "Last 28 mature days \(PageWords.percent(recent)), \(words) \(PageWords.percent(before)) of the 28 before "
            + "(\(PageWords.points(difference.low)) to \(PageWords.points(difference.high)) points)."
    }

    private var told: [PageRow] {
        tables["priorities"].rows.filter { row in
            tables.rows("journeys", of: row.text("journey")).contains { $0.count("mature") >= Self.matureMin }
        }
    }

    private var costs: [Model] {
        told.filter { $0.text("verdict") == "costs" }.prefix(3).map { row in
            [
                "problem": PageWords.cell(Self.problem(row)), "journey": PageWords.cell(row.text("journey")),
                "lost": PageWords.amount(row.value("lost") ?? 0),
                "range": Self.range(row), "month": PageWords.amount(row.value("lost_per_30_days") ?? 0),
                "owner": row.text("owner").isEmpty ? "nobody named" : PageWords.cell(row.text("owner")),
            ]
        }
    }

    static func problem(_ row: PageRow) -> String { row.text("kind") == "stall" ? "stall at \(row.text("problem"))" : row.text("problem") }

    static func range(_ row: PageRow) -> String {
        guard let (low, high) = row.interval("lost") else { return "no interval" }
        return "\(PageWords.amount(low)) to \(PageWords.amount(high))"
    }

    private var noCosts: String {
        let count = told.count
        return count == 0
            ? "No problem could be held against comparable journeys."
            : "None of the \(PageWords.counted(Int64(count), "problem")) that were looked at clearly costs conversions (q ≤ 0.05)."
    }

    private var uncertain: [Model] {
        var sentences: [String] = []
        for row in tables["journeys"].rows {
            let young = row.count("started") - row.count("mature")
            if young > 0 {
                sentences.append(
                    "\(PageWords.count(young)) of \(PageWords.counted(row.count("started"), "journey")) of \(PageWords.name(row.text("journey"))) "
                        + "began too recently to be judged.")
            }
        }
        let unclear = told.filter { $0.text("verdict") == "unclear" }.count
        if unclear > 0 {
            sentences.append("Of \(PageWords.counted(Int64(unclear), "problem")) it is unclear whether conversions are lost.")
        }
        let unmeasured = Set(tables["frictions"].rows.filter { $0.text("measurable") == "false" }.map { $0.text("friction") }).count
        if unmeasured > 0 {
            sentences.append("\(PageWords.counted(Int64(unmeasured), "friction rule")) cannot be measured: the log lacks what they need.")
        }
        let warnings = tables.facts.warnings.count
        if warnings > 0 { sentences.append("\(PageWords.counted(Int64(warnings), "warning")) below.") }
        return sentences.prefix(6).map { ["text": $0] }
    }
}
