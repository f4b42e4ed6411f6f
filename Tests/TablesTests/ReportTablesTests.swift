import Events
import TestSupport
import Testing

@testable import Tables

/// Rows made of cells: days against the whole time, and the order of rows.
@Suite struct ReportTablesTests {
    private let texts = SymbolTable()

    private func names(_ journeys: [String] = ["b", "a"], steps: Int = 3) -> TableNames {
        TableNames(
            journeys: journeys.map { name in
                .init(
                    name: name,
                    steps: (0..<steps).map {
                        .init(name: "s\($0)", owner: nil, sla: $0 == 0 ? 1000 : nil, judgedAge: 1000, inFunnel: $0 != 1)
                    })
            }, channelOwners: [Array("web".utf8): "digital"], texts: texts)
    }

    private func column(_ table: ReportTable, _ name: String) -> [ReportTable.Cell] {
        let place = table.columns.firstIndex { $0.name == name }!
        return table.rows.map { $0[place] }
    }

    private func integers(_ table: ReportTable, _ name: String) -> [Int64] {
        column(table, name).map { if case .integer(let number) = $0 { number } else { -1 } }
    }

    /// By the bytes of their names, one column after the other, whatever the order of symbols and types; letters that look alike stay apart.
    @Test func rowsInByteOrderOfNames() {
        let cells = MetricCells()
        let actions = cells[ActionTable.actions]
        let symbols = ["e\u{301}", "Z", "\u{e9}", "a", "aa"].map { texts.intern($0) }
        for day in [1, 0] as [Int32] {
            for (channel, touchpoint) in [(2, 0), (0, 3), (0, 4), (1, 1), (0, 1)] {
                let key = CellKey(symbols[channel], symbols[touchpoint], symbols[0], day: day)
                actions.add(Int64(channel + 1), to: ActionTable.Counter.events, of: actions.cell(key))
            }
        }
        cells.finish()
        let total = ActionTable.make(.total, cells, names())
        #expect(
            column(total, "channel").map { Array("\($0)".utf8) }
                == ["Z", "e\u{301}", "e\u{301}", "e\u{301}", "\u{e9}"].map { Array("\(ReportTable.Cell.text($0))".utf8) })
        #expect(column(total, "touchpoint") == [.text("Z"), .text("Z"), .text("a"), .text("aa"), .text("e\u{301}")])
        #expect(integers(total, "events") == [4, 2, 2, 2, 6])
        let daily = ActionTable.make(.daily, cells, names())
        #expect(column(daily, "day") == Array(repeating: .day(0), count: 5) + Array(repeating: .day(1), count: 5))
        #expect(integers(daily, "events") == [2, 1, 1, 1, 3, 2, 1, 1, 1, 3])
    }

    /// Where few are left out, a row stays with as many persons as asked for, and only the whole time is cut.
    @Test func rowsOfFewPersons() {
        let cells = MetricCells()
        let transitions = cells[TransitionTable.transitions]
        let texts = ["web", "app"].map { self.texts.intern($0) }
        for person in 1...3 as ClosedRange<UInt32> {
            for _ in 0..<2 {
                for day in 0...1 as ClosedRange<Int32> {
                    func add(_ table: CellTable, _ counter: some CellCounter, persons: some CellCounter, _ key: CellKey) {
                        table.add(1, to: counter, of: table.cell(key))
                        table.addOnce(person, to: persons, of: table.cell(key.overall))
                    }
                    typealias Transition = TransitionTable.Counter
                    add(transitions, Transition.count, persons: Transition.persons, CellKey(1, texts[0], texts[0], day: day))
                    guard person < 3 else { continue }
                    add(transitions, Transition.count, persons: Transition.persons, CellKey(1, texts[0], texts[1], day: day))
                    add(cells[StallTable.stalls], StallTable.Counter.visits, persons: StallTable.Counter.persons, CellKey(2, day: day))
                }
            }
        }
        cells.finish()
        for (minCount, transitions, steps) in [(0, 2, 3), (2, 2, 1), (3, 1, 0), (4, 0, 0)] as [(Int64, Int, Int)] {
            var names = names(["a"])
            names.minCount = minCount
            let table = TransitionTable.make(.total, cells, names)
            #expect(table.rows.count == transitions && table.rowsLeftOut == 2 - transitions, "\(minCount)")
            let stalls = StallTable.make(.total, cells, names)
            #expect(stalls.rows.count == steps && stalls.rowsLeftOut == 3 - steps, "\(minCount)")
            let daily = TransitionTable.make(.daily, cells, names)
            #expect(daily.rows.count == 4 && daily.rowsLeftOut == 0)
        }
        let table = TransitionTable.make(.total, cells, names(["a"])).withoutRows(ofFewerThan: 9, persons: [nil, 8])
        #expect(table.rows.count == 1 && table.rowsLeftOut == 1)
    }

    /// Random cells for five days; what is counted by day adds up to the whole time, but for persons.
    @Test func daysAddUp() {
        var random = SeededGenerator(seed: 2)
        let cells = MetricCells()
        let channels = ["web", "app"].map { texts.intern($0) }
        for _ in 0..<4000 {
            let day = Int32(random.int(-2...2))
            let (channel, type) = (random.pick(channels), UInt32(random.int(0...1)))
            let touchpoints = cells[TouchpointTable.touchpoints]
            let touchpoint = touchpoints.cell(CellKey(channel, random.pick(channels), day: day))
            touchpoints.add(1, to: random.pick(TouchpointTable.Counter.allCases), of: touchpoint)
            let sessions = cells[SessionTable.sessions]
            let session = sessions.cell(CellKey(channel, day: day))
            sessions.add(Int64(random.int(0...9)), to: random.pick(Array(SessionTable.Counter.allCases.prefix(4))), of: session)
            sessions.note(Int64(random.int(0...100_000_000)), measure: 0, of: session)
            let (journeys, funnel) = (cells[JourneyTable.journeys], cells[FunnelTable.funnel])
            journeys.add(1, to: JourneyTable.Counter.started, of: journeys.cell(CellKey(type: type, day: day)))
            funnel.add(1, to: FunnelTable.Counter.reached, of: funnel.cell(CellKey(type: type, UInt32(random.int(0...1)), day: day)))
            let stalls = cells[StallTable.stalls]
            let stall = stalls.cell(CellKey(type: type, UInt32(random.int(0...2)), day: day))
            stalls.add(1, to: StallTable.Counter.visits, of: stall)
            stalls.add(1, to: StallTable.Counter.progressed, of: stall)
            stalls.note(Int64(random.int(1...100_000_000)), measure: 0, of: stall)
            let transitions = cells[TransitionTable.transitions]
            let key = CellKey(type: type, UInt32(random.int(0...1)), random.pick(channels), random.pick(channels), day: day)
            transitions.add(1, to: TransitionTable.Counter.count, of: transitions.cell(key))
        }
        cells.finish()
        func check(_ table: (Granularity) -> ReportTable, _ counts: [String]) {
            let (total, daily) = (table(.total), table(.daily))
            #expect(daily.keyColumns == ["day"] + total.keyColumns && daily.columns.dropFirst().map(\.name) == total.columns.map(\.name))
            let keys = total.keyColumns.map { name in total.columns.firstIndex { $0.name == name }! }
            for row in total.rows {
                for name in counts {
                    let place = total.columns.firstIndex { $0.name == name }!
                    let mine = daily.rows.filter { day in keys.allSatisfy { day[$0 + 1] == row[$0] } }
                    let sum = mine.reduce(Int64(0)) { sum, day in
                        if case .integer(let number) = day[place + 1] { sum + number } else { sum }
                    }
                    #expect(row[place] == .integer(sum), "\(total.name) \(name)")
                }
            }
        }
        let names = names()
        check({ TouchpointTable.make($0, cells, names) }, ["events", "journeys", "journey_entries", "journey_exits", "errors"])
        check({ SessionTable.make($0, cells, names) }, ["sessions", "events", "bounces", "concurrent"])
        check({ JourneyTable.make($0, cells, names) }, ["started"])
        check({ FunnelTable.make($0, cells, names) }, ["reached"])
        check({ StallTable.make($0, cells, names) }, ["visits", "progressed", "slow"])
        check({ TransitionTable.make($0, cells, names) }, ["count"])
        // The median of all days is that of all values, not of days.
        #expect(
            column(SessionTable.make(.total, cells, names), "duration_p50_seconds").allSatisfy {
                if case .duration = $0 { true } else { false }
            })
    }

    @Test func personsOfAllDaysAreCountedApart() {
        let cells = MetricCells()
        let web = texts.intern("web")
        let sessions = cells[SessionTable.sessions]
        for day in Int32(0)..<3 {
            let key = CellKey(web, day: day)
            let isNew = sessions.addOnce(
                1, to: SessionTable.Counter.customers, of: sessions.cell(key), overall: sessions.cell(key.overall))
            #expect(isNew == (day == 0))
        }
        cells.finish()
        #expect(integers(SessionTable.make(.total, cells, names()), "customers") == [1])
        #expect(integers(SessionTable.make(.daily, cells, names()), "customers") == [1, 1, 1])
        #expect(column(SessionTable.make(.daily, cells, names()), "day") == [.day(0), .day(1), .day(2)])
    }

    /// Byte order, also for texts that Swift takes for equal, whatever order their cells came in.
    @Test func rowsAreInByteOrder() {
        let channels = ["e\u{301}", "f", "\u{E9}", "Z", "a", "😀", "\u{FFFD}", "a b", "a\u{0}"]
        for seed in UInt64(1)...10 {
            var random = SeededGenerator(seed: seed)
            let cells = MetricCells()
            for channel in channels.shuffled(using: &random) {
                for touchpoint in channels.shuffled(using: &random) {
                    _ = cells[TouchpointTable.touchpoints].cell(CellKey(texts.intern(channel), texts.intern(touchpoint), day: 0))
                    _ = cells[TransitionTable.transitions].cell(CellKey(0, texts.intern(channel), texts.intern(touchpoint), day: 0))
                }
                _ = cells[SessionTable.sessions].cell(CellKey(texts.intern(channel), day: 0))
            }
            cells.finish()
            for table in [
                TouchpointTable.make(.total, cells, names()), TransitionTable.make(.total, cells, names()),
                SessionTable.make(.total, cells, names()),
            ] {
                let keys = table.rows.map { row in
                    row.prefix(table.keyColumns.count).map { if case .text(let text) = $0 { Array(text.utf8) } else { [UInt8]() } }
                }
                for (one, other) in zip(keys, keys.dropFirst()) {
                    let difference = zip(one, other).first { $0 != $1 }
                    #expect(difference.map { $0.lexicographicallyPrecedes($1) } == true, "\(table.name)")
                }
            }
        }
        #expect(column(JourneyTable.make(.total, MetricCells(), names()), "journey") == [.text("a"), .text("b")])
    }

    /// Two touchpoints that are no UTF-8 are two keys.
    @Test func loneSurrogatesAreTwoRows() {
        let cells = MetricCells()
        func symbol(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { texts.intern($0.baseAddress!, $0.count) } }
        for bytes in [[0xED, 0xA0, 0x80], [0xED, 0xA0, 0x81]] as [[UInt8]] {
            _ = cells[TouchpointTable.touchpoints].cell(CellKey(texts.intern("web"), symbol(bytes), day: 0))
        }
        cells.finish()
        #expect(column(TouchpointTable.make(.total, cells, names()), "touchpoint") == [.text("\\ud800"), .text("\\ud801")])
    }

    @Test func emptyTables() {
        let cells = MetricCells()
        cells.finish()
        let names = names()
        #expect(JourneyTable.make(.total, cells, names).rows.count == 2 && JourneyTable.make(.daily, cells, names).rows.isEmpty)
        #expect(FunnelTable.make(.total, cells, names).rows.count == 4 && StallTable.make(.total, cells, names).rows.count == 6)
        #expect(SessionTable.make(.total, cells, names).rows.isEmpty && TouchpointTable.make(.daily, cells, names).rows.isEmpty)
        #expect(TransitionTable.make(.total, cells, names).rows.isEmpty)
    }
}
