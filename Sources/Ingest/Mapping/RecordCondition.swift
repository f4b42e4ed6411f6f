import Events
import Expressions
import Glibc

/// `where` of a source, made ready for one mapping: an expression over a record's fields, asked before anything becomes a
/// symbol. It says what the same expression says of an event (pipelines/rules.md, 12).
///
/// Texts lie in the record, whose reader calls `holds`, or in the memory for constants, which lives as long.
final class RecordCondition {

    private enum Operand {
        case absent
        case text(UnsafeRawBufferPointer)
        case number(Double)
        case boolean(Bool)
        case composite
    }

    private indirect enum Node {
        case constant(Operand)
        /// With what stands for an absent one: nothing, but for an initiator.
        case field(ValueSlot, isText: Bool, isInitiator: Bool)
        /// The kind of the channel that the field names.
        case channelKind(ValueSlot)
        case has(Node)
        case not(Node)
        case and(Node, Node)
        case or(Node, Node)
        case compare(Expression.Comparison, Node, Node)
        case isIn(Node, [Node])
        case call(Expression.StringFunction, Node, argument: UnsafeRawBufferPointer)
        case matches(Node, RegularExpression)
    }

    /// Whether it was true of any record.
    private(set) var hasHeld = false
    private var root = Node.constant(.absent)
    private let arena: TextArena
    private let constants = TextArena()
    private let channelKinds = SymbolTable()
    /// By symbol of `channelKinds`.
    private var kinds: [Operand] = [.absent]
    private var customer = Operand.absent
    private let address: (EventField) -> ValueSlot?

    /// - Parameter address: where the field's value stands; nil for one that the source does not have.
    init(_ expression: Expression, channelKinds given: [String: String], arena: TextArena, address: @escaping (EventField) -> ValueSlot?) {
        self.arena = arena
        self.address = address
        customer = .text(keep("customer"))
        for (channel, kind) in given {
            precondition(Int(channelKinds.intern(channel)) == kinds.count, "symbols count from 1")
            kinds.append(.text(keep(kind)))
        }
        root = compile(expression.root)
    }

    private func keep(_ text: String) -> UnsafeRawBufferPointer {
        constants.keep(text.utf8).bytes
    }

    private func compile(_ node: Expression.Node) -> Node {
        switch node {
        case .literal(let literal): .constant(operand(literal))
        case .field(let reference): field(reference.field)
        case .has(let reference): .has(field(reference.field))
        // There is no match, and so none before.
        case .gap: .constant(.absent)
        case .not(let inner): .not(compile(inner))
        case .and(let left, let right): .and(compile(left), compile(right))
        case .or(let left, let right): .or(compile(left), compile(right))
        case .compare(let comparison, let left, let right): .compare(comparison, compile(left), compile(right))
        case .isIn(let item, let list): .isIn(compile(item), list.map { compile($0) })
        case .call(.matches, let subject, let pattern):
            // Checked with the expression.
            (try? RegularExpression(pattern)).map { .matches(compile(subject), $0) } ?? .constant(.absent)
        case .call(let function, let subject, let argument): .call(function, compile(subject), argument: keep(argument))
        }
    }

    private func operand(_ literal: Expression.Literal) -> Operand {
        switch literal {
        case .string(let text): .text(keep(text))
        case .integer(let number): .number(Double(number))
        case .number(let number): .number(number)
        case .boolean(let truth): .boolean(truth)
        // Only `gap` is a duration.
        case .duration: .composite
        }
    }

    private func field(_ field: EventField) -> Node {
        guard let value = address(field == .channelKind ? .channel : field) else {
            return .constant(field == .initiator ? customer : .absent)
        }
        switch field {
        case .channelKind: return .channelKind(value)
        case .value, .attribute: return .field(value, isText: false, isInitiator: false)
        default: return .field(value, isText: true, isInitiator: field == .initiator)
        }
    }

    func holds() -> Bool {
        let isTrue = holds(root)
        if isTrue { hasHeld = true }
        return isTrue
    }

    private func holds(_ node: Node) -> Bool {
        switch node {
        case .not(let inner): return !holds(inner)
        case .and(let left, let right): return holds(left) && holds(right)
        case .or(let left, let right): return holds(left) || holds(right)
        case .has(let inner):
            if case .absent = value(inner) { return false }
            return true
        case .compare(let comparison, let left, let right): return compare(comparison, value(left), value(right))
        case .isIn(let item, let list):
            let wanted = value(item)
            return list.contains { equal(wanted, value($0)) }
        case .call(let function, let subject, let argument):
            guard case .text(let text) = value(subject) else { return false }
            return apply(function, text, argument)
        case .matches(let subject, let pattern):
            guard case .text(let text) = value(subject) else { return false }
            return pattern.matches(text)
        case .constant, .field, .channelKind:
            if case .boolean(true) = value(node) { return true }
            return false
        }
    }

    private func value(_ node: Node) -> Operand {
        switch node {
        case .constant(let operand): operand
        case .field(let address, let isText, let isInitiator): value(address.value, isText: isText, isInitiator: isInitiator)
        case .channelKind(let channel):
            channel.value.asText(arena).map { kinds[Int(channelKinds.find($0.text.bytes))] } ?? .absent
        default: .boolean(holds(node))
        }
    }

    private func value(_ value: JSONScanner.Value, isText: Bool, isInitiator: Bool) -> Operand {
        switch value.kind {
        case .absent, .null: return isInitiator ? customer : .absent
        case .composite: return isText ? .absent : .composite
        case .number where !isText: return .number(JSONNumber.value(value.text.bytes))
        case .boolean where !isText: return .boolean(value.text[0] == UInt8(ascii: "t"))
        case .string, .escapedString, .number, .boolean:
            guard let text = value.asText(arena)?.text else { return .absent }
            guard isInitiator else { return .text(text.bytes) }
            return text.count == 0 ? customer : .text(Initiators.lowered(text, arena).bytes)
        }
    }

    /// An absent value, or one of another type, equals nothing.
    private func equal(_ left: Operand, _ right: Operand) -> Bool {
        switch (left, right) {
        case (.text(let one), .text(let other)): one.elementsEqual(other)
        case (.number(let one), .number(let other)): one == other
        case (.boolean(let one), .boolean(let other)): one == other
        default: false
        }
    }

    private func compare(_ comparison: Expression.Comparison, _ left: Operand, _ right: Operand) -> Bool {
        switch comparison {
        case .equal: equal(left, right)
        case .notEqual: !equal(left, right)
        case .less: precedes(left, right)
        case .greater: precedes(right, left)
        case .lessOrEqual: precedes(left, right) || equal(left, right)
        case .greaterOrEqual: precedes(right, left) || equal(left, right)
        }
    }

    private func precedes(_ left: Operand, _ right: Operand) -> Bool {
        switch (left, right) {
        case (.text(let one), .text(let other)): one.lexicographicallyPrecedes(other)
        case (.number(let one), .number(let other)): one < other
        case (.boolean(let one), .boolean(let other)): !one && other
        default: false
        }
    }

    private func apply(_ function: Expression.StringFunction, _ text: UnsafeRawBufferPointer, _ wanted: UnsafeRawBufferPointer) -> Bool {
        switch function {
        case .startsWith: text.starts(with: wanted)
        case .endsWith: text.count >= wanted.count && text.suffix(wanted.count).elementsEqual(wanted)
        case .contains:
            text.count >= wanted.count
                && (0...(text.count - wanted.count)).contains { text[$0..<($0 + wanted.count)].elementsEqual(wanted) }
        case .matches: false  // compiled to `matches`
        }
    }
}

extension JSONNumber {
    /// The 64-bit float nearest to a sound number.
    static func value(_ text: UnsafeRawBufferPointer) -> Double {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { copy in
            for (index, byte) in text.enumerated() { copy[index] = CChar(bitPattern: byte) }
            copy[text.count] = 0
            return strtod(copy.baseAddress!, nil)
        }
    }
}
