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
    let rules: [FrictionRule]
    let bits: KindBits
    /// By rule.
    let outlines: Slots<Outline>
    let hasJourneyScope: Bool
    /// Some rule is matched in sessions or in all events of a person.
    let hasWiderScope: Bool

    /// What is asked of every rule at every list, as plain memory: most rules are ruled out by it.
    struct Outline: BitwiseCopyable {
        let number: Int
        let scope: FrictionDefinition.Scope
        /// Without all of these variables there is no match.
        let necessary: UInt32
        let lengthMin: Int
        let needsTwoChannels: Bool
        /// Where its variables lie among the bits; never across two words.
        let word: Int
        let shift: UInt64
    }

    init(_ rules: [FrictionRule], kindCount: Int) {
        self.rules = rules
        var places: [(word: Int, shift: UInt64)] = []
        var next = 0
        for rule in rules {
            if next % 64 + rule.predicates.count > 64 { next = (next / 64 + 1) * 64 }
            places.append((next / 64, UInt64(next % 64)))
            next += rule.predicates.count
        }
        outlines = Slots(
            zip(rules, places).map { rule, place in
                Outline(
                    number: rule.number, scope: rule.scope, necessary: rule.necessary, lengthMin: rule.lengthMin,
                    needsTwoChannels: rule.needsTwoChannels, word: place.word, shift: place.shift)
            })
        hasJourneyScope = rules.contains { $0.scope == .journey }
        hasWiderScope = rules.contains { $0.scope != .journey }
        bits = KindBits(
            rules.flatMap(\.predicates),
            places: zip(rules, places).flatMap { rule, place in rule.predicates.indices.map { place.word * 64 + Int(place.shift) + $0 } },
            kindCount: kindCount)
    }

    deinit { outlines.release() }
}
