/// How well the channels work as one, in five parts.
struct NaiveScorecard {
    let pipeline: NaivePipeline
    let persons: [NaivePerson: [NaiveEvent]]
    let types: [NaiveJourneyType]
    let asOf: Int64

    /// What a customer notices where one channel does not know of the other.
    private static let seams = ["channel_restart", "forced_login", "re_explain"]
    private static let collision = "outreach_collision"

    init(_ pipeline: NaivePipeline, _ persons: [NaivePerson: [NaiveEvent]], _ types: [NaiveJourneyType], asOf: Int64) {
        self.pipeline = pipeline
        self.persons = persons
        self.types = types
        self.asOf = asOf
    }

    func rows() -> [NaiveRow] {
        let names = pipeline.frictions.map(\.name)
        guard !pipeline.terms.isEmpty || (Self.seams + [Self.collision]).contains(where: names.contains) else { return [] }
        return [consistent(), optimized(), seamless(), orchestrated(), collaborative()]
    }

    /// Without a score it is open whether counts of nothing are 0 or empty.
    private func row(_ part: String, _ good: Double, of all: Int, interval: Bool = true) -> NaiveRow {
        let wilson = interval ? NaiveStatistics.wilson95(Int(good), of: all) : nil
        return [
            "part": .text(part), "score": .ratio(all == 0 ? nil : 100 * good / Double(all)),
            "numerator": all == 0 ? .nothing : .ratio(good), "denominator": all == 0 ? .nothing : .ratio(Double(all)),
            "low": .ratio(wilson.map { 100 * $0.low }), "high": .ratio(wilson.map { 100 * $0.high }), "reason": .filled(all == 0),
        ]
    }

    private func row(_ part: String, _ all: [Bool]) -> NaiveRow { row(part, Double(all.filter { $0 }.count), of: all.count) }

    // MARK: Parts

    private func consistent() -> NaiveRow { row("consistent", pipeline.terms.flatMap { NaiveTerms.pairs($0, persons) }) }

    /// How near each channel comes to what a step does in all channels; better than that is no better.
    private func optimized() -> NaiveRow {
        var (sum, all) = (0.0, 0)
        for type in types {
            for (step, visits) in zip(type.rules.steps, NaiveVisit.byStep(type.rules, type.journeys, asOf: asOf)) {
                let judged = visits.filter(\.isJudged)
                let dwells = judged.filter { $0.end == .progressed }.compactMap(\.length)
                let bound = NaiveStalls.bound(NaiveStalls.threshold(step, dwells))
                func going(_ visits: [NaiveVisit]) -> Double {
                    Double(visits.filter { !$0.isStalled(over: bound) }.count) / Double(visits.count)
                }
                let channels = Dictionary(grouping: judged, by: \.channel).sorted { $0.key < $1.key }
                for (_, here) in channels where here.count >= 30 {
                    // Where everything stalls no channel is worse than another.
                    let ratio = going(judged) == 0 ? 1 : going(here) / going(judged)
                    sum += Double(here.count) * min(1, ratio)
                    all += here.count
                }
            }
        }
        return row("optimized", sum, of: all, interval: false)
    }

    /// Of types for which all three are told.
    private func seamless() -> NaiveRow {
        row(
            "seamless",
            types.flatMap { type -> [Bool] in
                let occurrences = Self.seams.compactMap { measured($0, type) }
                guard occurrences.count == Self.seams.count else { return [] }
                let seams = Set(occurrences.joined().map(\.journey))
                return type.journeys.indices.filter { index in
                    let events = type.journeys[index].events
                    return type.isMature(type.journeys[index]) && zip(events, events.dropFirst()).contains { $0.channel != $1.channel }
                }.map { !seams.contains($0) }
            })
    }

    /// What the organization sends, and whether it brings somebody on.
    private func orchestrated() -> NaiveRow {
        let collisions = types.compactMap { measured(Self.collision, $0) }
        guard !collisions.isEmpty else { return row("orchestrated", []) }
        let collided = Set(collisions.joined().flatMap { $0.events.map(\.position) })
        let raising = Set(types.flatMap { type in type.journeys.flatMap { raisingEvents($0, type) } })
        let time = NaiveDuration.microseconds("3d")
        var sent: [Bool] = []
        for events in persons.values {
            for (place, event) in events.enumerated() where event.channelKind == "outbound" && event.initiator != "customer" {
                guard asOf >= event.time + time else { continue }
                let isFollowed = events[(place + 1)...].contains { $0.time <= event.time + time && raising.contains($0.position) }
                sent.append(isFollowed && !collided.contains(event.position))
            }
        }
        return row("orchestrated", sent)
    }

    private func collaborative() -> NaiveRow {
        let mature = types.flatMap { type in type.journeys.filter(type.isMature) }
        return row(
            "collaborative",
            mature.filter { Set($0.events.map(\.channel)).count > 1 }.map { $0.events.contains(where: \.isConcurrent) })
    }

    // MARK: What they are made of

    /// The matches of a rule that count in a type; nil where it is not there or not measurable.
    private func measured(_ name: String, _ type: NaiveJourneyType) -> [NaiveOccurrence]? {
        pipeline.frictions.firstIndex { $0.name == name }.flatMap { type.isMeasurable[$0] ? type.occurrences[$0] : nil }
    }

    /// Positions of the events by which a journey comes further in the funnel than it was.
    private func raisingEvents(_ journey: NaiveJourney, _ type: NaiveJourneyType) -> [Int] {
        let funnel = type.rules.steps.indices.filter { type.rules.steps[$0].inFunnel }
        var level = 0
        return type.visits(journey).compactMap { visit in
            guard let place = funnel.firstIndex(of: visit.step), place + 1 > level else { return nil }
            level = place + 1
            return journey.events[visit.place].position
        }
    }
}
