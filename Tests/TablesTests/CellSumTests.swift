import Dispatch
import Events
import Synchronization
import TestSupport
import Testing

@testable import Tables

/// Sums as runs with a state make them, against dictionaries by the texts that keys show.
@Suite struct CellSumTests {
    private static let name = "stalls"
    private static let place = MetricCells.place(named: name)!
    private static let shape = MetricCells.shapes[place]

    /// A key with its text, and a counter, or a measure with a bucket.
    private struct Entry: Hashable {
        var type: UInt32
        var text: String
        var day: Int32
        var counter: Int?
        var measure = 0
        var bucket: UInt32 = 0
    }
    private typealias Plain = [Entry: Int64]

    private func plain(_ table: CellTable, _ texts: SymbolTable) -> Plain {
        var plain: Plain = [:]
        func entry(_ cell: Int) -> Entry {
            let key = table.key(of: cell)
            return Entry(type: key.type, text: key.second == 0 ? "" : texts.string(key.second), day: key.day)
        }
        for cell in 0..<table.count {
            for counter in 0..<Self.shape.counterCount where table.counter(counter, of: cell) != 0 {
                var entry = entry(cell)
                entry.counter = counter
                plain[entry] = table.counter(counter, of: cell)
            }
        }
        table.forEachDistribution { cell, measure, buckets in
            for index in buckets {
                var entry = entry(cell)
                (entry.measure, entry.bucket) = (measure, table.entry(index).bucket)
                plain[entry] = table.entry(index).count
            }
        }
        return plain
    }

    /// Adds entries to a table, each times their counts, which are not negative.
    private func fill(_ table: CellTable, _ entries: Plain, _ texts: SymbolTable) {
        for (entry, count) in entries {
            let cell = table.cell(CellKey(type: entry.type, 0, entry.text.isEmpty ? 0 : texts.intern(entry.text), day: entry.day))
            if let counter = entry.counter { table.add(count, toPlace: counter, of: cell) }
            guard entry.counter == nil else { continue }
            for _ in 0..<count { table.note(bucket: entry.bucket, measure: entry.measure, of: cell) }
        }
        table.finish()
    }

    private func entries(_ random: inout SeededGenerator, count: Int) -> Plain {
        var plain: Plain = [:]
        for _ in 0..<count {
            var entry = Entry(
                type: UInt32(random.int(0...2)), text: random.chance(percent: 20) ? "" : "text \(random.int(0...30))",
                day: Int32(random.int(0...5)))
            if random.chance(percent: 50) {
                entry.counter = random.int(0...(Self.shape.counterCount - 1))
            } else {
                (entry.measure, entry.bucket) = (random.int(0...1), UInt32(random.int(0...40)))
            }
            plain[entry, default: 0] += Int64(random.int(1...3))
        }
        return plain
    }

    private func sum(_ all: [(Plain, sign: Int64)]) -> Plain {
        var sum: Plain = [:]
        for (plain, sign) in all { for (entry, count) in plain { sum[entry, default: 0] += sign * count } }
        return sum.filter { $0.value != 0 }
    }

    private func coded(_ table: CellTable, _ texts: SymbolTable) -> [CellPart] {
        table.encode(parts: table.parts, texts: SharedTexts(texts)).sorted { $0.key < $1.key }.map {
            CellPart(day: $0.key, bytes: $0.value)
        }
    }

    /// Shares of workers, whose texts have other symbols each, by groups and all together; then added to stored parts, of which some
    /// do not change, some come, and some go.
    @Test(arguments: SeedSlices.of(0..<200, by: 50)) func agreesWithDictionaries(seeds: Range<UInt64>) throws {
        for seed in seeds { try agreesWithDictionaries(seed: seed) }
    }

    private func agreesWithDictionaries(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let (texts, count) = (SymbolTable(), random.int(0...600))
        let stored = entries(&random, count: count)
        let groups = (0..<random.int(0...3)).map { _ in
            (0..<random.int(1...3)).map { _ in
                // What is taken away was there: some of what is stored, at times all of a day.
                let day = Int32(random.int(0...5))
                let isAdded = random.chance(percent: 60)
                let plain = isAdded ? entries(&random, count: random.int(0...200)) : stored.filter { $0.key.day == day }
                return (plain: plain, sign: isAdded ? 1 : -1 as Int64)
            }
        }
        let shares = groups.map { group in
            group.map { plain, sign in
                let (own, cells) = (SymbolTable(), MetricCells())
                for number in 0..<random.int(0...20) { _ = own.intern("another \(number)") }
                fill(cells.cells[Self.place], plain, own)
                return CellShare(cells, sign: sign, texts: TranslatedTexts([cells], from: own, to: texts))
            }
        }
        let (each, all) = CellTable.sum(shares, at: Self.place)
        for (table, group) in zip(each, groups) {
            #expect(plain(table, texts) == sum(group).mapValues { abs($0) })
            #expect(!table.filledCells.contains(false))
        }
        let change = sum(groups.joined().map { $0 })
        #expect(each.count == groups.count && plain(all, texts) == change && !all.filledCells.contains(false))

        let (before, own) = (CellTable(Self.shape), SymbolTable())
        fill(before, stored, own)
        let parts = coded(before, own)
        let changed = each.reduce(into: Set()) { $0.formUnion($1.parts) }
        let expected = sum([(stored, 1), (change, 1)])
        guard expected.values.allSatisfy({ $0 > 0 }) else {
            #expect(throws: NegativeCells.self) {
                try CellTable.sum(parts, all, changed: changed, texts: SharedTexts(texts))
            }
            return
        }
        let now = try CellTable.sum(parts, all, changed: changed, texts: SharedTexts(texts))
        #expect(plain(now, texts) == expected && !now.filledCells.contains(false))
        // Parts that did not change have the bytes that they had.
        for part in coded(now, texts) where !changed.contains(part.day) {
            #expect(parts.contains { $0.day == part.day && $0.bytes == part.bytes })
        }
    }

    /// Whoever comes first to the texts: the tables have the same cells, and are coded alike.
    @Test func tablesMayBeDecodedAtOnce() throws {
        let (own, tables) = (SymbolTable(), 8)
        var random = SeededGenerator(seed: 3)
        let stored = (0..<tables).map { _ in
            let table = CellTable(Self.shape)
            fill(table, entries(&random, count: 2000), own)
            return coded(table, own)
        }
        for _ in 0..<5 {
            let texts = SymbolTable()
            let shared = SharedTexts(texts)
            let made = Mutex<[Int: [CellPart]]>([:])
            DispatchQueue.concurrentPerform(iterations: tables) { place in
                guard let table = try? CellTable(Self.shape, decoding: stored[place], texts: shared) else { return }
                let parts = table.encode(parts: table.parts, texts: shared).sorted { $0.key < $1.key }
                made.withLock { $0[place] = parts.map { CellPart(day: $0.key, bytes: $0.value) } }
            }
            for place in 0..<tables {
                #expect(made.withLock { $0[place]?.map(\.bytes) } == stored[place].map(\.bytes))
            }
        }
    }

    /// Room is said by bytes of which nothing is known yet: it is never more than they could fill.
    @Test func roomIsBounded() {
        let lying = [UInt8](repeating: 0xFF, count: 100)
        for count in 0...100 {
            let room = CellPart(day: 0, bytes: Array(lying.prefix(count))).room(of: Self.shape)
            #expect(room.cells <= count && room.buckets <= count)
        }
        let table = CellTable(Self.shape)
        let texts = SymbolTable()
        fill(table, [Entry(type: 1, text: "a", day: 0, counter: nil, measure: 1, bucket: 3): 2], texts)
        let room = coded(table, texts)[0].room(of: Self.shape)
        #expect(room.cells == 1 && room.buckets >= 1)
    }
}
