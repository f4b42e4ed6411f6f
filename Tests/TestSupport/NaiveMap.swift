/// The ways from step to step, against the order in which the pipeline lists them.
enum NaiveMap {
    private struct Pair: Hashable {
        /// Index of a step; nil before the first visit.
        var from: Int?
        var to: Target
    }

    private enum Target: Hashable {
        case step(Int)
        case end(String)
    }

    static func rows(_ type: NaiveJourneyType) -> [NaiveRow] {
        // Numbers of journeys: each as often as it goes this way.
        var having: [Pair: [Int]] = [:]
        for (number, journey) in type.journeys.enumerated() {
            let steps = type.visits(journey).map(\.step)
            guard let first = steps.first, let last = steps.last else { continue }
            var pairs = [Pair(from: nil, to: .step(first))]
            for (before, after) in zip(steps, steps.dropFirst()) { pairs.append(Pair(from: before, to: .step(after))) }
            switch journey.status {
            case .completed: pairs.append(Pair(from: last, to: .end("goal")))
            case .failed: pairs.append(Pair(from: last, to: .end("failed")))
            case .abandoned: pairs.append(Pair(from: last, to: .end("abandoned")))
            case .open: break
            }
            for pair in pairs { having[pair, default: []].append(number) }
        }
        let reached = Set(having.keys.map(\.to))
        for step in type.rules.steps.indices where !reached.contains(.step(step)) {
            having[Pair(from: step == 0 ? nil : step - 1, to: .step(step))] = []
        }
        return having.map { pair, journeys in
            let leaving = having.filter { $0.key.from == pair.from }.map(\.value.count).reduce(0, +)
            let different = Set(journeys).map { type.journeys[$0] }
            return [
                "journey": .text(type.rules.name), "from": .text(pair.from.map { type.rules.steps[$0].name } ?? ""),
                "to": .text(name(pair.to, type)), "kind": .text(kind(pair)), "count": .integer(journeys.count),
                "journeys": .integer(different.count), "share": .ratio(NaiveStatistics.ratio(journeys.count, leaving)),
                "conversion_rate": .ratio(NaiveStatistics.ratio(type.converted(different), type.mature(different))),
            ]
        }.sorted { ($0.text("from"), $0.text("to"), $0.text("kind")) < ($1.text("from"), $1.text("to"), $1.text("kind")) }
    }

    private static func name(_ target: Target, _ type: NaiveJourneyType) -> String {
        switch target {
        case .step(let step): type.rules.steps[step].name
        case .end(let words): words
        }
    }

    private static func kind(_ pair: Pair) -> String {
        guard case .step(let to) = pair.to else { return "end" }
        guard let from = pair.from else { return "start" }
        if to < from { return "back" }
        return to - from > 1 ? "skip" : "next"
    }
}
