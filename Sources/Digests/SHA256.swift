import CCrypto

/// SHA-256 (FIPS 180-4), fed piece by piece. A value: copies go on by themselves.
package struct SHA256: Sendable {
    private var hash = Hash()

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        if !isKnownUniquelyReferenced(&hash) { hash = Hash(as: hash) }
        hash.update(bytes)
    }

    /// The digest of all bytes so far. The value stays open for more.
    package var digest: Digest { Hash(as: hash).finish() }
}

/// A SHA-256 under way in OpenSSL's memory.
final class Hash: @unchecked Sendable {  // changed only while one value or worker has it
    private let context: OpaquePointer

    init() {
        context = Self.made(EVP_MD_CTX_new())
        Self.check(EVP_DigestInit_ex(context, EVP_sha256(), nil))
    }

    convenience init(as other: Hash) {
        self.init()
        set(to: other)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Stands where the other one stands.
    func set(to other: Hash) { Self.check(EVP_MD_CTX_copy_ex(context, other.context)) }

    func update(_ bytes: UnsafeRawBufferPointer) { Self.check(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)) }

    /// Afterwards it is good for nothing but `set`.
    func finish() -> Digest { Digest { Self.check(EVP_DigestFinal_ex(context, $0, nil)) } }

    private static let failure = "OpenSSL cannot compute SHA-256: out of memory, or configured without it"

    private static func made(_ context: OpaquePointer?) -> OpaquePointer {
        guard let context else { fatalError(failure) }
        return context
    }

    @inline(__always)
    private static func check(_ status: Int32) {
        if status != 1 { fatalError(failure) }
    }
}
