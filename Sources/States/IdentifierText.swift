import Events

/// Identifiers as bytes of a state. Most of them are numbers, digests and UUIDs, whose digits take half a byte each; what is none of
/// these is written as it is.
///
/// Unsafe code: bytes are read within the buffers that callers give.
enum IdentifierText {
    /// How a text is written. Stands in stored bytes, so a number never changes its meaning.
    private enum Form: Int {
        case plain = 0
        case lower, lowerOdd, lowerUUID
        case upper, upperOdd, upperUUID

        var isUpper: Bool { rawValue >= Form.upper.rawValue }
        var isOdd: Bool { self == .lowerOdd || self == .upperOdd }
        var isUUID: Bool { self == .lowerUUID || self == .upperUUID }
    }

    private static let formBits: UInt64 = 3
    /// Shorter ones gain nothing.
    private static let packedMin = 6
    private static let uuidCount = 36
    private static let dashes = [8, 13, 18, 23]
    private static let dash = UInt8(ascii: "-")

    /// - Parameter type: of the identifier.
    static func put(_ text: UnsafeRawBufferPointer, type: UInt8, to coder: inout ByteEncoder) {
        if text.count >= packedMin {
            for isUpper in [false, true] {
                guard let digits = digits(text, isUpper: isUpper) else { continue }
                let isUUID = digits.count < text.count
                let form: Form =
                    isUpper
                    ? isUUID ? .upperUUID : digits.count % 2 == 1 ? .upperOdd : .upper
                    : isUUID ? .lowerUUID : digits.count % 2 == 1 ? .lowerOdd : .lower
                coder.put(UInt64(type) << formBits | UInt64(form.rawValue))
                packed(digits).withUnsafeBytes { coder.put(text: $0) }
                return
            }
        }
        coder.put(UInt64(type) << formBits)
        coder.put(text: text)
    }

    /// Calls `body` with what `put` wrote. Throws `DamagedBytes`.
    static func take<Result>(_ decoder: inout ByteDecoder, typesMax: Int, _ body: (UnsafeRawBufferPointer, _ type: UInt8) -> Result) throws
        -> Result
    {
        let heading = try decoder.number(below: typesMax << Int(formBits))
        guard let form = Form(rawValue: heading & (1 << Int(formBits) - 1)) else { throw DamagedBytes() }
        let (type, bytes) = (UInt8(heading >> Int(formBits)), try decoder.text())
        if form == .plain { return body(bytes, type) }
        let letters = UInt8(ascii: form.isUpper ? "A" : "a") - 10
        var text: [UInt8] = []
        for byte in bytes {
            for digit in [byte >> 4, byte & 15] { text.append(digit + (digit < 10 ? UInt8(ascii: "0") : letters)) }
        }
        if form.isOdd { text.removeLast(min(1, text.count)) }
        if form.isUUID {
            guard text.count == uuidCount - dashes.count else { throw DamagedBytes() }
            for place in dashes { text.insert(dash, at: place) }
        }
        return text.withUnsafeBytes { body($0, type) }
    }

    /// The values of its digits, nil where it has others, or dashes that are not those of a UUID.
    private static func digits(_ text: UnsafeRawBufferPointer, isUpper: Bool) -> [UInt8]? {
        var digits: [UInt8] = []
        digits.reserveCapacity(text.count)
        let first = UInt8(ascii: isUpper ? "A" : "a")
        for (place, byte) in text.enumerated() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits.append(byte - UInt8(ascii: "0"))
            case first...first + 5: digits.append(byte - first + 10)
            case dash where text.count == uuidCount && dashes.contains(place): continue
            default: return nil
            }
        }
        return digits.count == text.count || digits.count == uuidCount - dashes.count && text.count == uuidCount ? digits : nil
    }

    private static func packed(_ digits: [UInt8]) -> [UInt8] {
        stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | ($0 + 1 < digits.count ? digits[$0 + 1] : 0) }
    }
}
