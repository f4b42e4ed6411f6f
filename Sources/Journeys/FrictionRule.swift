import Events
import Expressions

/// A friction's rule, compiled for one journey type, or, where no step is asked for, for all of them.
final class FrictionRule {
    let definition: FrictionDefinition
    /// Among the rules of the pipeline.
    let number: Int
    let scope: FrictionDefinition.Scope
    let predicates: [Predicate]
    let allVariables: UInt32
    /// Variables that look at the match so far.
    let contextual: UInt32
    /// Whether one of these looks at the first event of the match.
    let looksAtFirst: Bool
    /// Variables with which a match may begin.
    let startVariables: UInt32
    /// Whether `^` decides over a start.
    let looksAtBegin: Bool
    /// Without all of these there is no match.
    let necessary: UInt32
    /// Every match has events of two channels.
    let needsTwoChannels: Bool
    /// Fewest events of a match, at least one.
    let lengthMin: Int
    let partition: [EventKey]
    let absent: (predicate: Predicate, time: Microseconds)?

    /// The same without reference counts.
    let tables: RuleTables

    init(_ definition: FrictionDefinition, number: Int, symbols: EventSymbols, stepOfKind: [UInt32]?) throws {
        func compile(_ expression: Expression) throws -> Predicate { try Predicate(expression, symbols: symbols, stepOfKind: stepOfKind) }
        func bits(_ isWanted: (Expression) -> Bool) -> UInt32 {
            definition.variables.enumerated().reduce(0) { isWanted($1.element.condition) ? $0 | 1 << UInt32($1.offset) : $0 }
        }
        self.definition = definition
        self.number = number
        scope = definition.scope
        let automaton = try PatternAutomaton(definition.pattern)
        predicates = try definition.variables.map { try compile($0.condition) }
        allVariables = bits { _ in true }
        contextual = bits { $0.looksAtMatch }
        looksAtFirst = bits { $0.looksAtFirst } != 0
        startVariables = automaton.starts.reduce(0) { $0 | 1 << UInt32(automaton.variables[$1.place]) }
        looksAtBegin = automaton.starts.contains { $0.atBegin != nil }
        necessary = definition.pattern.necessary
        // A variable that may come first is asked while nothing is bound; then any channel is another.
        needsTwoChannels = bits { $0.demandsAnotherChannel } & necessary & ~startVariables != 0
        lengthMin = max(1, definition.pattern.lengthMin)
        partition = definition.partitionBy.map { EventKey($0, symbols: symbols) }
        absent = try definition.absent.map { (try compile($0.condition), $0.time) }
        tables = RuleTables(
            automaton, predicates, startVariables: startVariables, looksAtBegin: looksAtBegin, looksAtFirst: looksAtFirst, within: definition.within)
    }

    deinit { tables.deallocate() }
}

/// What a search asks at every step, as plain memory: reference counts would cost more than the answers.
///
/// Unsafe code: places and successors come from the automaton, variables from the pattern, whose counts the tables have.
/// Lives as long as its rule.
struct RuleTables {
    let placeCount: Int
    let startVariables: UInt32
    let looksAtBegin: Bool
    let looksAtFirst: Bool
    let within: Microseconds?
    let startCount: Int
    private let starts: UnsafeMutablePointer<(place: Int32, atBegin: Bool?)>
    private let conditions: UnsafeMutablePointer<Unmanaged<Predicate>>
    private let comparisons: UnsafeMutablePointer<Predicate.TextComparison?>
    private let places: UnsafeMutablePointer<(variable: Int32, first: Int32, end: Int32)>
    private let successors: UnsafeMutablePointer<(place: Int32, atEnd: Bool)>

    fileprivate init(
        _ automaton: PatternAutomaton, _ predicates: [Predicate], startVariables: UInt32, looksAtBegin: Bool, looksAtFirst: Bool, within: Microseconds?
    ) {
        (self.startVariables, self.looksAtBegin, self.looksAtFirst, self.within) = (startVariables, looksAtBegin, looksAtFirst, within)
        placeCount = automaton.variables.count
        startCount = automaton.starts.count
        func copied<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
            let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
            memory.initialize(from: elements, count: elements.count)
            return memory
        }
        starts = copied(automaton.starts.map { (Int32($0.place), $0.atBegin) })
        conditions = copied(predicates.map { .passUnretained($0) })
        comparisons = copied(predicates.map(\.textComparison))
        places = copied(zip(automaton.variables, automaton.ranges).map { (Int32($0), Int32($1.lowerBound), Int32($1.upperBound)) })
        successors = copied(automaton.successors.map { (Int32($0.place ?? -1), $0.atEnd) })
    }

    fileprivate func deallocate() {
        starts.deallocate()
        conditions.deallocate()
        comparisons.deallocate()
        places.deallocate()
        successors.deallocate()
    }

    /// Only for a kind of event that may satisfy the variable.
    @inline(__always)
    func holds(_ variable: Int, kind: Int, _ context: EventContext) -> Bool {
        conditions[variable]._withUnsafeGuaranteedRef { $0.holdsWherePossible(kind: kind, context) }
    }

    /// What is left to ask of a variable, where that is no more than this.
    @inline(__always) func comparison(_ variable: Int) -> Predicate.TextComparison? { comparisons[variable] }

    @inline(__always) func start(_ index: Int) -> (place: Int32, atBegin: Bool?) { starts[index] }
    @inline(__always) func variable(_ place: Int32) -> Int { Int(places[Int(place)].variable) }
    @inline(__always) func successorStart(_ place: Int32) -> Int32 { places[Int(place)].first }
    @inline(__always) func successorEnd(_ place: Int32) -> Int32 { places[Int(place)].end }
    /// A place below 0: the match is complete.
    @inline(__always) func successor(_ index: Int32) -> (place: Int32, atEnd: Bool) { successors[Int(index)] }
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
