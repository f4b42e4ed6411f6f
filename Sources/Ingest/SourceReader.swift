import Events

/// Finds one source's fields in a scanned line and gives them as text. Slot numbers are those of the scanner's
/// values, -1 where the source does not have the field.
final class SourceReader {
    let scanner: JSONScanner
    let identifierSlots: [Int]
    let kindSlots: [Int]
    let kindConstants: [String?]
    private var clock: TimeText
    private let timeSlot: Int
    private let timeConstant: String?
    private let eventIDSlot: Int
    private let eventIDConstant: String?
    private let sequenceSlot: Int
    private let scalarSlots: [Int]
    private let scalarConstants: [String?]
    private let eventIDSeed: UInt64

    init(source: SourcePlan, plan: ReadPlan) {
        var paths: [(path: FieldPath, slot: Int)] = []
        func slot(_ path: FieldPath?) -> Int {
            guard let path else { return -1 }
            paths.append((path, paths.count))
            return paths.count - 1
        }
        func slot(_ field: SourceField) -> Int { source.constants[field] == nil ? slot(source.paths[field]) : -1 }
        let kindFields: [SourceField] = [.channel, .touchpoint, .action, .outcome, .initiator]
        timeSlot = slot(.time)
        timeConstant = source.constants[.time]
        eventIDSlot = slot(.eventID)
        eventIDConstant = source.constants[.eventID]
        sequenceSlot = slot(.sequence)
        kindSlots = kindFields.map { slot($0) }
        kindConstants = kindFields.map { field in source.constants[field].flatMap { $0.isEmpty ? nil : $0 } }
        identifierSlots = source.identifiers.map { slot($0) }
        scalarSlots = source.scalars.map { scalar in
            if case .path(let path) = scalar { slot(path) } else { -1 }
        }
        scalarConstants = source.scalars.map { scalar in
            if case .constant(let text) = scalar { text } else { nil }
        }
        scanner = JSONScanner(trie: FieldTrie(paths: paths), slotCount: paths.count)
        clock = TimeText(zone: source.zone, unit: source.timeUnit)
        eventIDSeed = Array(source.name.utf8).withUnsafeBytes { Fingerprint.of($0.baseAddress!, $0.count, seed: 1) }
    }

    typealias Text = (start: UnsafePointer<UInt8>, count: Int)

    /// A value as text: a string's characters, a number's or word's own token; nil for null, objects and arrays.
    /// It lives until the next call with the same scratch memory, which holds at least a longest line.
    @inline(__always)
    func text(_ slot: Int, _ scratch: UnsafeMutablePointer<UInt8>) -> Text? {
        let value = scanner.values[slot]
        switch value.kind {
        case .string, .number, .boolean: return (value.start, value.count)
        case .escapedString: return (UnsafePointer(scratch), JSONEscapes.decode(value.start, value.count, into: scratch))
        case .absent, .null, .composite: return nil
        }
    }

    /// nil: there is none. `.some(nil)`: there is something that is no time.
    @inline(__always)
    func time() -> EventTime?? {
        if let timeConstant { return .some(Array(timeConstant.utf8).withUnsafeBufferPointer { parse($0) }) }
        let value = timeSlot < 0 ? nil : scanner.values[timeSlot]
        guard let value else { return nil }
        switch value.kind {
        case .absent, .null: return nil
        case .string: return .some(clock.parse(value.start, value.count))
        case .number: return .some(clock.parse(number: value.start, value.count))
        case .escapedString:
            // `12:00:00+02:00` may come with escapes; rare enough for memory of its own.
            return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: value.count) { buffer in
                .some(clock.parse(buffer.baseAddress!, JSONEscapes.decode(value.start, value.count, into: buffer.baseAddress!)))
            }
        case .boolean, .composite: return .some(nil)
        }
    }

    /// A constant time is a text in the pipeline file, so it may be either form.
    private func parse(_ text: UnsafeBufferPointer<UInt8>) -> EventTime? {
        guard let start = text.baseAddress else { return nil }
        let isNumber = text.allSatisfy { $0 &- 48 < 10 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") } && text.count < 19
        return isNumber ? clock.parse(number: start, text.count) : clock.parse(start, text.count)
    }

    /// 128 bits that stand for source and event id; (0, 0) where there is none.
    @inline(__always)
    func eventID(_ scratch: UnsafeMutablePointer<UInt8>) -> (UInt64, UInt64) {
        if let eventIDConstant {
            return Array(eventIDConstant.utf8).withUnsafeBufferPointer { text in
                text.baseAddress.map { fingerprint(($0, text.count)) } ?? (0, 0)
            }
        }
        guard eventIDSlot >= 0, let text = text(eventIDSlot, scratch) else { return (0, 0) }
        return fingerprint(text)
    }

    @inline(__always)
    private func fingerprint(_ text: Text) -> (UInt64, UInt64) {
        let first = Fingerprint.of(text.start, text.count, seed: eventIDSeed)
        return (first | 1, Fingerprint.of(text.start, text.count, seed: ~eventIDSeed))
    }

    /// A whole number, as number or text of digits; anything else counts as 0, like an absent one. A fraction is
    /// cut off, and sizes beyond 64 bits stop at the limit.
    func sequence(_ scratch: UnsafeMutablePointer<UInt8>) -> Int64 {
        guard sequenceSlot >= 0, let text = text(sequenceSlot, scratch) else { return 0 }
        let bytes = UnsafeBufferPointer(start: text.start, count: text.count)
        guard scanner.values[sequenceSlot].kind == .number || (!bytes.isEmpty && bytes.allSatisfy { $0 &- 48 < 10 }) else { return 0 }
        let decimal = Decimal(text.start, text.count)
        let size = min(decimal.truncated(timesTenTo: 0) ?? Int128(Int64.max), Int128(Int64.max))
        return decimal.isNegative ? -Int64(size) : Int64(size)
    }

    @inline(__always)
    func scalar(_ column: Int, _ texts: SymbolTable, _ scratch: UnsafeMutablePointer<UInt8>) -> Scalar {
        let slot = scalarSlots[column]
        if slot < 0 { return scalarConstants[column].map { Scalar(symbol: texts.intern($0), type: .string) } ?? .absent }
        let value = scanner.values[slot]
        switch value.kind {
        case .absent, .null: return .absent
        case .composite: return Scalar(symbol: texts.intern(UnsafeRawPointer(value.start), 1), type: .composite)
        case .boolean: return Scalar(symbol: texts.intern(UnsafeRawPointer(value.start), value.count), type: .boolean)
        case .number: return Scalar(symbol: texts.intern(UnsafeRawPointer(value.start), value.count), type: .number)
        case .string, .escapedString:
            guard let text = text(slot, scratch) else { return .absent }
            return Scalar(symbol: texts.intern(UnsafeRawPointer(text.start), text.count), type: .string)
        }
    }
}
