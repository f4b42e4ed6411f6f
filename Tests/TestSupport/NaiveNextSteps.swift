/// What follows a visit of a step: another step's visit, or how the journey ends.
enum NaiveNextSteps {
    private struct Key: Hashable {
        /// Empty before the first visit; `*` whatever it was.
        var previous: String
        var step: String
        var next: String
    }

    private struct Passage {
        var journey: NaiveJourney
        var length: Int64
    }

    static func rows(_ type: NaiveJourneyType) -> [NaiveRow] {
        var passages: [Key: [Passage]] = [:]
        func name(_ visit: NaiveJourneyType.Visit) -> String { type.rules.steps[visit.step].name }
        for journey in type.journeys {
            let visits = type.visits(journey)
            for (index, visit) in visits.enumerated() {
                let isLast = index + 1 == visits.count
                // Nobody knows yet what follows an open one.
                if isLast, journey.status == .open { continue }
                let next = isLast ? end(journey) : name(visits[index + 1])
                let until = isLast ? journey.events[journey.events.count - 1].time : visits[index + 1].start
                for previous in ["*", index == 0 ? "" : name(visits[index - 1])] {
                    passages[Key(previous: previous, step: name(visit), next: next), default: []].append(
                        Passage(journey: journey, length: until - visit.start))
                }
            }
        }
        return passages.map { key, some -> NaiveRow in
            let all = passages.filter { $0.key.previous == key.previous && $0.key.step == key.step }.map(\.value.count).reduce(0, +)
            let mature = some.map(\.journey).filter(type.isMature)
            let row: NaiveRow = [
                "journey": .text(type.rules.name), "previous": .text(key.previous), "step": .text(key.step), "next": .text(key.next),
                "count": .integer(some.count),
            ]
            return row + NaiveRow.rate("share", some.count, of: all) + [
                "seconds_p50": .duration(NaiveStatistics.nearestRank(some.map(\.length), percent: 50)),
                "conversion_rate": .ratio(NaiveStatistics.ratio(type.converted(mature), mature.count)),
            ]
        }.sorted { ($0.text("previous"), $0.text("step"), $0.text("next")) < ($1.text("previous"), $1.text("step"), $1.text("next")) }
    }

    private static func end(_ journey: NaiveJourney) -> String {
        switch journey.status {
        case .completed: "goal"
        case .failed: "failed"
        case .abandoned: "abandoned"
        case .open: preconditionFailure("it has not ended")
        }
    }
}
