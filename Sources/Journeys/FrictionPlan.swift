import Events
import Expressions

/// The rules of a pipeline and what they need of a log, compiled for the lists in which they are matched.
struct FrictionPlan {
    /// Rules that are matched in sessions or in all of a person's events, and ask for no step: once for all types.
    let shared: FrictionSet
    /// By journey type: the other rules.
    let ofTypes: [FrictionSet]
    let sharedNeeds: NeedSet
    /// By journey type: the needs that ask for a step.
    let needsOfTypes: [NeedSet]

    init(_ frictions: [FrictionDefinition], journeys: [JourneyRule], symbols: EventSymbols) throws {
        let kindCount = symbols.kinds.count
        func rules(_ stepOfKind: [UInt32]?, where isWanted: (FrictionDefinition) -> Bool) throws -> FrictionSet {
            let wanted = frictions.enumerated().filter { isWanted($0.element) }
            return FrictionSet(
                try wanted.map { try FrictionRule($0.element, number: $0.offset, symbols: symbols, stepOfKind: stepOfKind) },
                kindCount: kindCount)
        }
        let expressions = FrictionNeeds(frictions).expressions
        func needs(_ stepOfKind: [UInt32]?, usesStep: Bool) throws -> NeedSet {
            let wanted = expressions.enumerated().filter { $0.element.fields.contains(.step) == usesStep }
            return NeedSet(
                try wanted.map { (number: $0.offset, predicate: try Predicate($0.element, symbols: symbols, stepOfKind: stepOfKind)) },
                kindCount: kindCount)
        }
        shared = try rules(nil) { $0.scope != .journey && !$0.usesStep }
        ofTypes = try journeys.map { journey in try rules(journey.stepOfKind) { $0.scope == .journey || $0.usesStep } }
        sharedNeeds = try needs(nil, usesStep: false)
        needsOfTypes = try journeys.map { try needs($0.stepOfKind, usesStep: true) }
    }
}

/// Rules that are matched over the same lists of events, with the bits of all their variables.
final class FrictionSet {
    let rules: HeldObjects<FrictionRule>
    let bits: KindBits
    /// By rule: where its variables lie among the bits; never across two words.
    let places: Slots<(rule: RuleOutline, word: Int, shift: UInt64)>
    let hasJourneyScope: Bool
    /// Some rule is matched in sessions or in all events of a person.
    let hasWiderScope: Bool

    init(_ rules: [FrictionRule], kindCount: Int) {
        self.rules = HeldObjects(rules)
        var places: [(rule: RuleOutline, word: Int, shift: UInt64)] = []
        var next = 0
        for rule in rules {
            if next % 64 + rule.predicates.count > 64 { next = (next / 64 + 1) * 64 }
            places.append((rule.outline, next / 64, UInt64(next % 64)))
            next += rule.predicates.count
        }
        self.places = Slots(places)
        hasJourneyScope = rules.contains { $0.outline.scope == .journey }
        hasWiderScope = rules.contains { $0.outline.scope != .journey }
        bits = KindBits(
            rules.flatMap(\.predicates),
            places: zip(rules, places).flatMap { rule, place in rule.predicates.indices.map { place.word * 64 + Int(place.shift) + $0 } },
            kindCount: kindCount)
    }

    deinit { places.release() }
}
