/// The tables of frictions for one journey type.
struct NaiveFrictionRows {
    private(set) var frictions: [NaiveTables.FrictionRow] = []
    private(set) var places: [NaiveTables.FrictionPlaceRow] = []
    /// Journeys with at least one friction.
    private(set) var journeysWith: Set<Int> = []
    private(set) var gaveUp = false
    /// The matches of each of the pipeline's rules, in their order.
    private(set) var occurrences: [[NaiveOccurrence]] = []
    /// Whether the log has what each of them needs.
    private(set) var isMeasurable: [Bool] = []

    private let journey: String
    private let found: NaiveFrictions
    private let identity: NaiveIdentity

    init(_ journey: String, _ found: NaiveFrictions, _ identity: NaiveIdentity) {
        self.journey = journey
        self.found = found
        self.identity = identity
        for rules in found.pipeline.frictions {
            let occurrences = found.occurrences(of: rules)
            gaveUp = gaveUp || occurrences == nil
            self.occurrences.append(occurrences ?? [])
            add(rules, occurrences ?? [])
        }
    }

    private mutating func add(_ rules: NaiveFrictionRules, _ occurrences: [NaiveOccurrence]) {
        journeysWith.formUnion(occurrences.map(\.journey))
        let missing = rules.needs.filter { need in
            let expression = NaiveExpression(need.expression)
            return !found.persons.values.contains { $0.contains { expression.matches($0) } }
        }
        isMeasurable.append(missing.isEmpty)
        guard missing.isEmpty else {
            frictions.append(
                NaiveTables.FrictionRow(
                    journey: journey, friction: rules.name, owner: rules.owner, missing: missing.map(\.words), examples: []))
            return
        }
        let byPlace = Dictionary(grouping: occurrences, by: Self.place).sorted { Self.comesBefore($0.key, $1.key) }
        for (place, here) in byPlace {
            places.append(
                NaiveTables.FrictionPlaceRow(
                    journey: journey, friction: rules.name, place: place, occurrences: here.count, journeys: Set(here.map(\.journey)).count,
                    customers: Set(here.map(\.person)).count))
        }
        let most = byPlace.map(\.value.count).max()
        let with = Set(occurrences.map(\.journey))
        let days = occurrences.map { NaiveTime.day($0.events[$0.events.count - 1].time, timezone: found.pipeline.timezone) }
        frictions.append(
            NaiveTables.FrictionRow(
                journey: journey, friction: rules.name, owner: rules.owner, occurrences: occurrences.count, journeys: with.count,
                customers: Set(occurrences.map(\.person)).count, share: NaiveStatistics.ratio(with.count, found.journeys.count),
                completionRateWith: completionRate { with.contains($0) }, completionRateWithout: completionRate { !with.contains($0) },
                missing: [],
                // Of places with as many matches the one that sorts first.
                place: byPlace.first { $0.value.count == most }?.key, events: occurrences.map(\.events.count).reduce(0, +),
                secondsP50: NaiveStatistics.nearestRank(occurrences.map(Self.duration), percent: 50), firstDay: days.min(),
                lastDay: days.max(), examples: Array(Set(occurrences.map(\.person)).map(identity.name).sorted().prefix(5))))
    }

    private func completionRate(_ isMeant: (Int) -> Bool) -> Double? {
        let closed = found.journeys.indices.filter(isMeant).map { found.journeys[$0] }.filter(\.isClosed)
        return NaiveStatistics.ratio(closed.filter { $0.status == .completed }.count, closed.count)
    }

    private static func duration(_ occurrence: NaiveOccurrence) -> Int64 {
        (occurrence.events.last?.time ?? 0) - (occurrence.events.first?.time ?? 0)
    }

    /// A match ends where its last event is.
    private static func place(_ occurrence: NaiveOccurrence) -> NaiveTables.FrictionPlace {
        let last = occurrence.events[occurrence.events.count - 1]
        return NaiveTables.FrictionPlace(channel: last.channel, touchpoint: last.touchpoint, step: ExactText(last.step ?? ""))
    }

    private static func comesBefore(_ left: NaiveTables.FrictionPlace, _ right: NaiveTables.FrictionPlace) -> Bool {
        (left.channel, left.touchpoint, left.step) < (right.channel, right.touchpoint, right.step)
    }
}
