/// Funnels (pipelines/rules.md, 10): how far each journey gets through the steps, by the definition: chains of events, one for each
/// step from the first on that satisfies it, looked for among all there are.
struct NaiveFunnel {
    /// One event as the funnel sees it.
    struct Event {
        var time: Int64
        /// The funnel's steps that it satisfies, counted from 0.
        var stages: Set<Int>
        /// Whether it satisfies no listed step at all, inside the funnel or outside: such events do not disturb a strict chain.
        var isStepless: Bool
    }

    let stages: Int
    let window: Int64?
    let mode: NaiveFunnelMode

    /// How far a journey gets, and in the modes with an order the places of the events of the chain that counts.
    func best(_ events: [Event]) -> (level: Int, chain: [Int]) {
        if mode == .any { return (distinctStages(events), []) }
        let chain = bestChain(events)
        return (chain.count, chain)
    }

    /// The most steps that events can fill, one each: by all sets of steps that the events so far could fill.
    private func mostFilled(_ choices: [Set<Int>]) -> Int {
        var fillable: Set<Set<Int>> = [[]]
        for stages in choices where !stages.isEmpty {
            fillable.formUnion(fillable.flatMap { filled in stages.subtracting(filled).map { filled.union([$0]) } })
        }
        return fillable.map(\.count).max() ?? 0
    }

    /// The most different steps that events within one window can fill, in any order.
    private func distinctStages(_ events: [Event]) -> Int {
        events.indices.map { first in
            let near = events[first...].filter { isWithinWindow(events[first], $0) }
            return mostFilled(near.map(\.stages))
        }.max() ?? 0
    }

    /// The longest chain; of these one that ends first; of these the one whose first event is latest, then whose second is
    /// latest, and so on. The loops try the candidates in just this order, so the first chain found is the one.
    private func bestChain(_ events: [Event]) -> [Int] {
        for length in stride(from: stages, to: 0, by: -1) {
            for last in events.indices where events[last].stages.contains(length - 1) {
                var dead: Set<[Int]> = []
                for first in (0...last).reversed() where events[first].stages.contains(0) && isWithinWindow(events[first], events[last]) {
                    if let chain = latestChain(events, [first], to: last, length, &dead) { return chain }
                }
            }
        }
        return []
    }

    /// The chain that goes on from a beginning to one place and has a given length; of several the one whose next event is
    /// latest, then whose next but one is. `dead` holds the places, each as a step of the chain, from which none leads there.
    private func latestChain(_ events: [Event], _ begun: [Int], to last: Int, _ length: Int, _ dead: inout Set<[Int]>) -> [Int]? {
        let (stage, place) = (begun.count - 1, begun[begun.count - 1])
        if begun.count == length { return place == last ? begun : nil }
        if dead.contains([stage, place]) { return nil }
        for next in (place...last).reversed() where next > place && events[next].stages.contains(stage + 1) {
            guard mode != .strict || isUndisturbed(events, place, next, stage) else { continue }
            if let chain = latestChain(events, begun + [next], to: last, length, &dead) { return chain }
        }
        dead.insert([stage, place])
        return nil
    }

    /// Strict: between two events of the chain lie only events that satisfy the earlier one's step, or no step.
    private func isUndisturbed(_ events: [Event], _ place: Int, _ next: Int, _ stage: Int) -> Bool {
        events[(place + 1)..<next].allSatisfy { $0.stages.contains(stage) || $0.isStepless }
    }

    private func isWithinWindow(_ first: Event, _ last: Event) -> Bool {
        guard let window else { return true }
        return last.time - first.time <= window
    }

    /// How far a journey gets, and the places of its events in the chain that counts.
    static func best(_ rules: NaiveJourneyRules, _ journey: NaiveJourney) -> (level: Int, chain: [Int]) {
        let listed = rules.steps.indices.filter { rules.steps[$0].inFunnel }
        let events = zip(journey.events, journey.satisfied).map { event, satisfied in
            Event(time: event.time, stages: Set(listed.indices.filter { satisfied.contains(listed[$0]) }), isStepless: satisfied.isEmpty)
        }
        return NaiveFunnel(stages: listed.count, window: rules.funnelWindow, mode: rules.funnelMode).best(events)
    }

    static func rows(_ rules: NaiveJourneyRules, _ journeys: [NaiveJourney], asOf: Int64) -> [NaiveTables.FunnelRow] {
        let listed = rules.steps.indices.filter { rules.steps[$0].inFunnel }
        var gaps = Array(repeating: [Int64](), count: listed.count)
        var levels: [(level: Int, journey: NaiveJourney)] = []
        for journey in journeys {
            let (level, chain) = best(rules, journey)
            levels.append((level, journey))
            for stage in chain.indices.dropFirst() {
                gaps[stage].append(journey.events[chain[stage]].time - journey.events[chain[stage - 1]].time)
            }
        }
        func reached(_ stage: Int) -> Int { levels.filter { $0.level > stage }.count }
        return listed.indices.map { stage in
            let mature = levels.filter { $0.level > stage && $0.journey.isMature(rules, asOf: asOf) }
            let ends = mature.filter { $0.level == stage + 1 }.map(\.journey.status)
            let isLast = stage + 1 == listed.count
            let lost = ends.filter { $0 == .failed || $0 == .abandoned }.count
            return NaiveTables.FunnelRow(
                journey: rules.name, stepIndex: stage + 1, step: rules.steps[listed[stage]].name, owner: rules.steps[listed[stage]].owner,
                reached: reached(stage), fromPrevious: stage == 0 ? nil : NaiveStatistics.ratio(reached(stage), reached(stage - 1)),
                fromStart: NaiveStatistics.ratio(reached(stage), reached(0)),
                dropped: isLast ? nil : reached(stage) - reached(stage + 1),
                secondsFromPreviousP50: NaiveStatistics.nearestRank(gaps[stage], percent: 50),
                secondsFromPreviousP90: NaiveStatistics.nearestRank(gaps[stage], percent: 90), mature: mature.count,
                lost: isLast ? nil : lost, open: isLast ? nil : ends.filter { $0 == .open }.count,
                elsewhere: isLast ? nil : ends.filter { $0 == .completed }.count,
                lostRate: isLast ? nil : NaiveStatistics.ratio(lost, mature.count),
                completed: levels.filter { $0.level > stage && $0.journey.status == .completed }.count)
        }
    }
}
