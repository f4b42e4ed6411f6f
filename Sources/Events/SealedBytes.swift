/// Bytes that stand by themselves, wherever they are kept or sent: the first byte says what they hold, the second in which
/// version; the last sixteen say how many things were written and bear a checksum of everything before. What is cut off,
/// changed, or of another version is not read.
///
/// Unsafe code: what is read lies within the buffers that callers give; `open` checks their length first.
public enum SealedBytes {
    /// What sealed bytes hold. Stands in stored bytes, so a number never changes its meaning.
    public enum Kind: UInt8, Sendable {
        /// Cells of one shape and day.
        case cells = 1
        /// Events of identifiers that hang together.
        case rows = 2
        /// Names of persons who have frictions.
        case examples = 3
    }

    private static let trailerBytes = 16
    private static let seed: UInt64 = 0x73_6561_6C65_64

    /// An encoder that has put the beginning.
    public static func begin(_ kind: Kind, version: UInt8) -> ByteEncoder {
        var coder = ByteEncoder()
        coder.put(UInt64(kind.rawValue))
        coder.put(UInt64(version))
        return coder
    }

    /// Everything that was put, with its end.
    /// - Parameter count: of the things in it; `open` answers it.
    public static func seal(_ coder: ByteEncoder, count: Int) -> [UInt8] {
        var coder = coder
        coder.put(whole: UInt64(count))
        let sum = coder.bytes.withUnsafeBytes { checksum($0) }
        coder.put(whole: sum)
        return coder.bytes
    }

    /// A decoder of what lies between beginning and end, and how many things it holds. Throws `DamagedBytes`.
    /// - Complexity: O(bytes).
    public static func open(_ bytes: UnsafeRawBufferPointer, _ kind: Kind, version: UInt8) throws -> (decoder: ByteDecoder, count: Int) {
        guard bytes.count >= trailerBytes + 2, bytes[0] == kind.rawValue, bytes[1] == version else { throw DamagedBytes() }
        var trailer = ByteDecoder(UnsafeRawBufferPointer(rebasing: bytes.suffix(trailerBytes)))
        let (count, sum) = (try trailer.whole(), try trailer.whole())
        guard sum == checksum(UnsafeRawBufferPointer(rebasing: bytes.dropLast(8))), count <= UInt64(bytes.count) else {
            throw DamagedBytes()
        }
        return (ByteDecoder(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(2).dropLast(trailerBytes))), Int(count))
    }

    /// How many things sealed bytes say that they hold. Nothing is checked: it says how much room they will need, and no more.
    public static func countUnchecked(_ bytes: [UInt8]) -> Int {
        bytes.suffix(trailerBytes).prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) } & Int.max
    }

    private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 { Fingerprint.of(bytes.baseAddress!, bytes.count, seed: seed) }
}

/// The texts of sealed bytes while they are written: each is put once, and numbers stand for them, 0 for none.
public struct TextNumbers: Sendable {
    private var numbers: [UInt32: Int] = [:]
    private var symbols: [UInt32] = []

    public init() {}

    /// The number of a symbol's text.
    public mutating func number(of symbol: UInt32) -> Int {
        if symbol == 0 { return 0 }
        if let number = numbers[symbol] { return number }
        symbols.append(symbol)
        numbers[symbol] = symbols.count
        return symbols.count
    }

    /// Writes the texts, in order of their numbers.
    public func put(to coder: inout ByteEncoder, _ texts: SymbolTable) {
        coder.put(symbols.count)
        for symbol in symbols { coder.put(text: texts.bytes(of: symbol)) }
    }

    /// The symbols of texts that were written so, by number; of 0 it is 0. Throws `DamagedBytes`.
    public static func symbols(_ decoder: inout ByteDecoder, _ texts: SymbolTable) throws -> [UInt32] {
        var symbols: [UInt32] = [0]
        for _ in 0..<(try decoder.count()) { symbols.append(texts.intern(try decoder.text())) }
        return symbols
    }
}
