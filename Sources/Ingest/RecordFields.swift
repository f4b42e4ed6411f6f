import Digests
import Events

/// One mapping of a source: where in a record its fields stand, and what they say. Belongs to one `EventReader`.
///
/// Slots come from the record's reader and hold for its life.
final class RecordFields {
    typealias Value = JSONScanner.Value

    /// Where a field comes from: a value, or, where there is none, a constant or nothing.
    struct Origin {
        var value: ValueSlot?
        /// Of the constant in the reader's table of texts; 0 for none.
        var constant: UInt32
        var constantType = ScalarType.string
    }

    /// By identity column.
    let identifiers: Slots<ValueSlot?>
    /// By identity column: where else the id may stand. Empty where no column has more than one place.
    let otherIdentifiers: [[ValueSlot]]
    let kinds: Slots<Origin>
    let condition: RecordCondition?
    private let scalars: Slots<Origin>
    private var clock: TimeText
    private let time: ValueSlot?
    private let precision: Microseconds
    private let eventID: ValueSlot?
    private let eventIDSeed: UInt64
    /// With a key, fingerprints cannot be guessed back; nil: those of the text itself.
    private let eventIDKey: HMAC?
    private let keepsLast: Bool
    private let sequence: ValueSlot?
    /// Of all that the mapping has.
    let checks: Slots<FieldPresence.Check>

    /// The slots of a mapping's fields, before it is known where they lie.
    struct Places {
        var fields: [SourceField: RecordPlan.Slot] = [:]
        var identifiers: [[RecordPlan.Slot]]
        var scalars: [RecordPlan.Slot?]
        var attributes: [String: RecordPlan.Slot]
        var named: [(name: String, slots: [RecordPlan.Slot])]

        init(_ mapping: RecordMapping, hasCondition: Bool, _ plan: inout RecordPlan) {
            for field in SourceField.allCases {
                if let form = mapping.fields[field] { fields[field] = plan.slot(form) }
            }
            identifiers = mapping.identifiers.map { forms in forms.map { plan.slot($0) } }
            scalars = mapping.scalars.map { form in form.map { plan.slot($0) } }
            attributes = hasCondition ? mapping.attributes.mapValues { plan.slot($0) } : [:]
            named = mapping.named.map { field in (field.name, field.forms.map { plan.slot($0) }) }
        }
    }

    /// - Parameter fields: by name, in bytes: its place among the source's.
    init(
        _ slots: Places, _ mapping: RecordMapping, source: SourcePlan, fields: [[UInt8]: Int], record: RecordReader, texts: SymbolTable,
        key: HMACKey?
    ) {
        func address(_ field: SourceField) -> ValueSlot? { slots.fields[field].map(record.address) }
        /// A constant is a symbol at once.
        func origin(_ form: FieldForm?, _ slot: RecordPlan.Slot?) -> Origin {
            if let form, form.changes.isEmpty, case .constant(let constant) = form.origin {
                return Origin(value: nil, constant: constant.text.isEmpty ? 0 : texts.intern(constant.text), constantType: constant.type)
            }
            return Origin(value: slot.map(record.address), constant: 0)
        }
        time = address(.time)
        eventID = address(.eventID)
        sequence = address(.sequence)
        let kindFields: [SourceField] = [.channel, .touchpoint, .action, .outcome, .initiator]
        // Behind them the source's name (`EventKind`).
        let name = Origin(value: nil, constant: texts.intern(source.name))
        kinds = Slots(kindFields.map { origin(mapping.fields[$0], slots.fields[$0]) } + [name])
        identifiers = Slots(slots.identifiers.map { $0.first.map(record.address) })
        let others = slots.identifiers.map { $0.dropFirst().map(record.address) }
        otherIdentifiers = others.allSatisfy(\.isEmpty) ? [] : others
        scalars = Slots(zip(mapping.scalars, slots.scalars).map { origin($0, $1) })
        condition = source.condition.map { condition in
            RecordCondition(condition, channelKinds: source.channelKinds, arena: record.arena) { field in
                switch field {
                case .channel, .channelKind: address(.channel)
                case .touchpoint: address(.touchpoint)
                case .action: address(.action)
                case .outcome: address(.outcome)
                case .initiator: address(.initiator)
                case .value: address(.value)
                case .attribute(let name): slots.attributes[name].map(record.address)
                case .step: nil
                }
            }
        }
        checks = Slots(
            slots.named.flatMap { field in
                field.slots.map { .init(slot: record.address($0), field: Int32(fields[Array(field.name.utf8)]!)) }
            })
        clock = TimeText(zone: source.zone, numberZone: source.numberZone, unit: mapping.fields[.time]?.unit ?? source.timeUnit)
        precision = source.precision
        keepsLast = source.keepsLast
        eventIDSeed = Text.with(Array(source.name.utf8)) { Fingerprint.of($0, seed: 1) }
        eventIDKey = key.map { HMAC($0, prefix: source.name + "\0") }
    }

    deinit {
        kinds.release()
        identifiers.release()
        scalars.release()
        checks.release()
    }

    /// A value as text: a string's characters, a number's or word's own token; nil for null, objects and arrays.
    /// It lives until the next call with the same scratch memory, which holds at least a longest line.
    @inline(__always)
    func text(_ slot: ValueSlot, _ scratch: ByteRoom) -> Text? {
        let value = slot.value
        switch value.kind {
        case .string, .number, .boolean: return value.text
        case .escapedString: return JSONEscapes.decode(value.text, into: scratch)
        case .absent, .null, .composite: return nil
        }
    }

    var hasTime: Bool { time?.value.isThere ?? false }

    /// How many times the source's clocks show twice or skip were read.
    var uncertainTimes: Int64 { clock.uncertainTimes }

    /// nil: there is none. `.some(nil)`: there is something that is no time.
    @inline(__always)
    func time(_ scratch: ByteRoom) -> EventTime?? {
        guard let value = time?.value else { return nil }
        let found: EventTime?
        switch value.kind {
        case .absent, .null: return nil
        case .string: found = clock.parse(value.text)
        case .number: found = clock.parse(number: value.text)
        case .escapedString: found = clock.parse(JSONEscapes.decode(value.text, into: scratch))
        case .boolean, .composite: return .some(nil)
        }
        guard precision > 1, let found else { return .some(found) }
        let part = found % precision
        return .some(found - (part < 0 ? part + precision : part) + precision - 1)
    }

    /// 64 bits that stand for source and event id (`EventID`); 0 where there is none.
    @inline(__always)
    func eventID(_ scratch: ByteRoom) -> UInt64 {
        guard let eventID, let text = text(eventID, scratch), text.count > 0 else { return 0 }
        let fingerprint = eventIDKey?.code(text.bytes).words[0] ?? Fingerprint.of(text, seed: eventIDSeed)
        return EventID.word(fingerprint, keepsLast: keepsLast)
    }

    /// A whole number, as number or text of digits; anything else counts as 0, like an absent one. Sizes beyond 64 bits stop
    /// at the limit.
    func sequence(_ scratch: ByteRoom) -> Int64 {
        guard let sequence, let text = text(sequence, scratch) else { return 0 }
        let bytes = text.bytes
        let digits = sequence.value.kind == .number && bytes.first == UInt8(ascii: "-") ? bytes[1...] : bytes[...]
        guard !digits.isEmpty, digits.allSatisfy({ $0 &- 48 < 10 }) else { return 0 }
        let decimal = Decimal(text)
        let size = min(decimal.truncated(timesTenTo: 0) ?? Int128(Int64.max), Int128(Int64.max))
        return decimal.isNegative ? -Int64(size) : Int64(size)
    }

    @inline(__always)
    func scalar(_ column: Int, _ texts: SymbolTable, _ scratch: ByteRoom) -> Scalar {
        let origin = scalars[column]
        guard let address = origin.value else {
            return origin.constant == 0 ? .absent : Scalar(symbol: origin.constant, type: origin.constantType)
        }
        let value = address.value
        let type: ScalarType
        switch value.kind {
        case .absent, .null: return .absent
        case .composite: return Scalar(symbol: texts.intern(Text(value.text.start, 1)), type: .composite)
        case .boolean: type = .boolean
        case .number: type = .number
        case .string, .escapedString: type = .string
        }
        guard let text = text(address, scratch) else { return .absent }
        return Scalar(symbol: texts.intern(text), type: type)
    }
}
