/// HMAC-SHA-256 (RFC 2104) of one key. The key is taken in once; each code after that costs two blocks for a short
/// message, and allocates nothing.
package struct HMAC: Sendable {
    /// A key is filled up with zeros to a block; a longer one stands for its digest.
    private static let blockBytes = 64

    /// What both hashes are after the key, before the message.
    private var inner: SHA256
    private let outer: SHA256

    package init(key: UnsafeRawBufferPointer) {
        var block = [UInt8](repeating: 0, count: Self.blockBytes)
        if key.count > Self.blockBytes {
            var hash = SHA256()
            hash.update(key)
            withUnsafeBytes(of: hash.digest.words) { block.replaceSubrange(0..<$0.count, with: $0) }
        } else {
            block.replaceSubrange(0..<key.count, with: key)
        }
        func keyed(_ pad: UInt8) -> SHA256 {
            var hash = SHA256()
            block.map { $0 ^ pad }.withUnsafeBytes { hash.update($0) }
            return hash
        }
        inner = keyed(0x36)
        outer = keyed(0x5C)
    }

    package init(key: [UInt8]) { self = key.withUnsafeBytes { HMAC(key: $0) } }

    /// The code of a message.
    package func code(_ message: UnsafeRawBufferPointer) -> Digest {
        var (first, second) = (inner, outer)
        first.update(message)
        second.update(first.digest)
        return second.digest
    }

    /// As this one, of messages that begin with the given text.
    package func prefixed(_ text: String) -> HMAC {
        var (text, prefixed) = (text, self)
        text.withUTF8 { prefixed.inner.update(UnsafeRawBufferPointer($0)) }
        return prefixed
    }

    package func code(_ text: String) -> Digest {
        var text = text
        return text.withUTF8 { code(UnsafeRawBufferPointer($0)) }
    }
}
