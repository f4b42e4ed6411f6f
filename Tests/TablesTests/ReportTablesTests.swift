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
                    name: name, steps: (0..<steps).map { .init(name: "s\($0)", owner: nil, sla: $0 == 0 ? 1000 : nil, inFunnel: $0 != 1) })
            }, channelOwners: [Array("web".utf8): "digital"], texts: texts)
    }

    private func column(_ table: ReportTable, _ name: String) -> [ReportTable.Cell] {
        let place = table.columns.firstIndex { $0.name == name }!
        return table.rows.map { $0[place] }
    }

    private func integers(_ table: ReportTable, _ name: String) -> [Int64] {
        column(table, name).map { if case .integer(let number) = $0 { number } else { -1 } }
    }

    /// Where few are left out, a row stays with as many persons as asked for, and only the whole time is cut.
    @Test func rowsOfFewPersons() {
        let cells = MetricCells()
        let texts = ["web", "app"].map { self.texts.intern($0) }
        for person in 1...3 as ClosedRange<UInt32> {
            for _ in 0..<2 {
                for day in 0...1 as ClosedRange<UInt32> {
                    cells.transitions.add(1, to: TransitionCounter.count.rawValue, of: cells.transitions.cell(0, 1, texts[0], texts[0], day))
                    cells.rowPersons.add(person, to: .transitions, 0, 1, texts[0], texts[0])
                    guard person < 3 else { continue }
                    cells.transitions.add(1, to: TransitionCounter.count.rawValue, of: cells.transitions.cell(0, 1, texts[0], texts[1], day))
                    cells.rowPersons.add(person, to: .transitions, 0, 1, texts[0], texts[1])
                    cells.stalls.add(1, to: StallCounter.visits.rawValue, of: cells.stalls.cell(0, 2, day))
                    cells.rowPersons.add(person, to: .stalls, 0, 2)
                }
            }
        }
        cells.finish()
        for (minCount, transitions, steps) in [(0, 2, 3), (2, 2, 1), (3, 1, 0), (4, 0, 0)] as [(Int64, Int, Int)] {
            var names = names(["a"])
            names.minCount = minCount
            let table = cells.transitionTable(.total, names: names)
            #expect(table.rows.count == transitions && table.rowsLeftOut == 2 - transitions, "\(minCount)")
            let stalls = cells.stallTable(.total, names: names)
            #expect(stalls.rows.count == steps && stalls.rowsLeftOut == 3 - steps, "\(minCount)")
            let daily = cells.transitionTable(.daily, names: names)
            #expect(daily.rows.count == 4 && daily.rowsLeftOut == 0)
        }
        let table = cells.transitionTable(.total, names: names(["a"])).withoutRows(ofFewerThan: 9, persons: [nil, 8])
        #expect(table.rows.count == 1 && table.rowsLeftOut == 1)
    }

    /// Random cells for five days; what is counted by day adds up to the whole time, but for persons.
    @Test func daysAddUp() {
        var random = SeededGenerator(seed: 2)
        let cells = MetricCells()
        let channels = ["web", "app"].map { texts.intern($0) }
        for _ in 0..<4000 {
            let day = UInt32(bitPattern: Int32(random.int(-2...2)))
            let (channel, type) = (random.pick(channels), UInt32(random.int(0...1)))
            let touchpoint = cells.touchpoints.cell(channel, random.pick(channels), day)
            cells.touchpoints.add(1, to: random.int(0...5), of: touchpoint)
            let session = cells.sessions.cell(channel, day)
            cells.sessions.add(Int64(random.int(0...9)), to: random.int(0...3), of: session)
            cells.sessions.note(Int64(random.int(0...100_000_000)), measure: MetricCells.sessionDuration, of: session)
            cells.journeys.add(1, to: JourneyCounter.started.rawValue, of: cells.journeys.cell(type, day))
            cells.funnel.add(1, to: FunnelCounter.reached.rawValue, of: cells.funnel.cell(type, UInt32(random.int(0...1)), day))
            let stall = cells.stalls.cell(type, UInt32(random.int(0...2)), day)
            cells.stalls.add(1, to: StallCounter.visits.rawValue, of: stall)
            cells.stalls.add(1, to: StallCounter.progressed.rawValue, of: stall)
            cells.stalls.note(Int64(random.int(1...100_000_000)), measure: MetricCells.stallDwell, of: stall)
            let transition = cells.transitions.cell(type, UInt32(random.int(0...1)), random.pick(channels), random.pick(channels), day)
            cells.transitions.add(1, to: TransitionCounter.count.rawValue, of: transition)
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
        check({ cells.touchpointTable($0, names: names) }, ["events", "journeys", "journey_entries", "journey_exits", "errors"])
        check({ cells.sessionTable($0, names: names) }, ["sessions", "events", "bounces", "concurrent"])
        check({ cells.journeyTable($0, names: names) }, ["started"])
        check({ cells.funnelTable($0, names: names) }, ["reached"])
        check({ cells.stallTable($0, names: names) }, ["visits", "progressed", "slow"])
        check({ cells.transitionTable($0, names: names) }, ["count"])
        // The median of all days is that of all values, not of days.
        #expect(
            column(cells.sessionTable(.total, names: names), "duration_p50_seconds").allSatisfy {
                if case .duration = $0 { true } else { false }
            })
    }

    @Test func personsOfAllDaysAreCountedApart() {
        let cells = MetricCells()
        let web = texts.intern("web")
        for day in Int32(0)..<3 {
            cells.sessions.addOnce(1, to: SessionCounter.customers.rawValue, of: cells.sessions.cell(web, UInt32(bitPattern: day)))
        }
        cells.sessions.addOnce(1, to: SessionCounter.customers.rawValue, of: cells.sessions.cell(web, MetricCells.allDays))
        cells.finish()
        #expect(integers(cells.sessionTable(.total, names: names()), "customers") == [1])
        #expect(integers(cells.sessionTable(.daily, names: names()), "customers") == [1, 1, 1])
        #expect(column(cells.sessionTable(.daily, names: names()), "day") == [.day(0), .day(1), .day(2)])
    }

    /// Byte order, also for texts that Swift takes for equal, whatever order their cells came in.
    @Test func rowsAreInByteOrder() {
        let channels = ["e\u{301}", "f", "\u{E9}", "Z", "a", "😀", "\u{FFFD}", "a b", "a\u{0}"]
        for seed in UInt64(1)...10 {
            var random = SeededGenerator(seed: seed)
            let cells = MetricCells()
            for channel in channels.shuffled(using: &random) {
                for touchpoint in channels.shuffled(using: &random) {
                    _ = cells.touchpoints.cell(texts.intern(channel), texts.intern(touchpoint), 0)
                    _ = cells.transitions.cell(0, 0, texts.intern(channel), texts.intern(touchpoint), 0)
                }
                _ = cells.sessions.cell(texts.intern(channel), 0)
            }
            cells.finish()
            for table in [
                cells.touchpointTable(.total, names: names()), cells.transitionTable(.total, names: names()),
                cells.sessionTable(.total, names: names()),
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
        #expect(column(MetricCells().journeyTable(.total, names: names()), "journey") == [.text("a"), .text("b")])
    }

    /// Two touchpoints that are no UTF-8 are two keys.
    @Test func loneSurrogatesAreTwoRows() {
        let cells = MetricCells()
        func symbol(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes { texts.intern($0.baseAddress!, $0.count) } }
        for bytes in [[0xED, 0xA0, 0x80], [0xED, 0xA0, 0x81]] as [[UInt8]] {
            _ = cells.touchpoints.cell(texts.intern("web"), symbol(bytes), 0)
        }
        cells.finish()
        #expect(column(cells.touchpointTable(.total, names: names()), "touchpoint") == [.text("\\ud800"), .text("\\ud801")])
    }

    @Test func emptyTables() {
        let cells = MetricCells()
        cells.finish()
        let names = names()
        #expect(cells.journeyTable(.total, names: names).rows.count == 2 && cells.journeyTable(.daily, names: names).rows.isEmpty)
        #expect(cells.funnelTable(.total, names: names).rows.count == 4 && cells.stallTable(.total, names: names).rows.count == 6)
        #expect(cells.sessionTable(.total, names: names).rows.isEmpty && cells.touchpointTable(.daily, names: names).rows.isEmpty)
        #expect(cells.transitionTable(.total, names: names).rows.isEmpty)
    }
}
