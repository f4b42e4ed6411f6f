import Events
import Foundation
import Testing

@Suite struct CalendarTests {
    private var utc: Calendar {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = TimeZone(identifier: "UTC")!
        return calendar
    }

    /// Days from here on by counting, checked against Foundation at every hundredth (Foundation is proleptic
    /// Gregorian in ISO 8601 from 1582 on; before that counting alone has to do).
    @Test func everyDayOfEightThousandYears() {
        var (year, month, day) = (-2030, 1, 1)
        let first = CivilDate.days(year: year, month: month, day: day)
        for number in first..<CivilDate.days(year: 5970, month: 1, day: 1) {
            guard CivilDate.days(year: year, month: month, day: day) == number else {
                Issue.record("\(year)-\(month)-\(day) is not day \(number)")
                return
            }
            let date = CivilDate.date(ofDay: number)
            guard date == (year, month, day) else {
                Issue.record("day \(number) is not \(date)")
                return
            }
            day += 1
            if day > CivilDate.daysInMonth(year: year, month: month) { (month, day) = (month + 1, 1) }
            if month > 12 { (year, month) = (year + 1, 1) }
        }
        #expect((year, month, day) == (5970, 1, 1))
    }

    @Test func agreesWithFoundation() {
        let calendar = utc
        for number in stride(from: Int64(-135_000), to: 1_461_000, by: 97) {
            let parts = calendar.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: Double(number) * 86_400))
            #expect(CivilDate.date(ofDay: number) == (parts.year!, parts.month!, parts.day!))
        }
        #expect(CivilDate.days(year: 1970, month: 1, day: 1) == 0)
        #expect([1900, 2000, 2023, 2024, 2100, 0, -4].map { CivilDate.daysInMonth(year: $0, month: 2) } == [28, 29, 28, 29, 28, 29, 29])
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59.999999Z"), (1_772_352_000_000_001, "2026-03-01T08:00:00.000001Z"),
            (-62_135_596_800_000_000, "0001-01-01T00:00:00Z"), (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
            (-86_400_000_000, "1969-12-31T00:00:00Z"), (951_782_400_500_000, "2000-02-29T00:00:00.500000Z"),
        ] as [(EventTime, String)])
    func timesAsText(_ time: EventTime, _ text: String) {
        #expect(TimeFormat.utc(time) == text)
    }
}
