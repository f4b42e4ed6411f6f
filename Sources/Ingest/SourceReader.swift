import Digests
import Events

/// Finds one source's fields in a scanned line and gives them as text. Belongs to one `EventReader`.
///
/// Unsafe code: the tables below are as long as the pipeline has identity types, kind fields and scalar columns, and
/// are asked only for those.
final class SourceReader {
    /// Where a field comes from: a slot of the scanner's values, or, where that is -1, a constant or nothing.
    struct Origin {
        var slot: Int32
        /// Of the constant in the reader's table of texts; 0 for none.
        var constant: UInt32
    }

    let scanner: JSONScanner
    let identifiers: UnsafeMutablePointer<Int32>
    let kinds: UnsafeMutablePointer<Origin>
    private let scalars: UnsafeMutablePointer<Origin>
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
        kinds = Self.table(
            kindFields.map { field in
                let constant = source.constants[field].flatMap { $0.isEmpty ? nil : texts.intern($0) }
                return Origin(slot: slot(field), constant: constant ?? 0)
            })
        identifiers = Self.table(source.identifiers.map { slot($0) })
        var constantTypes: [ScalarType] = []
        scalars = Self.table(
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
        let seed = Array(source.name.utf8).withUnsafeBytes { bytes in
            bytes.baseAddress.map { Fingerprint.of($0, bytes.count, seed: 1) } ?? 1
        }
        let eventIDKey = key.map { HMAC($0, prefix: source.name + "\0") }
        eventIDSeed = seed
        self.eventIDKey = eventIDKey
        eventIDConstant = source.constants[.eventID].map { constant in
            Array(constant.utf8 + [0]).withUnsafeBufferPointer {
                Self.fingerprint(($0.baseAddress!, $0.count - 1), seed: seed, key: eventIDKey)
            }
        }
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

    /// Whether a constant of the pipeline file reads as a JSON number.
    private static func isNumber(_ text: String) -> Bool {
        let scanner = JSONScanner(trie: FieldTrie(paths: []), slotCount: 0)
        var bytes = Array(text.utf8)
        guard let first = bytes.first, first == UInt8(ascii: "-") || first &- 48 < 10 else { return false }
        let count = bytes.count
        bytes += [10] + Array(repeating: 0, count: TextBlock.padding)
        return bytes.withUnsafeBufferPointer { scanner.scan($0.baseAddress!, end: $0.baseAddress! + count) } == .notAnObject
    }

    typealias Text = (start: UnsafePointer<UInt8>, count: Int)

    /// A value as text: a string's characters, a number's or word's own token; nil for null, objects and arrays.
    /// It lives until the next call with the same scratch memory, which holds at least a longest line.
    @inline(__always)
    func text(_ slot: Int32, _ scratch: UnsafeMutablePointer<UInt8>) -> Text? {
        let value = scanner.values[Int(slot)]
        switch value.kind {
        case .string, .number, .boolean: return (value.start, value.count)
        case .escapedString: return (UnsafePointer(scratch), JSONEscapes.decode(value.start, value.count, into: scratch))
        case .absent, .null, .composite: return nil
        }
    }

    /// nil: there is none. `.some(nil)`: there is something that is no time.
    @inline(__always)
    func time(_ scratch: UnsafeMutablePointer<UInt8>) -> EventTime?? {
        guard timeSlot >= 0 else { return timeConstant.map { TimeText.instant($0) } }
        let value = scanner.values[Int(timeSlot)]
        switch value.kind {
        case .absent, .null: return nil
        case .string: return .some(clock.parse(value.start, value.count))
        case .number: return .some(clock.parse(number: value.start, value.count))
        case .escapedString: return .some(clock.parse(scratch, JSONEscapes.decode(value.start, value.count, into: scratch)))
        case .boolean, .composite: return .some(nil)
        }
    }

    /// 128 bits that stand for source and event id; (0, 0) where there is none.
    @inline(__always)
    func eventID(_ scratch: UnsafeMutablePointer<UInt8>) -> (UInt64, UInt64) {
        guard eventIDSlot >= 0 else { return eventIDConstant ?? (0, 0) }
        guard let text = text(eventIDSlot, scratch) else { return (0, 0) }
        return Self.fingerprint(text, seed: eventIDSeed, key: eventIDKey)
    }

    @inline(__always)
    private static func fingerprint(_ text: Text, seed: UInt64, key: HMAC?) -> (UInt64, UInt64) {
        if let key {
            let words = key.code(UnsafeRawBufferPointer(start: text.start, count: text.count)).words
            return (words[0] | 1, words[1])
        }
        return (Fingerprint.of(text.start, text.count, seed: seed) | 1, Fingerprint.of(text.start, text.count, seed: ~seed))
    }

    /// A whole number, as number or text of digits; anything else counts as 0, like an absent one. A fraction is
    /// cut off, and sizes beyond 64 bits stop at the limit.
    func sequence(_ scratch: UnsafeMutablePointer<UInt8>) -> Int64 {
        guard sequenceSlot >= 0, let text = text(sequenceSlot, scratch) else { return 0 }
        let bytes = UnsafeBufferPointer(start: text.start, count: text.count)
        let isNumber = scanner.values[Int(sequenceSlot)].kind == .number
        guard isNumber || (!bytes.isEmpty && bytes.allSatisfy { $0 &- 48 < 10 }) else { return 0 }
        let decimal = Decimal(text.start, text.count)
        let size = min(decimal.truncated(timesTenTo: 0) ?? Int128(Int64.max), Int128(Int64.max))
        return decimal.isNegative ? -Int64(size) : Int64(size)
    }

    @inline(__always)
    func scalar(_ column: Int, _ texts: SymbolTable, _ scratch: UnsafeMutablePointer<UInt8>) -> Scalar {
        let origin = scalars[column]
        if origin.slot < 0 { return origin.constant == 0 ? .absent : Scalar(symbol: origin.constant, type: scalarConstantTypes[column]) }
        let value = scanner.values[Int(origin.slot)]
        let type: ScalarType
        switch value.kind {
        case .absent, .null: return .absent
        case .composite: return Scalar(symbol: texts.intern(value.start, 1), type: .composite)
        case .boolean: type = .boolean
        case .number: type = .number
        case .string, .escapedString: type = .string
        }
        guard let text = text(origin.slot, scratch) else { return .absent }
        return Scalar(symbol: texts.intern(text.start, text.count), type: type)
    }
}
