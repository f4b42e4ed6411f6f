import Foundation
import TestSupport
import Testing

@testable import Events

@Suite struct ZoneOffsetsTests {
    /// Zones with changes of an hour, half an hour, of the standard offset, and of a whole day.
    static let names = [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "Europe/Moscow", "Asia/Pyongyang",
        "UTC",
        "Pacific/Kiritimati", "Africa/Casablanca",
    ]

    /// The offsets between two years as Foundation gives them, found by looking at every hour: no use is made of what
    /// Foundation knows of changes.
    static func table(_ name: String) -> (zone: TimeZone, offsets: ZoneOffsets) {
        let zone = TimeZone(identifier: name)!
        func offset(_ second: Int) -> Int64 { Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))) * 1_000_000 }
        var second = 1_262_304_000  // 2010
        var starts = [Int64.min]
        var offsets = [offset(second)]
        while second < 1_420_070_400 {  // 2015
            second += 6 * 3600
            guard offset(second) != offsets.last else { continue }
            var change = second
            while offset(change - 900) == offset(second) { change -= 900 }
            starts.append(Int64(change) * 1_000_000)
            offsets.append(offset(second))
        }
        return (zone, ZoneOffsets(starts: starts, offsets: offsets))
    }

    /// Around every change, in steps of ten minutes and a microsecond before and after each.
    static func times(_ table: ZoneOffsets) -> [EventTime] {
        let changes = table.starts.dropFirst() + [1_293_840_000_000_000]
        return changes.flatMap { change in
            (-300...300).flatMap { step in [-1, 0, 1].map { change + Int64(step) * 600_000_000 + $0 } }
        }
    }

    @Test(arguments: names)
    func offsetsAndDays(_ name: String) {
        let (zone, table) = Self.table(name)
        var calendar = DayCalendar(zone: table)
        for time in Self.times(table) {
            let second = (time >= 0 ? time : time - 999_999) / 1_000_000
            let expected = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
            #expect(table.offset(at: time) == expected * 1_000_000)
            let day = Int32((Double(second + expected) / 86_400).rounded(.down))
            #expect(table.day(of: time) == day)
            #expect(calendar.day(of: time) == day)
        }
    }

    /// What the clocks show, read back: the instant itself, or the first of two that they show alike.
    @Test(arguments: names)
    func readingTheClocks(_ name: String) {
        let table = Self.table(name).offsets
        for time in Self.times(table) {
            let local = time + table.offset(at: time)
            let candidates = Set(table.offsets).map { local - $0 }.filter { $0 + table.offset(at: $0) == local }
            #expect(table.instant(ofLocal: local) == candidates.min()!, "\(name) \(local)")
        }
    }

    @Test func aSkippedTimeIsReadWithTheOffsetBefore() {
        let berlin = Self.table("Europe/Berlin").offsets
        let spring = berlin.starts.first { $0 > 1_293_840_000_000_000 }!
        let local = spring + 3_600_000_000 + 1_800_000_000  // 02:30, which the clocks skip
        #expect(berlin.instant(ofLocal: local) == local - 3_600_000_000)
    }

    @Test func daysBefore1970AndFarAway() {
        #expect(ZoneOffsets.utc.day(of: -1) == -1)
        #expect(ZoneOffsets.utc.day(of: 86_400_000_000 - 1) == 0)
        #expect(ZoneOffsets.utc.day(of: -62_135_596_800_000_000) == -719_162)
        #expect(ZoneOffsets.utc.day(of: 253_402_300_799_999_999) == 2_932_896)
    }

    @Test func theCalendarForgetsNothingWhenTimesJump() {
        var random = SeededGenerator(seed: 9)
        for name in ["America/New_York", "Pacific/Apia"] {
            let table = Self.table(name).offsets
            var calendar = DayCalendar(zone: table)
            for _ in 0..<5000 {
                let time = 1_262_304_000_000_000 + Int64(random.int(0...1826)) * 86_400_000_000 + Int64(random.int(-2...2)) * 3_600_000_000
                #expect(calendar.day(of: time) == table.day(of: time))
            }
        }
    }
}
