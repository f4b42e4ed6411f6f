import Events
import TestSupport
import Testing

@Suite struct SymbolTableTests {
    private struct Key: Hashable {
        var bytes: [UInt8]
        var tag: UInt8
    }

    private func randomKey(_ random: inout SeededGenerator) -> Key {
        // Few letters and few lengths, so that many come again; now and then a long one.
        let count = random.chance(percent: 2) ? random.int(0...6000) : random.int(0...20)
        return Key(bytes: (0..<count).map { _ in UInt8(random.int(97...98)) }, tag: UInt8(random.int(0...2)))
    }

    private func intern(_ key: Key, _ table: SymbolTable) -> UInt32 {
        (key.bytes + [0]).withUnsafeBytes { table.intern($0.baseAddress!, key.bytes.count, tag: key.tag) }
    }

    private func find(_ key: Key, _ table: SymbolTable) -> UInt32 {
        (key.bytes + [0]).withUnsafeBytes { table.find($0.baseAddress!, key.bytes.count, tag: key.tag) }
    }

    @Test(arguments: [1, 64, 5000])
    func agreesWithADictionary(capacity: Int) {
        var random = SeededGenerator(seed: UInt64(capacity))
        let table = SymbolTable(capacity: capacity)
        var numbers: [Key: UInt32] = [:]
        for _ in 0..<8000 {
            let key = randomKey(&random)
            #expect(find(key, table) == numbers[key] ?? 0)
            let expected = numbers[key] ?? UInt32(numbers.count + 1)
            numbers[key] = expected
            #expect(intern(key, table) == expected)
        }
        #expect(table.count == numbers.count)
        for (key, number) in numbers {
            #expect(table.bytes(of: number).elementsEqual(key.bytes) && table.tag(of: number) == key.tag)
        }
    }

    @Test func twoSpellingsOfOneLetterAreTwoTexts() {
        let table = SymbolTable()
        #expect(table.intern("\u{E9}") == 1)
        #expect(table.intern("e\u{301}") == 2)
        #expect(table.find("\u{E9}") == 1 && table.find("e") == 0)
        #expect(table.intern("") == 3 && table.string(3).isEmpty)
    }

    @Test func precedesIsByteOrder() {
        let table = SymbolTable()
        let texts = ["", "a", "ab", "b", "Z", "\u{E9}", "e\u{301}", "\u{FFFF}", "😀", "a\0", "a\u{7F}"]
        for one in texts {
            for other in texts {
                let expected = one.utf8.lexicographicallyPrecedes(other.utf8)
                #expect(table.precedes(table.intern(one), table.intern(other)) == expected, "\(one) \(other)")
            }
        }
    }

    @Test func absorbNumbersTheOthersTexts() {
        var random = SeededGenerator(seed: 4)
        let (mine, theirs) = (SymbolTable(), SymbolTable())
        for _ in 0..<500 { _ = intern(randomKey(&random), mine) }
        let before = mine.count
        for _ in 0..<500 { _ = intern(randomKey(&random), theirs) }
        let numbers = mine.absorb(theirs)
        #expect(numbers.count == theirs.count + 1 && numbers[0] == 0)
        #expect(mine.count > before && Set(numbers.dropFirst()).count == theirs.count)
        for symbol in 1...UInt32(theirs.count) {
            let number = numbers[Int(symbol)]
            #expect(mine.bytes(of: number).elementsEqual(theirs.bytes(of: symbol)))
            #expect(mine.tag(of: number) == theirs.tag(of: symbol))
        }
    }

    /// Filled and emptied again and again, with few texts and with many, it numbers them as a new table does.
    @Test func emptiedItIsAsNew() {
        var random = SeededGenerator(seed: 5)
        let table = SymbolTable(capacity: 16)
        for size in [3, 0, 40, 2000, 1, 300, 5] {
            table.removeAll()
            #expect(table.count == 0)
            let fresh = SymbolTable()
            let keys = (0..<size).map { _ in randomKey(&random) }
            for key in keys { #expect(intern(key, table) == intern(key, fresh)) }
            #expect(table.count == fresh.count)
            for symbol in 1..<UInt32(table.count + 1) {
                #expect(table.bytes(of: symbol).elementsEqual(fresh.bytes(of: symbol)) && table.tag(of: symbol) == fresh.tag(of: symbol))
            }
        }
    }

    /// Without what they are found by, texts are what they were, in less memory.
    @Test func withoutSlotsSymbolsStay() {
        var random = SeededGenerator(seed: 6)
        let (table, whole) = (SymbolTable(), SymbolTable())
        for _ in 0..<500 {
            let key = randomKey(&random)
            #expect(intern(key, table) == intern(key, whole))
        }
        table.letGoOfSlots()
        #expect(table.memoryBytes < whole.memoryBytes && table.count == whole.count)
        for symbol in 1...UInt32(whole.count) {
            #expect(table.bytes(of: symbol).elementsEqual(whole.bytes(of: symbol)) && table.tag(of: symbol) == whole.tag(of: symbol))
        }
    }

    /// Texts are keys of tables: what differs in bytes must not show alike.
    @Test func loneSurrogatesShowAsEscapes() {
        let table = SymbolTable()
        func shown(_ bytes: [UInt8]) -> String { table.string(intern(Key(bytes: bytes, tag: 0), table)) }
        #expect(shown([0x61, 0xED, 0xA0, 0x80]) == "a\\ud800")
        #expect(shown([0xED, 0xBF, 0xBF, 0xC3, 0xA9]) == "\\udfffé")
        #expect(shown(Array("한😀".utf8)) == "한😀")
    }
}
