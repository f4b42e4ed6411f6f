import Digests
import Events

/// Finds one source's fields in a scanned line and gives them as text. Belongs to one `EventReader`.
final class SourceReader {
    /// Where a field comes from: a slot of the scanner's values, or, where that is -1, a constant or nothing.
    struct Origin {
        var slot: Int32
        /// Of the constant in the reader's table of texts; 0 for none.
        var constant: UInt32
    }

    let scanner: JSONScanner
    /// By identity type, kind field and scalar column.
    let identifiers: Slots<Int32>
    let kinds: Slots<Origin>
    private let scalars: Slots<Origin>
    private let scalarConstantTypes: [ScalarType]
    private var clock: TimeText
    private let timeSlot: Int32
    private let timeConstant: String?
    private let eventIDSlot: Int32
    private let eventIDConstant: (UInt64, UInt64)?
    private let eventIDSeed: UInt64
    /// With a key, fingerprints cannot be guessed back; nil: those of the text itself.
    private let eventIDKey: HMAC?
    private let sequenceSlot: Int32

    init(source: SourcePlan, texts: SymbolTable, key: HMACKey?) {
        var paths: [(path: FieldPath, slot: Int)] = []
        func slot(_ path: FieldPath?) -> Int32 {
            guard let path else { return -1 }
            paths.append((path, paths.count))
            return Int32(paths.count - 1)
        }
        func slot(_ field: SourceField) -> Int32 { source.constants[field] == nil ? slot(source.paths[field]) : -1 }
        let kindFields: [SourceField] = [.channel, .touchpoint, .action, .outcome, .initiator]
        timeSlot = slot(.time)
        timeConstant = source.constants[.time]
        eventIDSlot = slot(.eventID)
        sequenceSlot = slot(.sequence)
        kinds = Slots(
            kindFields.map { field in
                let constant = source.constants[field].flatMap { $0.isEmpty ? nil : texts.intern($0) }
                return Origin(slot: slot(field), constant: constant ?? 0)
            })
        identifiers = Slots(source.identifiers.map { slot($0) })
        var constantTypes: [ScalarType] = []
        scalars = Slots(
            source.scalars.map { scalar in
                constantTypes.append(.string)
                switch scalar {
                case .path(let path): return Origin(slot: slot(path), constant: 0)
                case .constant(let text):
                    constantTypes[constantTypes.count - 1] = Self.isNumber(text) ? .number : .string
                    return Origin(slot: -1, constant: texts.intern(text))
                case nil: return Origin(slot: -1, constant: 0)
                }
            })
        scalarConstantTypes = constantTypes
        scanner = JSONScanner(trie: FieldTrie(paths: paths), slotCount: paths.count)
        clock = TimeText(zone: source.zone, unit: source.timeUnit)
        let seed = Text.with(Array(source.name.utf8)) { Fingerprint.of($0, seed: 1) }
        let eventIDKey = key.map { HMAC($0, prefix: source.name + "\0") }
        eventIDSeed = seed
        self.eventIDKey = eventIDKey
        eventIDConstant = source.constants[.eventID].map { constant in
            Text.with(Array(constant.utf8)) { Self.fingerprint($0, seed: seed, key: eventIDKey) }
        }
    }

    deinit {
        kinds.release()
        identifiers.release()
        scalars.release()
    }

    /// Whether a constant of the pipeline file reads as a JSON number.
    private static func isNumber(_ text: String) -> Bool {
        let scanner = JSONScanner(trie: FieldTrie(paths: []), slotCount: 0)
        var bytes = Array(text.utf8)
        guard let first = bytes.first, first == UInt8(ascii: "-") || first &- 48 < 10 else { return false }
        let count = bytes.count
        bytes += [10] + Array(repeating: 0, count: TextBlock.padding)
        return Text.with(bytes) { scanner.scan($0.start, end: $0.start + count) } == .notAnObject
    }

    /// A value as text: a string's characters, a number's or word's own token; nil for null, objects and arrays.
    /// It lives until the next call with the same scratch memory, which holds at least a longest line.
    @inline(__always)
    func text(_ slot: Int32, _ scratch: ByteRoom) -> Text? {
        let value = scanner.values[Int(slot)]
        switch value.kind {
        case .string, .number, .boolean: return value.text
        case .escapedString: return JSONEscapes.decode(value.text, into: scratch)
        case .absent, .null, .composite: return nil
        }
    }

    /// nil: there is none. `.some(nil)`: there is something that is no time.
    @inline(__always)
    func time(_ scratch: ByteRoom) -> EventTime?? {
        guard timeSlot >= 0 else { return timeConstant.map { TimeText.instant($0) } }
        let value = scanner.values[Int(timeSlot)]
        switch value.kind {
        case .absent, .null: return nil
        case .string: return .some(clock.parse(value.text))
        case .number: return .some(clock.parse(number: value.text))
        case .escapedString: return .some(clock.parse(JSONEscapes.decode(value.text, into: scratch)))
        case .boolean, .composite: return .some(nil)
        }
    }

    /// 128 bits that stand for source and event id; (0, 0) where there is none.
    @inline(__always)
    func eventID(_ scratch: ByteRoom) -> (UInt64, UInt64) {
        guard eventIDSlot >= 0 else { return eventIDConstant ?? (0, 0) }
        guard let text = text(eventIDSlot, scratch) else { return (0, 0) }
        return Self.fingerprint(text, seed: eventIDSeed, key: eventIDKey)
    }

    @inline(__always)
    private static func fingerprint(_ text: Text, seed: UInt64, key: HMAC?) -> (UInt64, UInt64) {
        if let key {
            let words = key.code(text.bytes).words
            return (words[0] | 1, words[1])
        }
        return (Fingerprint.of(text, seed: seed) | 1, Fingerprint.of(text, seed: ~seed))
    }

    /// A whole number, as number or text of digits; anything else counts as 0, like an absent one. A fraction is
    /// cut off, and sizes beyond 64 bits stop at the limit.
    func sequence(_ scratch: ByteRoom) -> Int64 {
        guard sequenceSlot >= 0, let text = text(sequenceSlot, scratch) else { return 0 }
        let isNumber = scanner.values[Int(sequenceSlot)].kind == .number
        guard isNumber || (text.count > 0 && text.bytes.allSatisfy { $0 &- 48 < 10 }) else { return 0 }
        let decimal = Decimal(text)
        let size = min(decimal.truncated(timesTenTo: 0) ?? Int128(Int64.max), Int128(Int64.max))
        return decimal.isNegative ? -Int64(size) : Int64(size)
    }

    @inline(__always)
    func scalar(_ column: Int, _ texts: SymbolTable, _ scratch: ByteRoom) -> Scalar {
        let origin = scalars[column]
        if origin.slot < 0 { return origin.constant == 0 ? .absent : Scalar(symbol: origin.constant, type: scalarConstantTypes[column]) }
        let value = scanner.values[Int(origin.slot)]
        let type: ScalarType
        switch value.kind {
        case .absent, .null: return .absent
        case .composite: return Scalar(symbol: texts.intern(Text(value.text.start, 1)), type: .composite)
        case .boolean: type = .boolean
        case .number: type = .number
        case .string, .escapedString: type = .string
        }
        guard let text = text(origin.slot, scratch) else { return .absent }
        return Scalar(symbol: texts.intern(text), type: type)
    }
}
