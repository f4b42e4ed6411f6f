import Events
import TestSupport
import Testing

@testable import Tables

@Suite struct CellTableTests {
    /// Counters and values of cells as dictionaries.
    private struct Plain: Equatable {
        var counters: [CellKey: [Int64]] = [:]
        var values: [CellKey: [[UInt32: Int64]]] = [:]

        init() {}

        init(_ table: CellTable) {
            for cell in 0..<table.count { counters[table.key(of: cell)] = (0..<3).map { table.counter($0, of: cell) } }
            table.forEachDistribution { cell, measure, buckets in
                let found = Dictionary(uniqueKeysWithValues: buckets.map { (table.entry($0).bucket, table.entry($0).count) })
                values[table.key(of: cell), default: [[:], [:]]][measure] = found
            }
        }

        mutating func add(_ other: Plain) {
            for (key, counts) in other.counters { counters[key] = zip(counters[key] ?? [0, 0, 0], counts).map { $0 + $1 } }
            for (key, measures) in other.values {
                values[key] = zip(values[key] ?? [[:], [:]], measures).map { $0.merging($1) { $0 + $1 } }
            }
        }
    }

    private enum Counter: Int, CellCounter { case one, two, three }

    private static let shape = CellShape("tested", Counter.self, persons: .two, measures: 2, texts: [0])

    /// Fills a table and the dictionaries alike.
    private func filled(seed: UInt64, actions: Int) -> (table: CellTable, plain: Plain) {
        var random = SeededGenerator(seed: seed)
        let table = CellTable(Self.shape)
        var plain = Plain()
        let keys = random.int(1...300)
        for _ in 0..<actions {
            let key = CellKey(type: UInt32(random.int(0...3)), UInt32(random.int(0...keys)), day: Int32(random.int(-2...2)))
            let cell = table.cell(key)
            plain.counters[key] = plain.counters[key] ?? [0, 0, 0]
            if random.chance(percent: 50) {
                let (counter, amount) = (random.int(0...2), Int64(random.int(-3...1000)))
                table.add(amount, toPlace: counter, of: cell)
                plain.counters[key]![counter] += amount
            } else {
                let (measure, value) = (
                    random.int(0...1), Int64(random.int(0...1) == 0 ? random.int(0...600) : random.int(0...Int(Int64.max)))
                )
                table.note(value, measure: measure, of: cell)
                plain.values[key, default: [[:], [:]]][measure][LogLinear.bucket(value), default: 0] += 1
            }
        }
        return (table, plain)
    }

    @Test(arguments: [0, 1, 100, 150_000])
    func agreesWithDictionaries(actions: Int) {
        let (table, plain) = filled(seed: UInt64(actions), actions: actions)
        table.finish()
        #expect(Plain(table) == plain)
    }

    /// Sums are the same in any order and grouping.
    @Test func absorbInAnyOrder() {
        let seeds = UInt64(1)...5
        var sum = Plain()
        for seed in seeds { sum.add(filled(seed: seed, actions: 3000).plain) }
        for order in [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [3, 1, 5, 2, 4]] as [[UInt64]] {
            let tables = order.map { filled(seed: $0, actions: 3000).table }
            for other in tables.dropFirst() { tables[0].absorb(other) }
            tables[0].finish()
            #expect(Plain(tables[0]) == sum)
        }
        let pairs = seeds.map { filled(seed: $0, actions: 3000).table }
        pairs[3].absorb(pairs[4])
        pairs[1].absorb(pairs[2])
        pairs[3].absorb(pairs[1])
        pairs[3].absorb(pairs[0])
        pairs[3].finish()
        #expect(Plain(pairs[3]) == sum)
        pairs[3].absorb(CellTable(Self.shape))
        pairs[3].finish()
        #expect(Plain(pairs[3]) == sum)
    }

    /// Cells of a day come back from bytes, into tables with other symbols; cut off, changed or of another day they do not.
    @Test func bytesStandByThemselves() throws {
        let (table, _) = filled(seed: 7, actions: 2000)
        let texts = SymbolTable()
        // Its first numbers are symbols, so there must be as many texts.
        for number in 1...400 { _ = texts.intern("text \(number)") }
        table.finish()
        let coded = table.encode(parts: table.parts, texts: SharedTexts(texts))
        #expect(Set(coded.keys) == table.parts)
        let (copy, others) = (CellTable(Self.shape), SymbolTable())
        _ = others.intern("another first")
        for part in coded.keys.sorted() { try coded[part]!.withUnsafeBytes { try copy.decode(part: part, $0, texts: SharedTexts(others)) } }
        var expected = Plain()
        var found = Plain()
        for (key, counts) in Plain(table.withoutZeros()).counters { expected.counters[named(key, texts, others)] = counts }
        for (key, values) in Plain(table.withoutZeros()).values { expected.values[named(key, texts, others)] = values }
        found = Plain(copy)
        #expect(found == expected && !found.counters.isEmpty && !found.values.isEmpty)
        let (part, bytes) = coded.min { $0.key < $1.key }!
        func decode(_ bytes: [UInt8], part: Int32) throws {
            try bytes.withUnsafeBytes { try CellTable(Self.shape).decode(part: part, $0, texts: SharedTexts(SymbolTable())) }
        }
        #expect(throws: DamagedBytes.self) { try decode(bytes, part: part + 1) }
        for place in stride(from: 0, to: bytes.count, by: 7) {
            #expect(throws: DamagedBytes.self) { try decode(Array(bytes[..<place]), part: part) }
            var spoilt = bytes
            spoilt[place] ^= 0x10
            #expect(throws: DamagedBytes.self) { try decode(spoilt, part: part) }
        }
    }

    /// The key with the symbol that its text has elsewhere.
    private func named(_ key: CellKey, _ texts: SymbolTable, _ others: SymbolTable) -> CellKey {
        var key = key
        if key.first != 0 { key.first = others.intern(texts.string(key.first)) }
        return key
    }

    @Test func anOwnerCountsOnceInEachCell() {
        let table = CellTable(Self.shape)
        var counted: [CellKey: Set<UInt32>] = [:]
        for owner in UInt32(1)...50 {
            for step in UInt32(0)..<200 {
                let key = CellKey(step * owner % 7, step % 3)
                let isFirst = counted[key, default: []].insert(owner).inserted
                #expect(table.addOnce(owner, to: Counter.two, of: table.cell(key)) == isFirst)
            }
        }
        for (key, owners) in counted {
            #expect(
                table.counter(Counter.two, of: table.cell(key)) == Int64(owners.count)
                    && table.counter(Counter.one, of: table.cell(key)) == 0)
        }
    }

    private func sorted(_ keys: [UInt64]) -> [UInt64] {
        let slots = Slots(keys)
        defer { slots.release() }
        RadixSort.sort(slots, count: keys.count)
        return Array(slots.stretch(0, count: keys.count))
    }

    @Test func radixSort() {
        var random = SeededGenerator(seed: 1)
        for count in [0, 1, 2, 255, 256, 257, 300, 5000] {
            for bits in [0, 1, 8, 11, 12, 24, 40, 63, 64] {
                let mask = bits == 64 ? UInt64.max : (1 << UInt64(bits)) - 1
                let keys = (0..<count).map { _ in random.next() & mask }
                #expect(sorted(keys) == keys.sorted(), "\(count) of \(bits) bits")
                // Only the highest digit differs.
                let high = keys.map { $0 << UInt64(64 - max(1, bits)) | 1 }
                #expect(sorted(high) == high.sorted(), "\(count) of \(bits) high bits")
                // Bits in which all are alike lie between those that differ.
                let spread = keys.map { $0 & 0xC000_7F03_0000_E001 | 0x0000_8000_0000_0100 }
                #expect(sorted(spread) == spread.sorted(), "\(count) of \(bits) spread bits")
            }
        }
    }
}
