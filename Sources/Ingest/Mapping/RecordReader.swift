import Events

/// Reads the records of a line: one pass over the line, one over each element that is a record, and then the forms, on raw
/// bytes. Belongs to one worker.
///
/// A slot holds for this object's life. The texts that values point to live until the next record: in the block, or in the arena.
final class RecordReader {
    typealias Value = JSONScanner.Value

    /// Of the line.
    let line: JSONScanner
    /// Texts that the last record's forms made.
    let arena = TextArena()
    private let isPlain: Bool

    private let documents: [JSONScanner]
    private let arrays: [ValueSlot]
    private let steps: HeldObjects<Step>
    private let made: Slots<Value>
    private let constants = TextArena()

    /// One form that is made; an object, so that it can be held without a reference count.
    private final class Step {
        let form: Form
        init(_ form: Form) { self.form = form }
    }

    private enum Form {
        case embedded(JSONScanner, text: ValueSlot)
        case element(JSONScanner, array: ValueSlot, conditions: [Value], into: ValueSlot)
        case first([ValueSlot], into: ValueSlot)
        case join([ValueSlot], separator: Value, into: ValueSlot)
        case change(ValueSlot, ValueChanger, into: ValueSlot)
    }

    init(_ plan: RecordPlan) {
        documents = plan.documents.map { document in
            JSONScanner(
                trie: FieldTrie(paths: document.paths.enumerated().map { ($0.element, $0.offset) }), slotCount: document.paths.count)
        }
        line = documents[0]
        isPlain = plan.isPlain
        made = Slots(repeating: .nothing, count: plan.madeCount)
        let (documents, made, constants) = (documents, made, constants)
        func address(_ slot: RecordPlan.Slot) -> ValueSlot { Self.address(slot, documents, made) }
        func constant(_ text: String) -> Value { Self.constant(text, .string, constants) }
        for (slot, given) in plan.constants { address(slot).value = Self.constant(given.text, given.type, constants) }
        arrays = plan.arrays.map(address)
        func form(_ step: RecordPlan.Step) -> Form {
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
        steps = HeldObjects(plan.steps.map { Step(form($0)) })
    }

    deinit { made.release() }

    /// Whether any record had a key, or a place in an array, for the value of the slot.
    func wasMet(_ slot: RecordPlan.Slot) -> Bool { documents[slot.document].wasMet(slot.index) }

    func address(_ slot: RecordPlan.Slot) -> ValueSlot { Self.address(slot, documents, made) }

    private static func address(
        _ slot: RecordPlan.Slot, _ documents: [JSONScanner], _ made: Slots<Value>
    ) -> ValueSlot {
        ValueSlot(slot.document == RecordPlan.Slot.made ? made : documents[slot.document].values, slot.index)
    }

    private static func constant(_ text: String, _ type: ScalarType, _ arena: TextArena) -> Value {
        let kind: JSONScanner.Kind =
            switch type {
            case .string: .string
            case .number: .number
            case .boolean: .boolean
            case .composite: .composite
            }
        return Value(kind: kind, text: arena.keep(text.utf8))
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
        elements.forEachElement(of: arrays[level].value) {
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
        for step in steps.indices { steps.with(step) { make($0.form) } }
    }

    private func make(_ form: Form) {
        switch form {
        case .embedded(let document, let text): read(text.value, document)
        case .element(let element, let array, let conditions, let into):
            into.value = find(element, in: array.value, conditions)
        case .first(let candidates, let into):
            into.value = candidates.first { $0.value.isThere }?.value ?? Value.nothing
        case .join(let parts, let separator, let into): into.value = join(parts, separator)
        case .change(let value, let changer, let into): into.value = changer.apply(value.value, arena)
        }
    }

    /// Reads a text as JSON; what is unsound, or no object, has nothing.
    private func read(_ value: Value, _ document: JSONScanner) {
        document.clear()
        guard value.kind == .string || value.kind == .escapedString, let text = value.asText(arena) else { return }
        let (bytes, room) = (text.text.bytes, arena.take(text.text.count + 1))
        // A line end is white space in JSON, but ends a scan; as a carriage return it is white space that does not.
        for (place, byte) in bytes.enumerated() { room[place] = byte == 10 ? 13 : byte }
        room[bytes.count] = 10
        room.clear(bytes.count + 1..<room.count)
        let line = room.text(0..<room.count).start
        if document.scan(line, end: line + bytes.count) != .object { document.clear() }
    }

    private func find(_ element: JSONScanner, in array: Value, _ conditions: [Value]) -> Value {
        var found = Value.nothing
        element.forEachElement(of: array) {
            for (place, wanted) in conditions.enumerated() {
                guard let text = element.values[place].asText(arena), text.text.count == wanted.text.count,
                    text.text.bytes.elementsEqual(wanted.text.bytes)
                else { return true }
            }
            for place in conditions.count..<element.values.count {
                let value = element.values[place]
                guard value.isThere, value.kind != .composite else { continue }
                found = value
                return false
            }
            return true
        }
        return found
    }

    private func join(_ parts: [ValueSlot], _ separator: Value) -> Value {
        var texts: [Value] = []
        for part in parts where part.value.isThere {
            if let text = part.value.asText(arena) { texts.append(text) }
        }
        guard let first = texts.first else { return .nothing }
        if texts.count == 1 { return Value(text: first.text) }
        return Value(text: arena.keep(Array(texts.map(\.text.bytes).joined(separator: separator.text.bytes))))
    }
}

/// Where a value stands once a record is read.
struct ValueSlot {
    private let values: Slots<JSONScanner.Value>
    private let index: Int

    init(_ values: Slots<JSONScanner.Value>, _ index: Int) { (self.values, self.index) = (values, index) }

    @inline(__always)
    var value: JSONScanner.Value {
        get { values[index] }
        nonmutating set { values[index] = newValue }
    }
}

extension JSONScanner.Value {
    static var nothing: Self { .init(kind: .absent, text: Text(.nowhere, 0)) }
}
