/// Text compared byte by byte. Swift's `String` takes "é" in its two spellings for one value; identifiers of
/// the rules are exact, and sorting is in byte order, so the reference holds text as UTF-8.
public struct ExactText: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let bytes: [UInt8]

    public init(bytes: [UInt8]) { self.bytes = bytes }
    public init(_ string: String) { bytes = Array(string.utf8) }
    public init(stringLiteral string: String) { bytes = Array(string.utf8) }

    public var description: String { String(decoding: bytes, as: UTF8.self) }

    public static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}
