package import Events
package import Expressions
import Glibc

/// What the symbols in rows mean: the merged tables, and what the pipeline says of channels and scalars.
///
/// Unsafe code: only where C reads a text, whose length is said or whose end is marked.
package final class EventSymbols: @unchecked Sendable {  // frozen before the fold begins
    package let texts: SymbolTable
    package let kinds: TupleTable
    /// Byte offsets in a row of `value` and of the attributes that are kept.
    let scalarOffsets: [EventField: Int]
    private let customer: UInt32
    private let agent: UInt32
    private var channelKinds: [UInt32: UInt32] = [:]
    /// For expressions that do not ask for the touchpoint, of which there may be as many as lines.
    let alikeBesideTouchpoint: AlikeKinds
    /// By pattern. A rule is compiled for each journey type, its regular expressions once.
    private var regexes: [String: RegularExpression] = [:]

    /// - Parameter scalars: in the order of the row's scalar columns.
    package init(texts: SymbolTable, kinds: TupleTable, channels: [ChannelDefinition], scalars: [EventField], layout: RowLayout) {
        self.texts = texts
        self.kinds = kinds
        scalarOffsets = Dictionary(uniqueKeysWithValues: scalars.enumerated().map { ($0.element, layout.scalarOffset + 4 * $0.offset) })
        customer = texts.intern("customer")
        agent = texts.intern("agent")
        alikeBesideTouchpoint = AlikeKinds(kinds, beside: .touchpoint)
        for channel in channels {
            if let kind = channel.kind { channelKinds[texts.intern(channel.name)] = texts.intern(kind.rawValue) }
        }
    }

    /// The compiled pattern, the same one for the same text; only while expressions are compiled.
    func regex(_ pattern: String) throws(RegularExpression.Invalid) -> RegularExpression {
        if let known = regexes[pattern] { return known }
        let made = try RegularExpression(pattern)
        regexes[pattern] = made
        return made
    }

    func kind(_ number: Int) -> KindSymbols { KindSymbols(number, of: kinds) }

    /// 0 where absent; an initiator that is absent is the customer.
    @inline(__always)
    func symbol(_ field: KindField, of kind: KindSymbols) -> UInt32 {
        let symbol = kind[field]
        return symbol == 0 && field == .initiator ? customer : symbol
    }

    func isAgent(_ kind: KindSymbols) -> Bool { symbol(.initiator, of: kind) == agent }

    func isCustomer(_ kind: KindSymbols) -> Bool { symbol(.initiator, of: kind) == customer }

    func channelKind(of channel: UInt32) -> UInt32 { channelKinds[channel] ?? 0 }

    func value(of scalar: Scalar) -> Value {
        guard !scalar.isAbsent else { return .absent }
        switch scalar.type {
        case .string: return .text(scalar.symbol)
        case .boolean: return .boolean(texts.bytes(of: scalar.symbol).first == UInt8(ascii: "t"))
        case .composite: return .composite
        case .number: return .number(number(texts.bytes(of: scalar.symbol)))
        }
    }

    /// The number that a JSON token means, as a 64-bit float. Short whole numbers need no library.
    private func number(_ text: UnsafeRawBufferPointer) -> Double {
        if text.count <= 15, text.allSatisfy({ $0 &- 48 < 10 }) {
            return Double(text.reduce(0) { $0 * 10 + Int($1 - 48) })
        }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: text.count + 1) { copy in
            for (index, byte) in text.enumerated() { copy[index] = CChar(bitPattern: byte) }
            copy[text.count] = 0
            return strtod(copy.baseAddress!, nil)
        }
    }
}

/// Which kinds differ in one field at most, and so are the same to whoever does not look at it.
struct AlikeKinds {
    /// By kind: the number of its group.
    let groups: [UInt32]
    /// By group: one of its kinds.
    let firsts: [Int]

    /// O(kinds).
    init(_ kinds: TupleTable, beside field: KindField) {
        let others = TupleTable(width: kinds.width)
        var (groups, firsts) = ([UInt32](), [Int]())
        groups.reserveCapacity(kinds.count)
        var fields = [UInt32](repeating: 0, count: kinds.width)
        for kind in 0..<kinds.count {
            for place in fields.indices where place != field.rawValue { fields[place] = kinds[kind][place] }
            let group = others.intern(fields)
            if Int(group) == firsts.count { firsts.append(kind) }
            groups.append(group)
        }
        (self.groups, self.firsts) = (groups, firsts)
    }
}
