/// HMAC-SHA-256 (RFC 2104) under one key, by two hashes that go on from where the key leaves them. With OpenSSL's own
/// (EVP_MAC) a run over a log that has an event id in every line takes 7 % longer.
///
/// Belongs to one worker, as every code is made in the same place; `HMACKey` is what workers share.
package final class HMAC {
    /// A key is filled up with zeros to a block; a longer one stands for its digest.
    private static let blockBytes = 64

    /// After the key, and the prefix of all messages.
    private let inner: Hash
    private let outer: Hash
    private let work = Hash()

    /// - Parameter prefix: what stands before every message.
    package init(_ key: HMACKey, prefix: String = "") {
        var block = key.bytes
        if block.count > Self.blockBytes {
            var hash = SHA256()
            block.withUnsafeBytes { hash.update($0) }
            block = withUnsafeBytes(of: hash.digest.words) { Array($0) }
        }
        block += [UInt8](repeating: 0, count: Self.blockBytes - block.count)
        func keyed(_ pad: UInt8) -> Hash {
            let hash = Hash()
            block.map { $0 ^ pad }.withUnsafeBytes { hash.update($0) }
            return hash
        }
        (inner, outer) = (keyed(0x36), keyed(0x5C))
        Array(prefix.utf8).withUnsafeBytes { inner.update($0) }
    }

    /// The code of a message.
    package func code(_ message: UnsafeRawBufferPointer) -> Digest {
        work.set(to: inner)
        work.update(message)
        let digest = work.finish()
        work.set(to: outer)
        withUnsafeBytes(of: digest.words) { work.update($0) }
        return work.finish()
    }

    package func code(_ text: String) -> Digest {
        var text = text
        return text.withUTF8 { code(UnsafeRawBufferPointer($0)) }
    }
}

/// The key of an `HMAC`.
package struct HMACKey: Sendable {
    fileprivate let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// One code; whoever needs many has an `HMAC`.
    package func code(_ text: String) -> Digest { HMAC(self).code(text) }
}
