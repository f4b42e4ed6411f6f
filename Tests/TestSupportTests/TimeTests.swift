import Testing

@testable import TestSupport

@Suite struct TimeTests {
    @Test(arguments: [
        ("2026-03-01T00:00:00Z", 1_772_323_200_000_000), ("2026-03-01t01:00:00.1234567z", 1_772_326_800_123_456),
        ("2026-03-01 05:30:00+05:30", 1_772_323_200_000_000), ("2026-02-28T20:29:59.5-0330", 1_772_323_199_500_000),
        ("1969-12-31T23:59:59Z", -1_000_000), ("2000-02-29T00:00:00Z", 951_782_400_000_000),
        ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000),
    ])
    func rfc3339(_ text: String, _ expected: Int) {
        #expect(NaiveTime.microseconds(rfc3339: text, timezone: nil) == Int64(expected))
    }

    @Test(arguments: [
        "", "1772323200", "2026-03-01", "2026-03-01T10:00:00", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-03-01T24:00:00Z", "2026-03-01T10:60:00Z", "2026-03-01T10:00:00.Z", "2026-03-01T10:00:00+5:30", "2026-03-01T10:00:00+24:00",
        "2026-03-01T10:00:00Z ", "2026-3-1T10:00:00Z", "2026-03-01T10:00:60Z", "２026-03-01T10:00:00Z",
    ])
    func noTimes(_ text: String) {
        #expect(NaiveTime.microseconds(rfc3339: text, timezone: nil) == nil)
    }

    @Test func aZoneOfTheSourceServesTimesWithoutOne() {
        // Berlin is an hour ahead in winter, two in summer; a time with a zone keeps it.
        #expect(NaiveTime.microseconds(rfc3339: "2026-03-01T01:00:00", timezone: "Europe/Berlin") == 1_772_323_200_000_000)
        #expect(NaiveTime.microseconds(rfc3339: "2026-07-01T02:00:00", timezone: "Europe/Berlin") == 1_782_864_000_000_000)
        #expect(NaiveTime.microseconds(rfc3339: "2026-03-01T00:00:00Z", timezone: "Europe/Berlin") == 1_772_323_200_000_000)
    }

    @Test(arguments: [
        ("1772323200", 1_772_323_200_000_000), ("1772323200.1234569", 1_772_323_200_123_456), ("1772323200123", 1_772_323_200_123_000),
        ("1772323200123456", 1_772_323_200_123_456), ("1772323200123456999", 1_772_323_200_123_456), ("1.7723232e9", 1_772_323_200_000_000),
        ("99999999999", 99_999_999_999_000_000), ("100000000000", 100_000_000_000_000), ("0", 0), ("-1.5", -1_500_000), ("0.0000009e1", 9),
    ])
    func numbersByMagnitude(_ text: String, _ expected: Int) {
        #expect(NaiveTime.microseconds(number: text, unit: nil) == Int64(expected))
    }

    @Test func aNamedUnitStandsBeforeMagnitude() {
        #expect(NaiveTime.microseconds(number: "5000", unit: .milliseconds) == 5_000_000)
        #expect(NaiveTime.microseconds(number: "1999", unit: .nanoseconds) == 1)
        #expect(NaiveTime.microseconds(number: "1e30", unit: .seconds) == nil)
    }
}
