import Events
import Expressions

/// A friction's rule, compiled for one journey type, or, where no step is asked for, for all of them.
final class FrictionRule {
    let outline: RuleOutline
    let skip: FrictionDefinition.Skip
    let predicates: [Predicate]
    let allVariables: UInt32
    /// Variables that look at the match so far.
    let contextual: UInt32
    let partition: [EventKey]
    let absent: (predicate: Predicate, time: Microseconds)?

    /// What the search asks at every step.
    let tables: RuleTables

    init(_ definition: FrictionDefinition, number: Int, symbols: EventSymbols, stepOfKind: [UInt32]?) throws {
        func compile(_ expression: Expression) throws -> Predicate { try Predicate(expression, symbols: symbols, stepOfKind: stepOfKind) }
        func bits(_ isWanted: (Expression) -> Bool) -> UInt32 {
            definition.variables.enumerated().reduce(0) { isWanted($1.element.condition) ? $0 | 1 << UInt32($1.offset) : $0 }
        }
        skip = definition.skip
        let automaton = try PatternAutomaton(definition.pattern)
        predicates = try definition.variables.map { try compile($0.condition) }
        allVariables = bits { _ in true }
        contextual = bits { $0.looksAtMatch }
        tables = RuleTables(definition, automaton, predicates)
        let necessary = definition.pattern.necessary
        outline = RuleOutline(
            number: number, scope: definition.scope, necessary: necessary,
            // A variable that may come first is asked while nothing is bound; then any channel is another.
            needsTwoChannels: bits { $0.demandsAnotherChannel } & necessary & ~tables.startVariables != 0,
            lengthMin: max(1, definition.pattern.lengthMin))
        partition = definition.partitionBy.map { EventKey($0, symbols: symbols) }
        absent = try definition.absent.map { (try compile($0.condition), $0.time) }
    }

    deinit { tables.release() }
}

/// What is asked of a rule at every list, as plain memory: by it most rules are ruled out.
struct RuleOutline: BitwiseCopyable {
    /// Among the rules of the pipeline.
    let number: Int
    let scope: FrictionDefinition.Scope
    /// Without all of these variables there is no match.
    let necessary: UInt32
    /// Every match has events of two channels.
    let needsTwoChannels: Bool
    /// Fewest events of a match, at least one.
    let lengthMin: Int
}

/// What a search asks at every step, as plain memory: reference counts would cost more than the answers.
///
/// Unsafe code: the predicates are held by the rule, whose tables these are, and which outlives every search.
struct RuleTables: BitwiseCopyable {
    let placeCount: Int
    /// Variables with which a match may begin.
    let startVariables: UInt32
    /// Whether `^` decides over a start.
    let looksAtBegin: Bool
    /// Whether some variable looks at the first event of the match.
    let looksAtFirst: Bool
    /// From the first to the last event of a match at the most; nil: any time.
    let within: Microseconds?
    let startCount: Int
    private let starts: Slots<(place: Int32, atBegin: Bool?)>
    private let conditions: Slots<Unmanaged<Predicate>>
    private let comparisons: Slots<Predicate.TextComparison?>
    private let places: Slots<(variable: Int32, first: Int32, end: Int32)>
    private let successors: Slots<(place: Int32, atEnd: Bool)>

    fileprivate init(_ definition: FrictionDefinition, _ automaton: PatternAutomaton, _ predicates: [Predicate]) {
        startVariables = automaton.starts.reduce(0) { $0 | 1 << UInt32(automaton.variables[$1.place]) }
        looksAtBegin = automaton.starts.contains { $0.atBegin != nil }
        looksAtFirst = definition.variables.contains { $0.condition.looksAtFirst }
        within = definition.within
        placeCount = automaton.variables.count
        startCount = automaton.starts.count
        starts = Slots(automaton.starts.map { (Int32($0.place), $0.atBegin) })
        conditions = Slots(predicates.map { .passUnretained($0) })
        comparisons = Slots(predicates.map(\.textComparison))
        places = Slots(zip(automaton.variables, automaton.ranges).map { (Int32($0), Int32($1.lowerBound), Int32($1.upperBound)) })
        successors = Slots(automaton.successors.map { (Int32($0.place ?? -1), $0.atEnd) })
    }

    fileprivate func release() {
        starts.release()
        conditions.release()
        comparisons.release()
        places.release()
        successors.release()
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
