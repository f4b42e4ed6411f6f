package import Events
import Expressions

/// A journey type, compiled.
package final class JourneyRule {
    package let definition: JourneyDefinition
    let key: EventKey?
    private let scope: Predicate?
    private let start: Predicate?
    private let goal: Predicate?
    private let fail: Predicate?
    /// nil: what reaches the goal.
    let valueWhen: Predicate?
    let steps: [Predicate]
    /// By step: the symbol of its name.
    let stepNames: [UInt32]
    /// By kind: the symbol of its step's name, 0 for none; nil where the step depends on more than the kind.
    let stepOfKind: [UInt32]?
    /// By kind, where every expression depends on the kind alone.
    private let tabulated: Slots<EventFacts>
    private let symbols: EventSymbols
    /// By step: its place in the funnel, -1 where it has none.
    package let funnelPlaces: [Int]
    /// By step: the symbol of its owner, 0 where it has none.
    package let stepOwners: [UInt32]
    package let funnelLength: Int
    /// Where an event may satisfy several steps of the funnel, or of the others too.
    let overlap: StepOverlap?
    package let maturity: Microseconds
    /// By step.
    let judgedAges: [Microseconds]
    /// Every expression of the type depends on the kind alone: its facts are looked up.
    private let isStatic: Bool

    init(_ definition: JourneyDefinition, symbols: EventSymbols) throws {
        self.definition = definition
        self.symbols = symbols
        let steps = try definition.steps.map { try Predicate($0.match, symbols: symbols, stepOfKind: nil) }
        let stepNames = definition.steps.map { symbols.texts.intern($0.name) }
        self.steps = steps
        self.stepNames = stepNames
        stepOwners = definition.steps.map { step in step.owner.map { symbols.texts.intern($0) } ?? 0 }
        var stepOfKind: [UInt32]?
        if steps.allSatisfy(\.isStatic) {
            stepOfKind = (0..<symbols.kinds.count).map { kind in
                let context = EventContext(kind: symbols.kind(kind), row: nil)
                return Self.firstStep(definition.steps.count, steps, kind, context).map { stepNames[$0] } ?? 0
            }
        }
        func compile(_ expression: Expression?) throws -> Predicate? {
            try expression.map { try Predicate($0, symbols: symbols, stepOfKind: stepOfKind) }
        }
        self.stepOfKind = stepOfKind
        scope = try compile(definition.scope)
        start = try compile(definition.start)
        goal = try compile(definition.goal)
        fail = try compile(definition.fail)
        valueWhen = try compile(definition.valueWhen)
        isStatic = stepOfKind != nil && [scope, start, goal, fail].allSatisfy { $0?.isStatic ?? true }
        var place = 0
        funnelPlaces = definition.steps.map { step in
            guard step.inFunnel else { return -1 }
            place += 1
            return place - 1
        }
        funnelLength = place
        overlap = place == 0 ? nil : StepOverlap(steps, places: funnelPlaces, symbols: symbols)
        maturity = definition.maturity
        judgedAges = definition.steps.indices.map { definition.judgedAge(ofStep: $0) }
        key = definition.key.map { EventKey($0, symbols: symbols) }
        var table: [EventFacts] = []
        if isStatic {
            for kind in 0..<symbols.kinds.count {
                let context = EventContext(kind: symbols.kind(kind), row: nil)
                table.append(
                    Self.facts(
                        kind, context, steps: steps, stepNames: stepNames, scope: scope, start: start, goal: goal, fail: fail))
            }
        }
        tabulated = Slots(table)
    }

    deinit { tabulated.release() }

    /// What the type's expressions say of one event. O(1) where they depend on the kind alone.
    @inline(__always)
    func facts(kind: Int, row: EventRow) -> EventFacts {
        if isStatic { return tabulated[kind] }
        let context = EventContext(kind: symbols.kind(kind), row: row)
        return Self.facts(kind, context, steps: steps, stepNames: stepNames, scope: scope, start: start, goal: goal, fail: fail)
    }

    /// The symbol of an event's key text, 0 where it has none.
    func keyText(kind: Int, row: EventRow) -> UInt32 {
        key?.text(EventContext(kind: symbols.kind(kind), row: row), symbols: symbols) ?? 0
    }

    private static func firstStep(_ count: Int, _ steps: [Predicate], _ kind: Int, _ context: EventContext) -> Int? {
        (0..<count).first { steps[$0].holds(kind: kind, context) }
    }

    private static func facts(
        _ kind: Int, _ context: EventContext, steps: [Predicate], stepNames: [UInt32], scope: Predicate?, start: Predicate?,
        goal: Predicate?,
        fail: Predicate?
    ) -> EventFacts {
        let step = firstStep(steps.count, steps, kind, context)
        var context = context
        context.step = step.map { stepNames[$0] } ?? 0
        var facts = EventFacts(step: Int16(step ?? -1))
        if scope?.holds(kind: kind, context) ?? true { facts.flags |= EventFacts.inScope }
        if start?.holds(kind: kind, context) ?? true { facts.flags |= EventFacts.starts }
        if goal?.holds(kind: kind, context) ?? false { facts.flags |= EventFacts.reachesGoal }
        if fail?.holds(kind: kind, context) ?? false { facts.flags |= EventFacts.fails }
        return facts
    }
}

/// One event as one journey type sees it.
package struct EventFacts: BitwiseCopyable {
    static let inScope: UInt8 = 1
    static let starts: UInt8 = 2
    static let reachesGoal: UInt8 = 4
    static let fails: UInt8 = 8

    var flags: UInt8 = 0
    /// Index of the first step it satisfies, -1 for none.
    package var step: Int16

    @inline(__always) func has(_ flag: UInt8) -> Bool { flags & flag != 0 }
}
