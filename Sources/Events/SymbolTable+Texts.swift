import Glibc

/// Texts as they are shown, and as they are put in order.
extension SymbolTable {
    /// The text of a symbol. A lone surrogate, which UTF-8 has no bytes for, shows as the escape it came from, so that
    /// texts that differ also show differently: they are keys of the tables.
    public func string(_ symbol: UInt32) -> String {
        let bytes = bytes(of: symbol)
        // Surrogates begin with ED, and few other characters do. To validate takes four times as long as to decode.
        guard bytes.contains(0xED) else { return String(decoding: bytes, as: UTF8.self) }
        return String(validating: bytes, as: UTF8.self) ?? Self.withEscapes(bytes)
    }

    private static func withEscapes(_ bytes: UnsafeRawBufferPointer) -> String {
        var shown: [UInt8] = []
        var index = 0
        while index < bytes.count {
            // ED A0 80 … ED BF BF: a surrogate's three bytes.
            if bytes[index] == 0xED, index + 2 < bytes.count, bytes[index + 1] >= 0xA0 {
                let unit = 0xD000 | Int(bytes[index + 1] & 0x3F) << 6 | Int(bytes[index + 2] & 0x3F)
                shown += Array("\\u\(String(unit, radix: 16))".utf8)
                index += 3
            } else {
                shown.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: shown, as: UTF8.self)
    }

    /// Whether `left` sorts before `right` in bytes; shorter first where one begins the other.
    public func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
        let one = bytes(of: left)
        let other = bytes(of: right)
        let order = memcmp(one.baseAddress!, other.baseAddress!, Swift.min(one.count, other.count))
        return order != 0 ? order < 0 : one.count < other.count
    }

    /// How many bytes the two texts have in common at their beginnings.
    public func commonPrefix(_ left: UInt32, _ right: UInt32) -> Int {
        let (one, other) = (bytes(of: left), bytes(of: right))
        var length = 0
        while length < one.count, length < other.count, one[length] == other[length] { length += 1 }
        return length
    }

    /// The eight bytes from a place on, as a number in their order; zeros behind the end.
    public func head(of symbol: UInt32, from place: Int) -> UInt64 {
        bytes(of: symbol).dropFirst(place).prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << UInt64(56 - 8 * $1.offset) }
    }

    /// Whether the text shows as it is: `string` has no other bytes.
    public func isExact(_ symbol: UInt32) -> Bool { String(validating: bytes(of: symbol), as: UTF8.self) != nil }
}
