import Events
import TestSupport
import Testing

@testable import Ingest

/// Which fields records have, as sets that are remembered, against sets that are not.
@Suite struct FieldPresenceTests {
    @Test(arguments: [1, 5, 32, 33, 70])
    func setsAndCounts(fields: Int) {
        var random = SeededGenerator(seed: UInt64(fields))
        let values = Slots<JSONScanner.Value>(repeating: .nothing, count: fields)
        let checks = Slots((0..<fields).map { FieldPresence.Check(slot: ValueSlot(values, $0), field: Int32($0)) })
        defer {
            values.release()
            checks.release()
        }
        let presence = FieldPresence((0..<fields).map { "f\($0)" })
        // More sets than are remembered, and some again and again.
        let sets = (0..<2000).map { _ in (0..<fields).filter { _ in random.chance(percent: 40) } }
        var numbers: [[Int]: Int] = [:]
        for _ in 0..<3 {
            var expected = [Int64](repeating: 0, count: fields)
            for _ in 0..<3000 {
                let set = sets[random.chance(percent: 50) ? random.int(0...3) : random.int(0...1999)]
                for field in 0..<fields { values[field] = .nothing }
                for field in set { values[field].kind = .boolean }
                let number = presence.find(checks)
                #expect(numbers[set, default: number] == number)
                numbers[set] = number
                presence.count(number)
                for field in set { expected[field] += 1 }
            }
            #expect(presence.take() == expected)
        }
        #expect(Set(numbers.values).count == numbers.count)
    }
}
