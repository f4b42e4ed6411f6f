import Events

/// Reads the records of a line: one pass over the line, one over each element that is a record, and then the forms, on raw
/// bytes. Belongs to one worker.
///
/// Unsafe code: a value's address comes only from `address`, for a slot of the plan that this object was made from; it holds
/// for the object's life. The texts it points to live until the next record: in the block, or in the arena.
final class RecordReader {
    typealias Value = JSONScanner.Value
    typealias Address = UnsafeMutablePointer<Value>

    /// Of the line.
    let line: JSONScanner
    /// Texts that the last record's forms made.
    let arena = TextArena()
    private let isPlain: Bool

    private let documents: [JSONScanner]
    private let arrays: [Address]
    private let steps: [Step]
    private let made: UnsafeMutableBufferPointer<Value>
    private let constants = TextArena()

    private enum Step {
        case embedded(JSONScanner, text: Address)
        case element(JSONScanner, array: Address, conditions: [Value], into: Address)
        case first([Address], into: Address)
        case join([Address], separator: Value, into: Address)
        case change(Address, ValueChanger, into: Address)
    }

    init(_ plan: RecordPlan) {
        documents = plan.documents.map { document in
            JSONScanner(
                trie: FieldTrie(paths: document.paths.enumerated().map { ($0.element, $0.offset) }), slotCount: document.paths.count)
        }
        line = documents[0]
        isPlain = plan.isPlain
        made = .allocate(capacity: max(1, plan.madeCount))
        made.initialize(repeating: line.nothing)
        let (documents, made, constants) = (documents, made, constants)
        func address(_ slot: RecordPlan.Slot) -> Address { Self.address(slot, documents, made) }
        func constant(_ text: String) -> Value { Self.constant(text, .string, constants) }
        for (slot, given) in plan.constants { address(slot).pointee = Self.constant(given.text, given.type, constants) }
        arrays = plan.arrays.map(address)
        steps = plan.steps.map { step in
            switch step {
            case .embedded(let document, let text): .embedded(documents[document], text: address(text))
            case .element(let document, let array, let texts, let into):
                .element(documents[document], array: address(array), conditions: texts.map(constant), into: address(into))
            case .first(let slots, let into): .first(slots.map(address), into: address(into))
            case .join(let slots, let separator, let into):
                .join(slots.map(address), separator: constant(separator), into: address(into))
            case .change(let slot, let changes, let into):
                .change(address(slot), ValueChanger(changes, constant: constant), into: address(into))
            }
        }
    }

    deinit { made.deallocate() }

    func address(_ slot: RecordPlan.Slot) -> Address { Self.address(slot, documents, made) }

    private static func address(
        _ slot: RecordPlan.Slot, _ documents: [JSONScanner], _ made: UnsafeMutableBufferPointer<Value>
    ) -> Address {
        slot.document == RecordPlan.Slot.made ? made.baseAddress! + slot.index : documents[slot.document].values + slot.index
    }

    private static func constant(_ text: String, _ type: ScalarType, _ arena: TextArena) -> Value {
        var text = text
        return text.withUTF8 { bytes in
            let copy = arena.take(bytes.count)
            if let start = bytes.baseAddress { copy.initialize(from: start, count: bytes.count) }
            let kind: JSONScanner.Kind =
                switch type {
                case .string: .string
                case .number: .number
                case .boolean: .boolean
                case .composite: .composite
                }
            return Value(kind: kind, start: UnsafePointer(copy), count: bytes.count)
        }
    }

    /// Calls `body` for each record of the line that was scanned last, which is an object: for the line itself, or for each
    /// object in the arrays of `each`, in order. What `address` shows holds until `body` returns.
    func forEachRecord(_ body: () -> Void) { walk(0, body) }

    private func walk(_ level: Int, _ body: () -> Void) {
        guard level < arrays.count else {
            makeForms()
            return body()
        }
        let elements = documents[level + 1]
        elements.forEachElement(of: arrays[level].pointee) {
            walk(level + 1, body)
            return true
        }
    }

    /// Makes the forms of the record at hand, which ends the life of the texts of the record before. A line that is one record
    /// needs no more than this.
    @inline(__always)
    func makeForms() {
        if !isPlain { makeEach() }
    }

    private func makeEach() {
        arena.reset()
        for step in steps {
            switch step {
            case .embedded(let document, let text): read(text.pointee, document)
            case .element(let element, let array, let conditions, let into):
                into.pointee = find(element, in: array.pointee, conditions)
            case .first(let candidates, let into):
                into.pointee = candidates.first { $0.pointee.isThere }?.pointee ?? line.nothing
            case .join(let parts, let separator, let into): into.pointee = join(parts, separator)
            case .change(let value, let changer, let into): into.pointee = changer.apply(value.pointee, arena)
            }
        }
    }

    /// Reads a text as JSON; what is unsound, or no object, has nothing.
    private func read(_ value: Value, _ document: JSONScanner) {
        document.clear()
        guard value.kind == .string || value.kind == .escapedString, let text = value.asText(arena) else { return }
        let copy = arena.take(text.count + 1)
        // A line end is white space in JSON, but ends a scan; as a carriage return it is white space that does not.
        for place in 0..<text.count { copy[place] = text.start[place] == 10 ? 13 : text.start[place] }
        (copy + text.count).initialize(repeating: 0, count: TextBlock.padding)
        copy[text.count] = 10
        if document.scan(copy, end: copy + text.count) != .object { document.clear() }
    }

    private func find(_ element: JSONScanner, in array: Value, _ conditions: [Value]) -> Value {
        var found = line.nothing
        element.forEachElement(of: array) {
            for (place, wanted) in conditions.enumerated() {
                guard let text = element.values[place].asText(arena), text.count == wanted.count, text.bytes.elementsEqual(wanted.bytes)
                else { return true }
            }
            for place in conditions.count..<element.slotCount {
                let value = element.values[place]
                guard value.isThere, value.kind != .composite else { continue }
                found = value
                return false
            }
            return true
        }
        return found
    }

    private func join(_ parts: [Address], _ separator: Value) -> Value {
        var texts: [Value] = []
        for part in parts where part.pointee.isThere {
            if let text = part.pointee.asText(arena) { texts.append(text) }
        }
        guard let first = texts.first else { return line.nothing }
        if texts.count == 1 { return Value(kind: .string, start: first.start, count: first.count) }
        let joined = arena.take(texts.reduce(0) { $0 + $1.count } + (texts.count - 1) * separator.count)
        var count = 0
        func append(_ text: Value) {
            (joined + count).initialize(from: text.start, count: text.count)
            count += text.count
        }
        for (place, text) in texts.enumerated() {
            if place > 0 { append(separator) }
            append(text)
        }
        return Value(kind: .string, start: UnsafePointer(joined), count: count)
    }
}
