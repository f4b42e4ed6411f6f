import Events
import Expressions

/// Flattens an expression tree. Every largest part that depends on the event's kind alone becomes a table that is
/// looked up; constants stay as they are.
struct PredicateCompiler {
    let symbols: EventSymbols
    let stepIsStatic: Bool
    var operations: [Predicate.Operation] = []
    var lists: [Int32] = []
    var regexes: [RegularExpression] = []
    var tableRoots: [Int32] = []
    /// Whether the touchpoint of the event is asked for, or its step, which may depend on that.
    private(set) var asksTouchpoint = false

    init(symbols: EventSymbols, stepIsStatic: Bool) {
        self.symbols = symbols
        self.stepIsStatic = stepIsStatic
    }

    /// Returns the node, and whether it depends on the kind alone.
    mutating func compile(_ root: Expression.Node) throws -> (node: Int32, isStatic: Bool) {
        let (node, isStatic) = try flatten(root)
        return isStatic ? (tabulate(node), true) : (node, false)
    }

    private mutating func append(_ operation: Predicate.Operation) -> Int32 {
        operations.append(operation)
        return Int32(operations.count - 1)
    }

    private mutating func tabulate(_ node: Int32) -> Int32 {
        switch operations[Int(node)] {
        case .constant, .operand, .kindTable: break
        default:
            tableRoots.append(node)
            return append(.kindTable(Int32(tableRoots.count - 1)))
        }
        // A lone field or constant is as cheap as a table; as a whole expression it still has to become one.
        tableRoots.append(node)
        return append(.kindTable(Int32(tableRoots.count - 1)))
    }

    private mutating func flatten(_ node: Expression.Node) throws -> (Int32, Bool) {
        switch node {
        case .literal(let literal): return (append(.constant(value(literal))), true)
        case .field(let reference):
            let (operand, isStatic) = operand(reference)
            return (append(.operand(operand)), isStatic)
        case .has(let reference):
            let (operand, isStatic) = operand(reference)
            return (append(.has(operand)), isStatic)
        case .gap: return (append(.operand(.gap)), false)
        case .not(let inner):
            let (child, isStatic) = try flatten(inner)
            return (append(.not(child)), isStatic)
        case .and(let left, let right): return try pair(left, right) { .and($0, $1) }
        case .or(let left, let right): return try pair(left, right) { .or($0, $1) }
        case .compare(let comparison, let left, let right):
            let (one, oneIsStatic) = try flatten(left)
            let (other, otherIsStatic) = try flatten(right)
            let isStatic = oneIsStatic && otherIsStatic
            if comparison == .equal || comparison == .notEqual, case .operand(let first) = operations[Int(one)],
                case .operand(let second) = operations[Int(other)], first.isText, second.isText
            {
                return (append(.sameText(first, second, isWanted: comparison == .equal)), isStatic)
            }
            return (append(.compare(comparison, one, other)), isStatic)
        case .isIn(let item, let list):
            let (wanted, isStatic) = try flatten(item)
            let members = try list.map { try flatten($0) }
            let first = Int32(lists.count)
            lists += members.map(\.0)
            return (append(.isIn(wanted, first: first, count: Int32(members.count))), isStatic && members.allSatisfy(\.1))
        case .call(.matches, let subject, argument: let pattern):
            let (child, isStatic) = try flatten(subject)
            regexes.append(try symbols.regex(pattern))
            return (append(.regex(child, index: Int32(regexes.count - 1))), isStatic)
        case .call(let function, let subject, let argument):
            let (child, isStatic) = try flatten(subject)
            return (append(.text(function, child, argument: symbols.texts.intern(argument))), isStatic)
        }
    }

    /// Of two parts, a static one beside a dynamic one becomes a table.
    private mutating func pair(
        _ left: Expression.Node, _ right: Expression.Node, _ make: (Int32, Int32) -> Predicate.Operation
    ) throws -> (Int32, Bool) {
        var (one, oneIsStatic) = try flatten(left)
        var (other, otherIsStatic) = try flatten(right)
        if oneIsStatic != otherIsStatic {
            if oneIsStatic { one = tabulate(one) } else { other = tabulate(other) }
        }
        return (append(make(one, other)), oneIsStatic && otherIsStatic)
    }

    private func value(_ literal: Expression.Literal) -> Value {
        switch literal {
        case .string(let text): .text(symbols.texts.intern(text))
        case .integer(let number): .number(Double(number))
        case .number(let number): .number(number)
        case .boolean(let truth): .boolean(truth)
        case .duration(let length): .duration(length)
        }
    }

    private mutating func operand(_ reference: FieldReference) -> (Predicate.Operand, Bool) {
        guard let (column, isStatic) = column(reference.field) else { return (.nothing, true) }
        if reference.event == .current, reference.field == .touchpoint || reference.field == .step { asksTouchpoint = true }
        switch reference.event {
        case .current: return (.current(column), isStatic)
        case .prev: return (.prev(column), false)
        case .first: return (.first(column), false)
        }
    }

    /// Where the field lies, and whether it depends on the kind alone; nil for one that no source has.
    private func column(_ field: EventField) -> (Predicate.Column, Bool)? {
        switch field {
        case .channel: (.kind(.channel), true)
        case .touchpoint: (.kind(.touchpoint), true)
        case .action: (.kind(.action), true)
        case .outcome: (.kind(.outcome), true)
        case .initiator: (.kind(.initiator), true)
        case .channelKind: (.channelKind, true)
        case .step: (.step, stepIsStatic)
        case .value, .attribute: symbols.scalarOffsets[field].map { (.scalar($0), false) }
        }
    }
}
