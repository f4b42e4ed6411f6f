import Events
@testable import States
import TestSupport
import Testing

@Suite struct CompressedBytesTests {
    @Test func bytesComeBack() throws {
        for count in [0, 1, 100, 300_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
            let compressed = CompressedBytes.compress(bytes)
            #expect(try compressed.withUnsafeBytes { try CompressedBytes.decompress($0) } == bytes)
            #expect(count < 1_000 || compressed.count < count / 10)
            for end in [0, compressed.count / 2, compressed.count - 1] {
                #expect(throws: DamagedBytes.self) { try compressed[..<end].withUnsafeBytes { try CompressedBytes.decompress($0) } }
            }
        }
    }
}

@Suite struct IdentifierTextTests {
    private func written(_ text: [UInt8], type: UInt8 = 5) -> [UInt8] {
        var coder = ByteEncoder()
        text.withUnsafeBytes { IdentifierText.put($0, type: type, to: &coder) }
        return coder.bytes
    }

    private func read(_ bytes: [UInt8]) throws -> (text: [UInt8], type: UInt8) {
        try bytes.withUnsafeBytes { bytes in
            var decoder = ByteDecoder(bytes)
            let found = try IdentifierText.take(&decoder, typesMax: 64) { (Array($0), $1) }
            guard decoder.isAtEnd else { throw DamagedBytes() }
            return found
        }
    }

    /// With the bytes they may take, their type and length included.
    @Test(arguments: [
        ("109007203501011895", 11), ("10900720350101189", 11), ("302271f1ea1beb2fac07396b62cb186f", 18),
        ("302271F1EA1BEB2FAC07396B62CB186F", 18),
        ("b22aabdd-9d63-40d5-a8c1-2ab8e595b57c", 18), ("B22AABDD-9D63-40D5-A8C1-2AB8E595B57C", 18), ("12345", 7), ("", 2),
        ("b22aabdd-9d63-40d5-a8c1-2ab8e595b57", 37), ("B22AABDD-9D63-40d5-A8C1-2AB8E595B57C", 38),
        ("b22aabdd9-d63-40d5-a8c1-2ab8e595b57c", 38),
        ("------------------------------------", 38), ("ck_b57aaf467378ac6e", 21), ("abcdeF", 8),
    ])
    func textsComeBack(text: String, bytesMax: Int) throws {
        let bytes = written(Array(text.utf8))
        let found = try read(bytes)
        #expect(found.text == Array(text.utf8) && found.type == 5)
        #expect(bytes.count <= bytesMax)
    }

    @Test func anyTextComesBack() throws {
        var random = SeededGenerator(seed: 5)
        for alphabet in ["0123456789", "0123456789abcdef", "0123456789ABCDEF", "0123456789abcdefABCDEF-", "\u{0}g-é"] {
            let letters = Array(alphabet.utf8)
            for _ in 0..<400 {
                let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in letters.randomElement(using: &random)! }
                let type = UInt8.random(in: 0..<64, using: &random)
                let found = try read(written(text, type: type))
                #expect(found.text == text && found.type == type)
            }
        }
    }

    @Test func whatIsNoneIsRefused() {
        // A form that is none, a UUID of too few digits, and what is cut off.
        for bytes in [[7, 0], [3, 1, 0x12], [1, 4, 0x12], []] as [[UInt8]] {
            #expect(throws: DamagedBytes.self) { try read(bytes) }
        }
    }
}
