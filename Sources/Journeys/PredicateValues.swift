import Events
import Expressions

/// What the parts of a compiled expression are worth for an event, and how two values compare.
extension Predicate {
    func value(_ node: Int32, _ context: EventContext, _ kind: Int) -> Value {
        switch operations[Int(node)] {
        case .constant(let value): value
        case .operand(let operand): value(operand, context)
        default: .boolean(holds(node, context, kind))
        }
    }

    func value(_ operand: Operand, _ context: EventContext) -> Value {
        switch operand {
        case .current(let column): value(column, context)
        case .prev(let column): context.match.map { value(column, $0.prev) } ?? .absent
        case .first(let column): context.match.map { value(column, $0.first) } ?? .absent
        case .gap: context.match.map { .duration($0.gap) } ?? .absent
        case .nothing: .absent
        }
    }

    private func value(_ column: Column, _ context: EventContext) -> Value {
        guard case .scalar(let offset) = column else { return Self.text(textSymbol(column, context)) }
        guard let row = context.row else { return .absent }
        return symbols.value(of: Scalar(bits: row.load(offset, as: UInt32.self)))
    }

    /// The symbol of a field that is a text, 0 where it is absent.
    @inline(__always)
    private func textSymbol(_ column: Column, _ context: EventContext) -> UInt32 {
        switch column {
        case .kind(let field): symbols.symbol(field, of: context.kind)
        case .channelKind: symbols.channelKind(of: context.kind[.channel])
        case .step: context.step
        case .scalar: 0
        }
    }

    @inline(__always)
    func textSymbol(_ operand: Operand, _ context: EventContext) -> UInt32 {
        switch operand {
        case .current(let column): textSymbol(column, context)
        case .prev(let column): context.match.map { textSymbol(column, $0.prev) } ?? 0
        case .first(let column): context.match.map { textSymbol(column, $0.first) } ?? 0
        case .gap, .nothing: 0
        }
    }

    private static func text(_ symbol: UInt32) -> Value { symbol == 0 ? .absent : .text(symbol) }

    /// Two values of the log with the same text and type are equal, whatever number the text means.
    func isSameScalar(_ left: Int32, _ right: Int32, _ context: EventContext) -> Bool {
        guard case .operand(let one) = operations[Int(left)], case .operand(let other) = operations[Int(right)],
            let bits = scalar(one, context), bits == scalar(other, context)
        else { return false }
        let scalar = Scalar(bits: bits)
        return !scalar.isAbsent && scalar.type != .composite
    }

    func scalar(_ operand: Operand, _ context: EventContext) -> UInt32? {
        switch operand {
        case .current(.scalar(let offset)): context.row?.load(offset, as: UInt32.self)
        case .prev(.scalar(let offset)): context.match?.prev.row?.load(offset, as: UInt32.self)
        case .first(.scalar(let offset)): context.match?.first.row?.load(offset, as: UInt32.self)
        default: nil
        }
    }

    /// An absent value, or one of another type, equals nothing.
    func equal(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.text(let one), .text(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.boolean(let one), .boolean(let other)): one == other
        case (.duration(let one), .duration(let other)): one == other
        default: false
        }
    }

    func compare(_ comparison: Expression.Comparison, _ left: Value, _ right: Value) -> Bool {
        switch comparison {
        case .equal: equal(left, right)
        case .notEqual: !equal(left, right)
        case .less: precedes(left, right)
        case .greater: precedes(right, left)
        case .lessOrEqual: precedes(left, right) || equal(left, right)
        case .greaterOrEqual: precedes(right, left) || equal(left, right)
        }
    }

    /// Numbers and durations by size, texts by bytes, false before true; nothing else is less than anything.
    private func precedes(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.text(let one), .text(let other)): one != other && symbols.texts.precedes(one, other)
        case (.number(let one), .number(let other)): one < other
        case (.duration(let one), .duration(let other)): one < other
        case (.boolean(let one), .boolean(let other)): !one && other
        default: false
        }
    }

    /// Of bytes.
    func apply(_ function: Expression.StringFunction, _ text: UInt32, _ argument: UInt32) -> Bool {
        let (text, wanted) = (symbols.texts.bytes(of: text), symbols.texts.bytes(of: argument))
        guard wanted.count <= text.count else { return false }
        func holds(at start: Int) -> Bool { wanted.indices.allSatisfy { text[start + $0] == wanted[$0] } }
        switch function {
        case .startsWith: return holds(at: 0)
        case .endsWith: return holds(at: text.count - wanted.count)
        case .contains: return (0...(text.count - wanted.count)).contains { holds(at: $0) }
        case .matches: return false  // compiled to `regex`
        }
    }
}
