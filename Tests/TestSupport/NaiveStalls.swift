import Foundation

/// One stay in a step (pipelines/rules.md, 9).
struct NaiveVisit {
    enum End { case progressed, goal, stopped, open }

    var end: End
    /// From its start to the next visit, to the goal, or so far; nil where it stopped.
    var length: Int64?
    /// Old enough to be judged.
    var isJudged: Bool
    /// Of its first event.
    var channel: ExactText

    /// Judged visits only are asked.
    func isStalled(over bound: Double) -> Bool { length.map { Double($0) > bound } ?? true }

    /// The visits of every listed step.
    static func byStep(_ rules: NaiveJourneyRules, _ journeys: [NaiveJourney], asOf: Int64) -> [[NaiveVisit]] {
        var visits = Array(repeating: [NaiveVisit](), count: rules.steps.count)
        for journey in journeys {
            let starts = visitStarts(journey)
            for (index, (step, start, channel)) in starts.enumerated() {
                var (end, until): (End, Int64?) = (.progressed, nil)
                if index + 1 < starts.count {
                    until = starts[index + 1].time
                } else {
                    switch journey.status {
                    case .completed: (end, until) = (.goal, journey.events.last?.time)
                    case .failed, .abandoned: end = .stopped
                    case .open: (end, until) = (.open, asOf)
                    }
                }
                let isJudged = asOf - start >= rules.steps[step].sla ?? rules.inactivity
                visits[step].append(NaiveVisit(end: end, length: until.map { $0 - start }, isJudged: isJudged, channel: channel))
            }
        }
        return visits
    }

    /// Consecutive events of one step are one visit; events of no step do not come between.
    private static func visitStarts(_ journey: NaiveJourney) -> [(step: Int, time: Int64, channel: ExactText)] {
        var starts: [(step: Int, time: Int64, channel: ExactText)] = []
        for (event, step) in zip(journey.events, journey.steps) {
            guard let step, step != starts.last?.step else { continue }
            starts.append((step, event.time, event.channel))
        }
        return starts
    }
}

enum NaiveStalls {
    /// The sla, or else, from 30 dwells on, exp(q3 + 1.5 (q3 - q1)) of the natural logarithms of seconds. A first
    /// quartile of no time at all has no logarithm and teaches nothing.
    static func threshold(_ step: NaiveStep, _ dwells: [Int64]) -> (microseconds: Double, source: String)? {
        if let sla = step.sla { return (Double(sla), "sla") }
        guard dwells.count >= 30, let first = NaiveStatistics.nearestRank(dwells, percent: 25), first > 0,
            let third = NaiveStatistics.nearestRank(dwells, percent: 75)
        else { return nil }
        let (q1, q3) = (log(Double(first) / 1e6), log(Double(third) / 1e6))
        return (exp(q3 + 1.5 * (q3 - q1)) * 1e6, "learned")
    }

    /// What lasts longer than this stalls. A learned threshold comes of logarithms and back: what equals it may not pass it by
    /// rounding.
    static func bound(_ threshold: (microseconds: Double, source: String)?) -> Double {
        threshold.map { $0.source == "learned" ? $0.microseconds.rounded() : $0.microseconds } ?? .infinity
    }

    static func rows(_ rules: NaiveJourneyRules, _ journeys: [NaiveJourney], asOf: Int64) -> [NaiveTables.StallRow] {
        let visits = NaiveVisit.byStep(rules, journeys, asOf: asOf)
        var rows = zip(rules.steps, visits).enumerated().map { index, pair in
            let (step, visits) = pair
            func count(_ end: NaiveVisit.End) -> Int { visits.filter { $0.end == end }.count }
            let judged = visits.filter(\.isJudged)
            func lengths(_ ends: [NaiveVisit.End]) -> [Int64] { judged.filter { ends.contains($0.end) }.compactMap(\.length) }
            let dwells = lengths([.progressed])
            let limit = threshold(step, dwells)
            let beyond = bound(limit)
            let slow = lengths([.progressed, .goal]).filter { Double($0) > beyond }.count
            let idle = lengths([.open]).filter { Double($0) > beyond }.count
            let stopped = judged.filter { $0.end == .stopped }.count
            let stalled = slow + idle + stopped
            return NaiveTables.StallRow(
                journey: rules.name, stepIndex: index + 1, step: step.name, owner: step.owner, visits: visits.count,
                progressed: count(.progressed), goal: count(.goal), stopped: count(.stopped), open: count(.open),
                dwellP50: NaiveStatistics.nearestRank(dwells, percent: 50),
                dwellP90: NaiveStatistics.nearestRank(dwells, percent: 90), threshold: limit.map { $0.microseconds / 1e6 },
                thresholdSource: limit?.source ?? "none", slow: slow, idle: idle, stalled: stalled,
                stallRate: NaiveStatistics.ratio(stalled, judged.count), isStallPoint: false, pValue: nil, judged: judged.count,
                stoppedJudged: stopped)
        }
        markStallPoints(&rows)
        return rows
    }

    /// A step is a stall point when its stall rate is above that of the type's other steps together: a one-sided z-test of two
    /// proportions, kept by Benjamini-Hochberg at 5 % among the steps that have a p-value, and a rate of 1.2 times theirs.
    private static func markStallPoints(_ rows: inout [NaiveTables.StallRow]) {
        let all = (stalled: rows.map(\.stalled).reduce(0, +), of: rows.map(\.judged).reduce(0, +))
        for index in rows.indices {
            let (mine, of) = (rows[index].stalled, rows[index].judged)
            rows[index].pValue = NaiveStatistics.oneSidedP(mine, of, against: all.stalled - mine, all.of - of)
        }
        let kept = NaiveStatistics.benjaminiHochberg(rows.map(\.pValue), level: 0.05)
        for index in rows.indices {
            let (mine, of) = (rows[index].stalled, rows[index].judged)
            // mine / of >= 1.2 * theirs / theirOf, in whole numbers.
            let isEnoughHigher = 5 * mine * (all.of - of) >= 6 * (all.stalled - mine) * of
            rows[index].isStallPoint = kept[index] && isEnoughHigher
        }
    }
}
