/// One person's attempt at one goal.
struct NaiveJourney {
    enum Status { case completed, failed, abandoned, open }

    var person: NaivePerson
    var events: [NaiveEvent]
    var status: Status
    /// The listed step each event belongs to: the first whose `match` it satisfies.
    var steps: [Int?] = []
    /// All listed steps that each event satisfies.
    var satisfied: [Set<Int>] = []

    var isClosed: Bool { status != .open }

    /// Old enough at as-of for all of its horizon to have passed.
    func isMature(_ rules: NaiveJourneyRules, asOf: Int64) -> Bool {
        guard let first = events.first else { return false }
        return asOf - first.time >= rules.horizon ?? rules.inactivity
    }

    /// At its goal before the horizon was over, or just then; of a journey that is not mature that is not asked.
    func hasConverted(_ rules: NaiveJourneyRules, asOf: Int64) -> Bool {
        guard isMature(rules, asOf: asOf), status == .completed, let first = events.first, let goal = events.last else { return false }
        return goal.time - first.time <= rules.horizon ?? rules.inactivity
    }
}

/// Journeys of one type (pipelines/rules.md, 8).
struct NaiveJourneys {
    private let rules: NaiveJourneyRules
    private let asOf: Int64
    private let scope, start, goal, fail: NaiveExpression?
    private let steps: [NaiveExpression]

    init(_ rules: NaiveJourneyRules, asOf: Int64) {
        self.rules = rules
        self.asOf = asOf
        scope = rules.scope.map(NaiveExpression.init)
        start = rules.start.map(NaiveExpression.init)
        goal = rules.goal.map(NaiveExpression.init)
        fail = rules.fail.map(NaiveExpression.init)
        steps = rules.steps.map { NaiveExpression($0.match) }
    }

    /// The journeys in one person's ordered events.
    func journeys(in events: [NaiveEvent], of person: NaivePerson) -> [NaiveJourney] {
        lines(events.filter { scope?.matches($0) ?? true }).flatMap { cut($0, person) }.map { journey in
            var journey = journey
            journey.satisfied = journey.events.map { event in Set(steps.indices.filter { steps[$0].matches(event) }) }
            journey.steps = journey.events.map(step)
            return journey
        }
    }

    /// The first listed step whose `match` an event satisfies, whether or not it is in a journey.
    private func step(of event: NaiveEvent) -> Int? { steps.firstIndex { $0.matches(event) } }

    /// An event with the name of its step noted on it.
    func withStep(_ event: NaiveEvent) -> NaiveEvent {
        var event = event
        event.step = step(of: event).map { rules.steps[$0].name }
        return event
    }

    /// With a `key` every value of it is a line of its own, and events without one are out of scope. As an identifier the
    /// value is its text: 7 and "7" are one line.
    private func lines(_ events: [NaiveEvent]) -> [[NaiveEvent]] {
        guard let key = rules.key else { return [events] }
        let name = key.hasPrefix("attributes.") ? String(key.dropFirst("attributes.".count)) : key
        let keyed = events.compactMap { event in event.attributes[name]?.text.map { (key: $0, event: event) } }
        return Set(keyed.map(\.key)).sorted().map { value in keyed.filter { $0.key == value }.map(\.event) }
    }

    private func cut(_ events: [NaiveEvent], _ person: NaivePerson) -> [NaiveJourney] {
        var journeys: [NaiveJourney] = []
        var current: [NaiveEvent] = []
        func close(_ status: NaiveJourney.Status) {
            journeys.append(NaiveJourney(person: person, events: current, status: status))
            current = []
        }
        for event in events {
            if isOver(current, at: event.time) { close(.abandoned) }
            // No journey open: an event that does not start one is ignored.
            if current.isEmpty, let start, !start.matches(event) { continue }
            current.append(event)
            // Goal before fail, and the opening event is tested too.
            if goal?.matches(event) == true {
                close(.completed)
            } else if fail?.matches(event) == true {
                close(.failed)
            }
        }
        if !current.isEmpty { close(isOver(current, at: asOf) ? .abandoned : .open) }
        return journeys
    }

    /// Whether an open journey has ended by a time: silence longer than `inactivity`, or, where `max_length` is set, begun
    /// longer ago than that. Exactly as long is not over.
    private func isOver(_ events: [NaiveEvent], at time: Int64) -> Bool {
        guard let first = events.first, let last = events.last else { return false }
        if time - last.time > rules.inactivity { return true }
        guard let maxLength = rules.maxLength else { return false }
        return time - first.time > maxLength
    }

    static func row(_ rules: NaiveJourneyRules, _ journeys: [NaiveJourney], withFriction: Int, asOf: Int64) -> NaiveTables.JourneyRow {
        func count(_ status: NaiveJourney.Status) -> Int { journeys.filter { $0.status == status }.count }
        let completed = journeys.filter { $0.status == .completed }
        let closed = journeys.filter(\.isClosed).count
        let interval = NaiveStatistics.wilson95(completed.count, of: closed)
        let mature = journeys.filter { $0.isMature(rules, asOf: asOf) }.count
        let converted = journeys.filter { $0.hasConverted(rules, asOf: asOf) }.count
        let conversion = NaiveStatistics.wilson95(converted, of: mature)
        let durations = completed.map { ($0.events.last?.time ?? 0) - ($0.events.first?.time ?? 0) }
        return NaiveTables.JourneyRow(
            journey: rules.name, started: journeys.count, completed: completed.count, failed: count(.failed), abandoned: count(.abandoned),
            open: count(.open), completionRate: NaiveStatistics.ratio(completed.count, closed), completionRateLow: interval?.low,
            completionRateHigh: interval?.high, durationP50: NaiveStatistics.nearestRank(durations, percent: 50),
            durationP90: NaiveStatistics.nearestRank(durations, percent: 90), events: journeys.map(\.events.count).reduce(0, +),
            sessions: journeys.map { Set($0.events.compactMap(\.session)).count }.reduce(0, +),
            channelSwitches: journeys.map { journey in
                zip(journey.events, journey.events.dropFirst()).filter { $0.channel != $1.channel }.count
            }.reduce(0, +),
            customers: Set(journeys.map(\.person)).count, withFriction: withFriction,
            frictionShare: NaiveStatistics.ratio(withFriction, journeys.count), mature: mature, converted: converted,
            conversionRate: NaiveStatistics.ratio(converted, mature), conversionRateLow: conversion?.low,
            conversionRateHigh: conversion?.high)
    }
}
