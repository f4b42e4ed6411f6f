import Events
import TestSupport
import Testing

@Suite struct FingerprintTests {
    private func hash(_ bytes: [UInt8], seed: UInt64 = 0) -> UInt64 {
        (bytes + [0]).withUnsafeBytes { Fingerprint.of($0.baseAddress!, bytes.count, seed: seed) }
    }

    /// Right before a page that must not be touched: one byte too many would end the run. The byte before is changed
    /// between the two calls, so one too few at the front would show.
    @Test(arguments: [UInt64(0), 1, 7, ~1])
    func readsExactlyItsBytes(seed: UInt64) {
        let memory = GuardedMemory(capacity: 128)
        var random = SeededGenerator(seed: seed)
        for count in 0...64 {
            let bytes = (0..<count).map { _ in UInt8(random.int(0...255)) }
            let one = memory.place([0] + bytes)
            let first = Fingerprint.of(one.baseAddress! + 1, count, seed: seed)
            let other = memory.place([255] + bytes)
            #expect(Fingerprint.of(other.baseAddress! + 1, count, seed: seed) == first)
            #expect(hash(bytes, seed: seed) == first)
        }
    }

    @Test func everyBitAndTheLengthAndTheSeedCount() {
        for count in 0...64 {
            let bytes = (0..<count).map { UInt8($0) }
            var seen: Set<UInt64> = [hash(bytes)]
            for bit in 0..<(count * 8) {
                var changed = bytes
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                seen.insert(hash(changed))
            }
            seen.insert(hash(bytes + [0]))
            #expect(seen.count == count * 8 + 2, "length \(count)")
            // A seed differs from other seeds, not from other texts: it is mixed in like the last bytes are.
            #expect(Set((UInt64(0)...16).map { hash(bytes, seed: $0) }).count == 17)
        }
    }

    @Test func wordsDifferByValuePlaceAndCount() {
        var seen: Set<UInt64> = []
        var tuples = 0
        for count in 0...5 {
            for place in 0..<max(1, count) {
                for value in UInt32(1)...20 {
                    var words = [UInt32](repeating: 0, count: count)
                    if count > 0 { words[place] = value } else if value > 1 { continue }
                    seen.insert(HashSeed(first: 0x1F83_D9AB_FB41_BD6B, second: 0x5BE0_CD19_137E_2179).hash(words + [0], count))
                    tuples += 1
                }
            }
        }
        #expect(seen.count == tuples)
    }

    /// Event ids are told apart by this number in the state between runs: it can never change.
    @Test func theNumbersAreFixed() {
        let known = ["": hash([]), "a": hash(Array("a".utf8)), "customer-42": hash(Array("customer-42".utf8), seed: 1)]
        #expect(known == FingerprintTests.pinned)
    }

    private static let pinned: [String: UInt64] = [
        "": 4_808_886_099_364_463_827, "a": 7_852_112_099_385_141_351, "customer-42": 5_942_769_809_970_486_250,
    ]
}
