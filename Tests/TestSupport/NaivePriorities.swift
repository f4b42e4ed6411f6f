/// What to mend first in one journey type: each problem's journeys beside those that had come as far without it.
struct NaivePriorities {
    private let type: NaiveJourneyType
    private let mature: [Int]

    init(_ type: NaiveJourneyType) {
        self.type = type
        mature = type.journeys.indices.filter { type.isMature(type.journeys[$0]) }
    }

    /// Without ranks.
    func rows() -> [NaiveRow] {
        let frictions = zip(type.pipeline.frictions, type.occurrences).compactMap { friction($0, $1) }
        let visits = NaiveVisit.byStep(type.rules, type.journeys, asOf: type.asOf)
        return frictions
            + type.rules.steps.indices.compactMap { step in
                let dwells = visits[step].filter { $0.isJudged && $0.end == .progressed }.compactMap(\.length)
                return NaiveStalls.threshold(type.rules.steps[step], dwells).flatMap { stall(step, over: $0.microseconds) }
            }
    }

    // MARK: Problems

    /// How far a journey has come by one of its events: the highest place in the funnel, from 1, of a step visited; 0 for none.
    private func level(_ journey: NaiveJourney, by place: Int) -> Int {
        let funnel = type.rules.steps.indices.filter { type.rules.steps[$0].inFunnel }
        return type.visits(journey).filter { $0.place <= place }.compactMap { funnel.firstIndex(of: $0.step) }.map { $0 + 1 }.max() ?? 0
    }

    /// nil where no mature journey has a match.
    private func friction(_ rules: NaiveFrictionRules, _ occurrences: [NaiveOccurrence]) -> NaiveRow? {
        // Of the matches in time, the one whose last event comes first says how far the journey had come.
        var levels: [Int: Int] = [:]
        for index in mature {
            let journey = type.journeys[index]
            let ends = occurrences.filter { $0.journey == index }.compactMap(\.events.last)
                .filter { $0.time - journey.events[0].time <= type.horizon }
            let places = ends.compactMap { end in journey.events.firstIndex { $0.position == end.position } }
            if let first = places.min() { levels[index] = level(journey, by: first) }
        }
        guard !levels.isEmpty else { return nil }
        let strata = Set(levels.values).sorted().map { level in
            let exposed = mature.filter { levels[$0] == level }
            let compared = mature.filter { index in
                let journey = type.journeys[index]
                return self.level(journey, by: journey.events.count - 1) >= level && levels[index] ?? .max > level
            }
            return stratum(exposed, compared)
        }
        return row("friction", rules.name, rules.owner, having: Set(levels.keys), strata)
    }

    /// Journeys whose first visit of a step was left, by how long it took. Those that never left it are the funnel's.
    /// nil where all left it in time: there is no problem then.
    private func stall(_ step: Int, over threshold: Double) -> NaiveRow? {
        var dwells: [Int: Int64] = [:]
        for index in mature {
            let journey = type.journeys[index]
            let visits = type.visits(journey)
            guard let first = visits.firstIndex(where: { $0.step == step }) else { continue }
            let isLast = first + 1 == visits.count
            if isLast, journey.status != .completed { continue }
            let end = isLast ? journey.events[journey.events.count - 1].time : visits[first + 1].start
            dwells[index] = end - visits[first].start
        }
        let late = dwells.filter { Double($0.value) > threshold }.map(\.key)
        guard !late.isEmpty else { return nil }
        let inTime = dwells.keys.filter { !late.contains($0) }
        return row(
            "stall", type.rules.steps[step].name, type.rules.steps[step].owner, having: Set(late), [stratum(late, Array(inTime))])
    }

    private func stratum(_ exposed: [Int], _ compared: [Int]) -> NaiveStatistics.Stratum {
        func converted(_ journeys: [Int]) -> Int { type.converted(journeys.map { type.journeys[$0] }) }
        return NaiveStatistics.Stratum(
            exposed: exposed.count, exposedWell: converted(exposed), compared: compared.count, comparedWell: converted(compared))
    }

    // MARK: Rows

    private func row(
        _ kind: String, _ problem: String, _ owner: String?, having: Set<Int>, _ all: [NaiveStatistics.Stratum]
    ) -> NaiveRow {
        let strata = all.filter { $0.compared > 0 }
        let exposed = strata.map(\.exposed).reduce(0, +)
        let converted = strata.map(\.exposedWell).reduce(0, +)
        var (expected, variance) = (0.0, 0.0)
        for one in strata where one.exposed > 0 {
            let (n1, n0) = (Double(one.exposed), Double(one.compared))
            let (p1, p0) = (Double(one.exposedWell) / n1, Double(one.comparedWell) / n0)
            expected += n1 * p0
            variance += n1 * n1 * p0 * (1 - p0) / n0 + n1 * p1 * (1 - p1)
        }
        // Where nobody compares, nothing is known of what it costs.
        let lost = exposed > 0 ? expected - Double(converted) : nil
        let margin = NaiveStatistics.z * variance.squareRoot()
        let days = matureDays()
        let row: NaiveRow = [
            "rank": .any, "journey": .text(type.rules.name), "kind": .text(kind), "problem": .text(problem), "owner": .text(owner),
            "journeys": .integer(having.count), "converted": .integer(converted),
            "conversion_rate": .ratio(NaiveStatistics.ratio(converted, exposed)),
            "expected_rate": .ratio(exposed > 0 ? expected / Double(exposed) : nil), "lost": .ratio(lost),
            "lost_low": .ratio(lost.map { $0 - margin }), "lost_high": .ratio(lost.map { $0 + margin }),
            "lost_per_30_days": .ratio(lost.flatMap { lost in days > 0 ? lost * 30 / Double(days) : nil }),
            "value_lost": .ratio(lost.flatMap { lost in meanValue().map { lost * $0 } }),
            "p_value": .ratio(NaiveStatistics.cochranMantelHaenszel(strata)), "q_value": .ratio(nil), "verdict": .text(nil),
            "unmatched": .integer(having.count - exposed),
        ]
        return row + trend(having)
    }

    /// Days alive from the first to the last on which a mature journey began.
    private func matureDays() -> Int {
        let starts = mature.map { NaiveDays.number(of: type.journeys[$0].events[0].time) }.filter(type.aliveDays.contains)
        guard let first = starts.min(), let last = starts.max() else { return 0 }
        return type.aliveDays.filter { $0 >= first && $0 <= last }.count
    }

    private func meanValue() -> Double? {
        let values = mature.map { type.journeys[$0] }.filter(type.hasConverted).compactMap { journey -> Double? in
            guard case .number(let value)? = journey.events.last?.value else { return nil }
            return value
        }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// The share that has the problem of journeys of the last 28 days of which all are mature, and of the 28 before.
    private func trend(_ having: Set<Int>) -> NaiveRow {
        func day(_ time: Int64) -> Int64 { NaiveTime.dayNumber(time, timezone: type.pipeline.timezone) }
        let end = day(type.asOf - type.horizon)
        func count(_ days: Range<Int64>) -> (having: Int, of: Int) {
            let started = mature.filter { days.contains(day(type.journeys[$0].events[0].time)) }
            return (having.intersection(started).count, started.count)
        }
        let (now, before) = (count((end - 28)..<end), count((end - 56)..<(end - 28)))
        let interval = NaiveStatistics.newcombe95(now.having, of: now.of, before.having, of: before.of)
        return [
            "share_28d": .ratio(NaiveStatistics.ratio(now.having, now.of)),
            "share_28d_before": .ratio(NaiveStatistics.ratio(before.having, before.of)), "trend_difference_low": .ratio(interval?.low),
            "trend_difference_high": .ratio(interval?.high),
        ]
    }

    /// With q-values, verdicts and ranks, in their order: what costs, what is unclear, what helps; within, most lost first.
    static func ranked(_ rows: [NaiveRow]) -> [NaiveRow] {
        var rows = rows.withQValues(over: ["journey"])
        for index in rows.indices {
            var verdict = "unclear"
            if let q = rows[index].ratio("q_value"), q <= 0.05, let lost = rows[index].ratio("lost"), lost != 0 {
                verdict = lost > 0 ? "costs" : "helps"
            }
            rows[index]["verdict"] = .text(verdict)
        }
        // By their names where as much is lost; what nobody knows last.
        let verdicts: [ExactText] = ["costs", "unclear", "helps"]
        func place(_ row: NaiveRow) -> (Int, Double) {
            (verdicts.firstIndex(of: row.text("verdict"))!, -(row.ratio("lost") ?? -.infinity))
        }
        func names(_ row: NaiveRow) -> (ExactText, ExactText, ExactText) { (row.text("journey"), row.text("kind"), row.text("problem")) }
        rows.sort { place($0) == place($1) ? names($0) < names($1) : place($0) < place($1) }
        for index in rows.indices { rows[index]["rank"] = .integer(index + 1) }
        return rows
    }
}
