import CCrypto

/// SHA-256 (FIPS 180-4), fed piece by piece. A value: copies go on by themselves, and nothing is allocated.
package struct SHA256: Sendable {
    private var context = SHA256_CTX()

    package init() { SHA256_Init(&context) }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) { SHA256_Update(&context, bytes.baseAddress, bytes.count) }

    package mutating func update(_ digest: Digest) { withUnsafeBytes(of: digest.words) { update($0) } }

    /// The digest of all bytes so far. The value stays open for more.
    package var digest: Digest {
        var copy = context
        return Digest { SHA256_Final($0, &copy) }
    }
}
