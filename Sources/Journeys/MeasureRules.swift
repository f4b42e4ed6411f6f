import Events
import Expressions

/// What metrics.csv and scorecard.csv measure besides journeys, compiled (pipelines/rules.md, 21).
package final class MeasureRules: @unchecked Sendable {  // never changed after `init`
    package let definition: MeasureDefinition
    /// In the order of the pipeline.
    let surveys: PredicateSet
    /// By term, in the order of the pipeline.
    let terms: [(item: EventKey, value: EventKey, within: Microseconds)]
    /// Whether any event may be a machine's that answers.
    package let hasBots: Bool
    /// Whether any of it is asked for, so that metrics.csv is written.
    package let isAsked: Bool
    /// Numbers of the rules that mark a journey across channels as not seamless.
    package let seams: [Int]
    /// Number of the rule that finds messages of several senders at once.
    package let collision: Int?
    package let hasScorecard: Bool

    /// Throws when an expression cannot be compiled.
    init(
        _ definition: MeasureDefinition, channels: [ChannelDefinition], journeys: [JourneyDefinition], frictions: [FrictionDefinition],
        symbols: EventSymbols
    ) throws {
        self.definition = definition
        surveys = PredicateSet(
            try definition.surveys.map { try Predicate($0.condition, symbols: symbols, stepOfKind: nil) }, kindCount: symbols.kinds.count)
        terms = definition.terms.map { (EventKey($0.item, symbols: symbols), EventKey($0.value, symbols: symbols), $0.within) }
        hasBots = definition.hasBots(channels)
        isAsked = definition.isAsked(channels, journeys)
        let names = frictions.map(\.name)
        seams = ScorecardRules.seams.compactMap { names.firstIndex(of: $0) }
        collision = names.firstIndex(of: ScorecardRules.collision)
        hasScorecard = definition.hasScorecard(names)
    }
}

extension MeasureDefinition {
    package func hasBots(_ channels: [ChannelDefinition]) -> Bool {
        !botTouchpoints.isEmpty || channels.contains(where: \.isBot)
    }

    /// Whether a pipeline asks for any of metrics.csv.
    package func isAsked(_ channels: [ChannelDefinition], _ journeys: [JourneyDefinition]) -> Bool {
        !surveys.isEmpty || effort != nil || !terms.isEmpty || hasBots(channels) || journeys.contains { $0.valueWhen != nil }
    }

    /// - Parameter frictions: names of the rules that are included.
    package func hasScorecard(_ frictions: [String]) -> Bool {
        !terms.isEmpty || frictions.contains { ScorecardRules.seams.contains($0) || $0 == ScorecardRules.collision }
    }
}

/// The shipped rules that scorecard.csv looks at.
package enum ScorecardRules {
    /// A journey across channels with one of these is not seamless.
    package static let seams = ["channel_restart", "forced_login", "re_explain"]
    package static let collision = "outreach_collision"
}

/// What a customer answered when asked.
package struct SurveyAnswer {
    /// Number of the survey in the pipeline.
    package let survey: Int
    /// Among the person's events.
    package let event: Int
    /// In thousandths, rounded; nil: no number on the scale.
    package let number: Int64?
}

/// One thing as a customer saw it in two channels, one directly after the other.
package struct TermPair {
    /// Number of the term in the pipeline.
    package let term: Int
    /// Of the later sighting, among the person's events.
    package let event: Int
    /// Symbols.
    package let from: UInt32
    package let to: UInt32
    /// Whether they were told the same.
    package let isEqual: Bool
}

/// Finds a person's answers and pairs of sightings. One object is used for person after person.
struct MeasureFinder {
    /// In order of events.
    private(set) var answers: [SurveyAnswer] = []
    /// In order of the later event.
    private(set) var pairs: [TermPair] = []
    private var lastSeen: [UInt64: Int32] = [:]

    /// O(n).
    mutating func run(_ events: PersonEvents, plan: FoldPlan) {
        answers.removeAll(keepingCapacity: true)
        pairs.removeAll(keepingCapacity: true)
        if !plan.measures.definition.surveys.isEmpty { findAnswers(events, plan) }
        if !plan.measures.terms.isEmpty { findPairs(events, plan) }
    }

    private mutating func findAnswers(_ events: PersonEvents, _ plan: FoldPlan) {
        for event in 0..<events.count {
            let kind = Int(events.kinds[event])
            plan.measures.surveys.forEach(kind: kind, plan.context(event, events)) { number in
                let answer = plan.thousandths(event, events)
                let scale = plan.measures.definition.surveys[number].scale
                answers.append(SurveyAnswer(survey: number, event: event, number: answer.flatMap { scale.contains($0) ? $0 : nil }))
            }
        }
    }

    private mutating func findPairs(_ events: PersonEvents, _ plan: FoldPlan) {
        lastSeen.removeAll(keepingCapacity: true)
        for event in 0..<events.count {
            for (number, term) in plan.measures.terms.enumerated() {
                let item = plan.filledText(term.item, event, events)
                guard item != 0, plan.filledText(term.value, event, events) != 0 else { continue }
                let sighting = UInt64(number) << 32 | UInt64(item)
                defer { lastSeen[sighting] = Int32(event) }
                guard let last = lastSeen[sighting].map({ Int($0) }) else { continue }
                let (from, to) = (plan.kinds[Int(events.kinds[last])].channelSymbol, plan.kinds[Int(events.kinds[event])].channelSymbol)
                guard from != to, events.times[event] - events.times[last] <= term.within else { continue }
                let isEqual = plan.areEqual(term.value, last, event, events)
                pairs.append(TermPair(term: number, event: event, from: from, to: to, isEqual: isEqual))
            }
        }
    }
}

extension FoldPlan {
    /// An event's `value` in thousandths, rounded; nil where that is no number, or beyond what 64 bits hold.
    fileprivate func thousandths(_ event: Int, _ events: PersonEvents) -> Int64? {
        number(EventKey(.value, symbols: symbols), event, events).flatMap { Int64(exactly: ($0 * 1000).rounded()) }
    }

    /// Numbers by what they are worth, other values by their text.
    fileprivate func areEqual(_ key: EventKey, _ one: Int, _ other: Int, _ events: PersonEvents) -> Bool {
        if let first = number(key, one, events), let second = number(key, other, events) { return first == second }
        return filledText(key, one, events) == filledText(key, other, events)
    }

    private func number(_ key: EventKey, _ event: Int, _ events: PersonEvents) -> Double? {
        guard case .scalar(let offset) = key,
            case .number(let number) = symbols.value(of: Scalar(bits: events.rows[event].load(offset, as: UInt32.self)))
        else { return nil }
        return number
    }
}
