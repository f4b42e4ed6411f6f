import Events
import TestSupport
import Testing

@testable import Tables

/// Rows of grouped cells are those of cells put together one by one: the same keys, sums and distributions, in byte order of texts.
@Suite struct GroupedCellsTests {
    private static let shape = CellShape("transitions", TransitionTable.Counter.self, persons: .persons, measures: 2, texts: [1, 2])

    private struct Drawn {
        let table = CellTable(GroupedCellsTests.shape)
        let texts = SymbolTable()

        init(_ random: inout SeededGenerator) {
            // With common beginnings, empty and longer than a head, and one that UTF-8 has no bytes for.
            var symbols = ["/item", "/item/1", "/item/10", "/item/2", "/item/2000000009", "/item/2000000010", "z", "é", "\\ud800"]
                .map { texts.intern($0) }
            if random.int(0...1) == 0 { symbols.append(([0xED, 0xA0, 0x81] as [UInt8]).withUnsafeBytes { texts.intern($0) }) }
            for _ in 0..<random.int(0...300) {
                let days = [CellKey.allDays, -3, 0, 20_000, 20_001]
                let key = CellKey(
                    type: UInt32(random.int(0...2)), slice: random.int(0...9) == 0 ? 1 : 0, UInt32(random.int(0...1)),
                    random.pick(symbols), random.pick(symbols), day: random.pick(days))
                let cell = table.cell(key)
                for counter in 0..<Self.counters { table.add(Int64(random.int(0...5)), toPlace: counter, of: cell) }
                for _ in 0..<random.int(0...6) { table.note(Int64(random.int(0...5000)), measure: random.int(0...1), of: cell) }
            }
            table.finish()
        }

        static let counters = TransitionTable.Counter.allCases.count

        func text(_ symbol: UInt32) -> [UInt8] { Array(texts.string(symbol).utf8) }
    }

    @Test(arguments: 0..<UInt64(60))
    func likeCellsOneByOne(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let drawn = Drawn(&random)
        let ranks = SymbolRanks([drawn.table], drawn.texts)
        let rankings: [GroupedCells.Ranking] = [
            .init(most: 2) { $0.type }, .init(most: 1) { $0.first }, .init(most: ranks.most) { ranks.rank(of: $0.second) },
            .init(most: ranks.most) { ranks.rank(of: $0.third) },
        ]
        for granularity in [Granularity.total, .daily] {
            let expected = drawn.table.grouped(granularity)
            let cells = GroupedCells(drawn.table, granularity, rankings)
            #expect(cells.count == expected.count)
            var before: [[UInt8]]?
            for row in 0..<cells.count {
                let key = cells.key(of: row)
                guard let group = expected[key] else { return #expect(Bool(false), "there is no \(key)") }
                let (mine, theirs) = (CellGroup(cells, row: row), group)
                for counter in TransitionTable.Counter.allCases { #expect(mine[counter] == theirs[counter], "\(key) \(counter)") }
                for measure in 0..<2 { #expect(mine.distribution(measure) == theirs.distribution(measure), "\(key) \(measure)") }
                let day = granularity == .daily ? [UInt8(clamping: key.day >> 16), UInt8(key.day >> 8 & 255), UInt8(key.day & 255)] : []
                let place = [
                    key.day < 0 ? [0] : [1] + day, [UInt8(key.type), UInt8(key.first)], drawn.text(key.second), drawn.text(key.third),
                ]
                if let before { #expect(before.lexicographicallyPrecedes(place) { $0.lexicographicallyPrecedes($1) }, "\(key)") }
                before = place
            }
        }
    }

    /// So many rows are made when they are asked for, and are those that are kept otherwise.
    @Test func manyRowsAreLikeFew() {
        let all = (0..<20_000).map { [ReportTable.Cell.integer(Int64($0)), .text("row \($0)")] }
        let many = ReportRows(count: all.count) { all[$0] }
        #expect(many == ReportRows(all) && many.count == 20_000 && many.last == all.last)
        var table = ReportTable(name: "t", title: "", columns: [], rows: [], keyColumns: [])
        table.rows = many
        let shown = table.withoutRows(ofFewerThan: 3, persons: (0..<20_000).map { $0 % 10 == 0 ? nil : Int64($0 % 10) })
        #expect(shown.rowsLeftOut == 4_000 && shown.rows.count == 16_000)
        #expect(Array(shown.rows.prefix(3)) == [all[0], all[3], all[4]])
    }
}
