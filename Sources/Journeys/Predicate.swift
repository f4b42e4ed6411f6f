import Events
import Expressions
import Glibc

/// A compiled expression: a flat tree, and tables by kind for the parts that depend on nothing else.
///
/// Unsafe code: node and table indices come only from the compiler below; kinds come from the merged table whose
/// size the tables have.
final class Predicate: @unchecked Sendable {  // never changed after `init`
    enum Column {
        case kind(KindField)
        case channelKind
        case step
        /// Byte offset in the row.
        case scalar(Int)
    }

    enum Operand {
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

    enum Operation {
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

    private let operations: UnsafeMutableBufferPointer<Operation>
    private let root: Int32
    /// What is left to ask where the kind is known not to rule the expression out.
    private let rest: Int32
    private let tables: UnsafeMutablePointer<UnsafeMutablePointer<Bool>>
    private let tableCount: Int
    private let lists: [Int32]
    private let regexes: [RegularExpression]
    private let symbols: EventSymbols

    /// Whether the answer depends on the event's kind alone.
    let isStatic: Bool

    /// - Parameter stepIsStatic: the step of an event depends on its kind alone; `stepOfKind` tells it.
    init(_ expression: Expression, symbols: EventSymbols, stepOfKind: [UInt32]?) throws {
        var compiler = PredicateCompiler(symbols: symbols, stepIsStatic: stepOfKind != nil)
        let (top, topIsStatic) = try compiler.compile(expression.root)
        operations = .allocate(capacity: compiler.operations.count)
        _ = operations.initialize(from: compiler.operations)
        root = top
        rest = Self.withoutTables(top, compiler.operations)
        isStatic = topIsStatic
        lists = compiler.lists
        regexes = compiler.regexes
        self.symbols = symbols
        tableCount = compiler.tableRoots.count
        tables = .allocate(capacity: max(1, tableCount))
        // Inner tables come first in the list, so that outer ones may use them.
        for (table, node) in compiler.tableRoots.enumerated() {
            let truth = UnsafeMutablePointer<Bool>.allocate(capacity: max(1, symbols.kinds.count))
            for kind in 0..<symbols.kinds.count {
                let context = EventContext(kind: symbols.kinds[kind].baseAddress!, row: nil, step: stepOfKind?[kind] ?? 0)
                truth[kind] = holds(node, context, kind)
            }
            (tables + table).initialize(to: truth)
        }
    }

    deinit {
        operations.deallocate()
        for table in 0..<tableCount { tables[table].deallocate() }
        tables.deallocate()
    }

    /// Whether the expression is true for the event; not true where its value is no boolean.
    @inline(__always)
    func holds(kind: Int, _ context: EventContext) -> Bool { holds(root, context, kind) }

    /// The same for an event of whose kind `outlook` says that it can hold.
    @inline(__always)
    func holdsWherePossible(kind: Int, _ context: EventContext) -> Bool { holds(rest, context, kind) }

    /// Two fields of texts, of the event and of one bound before, that must be the same or must differ; all that is left of
    /// many conditions in patterns, and told without any of the rest.
    struct TextComparison {
        /// Place among a kind's symbols; `stepPlace` for the step.
        let own: Int
        let other: Int
        /// With the first event of the match; otherwise with the one just before.
        let isWithFirst: Bool
        let isSameWanted: Bool

        static let stepPlace = -1

        @inline(__always)
        func holds(_ event: UnsafePointer<EventContext>, _ bound: UnsafePointer<EventContext>) -> Bool {
            let symbol = own == Self.stepPlace ? event.pointee.step : event.pointee.kind[own]
            let boundSymbol = other == Self.stepPlace ? bound.pointee.step : bound.pointee.kind[other]
            return (symbol != 0 && symbol == boundSymbol) == isSameWanted
        }
    }

    /// nil where there is more to ask. An initiator that is absent is the customer, so it is not read off like this.
    var textComparison: TextComparison? {
        func place(_ column: Column) -> Int? {
            switch column {
            case .kind(let field): field == .initiator ? nil : field.rawValue
            case .step: TextComparison.stepPlace
            case .channelKind, .scalar: nil
            }
        }
        guard case .sameText(.current(let own), let bound, let isWanted) = operations[Int(rest)], let ownPlace = place(own) else {
            return nil
        }
        switch bound {
        case .first(let other):
            return place(other).map { TextComparison(own: ownPlace, other: $0, isWithFirst: true, isSameWanted: isWanted) }
        case .prev(let other):
            return place(other).map { TextComparison(own: ownPlace, other: $0, isWithFirst: false, isSameWanted: isWanted) }
        case .current, .gap, .nothing: return nil
        }
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
            let truth = tables[Int(table)][kind]
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

    private func holds(_ node: Int32, _ context: EventContext, _ kind: Int) -> Bool {
        switch operations[Int(node)] {
        case .kindTable(let table): return tables[Int(table)][kind]
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
            return apply(function, symbols.texts.bytes(of: symbol), symbols.texts.bytes(of: argument))
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

    private func value(_ node: Int32, _ context: EventContext, _ kind: Int) -> Value {
        switch operations[Int(node)] {
        case .constant(let value): value
        case .operand(let operand): value(operand, context)
        default: .boolean(holds(node, context, kind))
        }
    }

    private func value(_ operand: Operand, _ context: EventContext) -> Value {
        switch operand {
        case .current(let column): value(column, context)
        case .prev(let column): context.match.map { value(column, $0.pointee.prev.pointee) } ?? .absent
        case .first(let column): context.match.map { value(column, $0.pointee.first.pointee) } ?? .absent
        case .gap: context.match.map { .duration($0.pointee.gap) } ?? .absent
        case .nothing: .absent
        }
    }

    private func value(_ column: Column, _ context: EventContext) -> Value {
        guard case .scalar(let offset) = column else { return Self.text(textSymbol(column, context)) }
        guard let row = context.row else { return .absent }
        return symbols.value(of: Scalar(bits: row.load(fromByteOffset: offset, as: UInt32.self)))
    }

    /// The symbol of a field that is a text, 0 where it is absent.
    @inline(__always)
    private func textSymbol(_ column: Column, _ context: EventContext) -> UInt32 {
        switch column {
        case .kind(let field): symbols.symbol(field, of: context.kind)
        case .channelKind: symbols.channelKind(of: context.kind[KindField.channel.rawValue])
        case .step: context.step
        case .scalar: 0
        }
    }

    @inline(__always)
    private func textSymbol(_ operand: Operand, _ context: EventContext) -> UInt32 {
        switch operand {
        case .current(let column): textSymbol(column, context)
        case .prev(let column): context.match.map { textSymbol(column, $0.pointee.prev.pointee) } ?? 0
        case .first(let column): context.match.map { textSymbol(column, $0.pointee.first.pointee) } ?? 0
        case .gap, .nothing: 0
        }
    }

    private static func text(_ symbol: UInt32) -> Value { symbol == 0 ? .absent : .text(symbol) }

    /// Two values of the log with the same text and type are equal, whatever number the text means.
    private func isSameScalar(_ left: Int32, _ right: Int32, _ context: EventContext) -> Bool {
        guard case .operand(let one) = operations[Int(left)], case .operand(let other) = operations[Int(right)],
            let bits = scalar(one, context), bits == scalar(other, context)
        else { return false }
        let scalar = Scalar(bits: bits)
        return !scalar.isAbsent && scalar.type != .composite
    }

    private func scalar(_ operand: Operand, _ context: EventContext) -> UInt32? {
        switch operand {
        case .current(.scalar(let offset)): context.row?.load(fromByteOffset: offset, as: UInt32.self)
        case .prev(.scalar(let offset)): context.match?.pointee.prev.pointee.row?.load(fromByteOffset: offset, as: UInt32.self)
        case .first(.scalar(let offset)): context.match?.pointee.first.pointee.row?.load(fromByteOffset: offset, as: UInt32.self)
        default: nil
        }
    }

    /// An absent value, or one of another type, equals nothing.
    private func equal(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.text(let one), .text(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.boolean(let one), .boolean(let other)): one == other
        case (.duration(let one), .duration(let other)): one == other
        default: false
        }
    }

    private func compare(_ comparison: Expression.Comparison, _ left: Value, _ right: Value) -> Bool {
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

    private func apply(_ function: Expression.StringFunction, _ text: UnsafeRawBufferPointer, _ argument: UnsafeRawBufferPointer) -> Bool {
        guard argument.count <= text.count else { return false }
        guard let wanted = argument.baseAddress, argument.count > 0, let start = text.baseAddress else { return true }
        switch function {
        case .startsWith: return memcmp(start, wanted, argument.count) == 0
        case .endsWith: return memcmp(start + text.count - argument.count, wanted, argument.count) == 0
        case .contains:
            return (0...(text.count - argument.count)).contains { memcmp(start + $0, wanted, argument.count) == 0 }
        case .matches: return false  // compiled to `regex`
        }
    }
}
