import Events
import TestSupport
import Testing

@Suite struct TupleTableTests {
    @Test(arguments: [1, 2, 3, 5, 8])
    func agreesWithADictionary(width: Int) {
        var random = SeededGenerator(seed: UInt64(width))
        let table = TupleTable(width: width, capacity: 2)
        var numbers: [[UInt32]: UInt32] = [:]
        for _ in 0..<6000 {
            let tuple = (0..<width).map { _ in UInt32(random.pick([0, 1, 2, 3, Int(UInt32.max)])) }
            let expected = numbers[tuple] ?? UInt32(numbers.count)
            numbers[tuple] = expected
            #expect(table.intern(tuple) == expected)
        }
        #expect(table.count == numbers.count)
        for (tuple, number) in numbers { #expect(table[Int(number)].elementsEqual(tuple)) }
    }

    @Test func absorbTranslatesSymbols() {
        let (mine, theirs) = (TupleTable(width: 2), TupleTable(width: 2))
        _ = mine.intern([10, 30])
        for tuple in [[1, 0], [1, 3], [0, 0], [3, 1]] as [[UInt32]] { _ = theirs.intern(tuple) }
        #expect(mine.absorb(theirs, symbols: [0, 10, 20, 30]) == [1, 0, 2, 3])
        #expect((0..<mine.count).map { Array(mine[$0]) } == [[10, 30], [10, 0], [0, 0], [30, 10]])
    }

    /// Filled and emptied again and again, with few tuples and with many, it numbers them as a new table does.
    @Test func emptiedItIsAsNew() {
        var random = SeededGenerator(seed: 7)
        let table = TupleTable(width: 2, capacity: 16)
        for size in [3, 0, 40, 5000, 1, 300, 5] {
            table.removeAll()
            let fresh = TupleTable(width: 2)
            for _ in 0..<size {
                let tuple = [UInt32.random(in: 0..<100, using: &random), UInt32.random(in: 0..<100, using: &random)]
                #expect(table.find(tuple) == fresh.find(tuple))
                #expect(table.intern(tuple) == fresh.intern(tuple))
            }
            #expect(table.count == fresh.count)
        }
    }
}
