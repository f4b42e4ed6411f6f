import Digests
import Testing

/// The examples of FIPS 180-4 and of NIST's test vectors.
@Suite struct SHA256Tests {
    private func digest(_ text: String) -> String { digest([Array(text.utf8)]) }

    private func digest(_ pieces: [[UInt8]]) -> String {
        var hash = SHA256()
        for piece in pieces { piece.withUnsafeBytes { hash.update($0) } }
        return hash.digest.hex
    }

    @Test func vectors() {
        #expect(digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        let million = Array(repeating: Array(repeating: UInt8(ascii: "a"), count: 1000), count: 1000)
        #expect(digest(million) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// Around the sizes at which a block or its padding fills up.
    @Test(arguments: [0, 1, 55, 56, 63, 64, 65, 119, 128, 200])
    func everySplitIsTheWhole(_ length: Int) {
        let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let whole = digest([message])
        for split in 0...length { #expect(digest([Array(message[..<split]), Array(message[split...])]) == whole, "split at \(split)") }
        #expect(digest(message.map { [$0] }) == whole)
    }

    @Test func aDigestLeavesTheHashOpen() {
        var hash = SHA256()
        Array("ab".utf8).withUnsafeBytes { hash.update($0) }
        let other = hash
        let early = hash.digest
        Array("c".utf8).withUnsafeBytes { hash.update($0) }
        #expect(hash.digest.hex == digest("abc"))
        #expect(other.digest == early && early.hex == digest("ab"))
    }
}

/// The test cases of RFC 4231; of case 5 the RFC gives the first 16 bytes.
@Suite struct HMACTests {
    private static let cases: [(key: [UInt8], message: [UInt8], code: String)] = [
        (
            Array(repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            Array(repeating: 0xAA, count: 20), Array(repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            Array(1...25), Array(repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (Array(repeating: 0x0C, count: 20), Array("Test With Truncation".utf8), "a3b6167473100ee06e0c796c2955552b"),
        (
            Array(repeating: 0xAA, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            Array(repeating: 0xAA, count: 131),
            Array(
                "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."
                    .utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ]

    @Test(arguments: cases.indices)
    func vectors(_ number: Int) {
        let (key, message, code) = Self.cases[number]
        let keyed = HMAC(HMACKey(key))
        // Twice: nothing of a message stays behind.
        for _ in 0..<2 { #expect(message.withUnsafeBytes { keyed.code($0) }.hex.hasPrefix(code)) }
    }

    @Test func prefixes() {
        let key = HMACKey(Array("key".utf8))
        for prefix in ["", "a", String(repeating: "p", count: 64)] {
            let prefixed = HMAC(key, prefix: prefix)
            for text in ["text", "", "text"] { #expect(prefixed.code(text) == key.code(prefix + text)) }
        }
    }

    /// A key of a whole block stands for itself, a longer one for its digest.
    @Test func keysAroundABlock() {
        let long = Array(repeating: UInt8(7), count: 65)
        var hash = SHA256()
        long.withUnsafeBytes { hash.update($0) }
        let short = withUnsafeBytes(of: hash.digest.words) { Array($0) }
        #expect(HMACKey(long).code("text") == HMACKey(short).code("text"))
        #expect(HMACKey(Array(long.prefix(64))).code("text") != HMACKey(Array(long.prefix(63))).code("text"))
        #expect(HMACKey(Array(long.prefix(63))).code("text") == HMACKey(Array(long.prefix(63)) + [0]).code("text"))
    }
}
