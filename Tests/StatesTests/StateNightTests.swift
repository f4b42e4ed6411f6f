import Disk
import Events
import Foundation
@testable import States
import TestSupport
import Testing

/// What a night writes: what it changed, and no more.
@Suite struct StateNightTests {
    private func execute(_ sql: String, _ nights: Nights) throws {
        try SQLiteDatabase(path: nights.folder.path("state/state.sqlite"), checked: true).use { try $0.execute(sql) }
    }

    /// Journeys are abandoned, frictions found and sums changed while nobody's events are written.
    @Test func timeAloneWritesNoEvents() throws {
        let nights = try Nights()
        try nights.run("00", ["0 begin c=ann id=1", "5 ask c=ann id=2", "6 begin c=bob d=x id=3", "7 look d=x id=4"])
        try execute(
            "CREATE TRIGGER written BEFORE UPDATE ON component_events BEGIN SELECT RAISE(ABORT, 'events were written'); END", nights)
        for hour in 1..<6 {
            try nights.run("0\(hour)", ["\(hour * 60 + 8) look c=new-\(hour) id=n\(hour)"])
            try nights.expectWhole()
        }
        #expect(try nights.table("journeys", "started", "abandoned") == ["2 2"])
        #expect(throws: (any Error).self) { try nights.run("09", ["500 look c=ann id=9"]) }
    }

    /// Deadlines are kept in whole seconds: who falls due within one is found in it, and not a second later.
    @Test func dueWithinASecond() throws {
        let nights = try Nights()
        let (start, hour) = (Int64(1_772_323_200_000_000), Int64(3_600_000_000))
        try nights.folder.write(
            #"{"t":1772323200,"ch":"web","tp":"begin","c":"ann","id":1}"# + "\n"
                + #"{"t":1772323200.25,"ch":"web","tp":"ask","c":"ann","id":2}"# + "\n", to: "night-00.ndjson")
        var found: [String] = []
        for asOf in [250_000, hour, hour + 250_000, hour + 250_001, hour + 750_000, hour + 1_000_000] {
            try nights.run(asOf: start + asOf)
            try nights.expectWhole(asOf: start + asOf)
            found += try nights.table("frictions", "occurrences")
        }
        #expect(found == ["0", "0", "1", "1", "1", "1"])
    }

    @Test func whatEventsShareStandsOnce() throws {
        let nights = try Nights()
        try nights.run("00", (0..<20).map { "\($0) a-long-name-of-a-touchpoint c=customer-\($0) id=\($0)" })
        let bytes = try Data(contentsOf: nights.folder.url.appendingPathComponent("state/state.sqlite"))
        var (found, place) = (0, bytes.startIndex)
        while let next = bytes.range(of: Data("a-long-name-of-a-touchpoint".utf8), in: place..<bytes.endIndex) {
            (found, place) = (found + 1, next.upperBound)
        }
        // As a kind of events and in cells, but not with each of twenty customers.
        #expect(found >= 1 && found < 20)
        #expect(try nights.stateHolds("customer-7"))
    }

    /// Nights of few lines, for days that are long over as well as for new ones: each touches other days.
    @Test(arguments: SeedSlices.of(0..<12, by: 2))
    func manySmallNightsAreOneRun(seeds: Range<UInt64>) throws {
        for seed in seeds {
            var random = SeededGenerator(seed: 77_000 + seed)
            let nights = try Nights(seed % 2 == 0 ? Nights.pipeline : Nights.sealing)
            for night in 0..<24 {
                let events = (0..<Int.random(in: 0...5, using: &random)).map { number in
                    // Within what the second pipeline does not seal.
                    let minute = max(0, night * 700 - Int.random(in: 0..<9_000, using: &random))
                    let word = ["begin", "ask", "answer", "end", "look"].randomElement(using: &random)!
                    let device = Bool.random(using: &random) ? " d=d\(Int.random(in: 0..<6, using: &random))" : ""
                    return "\(minute) \(word) c=c\(Int.random(in: 0..<8, using: &random))\(device) id=\(night)-\(number)"
                }
                try nights.run(String(format: "%02d", night), events + ["\(night * 700) look c=clock id=clock-\(night)"])
                if night % 6 == 5 { try nights.expectWhole() }
            }
        }
    }

    /// Rows of every form come back as they were.
    @Test(arguments: [0, 7, 48, 60])
    func rowsComeBack(scalars: Int) throws {
        let nights = try Nights()
        try nights.run("00", ["0 look c=ann"])
        let layout = RowLayout(hasEventID: true, hasSequence: true, hasOrigin: true, hasRecords: true, scalarCount: scalars)
        for (step, first) in [(1_000, 5_000_000), (7, -3_000_001), (1_000, -9_000)] as [(Int64, Int64)] {
            let texts = SymbolTable()
            let kinds = TupleTable(width: EventKind.width)
            let words = try StateFolder(nights.folder.path("state")).use { state in
                var words = try SharedWords(exchanging: kinds, texts: texts, state)
                let set = [UInt8(1), 2, 3, 4, 5].withUnsafeBytes { texts.intern($0) }
                try words.add(fieldSets: [0, set], texts: texts, state)
                return words
            }
            let set = [UInt8(1), 2, 3, 4, 5].withUnsafeBytes { texts.intern($0) }
            let rows = ComponentRows(layout: layout, identityColumns: 1)
            var memory = [UInt64](repeating: 0, count: layout.stride / 8 + 1)
            for number in 0..<40 {
                let identifier = Array("id-\(number / 5 % 3)".utf8).withUnsafeBytes { rows.identifier($0, type: 0, home: 0) }
                memory.withUnsafeMutableBytes { bytes in
                    let row = bytes.baseAddress!
                    row.storeBytes(of: first + Int64(number / 2) * step, toByteOffset: RowLayout.timeOffset, as: Int64.self)
                    row.storeBytes(of: 0, toByteOffset: RowLayout.kindOffset, as: UInt32.self)
                    row.storeBytes(
                        of: RowPosition.make(file: Int64(1 + number / 7), line: Int64(number)), toByteOffset: layout.positionOffset!,
                        as: Int64.self)
                    row.storeBytes(of: Int64(number % 3), toByteOffset: layout.recordOffset!, as: Int64.self)
                    row.storeBytes(of: number % 4 == 0 ? 0 : UInt64(number) << 40 | 1, toByteOffset: layout.eventIDOffset!, as: UInt64.self)
                    row.storeBytes(of: Int64(-number), toByteOffset: layout.sequenceOffset!, as: Int64.self)
                    if let offset = layout.fieldSetOffset {
                        row.storeBytes(of: number % 2 == 0 ? 0 : set, toByteOffset: offset, as: UInt32.self)
                    }
                    for column in 0..<scalars {
                        let text = Array("\(number % 6)-\(column % 4)".utf8).withUnsafeBytes { texts.intern($0) }
                        let scalar = (number + column) % 3 == 0 ? Scalar.absent : Scalar(bits: text << 2 | 1)
                        row.storeBytes(of: scalar.bits, toByteOffset: layout.scalarOffset + 4 * column, as: UInt32.self)
                    }
                    rows.append(row, tuple: rows.intern(tuple: [identifier]))
                }
            }
            let copy = ComponentRows(layout: layout, identityColumns: 1)
            try rows.encode(Array(0..<40), texts: texts, words: words).withUnsafeBytes {
                try copy.decode($0, component: 1, texts: texts, words: words)
            }
            let written = layout.scalarOffset + 4 * scalars
            #expect(copy.count == 40)
            #expect(copy.lastSeen == first + 19 * step)
            for row in 0..<40 {
                #expect(
                    UnsafeRawBufferPointer(start: rows.row(row), count: written).elementsEqual(
                        UnsafeRawBufferPointer(start: copy.row(row), count: written)), "row \(row) of \(scalars) columns")
            }
        }
    }
}
