import Events
import Expressions

/// A compiled expression: a flat tree, and tables by kind for the parts that depend on nothing else.
final class Predicate: @unchecked Sendable {  // never changed after `init`
    enum Column: BitwiseCopyable {
        case kind(KindField)
        case channelKind
        case step
        /// Byte offset in the row.
        case scalar(Int)
    }

    enum Operand: BitwiseCopyable {
        case current(Column)
        case prev(Column)
        case first(Column)
        case gap
        case nothing

        /// Always a text, where it is there at all.
        var isText: Bool {
            switch self {
            case .current(.scalar), .prev(.scalar), .first(.scalar), .gap, .nothing: false
            case .current, .prev, .first: true
            }
        }
    }

    enum Operation: BitwiseCopyable {
        case constant(Value)
        case operand(Operand)
        case has(Operand)
        case not(Int32)
        case and(Int32, Int32)
        case or(Int32, Int32)
        case compare(Expression.Comparison, Int32, Int32)
        /// `==` or `!=` between two fields that are texts: one comparison of symbols.
        case sameText(Operand, Operand, isWanted: Bool)
        case isIn(Int32, first: Int32, count: Int32)
        case text(Expression.StringFunction, Int32, argument: UInt32)
        case regex(Int32, index: Int32)
        case kindTable(Int32)
    }

    let operations: Slots<Operation>
    private let root: Int32
    /// What is left to ask where the kind is known not to rule the expression out.
    private let rest: Int32
    /// Table after table, each by kind.
    private let tables: Slots<Bool>
    private let kindCount: Int
    private let lists: [Int32]
    private let regexes: [RegularExpression]
    let symbols: EventSymbols

    /// Whether the answer depends on the event's kind alone.
    let isStatic: Bool
    /// Whether kinds of other touchpoints may be told apart.
    private let asksTouchpoint: Bool

    /// - Parameter stepIsStatic: the step of an event depends on its kind alone; `stepOfKind` tells it.
    init(_ expression: Expression, symbols: EventSymbols, stepOfKind: [UInt32]?) throws {
        var compiler = PredicateCompiler(symbols: symbols, stepIsStatic: stepOfKind != nil)
        let (top, topIsStatic) = try compiler.compile(expression.root)
        operations = Slots(compiler.operations)
        root = top
        rest = Self.withoutTables(top, compiler.operations)
        isStatic = topIsStatic
        asksTouchpoint = compiler.asksTouchpoint
        lists = compiler.lists
        regexes = compiler.regexes
        self.symbols = symbols
        kindCount = symbols.kinds.count
        tables = Slots(count: compiler.tableRoots.count * kindCount)
        // Inner tables come first in the list, so that outer ones may use them.
        for (table, node) in compiler.tableRoots.enumerated() {
            forEachKind {
                holds(node, EventContext(kind: symbols.kind($0), row: nil, step: stepOfKind?[$0] ?? 0), $0)
            } _: { kind, truth in
                tables[table * kindCount + kind] = truth
            }
        }
    }

    deinit {
        operations.release()
        tables.release()
    }

    /// Calls `body` with every kind and the answer to it, which is asked for once of kinds that this expression does not tell apart.
    func forEachKind<Answer>(_ answer: (_ kind: Int) -> Answer, _ body: (_ kind: Int, Answer) -> Void) {
        guard !asksTouchpoint else {
            for kind in 0..<kindCount { body(kind, answer(kind)) }
            return
        }
        let alike = symbols.alikeBesideTouchpoint
        assert(alike.groups.count == kindCount, "kinds that were not there when symbols were")
        let answers = alike.firsts.map(answer)
        for (kind, group) in alike.groups.enumerated() { body(kind, answers[Int(group)]) }
    }

    /// Whether the expression is true for the event; not true where its value is no boolean.
    @inline(__always)
    func holds(kind: Int, _ context: EventContext) -> Bool { holds(root, context, kind) }

    /// The same for an event of whose kind `outlook` says that it can hold.
    @inline(__always)
    func holdsWherePossible(kind: Int, _ context: EventContext) -> Bool { holds(rest, context, kind) }

    /// Two fields of texts, of the event and of one bound before, that must be the same or must differ; all that is left of
    /// many conditions in patterns, and told without any of the rest.
    struct TextComparison: BitwiseCopyable {
        /// Of the kind; nil for the step.
        let own: KindField?
        let other: KindField?
        /// With the first event of the match; otherwise with the one just before.
        let isWithFirst: Bool
        let isSameWanted: Bool

        @inline(__always)
        func holds(_ contexts: Slots<EventContext>, _ event: Int, _ bound: Int) -> Bool {
            let symbol = own.map { contexts[event].kind[$0] } ?? contexts[event].step
            let boundSymbol = other.map { contexts[bound].kind[$0] } ?? contexts[bound].step
            return (symbol != 0 && symbol == boundSymbol) == isSameWanted
        }
    }

    /// nil where there is more to ask. An initiator that is absent is the customer, so it is not read off like this.
    var textComparison: TextComparison? {
        func isReadOff(_ column: Column) -> Bool {
            switch column {
            case .kind(let field): field != .initiator
            case .step: true
            case .channelKind, .scalar: false
            }
        }
        func field(_ column: Column) -> KindField? { if case .kind(let field) = column { field } else { nil } }
        guard case .sameText(.current(let own), let bound, let isWanted) = operations[Int(rest)] else { return nil }
        let (other, isWithFirst): (Column, Bool)
        switch bound {
        case .first(let column): (other, isWithFirst) = (column, true)
        case .prev(let column): (other, isWithFirst) = (column, false)
        case .current, .gap, .nothing: return nil
        }
        guard isReadOff(own), isReadOff(other) else { return nil }
        return TextComparison(own: field(own), other: field(other), isWithFirst: isWithFirst, isSameWanted: isWanted)
    }

    /// Both sides of `&&` have to hold, so a side that the kind decides has been decided.
    private static func withoutTables(_ node: Int32, _ operations: [Operation]) -> Int32 {
        guard case .and(let left, let right) = operations[Int(node)] else { return node }
        if case .kindTable = operations[Int(left)] { return withoutTables(right, operations) }
        if case .kindTable = operations[Int(right)] { return withoutTables(left, operations) }
        return node
    }

    /// Whether the expression can be true, and whether it can be untrue, for an event of the kind; what depends on more
    /// than the kind can be either.
    func outlook(kind: Int) -> (canHold: Bool, canFail: Bool) { outlook(root, kind) }

    private func outlook(_ node: Int32, _ kind: Int) -> (canHold: Bool, canFail: Bool) {
        switch operations[Int(node)] {
        case .kindTable(let table):
            let truth = truth(table, kind)
            return (truth, !truth)
        case .not(let inner):
            let inner = outlook(inner, kind)
            return (inner.canFail, inner.canHold)
        case .and(let left, let right):
            let (one, other) = (outlook(left, kind), outlook(right, kind))
            return (one.canHold && other.canHold, one.canFail || other.canFail)
        case .or(let left, let right):
            let (one, other) = (outlook(left, kind), outlook(right, kind))
            return (one.canHold || other.canHold, one.canFail && other.canFail)
        default: return (true, true)
        }
    }

    @inline(__always)
    private func truth(_ table: Int32, _ kind: Int) -> Bool { tables[Int(table) * kindCount + kind] }

    func holds(_ node: Int32, _ context: EventContext, _ kind: Int) -> Bool {
        switch operations[Int(node)] {
        case .kindTable(let table): return truth(table, kind)
        case .not(let inner): return !holds(inner, context, kind)
        case .and(let left, let right): return holds(left, context, kind) && holds(right, context, kind)
        case .or(let left, let right): return holds(left, context, kind) || holds(right, context, kind)
        case .has(let operand):
            if let bits = scalar(operand, context) { return !Scalar(bits: bits).isAbsent }
            if case .absent = value(operand, context) { return false }
            return true
        case .sameText(let left, let right, let isWanted):
            let symbol = textSymbol(left, context)
            return (symbol != 0 && symbol == textSymbol(right, context)) == isWanted
        case .compare(let comparison, let left, let right):
            if comparison == .equal || comparison == .notEqual, isSameScalar(left, right, context) { return comparison == .equal }
            return compare(comparison, value(left, context, kind), value(right, context, kind))
        case .isIn(let item, let first, let count):
            let wanted = value(item, context, kind)
            return lists[Int(first)..<Int(first + count)].contains { equal(wanted, value($0, context, kind)) }
        case .text(let function, let subject, let argument):
            guard case .text(let symbol) = value(subject, context, kind) else { return false }
            return apply(function, symbol, argument)
        case .regex(let subject, let index):
            guard case .text(let symbol) = value(subject, context, kind) else { return false }
            return regexes[Int(index)].matches(symbols.texts.bytes(of: symbol))
        case .constant(.boolean(let truth)): return truth
        case .constant: return false
        case .operand(let operand):
            if case .boolean(true) = value(operand, context) { return true }
            return false
        }
    }
}
