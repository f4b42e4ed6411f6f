import Digests
import Events

/// One mapping of a source: where in a record its fields stand, and what they say. Belongs to one `EventReader`.
///
/// Unsafe code: addresses come from the record's reader and hold for its life; the tables are as long as the pipeline has
/// identity columns, kind fields and scalar columns, and are asked only for those.
final class RecordFields {
    typealias Value = JSONScanner.Value
    typealias Address = RecordReader.Address

    /// Where a field comes from: a value, or, where there is none, a constant or nothing.
    struct Origin {
        var value: Address?
        /// Of the constant in the reader's table of texts; 0 for none.
        var constant: UInt32
        var constantType = ScalarType.string
    }

    /// By identity column.
    let identifiers: UnsafeMutablePointer<Address?>
    /// By identity column: where else the id may stand. Empty where no column has more than one place.
    let otherIdentifiers: [[Address]]
    let kinds: UnsafeMutablePointer<Origin>
    let condition: RecordCondition?
    private let scalars: UnsafeMutablePointer<Origin>
    private var clock: TimeText
    private let time: Address?
    private let precision: Microseconds
    private let eventID: Address?
    private let eventIDSeed: UInt64
    /// With a key, fingerprints cannot be guessed back; nil: those of the text itself.
    private let eventIDKey: HMAC?
    private let keepsLast: Bool
    private let sequence: Address?

    /// The slots of a mapping's fields, before it is known where they lie.
    struct Slots {
        var fields: [SourceField: RecordPlan.Slot] = [:]
        var identifiers: [[RecordPlan.Slot]]
        var scalars: [RecordPlan.Slot?]
        var attributes: [String: RecordPlan.Slot]

        init(_ mapping: RecordMapping, hasCondition: Bool, _ plan: inout RecordPlan) {
            for field in SourceField.allCases {
                if let form = mapping.fields[field] { fields[field] = plan.slot(form) }
            }
            identifiers = mapping.identifiers.map { forms in forms.map { plan.slot($0) } }
            scalars = mapping.scalars.map { form in form.map { plan.slot($0) } }
            attributes = hasCondition ? mapping.attributes.mapValues { plan.slot($0) } : [:]
        }
    }

    init(_ slots: Slots, _ mapping: RecordMapping, source: SourcePlan, record: RecordReader, texts: SymbolTable, key: HMACKey?) {
        func address(_ field: SourceField) -> Address? { slots.fields[field].map(record.address) }
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
        kinds = Self.table(kindFields.map { origin(mapping.fields[$0], slots.fields[$0]) })
        identifiers = Self.table(slots.identifiers.map { $0.first.map(record.address) })
        let others = slots.identifiers.map { $0.dropFirst().map(record.address) }
        otherIdentifiers = others.allSatisfy(\.isEmpty) ? [] : others
        scalars = Self.table(zip(mapping.scalars, slots.scalars).map { origin($0, $1) })
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
        clock = TimeText(zone: source.zone, numberZone: source.numberZone, unit: mapping.fields[.time]?.unit ?? source.timeUnit)
        precision = source.precision
        keepsLast = source.keepsLast
        eventIDSeed = Array(source.name.utf8).withUnsafeBytes { bytes in
            bytes.baseAddress.map { Fingerprint.of($0, bytes.count, seed: 1) } ?? 1
        }
        eventIDKey = key.map { HMAC($0, prefix: source.name + "\0") }
    }

    deinit {
        kinds.deallocate()
        identifiers.deallocate()
        scalars.deallocate()
    }

    private static func table<Element>(_ values: [Element]) -> UnsafeMutablePointer<Element> {
        let table = UnsafeMutablePointer<Element>.allocate(capacity: max(1, values.count))
        table.initialize(from: values, count: values.count)
        return table
    }

    typealias Text = (start: UnsafePointer<UInt8>, count: Int)

    /// A value as text: a string's characters, a number's or word's own token; nil for null, objects and arrays.
    /// It lives until the next call with the same scratch memory, which holds at least a longest line.
    @inline(__always)
    func text(_ address: Address, _ scratch: UnsafeMutablePointer<UInt8>) -> Text? {
        let value = address.pointee
        switch value.kind {
        case .string, .number, .boolean: return (value.start, value.count)
        case .escapedString: return (UnsafePointer(scratch), JSONEscapes.decode(value.start, value.count, into: scratch))
        case .absent, .null, .composite: return nil
        }
    }

    var hasTime: Bool { time?.pointee.isThere ?? false }

    /// How many times the source's clocks show twice or skip were read.
    var uncertainTimes: Int64 { clock.uncertainTimes }

    /// nil: there is none. `.some(nil)`: there is something that is no time.
    @inline(__always)
    func time(_ scratch: UnsafeMutablePointer<UInt8>) -> EventTime?? {
        guard let value = time?.pointee else { return nil }
        let found: EventTime?
        switch value.kind {
        case .absent, .null: return nil
        case .string: found = clock.parse(value.start, value.count)
        case .number: found = clock.parse(number: value.start, value.count)
        case .escapedString: found = clock.parse(scratch, JSONEscapes.decode(value.start, value.count, into: scratch))
        case .boolean, .composite: return .some(nil)
        }
        guard precision > 1, let found else { return .some(found) }
        let part = found % precision
        return .some(found - (part < 0 ? part + precision : part) + precision - 1)
    }

    /// 128 bits that stand for source and event id; (0, 0) where there is none.
    @inline(__always)
    func eventID(_ scratch: UnsafeMutablePointer<UInt8>) -> (UInt64, UInt64) {
        guard let eventID, let text = text(eventID, scratch), text.count > 0 else { return (0, 0) }
        let words = fingerprint(text)
        return (EventID.word(words.0, keepsLast: keepsLast), words.1)
    }

    private func fingerprint(_ text: Text) -> (UInt64, UInt64) {
        guard let eventIDKey else {
            return (
                Fingerprint.of(text.start, text.count, seed: eventIDSeed), Fingerprint.of(text.start, text.count, seed: ~eventIDSeed)
            )
        }
        let words = eventIDKey.code(UnsafeRawBufferPointer(start: text.start, count: text.count)).words
        return (words[0], words[1])
    }

    /// A whole number, as number or text of digits; anything else counts as 0, like an absent one. Sizes beyond 64 bits stop
    /// at the limit.
    func sequence(_ scratch: UnsafeMutablePointer<UInt8>) -> Int64 {
        guard let sequence, let text = text(sequence, scratch) else { return 0 }
        let bytes = UnsafeBufferPointer(start: text.start, count: text.count)
        let digits = sequence.pointee.kind == .number && bytes.first == UInt8(ascii: "-") ? bytes[1...] : bytes[...]
        guard !digits.isEmpty, digits.allSatisfy({ $0 &- 48 < 10 }) else { return 0 }
        let decimal = Decimal(text.start, text.count)
        let size = min(decimal.truncated(timesTenTo: 0) ?? Int128(Int64.max), Int128(Int64.max))
        return decimal.isNegative ? -Int64(size) : Int64(size)
    }

    @inline(__always)
    func scalar(_ column: Int, _ texts: SymbolTable, _ scratch: UnsafeMutablePointer<UInt8>) -> Scalar {
        let origin = scalars[column]
        guard let address = origin.value else {
            return origin.constant == 0 ? .absent : Scalar(symbol: origin.constant, type: origin.constantType)
        }
        let value = address.pointee
        let type: ScalarType
        switch value.kind {
        case .absent, .null: return .absent
        case .composite: return Scalar(symbol: texts.intern(value.start, 1), type: .composite)
        case .boolean: type = .boolean
        case .number: type = .number
        case .string, .escapedString: type = .string
        }
        guard let text = text(address, scratch) else { return .absent }
        return Scalar(symbol: texts.intern(text.start, text.count), type: type)
    }
}
