import Foundation

/// Visits and stalls (pipelines/rules.md, 9).
struct NaiveVisits {
    /// Dwells of the visits that another step's visit follows.
    var progressed: [Int64] = []
    var goal = 0
    var stopped = 0
    /// As-of minus the journey's last event, for the last visits of open journeys.
    var openIdle: [Int64] = []

    var count: Int { progressed.count + goal + stopped + openIdle.count }

    /// The visits of every listed step.
    static func byStep(_ rules: NaiveJourneyRules, _ journeys: [NaiveJourney], asOf: Int64) -> [NaiveVisits] {
        var visits = Array(repeating: NaiveVisits(), count: rules.steps.count)
        for journey in journeys {
            let starts = visitStarts(journey)
            for (index, visit) in starts.enumerated() {
                if index + 1 < starts.count {
                    visits[visit.step].progressed.append(starts[index + 1].time - visit.time)
                    continue
                }
                switch journey.status {
                case .completed: visits[visit.step].goal += 1
                case .failed, .abandoned: visits[visit.step].stopped += 1
                case .open: visits[visit.step].openIdle.append(asOf - (journey.events.last?.time ?? asOf))
                }
            }
        }
        return visits
    }

    /// Consecutive events of one step are one visit; events of no step do not come between.
    private static func visitStarts(_ journey: NaiveJourney) -> [(step: Int, time: Int64)] {
        var starts: [(step: Int, time: Int64)] = []
        for (event, step) in zip(journey.events, journey.steps) {
            guard let step, step != starts.last?.step else { continue }
            starts.append((step, event.time))
        }
        return starts
    }
}

enum NaiveStalls {
    /// The sla, or else, from 30 progressed dwells on, exp(q3 + 1.5 (q3 - q1)) of the natural logarithms of seconds. A first
    /// quartile of no time at all has no logarithm and teaches nothing.
    static func threshold(_ step: NaiveStep, _ visits: NaiveVisits) -> (microseconds: Double, source: String)? {
        if let sla = step.sla { return (Double(sla), "sla") }
        guard visits.progressed.count >= 30, let first = NaiveStatistics.nearestRank(visits.progressed, percent: 25), first > 0,
            let third = NaiveStatistics.nearestRank(visits.progressed, percent: 75)
        else { return nil }
        let (q1, q3) = (log(Double(first) / 1e6), log(Double(third) / 1e6))
        return (exp(q3 + 1.5 * (q3 - q1)) * 1e6, "learned")
    }

    static func rows(_ rules: NaiveJourneyRules, _ journeys: [NaiveJourney], asOf: Int64) -> [NaiveTables.StallRow] {
        let visits = NaiveVisits.byStep(rules, journeys, asOf: asOf)
        var rows = zip(rules.steps, visits).enumerated().map { index, pair in
            let (step, visits) = pair
            let limit = threshold(step, visits)
            func beyond(_ lengths: [Int64]) -> Int { lengths.filter { Double($0) > limit?.microseconds ?? .infinity }.count }
            let (slow, idle) = (beyond(visits.progressed), beyond(visits.openIdle))
            let stalled = slow + visits.stopped + idle
            return NaiveTables.StallRow(
                journey: rules.name, stepIndex: index + 1, step: step.name, owner: step.owner, visits: visits.count,
                progressed: visits.progressed.count, goal: visits.goal, stopped: visits.stopped, open: visits.openIdle.count,
                dwellP50: NaiveStatistics.nearestRank(visits.progressed, percent: 50),
                dwellP90: NaiveStatistics.nearestRank(visits.progressed, percent: 90), threshold: limit.map { $0.microseconds / 1e6 },
                thresholdSource: limit?.source ?? "none", slow: slow, idle: idle, stalled: stalled,
                stallRate: NaiveStatistics.ratio(stalled, visits.count - visits.goal), isStallPoint: false, pValue: nil)
        }
        markStallPoints(&rows)
        return rows
    }

    /// A step is a stall point when its stall rate is above that of the type's other steps together: a one-sided z-test of two
    /// proportions, kept by Benjamini-Hochberg at 5 % among the steps that have a p-value, and a rate of 1.2 times theirs.
    private static func markStallPoints(_ rows: inout [NaiveTables.StallRow]) {
        let all = (stalled: rows.map(\.stalled).reduce(0, +), of: rows.map { $0.visits - $0.goal }.reduce(0, +))
        for index in rows.indices {
            let (mine, of) = (rows[index].stalled, rows[index].visits - rows[index].goal)
            rows[index].pValue = NaiveStatistics.oneSidedP(mine, of, against: all.stalled - mine, all.of - of)
        }
        let kept = NaiveStatistics.benjaminiHochberg(rows.map(\.pValue), level: 0.05)
        for index in rows.indices {
            let (mine, of) = (rows[index].stalled, rows[index].visits - rows[index].goal)
            // mine / of >= 1.2 * theirs / theirOf, in whole numbers.
            let isEnoughHigher = 5 * mine * (all.of - of) >= 6 * (all.stalled - mine) * of
            rows[index].isStallPoint = kept[index] && isEnoughHigher
        }
    }
}
