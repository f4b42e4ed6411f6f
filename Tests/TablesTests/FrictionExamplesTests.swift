import Events
import TestSupport
import Testing

@testable import Tables

/// The names of a few who have a friction, against all names sorted.
@Suite struct FrictionExamplesTests {
    @Test(arguments: UInt64(0)..<30)
    func anyOrderAndDivision(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let limit = random.int(1...4)
        var shares = (0..<3).map { _ in FrictionExamples(limit: limit) }
        var all: [[Int]: Set<String>] = [:]
        for _ in 0..<random.int(0...60) {
            let (type, friction) = (random.int(0...1), random.int(0...2))
            let name = random.pick(["customer:", "device:é", ""]) + String(random.int(0...12))
            all[[type, friction], default: []].insert(name)
            shares[random.int(0...2)].add(Array(name.utf8), type: UInt32(type), friction: UInt32(friction))
        }
        var (sum, other) = (FrictionExamples(limit: limit), FrictionExamples(limit: limit))
        for share in shares { sum.absorb(share) }
        // Each share by way of its bytes, the last first.
        for share in shares.reversed() { other.absorb(try share.encode().withUnsafeBytes { try FrictionExamples(decoding: $0) }) }
        #expect(sum == other && sum.encode() == other.encode())
        for type in 0...1 {
            for friction in 0...2 {
                let sorted = (all[[type, friction]] ?? []).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
                #expect(sum.names(ofType: type, friction: friction) == Array(sorted.prefix(limit)))
            }
        }
    }

    /// Any byte that is another is noticed, and so is any end that is missing.
    @Test func damage() throws {
        var examples = FrictionExamples(limit: 3)
        for name in ["b", "a", "c", "d"] { examples.add(Array(name.utf8), type: 1, friction: 2) }
        let bytes = examples.encode()
        #expect(try bytes.withUnsafeBytes { try FrictionExamples(decoding: $0) } == examples)
        for place in bytes.indices {
            var spoilt = bytes
            spoilt[place] ^= 1
            #expect(throws: DamagedBytes.self) { try spoilt.withUnsafeBytes { try FrictionExamples(decoding: $0) } }
            #expect(throws: DamagedBytes.self) { try bytes[..<place].withUnsafeBytes { try FrictionExamples(decoding: $0) } }
        }
    }
}
