import TestSupport
import Testing

@testable import Events

/// Texts and tuples that were chosen to meet at one place of a table do not, as what brings them together is a secret.
/// Probes are counted, as a table's memory shows them, and not timed.
@Suite struct CraftedCollisionTests {
    /// The secret of a hash that everybody knows.
    private static let known = HashSeed(first: Fingerprint.prime0, second: Fingerprint.prime1)
    /// One of those that a process may draw.
    private static let drawn = HashSeed(first: 0x1F83_D9AB_FB41_BD6B, second: 0x5BE0_CD19_137E_2179)
    private static let count = 800
    /// So many texts lie in a table of so many places.
    private static let places: UInt64 = 2048

    private static func hash(_ text: String, _ seed: HashSeed, tag: UInt8 = 0) -> UInt64 {
        var text = text
        return text.withUTF8 { seed.hash($0.baseAddress!, $0.count, tag: tag) }
    }

    /// Texts whose hash leads to one of the first places.
    private static let texts: [String] = {
        var texts: [String] = []
        var number = 0
        while texts.count < count {
            number += 1
            let text = "customer-\(number)"
            if hash(text, known) % places < 8 { texts.append(text) }
        }
        return texts
    }()

    private static let tuples: [[UInt32]] = {
        var tuples: [[UInt32]] = []
        var number: UInt32 = 0
        while tuples.count < count {
            number += 1
            let tuple = [number % 1000, number / 1000 + 1]
            if known.hash(tuple, 2) % places < 8 { tuples.append(tuple) }
        }
        return tuples
    }()

    /// Places that are looked at when every text of the table is looked up once.
    private func probes(_ table: SymbolTable) -> Int {
        var probes = 0
        for place in 0...table.mask where table.slots[place].key != 0 {
            let symbol = UInt32(truncatingIfNeeded: table.slots[place].key)
            let bytes = table.bytes(of: symbol)
            let home = Int(truncatingIfNeeded: table.hash(bytes.baseAddress!, bytes.count, tag: table.tag(of: symbol)))
            probes += (place - home) & table.mask + 1
        }
        return probes
    }

    private func probes(_ table: TupleTable) -> Int {
        var probes = 0
        for place in 0...table.mask where table.slots[place] != 0 {
            let home = Int(truncatingIfNeeded: table.seed.hash(table[Int(table.slots[place]) - 1].baseAddress!, table.width))
            probes += (place - home) & table.mask + 1
        }
        return probes
    }

    @Test func textsOfOnePlace() {
        func filled(_ table: SymbolTable) -> SymbolTable {
            for text in Self.texts { _ = table.intern(text) }
            #expect(table.count == Self.count && table.mask == Int(Self.places) - 1)
            return table
        }
        // Half of them stand before each, which shows that they were chosen well.
        #expect(probes(filled(SymbolTable(seed: Self.known))) > Self.count * Self.count / 4)
        let table = filled(SymbolTable(seed: Self.drawn))
        #expect(probes(table) < 4 * Self.count)
        // Nor do they meet where one table takes in another.
        let other = SymbolTable(seed: Self.drawn)
        _ = other.absorb(table)
        #expect(probes(other) < 4 * Self.count)
    }

    @Test func tuplesOfOnePlace() {
        func filled(_ table: TupleTable) -> TupleTable {
            for tuple in Self.tuples { _ = table.intern(tuple) }
            #expect(table.count == Self.count && table.mask == Int(Self.places) - 1)
            return table
        }
        #expect(probes(filled(TupleTable(width: 2, seed: Self.known))) > Self.count * Self.count / 4)
        #expect(probes(filled(TupleTable(width: 2, seed: Self.drawn))) < 4 * Self.count)
    }

    /// The same text of another type, or one that makes up for the other type, meets none of the first.
    @Test func tagsAreNoPartOfTheText() {
        var seen: Set<UInt64> = []
        for tag in UInt8(0)..<64 {
            for last in UInt8(0)..<64 { seen.insert(Self.hash("aaaaaaaabbbbbbb" + String(UnicodeScalar(64 + last)), Self.drawn, tag: tag)) }
        }
        #expect(seen.count == 64 * 64)
    }

    @Test func tablesHaveTheSeedOfTheProcess() {
        #expect(SymbolTable().seed != Self.known && TupleTable(width: 1).seed != Self.known)
    }

    /// A process draws its seed; whatever it is, entries are numbered in order of first sight.
    @Test(arguments: [HashSeed(first: 0, second: 0), known, HashSeed(first: .max, second: 1), .ofProcess])
    func numbersDependOnNoSeed(_ seed: HashSeed) {
        let (texts, tuples) = (SymbolTable(capacity: 1, seed: seed), TupleTable(width: 2, capacity: 1, seed: seed))
        for (place, text) in Self.texts.enumerated() {
            #expect(texts.intern(text) == UInt32(place + 1) && texts.find(text) == UInt32(place + 1))
            #expect(tuples.intern(Self.tuples[place]) == UInt32(place))
        }
        #expect(texts.find("nobody") == 0)
    }

    /// A state finds its identifiers by this number: it can never change.
    @Test func hashesOfAKnownSeedAreFixed() {
        let texts = ["", "a", "abcd", "customer-42", "customer-42@example.org"]
        #expect(texts.map { Self.hash($0 + "", Self.drawn, tag: 3) } == Self.pinned)
    }

    private static let pinned: [UInt64] = [
        16_615_837_389_358_904_783, 4_519_955_096_612_954_744, 15_554_158_719_768_008_643, 3_661_999_739_900_951_083,
        8_621_449_186_529_943_853,
    ]
}
