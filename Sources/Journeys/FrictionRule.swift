import Events
import Expressions

/// A friction's rule, compiled for one journey type, or, where no step is asked for, for all of them.
final class FrictionRule {
    let definition: FrictionDefinition
    /// Among the rules of the pipeline.
    let number: Int
    let automaton: PatternAutomaton
    /// By variable.
    let predicates: [Predicate]
    /// Variables that look at the match so far.
    let contextual: UInt32
    /// Whether one of these looks at the first event of the match.
    let looksAtFirst: Bool
    /// Without all of these there is no match.
    let necessary: UInt32
    let lengthMin: Int
    let partition: [EventKey]
    let absent: (predicate: Predicate, time: Microseconds)?

    init(_ definition: FrictionDefinition, number: Int, symbols: EventSymbols, stepOfKind: [UInt32]?) throws {
        func compile(_ expression: Expression) throws -> Predicate { try Predicate(expression, symbols: symbols, stepOfKind: stepOfKind) }
        self.definition = definition
        self.number = number
        automaton = try PatternAutomaton(definition.pattern)
        predicates = try definition.variables.map { try compile($0.condition) }
        var contextual: UInt32 = 0
        for (index, variable) in definition.variables.enumerated() where variable.condition.looksAtMatch { contextual |= 1 << UInt32(index) }
        self.contextual = contextual
        looksAtFirst = definition.variables.contains { $0.condition.looksAtFirst }
        necessary = definition.pattern.necessary
        lengthMin = definition.pattern.lengthMin
        partition = definition.partitionBy.map { EventKey($0, symbols: symbols) }
        absent = try definition.absent.map { (try compile($0.condition), $0.time) }
    }
}

/// Rules that are matched over the same lists of events, with the bits of all their variables.
final class FrictionSet {
    let rules: [FrictionRule]
    let bits: KindBits
    /// By rule: where its variables lie; never across two words.
    let places: [(word: Int, shift: UInt64)]
    let hasJourneyScope: Bool
    /// Some rule is matched in sessions or in all events of a person.
    let hasWiderScope: Bool

    init(_ rules: [FrictionRule], kindCount: Int) {
        self.rules = rules
        var places: [(word: Int, shift: UInt64)] = []
        var next = 0
        for rule in rules {
            if next % 64 + rule.predicates.count > 64 { next = (next / 64 + 1) * 64 }
            places.append((next / 64, UInt64(next % 64)))
            next += rule.predicates.count
        }
        self.places = places
        hasJourneyScope = rules.contains { $0.definition.scope == .journey }
        hasWiderScope = rules.contains { $0.definition.scope != .journey }
        bits = KindBits(
            rules.flatMap(\.predicates),
            places: zip(rules, places).flatMap { rule, place in rule.predicates.indices.map { place.word * 64 + Int(place.shift) + $0 } },
            kindCount: kindCount)
    }

    /// A rule's part of the words that were collected from all events of a list.
    @inline(__always)
    func mask(_ rule: Int, _ word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word >> places[rule].shift) }
}
