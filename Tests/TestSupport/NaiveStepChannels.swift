/// In which channels visits of a step begin. What stalls by a learned threshold is not compared.
enum NaiveStepChannels {
    static func rows(_ type: NaiveJourneyType) -> [NaiveRow] {
        let visits = NaiveVisit.byStep(type.rules, type.journeys, asOf: type.asOf)
        return zip(type.rules.steps, visits).enumerated().flatMap { index, pair -> [NaiveRow] in
            let (step, visits) = pair
            let dwells = visits.filter { $0.isJudged && $0.end == .progressed }.compactMap(\.length)
            let threshold = NaiveStalls.threshold(step, dwells)
            return Dictionary(grouping: visits, by: \.channel).sorted { $0.key < $1.key }.map { channel, here in
                let judged = here.filter(\.isJudged)
                let stalled = judged.filter { $0.isStalled(over: NaiveStalls.bound(threshold)) }.count
                let isLearned = threshold?.source == "learned"
                return [
                    "journey": .text(type.rules.name), "step_index": .integer(index + 1), "step": .text(step.name),
                    "channel": .text(channel.description), "visits": .integer(here.count),
                    "share": .ratio(NaiveStatistics.ratio(here.count, visits.count)), "judged": .integer(judged.count),
                    "stalled": isLearned ? .any : .integer(stalled),
                    "stall_rate": isLearned ? .any : .ratio(NaiveStatistics.ratio(stalled, judged.count)),
                ]
            }
        }
    }
}
