/// Funnels (pipelines/rules.md, 10): how far each journey gets through the steps, by the definition: chains of events, one for each
/// step from the first on, looked for among all there are.
struct NaiveFunnel {
    /// One event as the funnel sees it.
    struct Event {
        var time: Int64
        /// The funnel step it belongs to, counted from 0; nil for other listed steps and for none.
        var stage: Int?
        /// Whether it belongs to no listed step at all: such events do not disturb a strict chain.
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

    /// The most different steps that lie within one window, in any order.
    private func distinctStages(_ events: [Event]) -> Int {
        events.indices.map { first in
            let near = events[first...].filter { isWithinWindow(events[first], $0) }
            return Set(near.compactMap(\.stage)).count
        }.max() ?? 0
    }

    /// The longest chain; of these one that ends first; of these the one whose first event is latest, then whose second is
    /// latest, and so on. The loops try the candidates in just this order, so the first chain found is the one.
    private func bestChain(_ events: [Event]) -> [Int] {
        for length in stride(from: stages, to: 0, by: -1) {
            for last in events.indices where events[last].stage == length - 1 {
                var dead: Set<Int> = []
                for first in (0...last).reversed() where events[first].stage == 0 && isWithinWindow(events[first], events[last]) {
                    if let chain = latestChain(events, from: first, to: last, &dead) { return chain }
                }
            }
        }
        return []
    }

    /// The chain from one place to another whose second event is latest, then whose third, and so on. `dead` holds the places
    /// from which no chain leads to `last`.
    private func latestChain(_ events: [Event], from place: Int, to last: Int, _ dead: inout Set<Int>) -> [Int]? {
        if place == last { return [place] }
        if dead.contains(place) { return nil }
        for next in (place...last).reversed() where next > place && events[next].stage == (events[place].stage ?? -2) + 1 {
            guard mode != .strict || isUndisturbed(events, place, next) else { continue }
            if let rest = latestChain(events, from: next, to: last, &dead) { return [place] + rest }
        }
        dead.insert(place)
        return nil
    }

    /// Strict: between two events of the chain lie only events of the earlier one's step or of no step.
    private func isUndisturbed(_ events: [Event], _ place: Int, _ next: Int) -> Bool {
        events[(place + 1)..<next].allSatisfy { $0.stage == events[place].stage && $0.stage != nil || $0.isStepless }
    }

    private func isWithinWindow(_ first: Event, _ last: Event) -> Bool {
        guard let window else { return true }
        return last.time - first.time <= window
    }

    static func rows(_ rules: NaiveJourneyRules, _ journeys: [NaiveJourney]) -> [NaiveTables.FunnelRow] {
        let listed = rules.steps.indices.filter { rules.steps[$0].inFunnel }
        let funnel = NaiveFunnel(stages: listed.count, window: rules.funnelWindow, mode: rules.funnelMode)
        var reached = Array(repeating: 0, count: listed.count)
        var gaps = Array(repeating: [Int64](), count: listed.count)
        for journey in journeys {
            let events = zip(journey.events, journey.steps).map { event, step in
                Event(time: event.time, stage: step.flatMap { listed.firstIndex(of: $0) }, isStepless: step == nil)
            }
            let (level, chain) = funnel.best(events)
            for stage in 0..<level { reached[stage] += 1 }
            for stage in chain.indices.dropFirst() { gaps[stage].append(events[chain[stage]].time - events[chain[stage - 1]].time) }
        }
        return listed.indices.map { stage in
            NaiveTables.FunnelRow(
                journey: rules.name, stepIndex: stage + 1, step: rules.steps[listed[stage]].name, owner: rules.steps[listed[stage]].owner,
                reached: reached[stage], fromPrevious: stage == 0 ? nil : NaiveStatistics.ratio(reached[stage], reached[stage - 1]),
                fromStart: NaiveStatistics.ratio(reached[stage], reached[0]),
                dropped: stage + 1 < listed.count ? reached[stage] - reached[stage + 1] : nil,
                secondsFromPreviousP50: NaiveStatistics.nearestRank(gaps[stage], percent: 50),
                secondsFromPreviousP90: NaiveStatistics.nearestRank(gaps[stage], percent: 90))
        }
    }
}
