/// The 32 bytes that SHA-256 and HMAC-SHA-256 give.
package struct Digest: Sendable, Hashable {
    package static let byteCount = 32
    package static let hexCount = 64

    /// The bytes as they lie in memory, eight to a number.
    package private(set) var words = SIMD4<UInt64>()

    /// `fill` writes all `byteCount` bytes.
    init(_ fill: (UnsafeMutablePointer<UInt8>) -> Void) {
        withUnsafeMutableBytes(of: &words) { fill($0.baseAddress!.assumingMemoryBound(to: UInt8.self)) }
    }

    /// 64 lower-case hexadecimal digits.
    package var hex: String {
        String(unsafeUninitializedCapacity: Self.hexCount) { buffer in
            writeHex(to: buffer.baseAddress!)
            return Self.hexCount
        }
    }

    /// Writes the same digits to memory that has room for `hexCount` bytes.
    package func writeHex(to text: UnsafeMutablePointer<UInt8>) {
        withUnsafeBytes(of: words) { bytes in
            for (index, byte) in bytes.enumerated() {
                text[2 * index] = Self.digit(byte >> 4)
                text[2 * index + 1] = Self.digit(byte & 0xF)
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }
}
