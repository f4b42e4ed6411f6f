import Runs
import Tables

/// What matters of a run, in six lines at most: whether journeys convert as before, what costs most, where customers wait for
/// answers, and what is not known.
struct RunFindings {
    /// Of fewer mature journeys nothing is said.
    private static let matureMin: Int64 = 100
    private static let typesMax = 3

    private let outcome: PipelineRun.Outcome

    init(_ outcome: PipelineRun.Outcome) { self.outcome = outcome }

    /// With a heading.
    var lines: [String] { ["What matters:"] + (conversions + [costliest, slowest, uncertain].compactMap { $0 }).map { "  " + $0 } }

    private func rows(_ table: String) -> [NamedRow] {
        outcome.tables.first { $0.name == table }.map { table in table.rows.map { NamedRow(table, $0) } } ?? []
    }

    /// The types with most mature journeys; the rest is named where there is no room.
    private var conversions: [String] {
        let types = outcome.outlook.trends.enumerated().sorted {
            ($1.element.all.whole, $0.offset) < ($0.element.all.whole, $1.offset)
        }.map(\.element)
        let few = types.filter { $0.all.whole < Self.matureMin }
        let told = types.filter { $0.all.whole >= Self.matureMin }
        let room = few.isEmpty ? Self.typesMax : Self.typesMax - 1
        var lines = told.prefix(room).map(conversion)
        if told.count > room { lines[room - 1] += "; \(told.count - room) more types in csv/journeys.csv" }
        if !few.isEmpty {
            let names = few.prefix(3).map { "\($0.journey) (\(NumberText.grouped($0.all.whole)))" }.joined(separator: ", ")
            lines.append("too few mature journeys to say anything: \(names)" + (few.count > 3 ? " and \(few.count - 3) more types" : ""))
        }
        return lines
    }

    private func conversion(_ trend: ConversionTrend) -> String {
        guard let recent = trend.recent.rate, let before = trend.before.rate, let difference = trend.difference else {
            let all = trend.all.rate.map { "\(NumberText.percent($0)) converted" } ?? "no conversion known"
            return "\(trend.journey): \(all); not two times 28 days to compare"
        }
        let change =
            difference.low > 0 ? "more than" : difference.high < 0 ? "less than" : "no clear change from"
        return "\(trend.journey): \(NumberText.percent(recent)) converted of the last 28 mature days, \(change) "
            + "\(NumberText.percent(before)) of the 28 before (\(points(difference.low)) to \(points(difference.high)) points)"
    }

    private func points(_ difference: Double) -> String { (difference < 0 ? "−" : "+") + tenths(abs(difference) * 100) }

    private func tenths(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return "\(NumberText.grouped(tenths / 10)).\(tenths % 10)"
    }

    /// Types of too few journeys have no say.
    private var told: Set<String> { Set(outcome.outlook.trends.filter { $0.all.whole >= Self.matureMin }.map(\.journey)) }

    private var costliest: String? {
        let problems = rows("priorities").filter { told.contains($0.text("journey")) }
        guard !problems.isEmpty else { return nil }
        guard let first = problems.first(where: { $0.text("verdict") == "costs" }) else {
            return "no problem costs conversions for certain; \(NumberText.grouped(problems.count)) were looked at (csv/priorities.csv)"
        }
        func number(_ name: String) -> String { first.ratio(name).map { ($0 < 0 ? "−" : "") + tenths(abs($0)) } ?? "?" }
        let kind = first.text("kind") == "stall" ? "stall at " : ""
        return "costs most: \(kind)\(first.text("problem")) in \(first.text("journey")), \(number("lost")) conversions "
            + "(\(number("lost_low")) to \(number("lost_high"))), \(number("lost_per_30_days")) in 30 days\(first.owner); association, not proof"
    }

    private var slowest: String? {
        let judged = rows("responses").filter { $0.number("judged") > 0 }
        guard let worst = judged.min(by: { ($0.ratio("within_rate") ?? 1) < ($1.ratio("within_rate") ?? 1) }) else { return nil }
        return
            "answers: \(worst.text("channel")) within its time in \(worst.percent("within_rate")) of \(NumberText.grouped(worst.number("judged"))) waits"
            + " (\(worst.percent("within_rate_low")) to \(worst.percent("within_rate_high")))" + worst.owner
    }

    private var uncertain: String? {
        var parts: [String] = []
        let unclear = rows("priorities").filter { told.contains($0.text("journey")) && $0.text("verdict") == "unclear" }.count
        if unclear > 0 { parts.append("\(NumberText.grouped(unclear)) problems are unclear") }
        let unmeasured = Set(rows("frictions").filter { $0["measurable"] == .boolean(false) }.map { $0.text("friction") }).count
        if unmeasured > 0 { parts.append("\(unmeasured) frictions cannot be measured in this log") }
        let young = rows("journeys").reduce(0) { $0 + $1.number("started") - $1.number("mature") }
        if young > 0 { parts.append("\(NumberText.grouped(young)) journeys are too young to judge") }
        if !outcome.warnings.isEmpty { parts.append("\(outcome.warnings.count) warning\(outcome.warnings.count == 1 ? "" : "s")") }
        return parts.isEmpty ? nil : "uncertain: " + parts.joined(separator: ", ")
    }
}
