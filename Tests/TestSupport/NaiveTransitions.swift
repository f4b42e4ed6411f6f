/// Transitions (pipelines/rules.md, 11): pairs of events that follow each other directly within a journey.
enum NaiveTransitions {
    private struct Key: Hashable {
        var scope: String
        var from: ExactText
        var to: ExactText
    }

    static func rows(_ rules: NaiveJourneyRules, _ journeys: [NaiveJourney]) -> [NaiveTables.TransitionRow] {
        var gaps: [Key: [Int64]] = [:]
        var having: [Key: [NaiveJourney]] = [:]
        for journey in journeys {
            var mine: Set<Key> = []
            for (event, next) in zip(journey.events, journey.events.dropFirst()) {
                var keys = [Key(scope: "touchpoint", from: event.touchpoint, to: next.touchpoint)]
                if event.channel != next.channel { keys.append(Key(scope: "channel", from: event.channel, to: next.channel)) }
                for key in keys { gaps[key, default: []].append(next.time - event.time) }
                mine.formUnion(keys)
            }
            for key in mine { having[key, default: []].append(journey) }
        }
        return gaps.map { key, gaps in
            let journeys = having[key] ?? []
            return NaiveTables.TransitionRow(
                journey: rules.name, scope: key.scope, from: key.from, to: key.to, count: gaps.count, journeys: journeys.count,
                gapP50: NaiveStatistics.nearestRank(gaps, percent: 50),
                completionRate: NaiveStatistics.ratio(journeys.filter { $0.status == .completed }.count, journeys.filter(\.isClosed).count))
        }.sorted { ($0.scope, $0.from, $0.to) < ($1.scope, $1.from, $1.to) }
    }
}
