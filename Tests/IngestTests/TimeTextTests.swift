import Events
import Testing

@testable import Ingest
@testable import TestSupport

@Suite struct TimeTextTests {
    private let memory = GuardedMemory(capacity: 512)
    /// Two changes a year are enough here: winter, summer, winter.
    private let berlin = ZoneOffsets(
        starts: [Int64.min, 1_774_746_000_000_000, 1_792_890_000_000_000], offsets: [3_600_000_000, 7_200_000_000, 3_600_000_000])

    private func time(_ text: String, zone: ZoneOffsets? = nil) -> EventTime? {
        var clock = TimeText(zone: zone, unit: nil)
        return clock.parse(Text(memory.place(text.utf8)))
    }

    private func time(number: String, unit: TimeUnit? = nil) -> EventTime? {
        var clock = TimeText(zone: nil, unit: unit)
        return clock.parse(number: Text(memory.place(number.utf8)))
    }

    @Test func everyForm() {
        let dates = [
            "2026-03-01", "2024-02-29", "2023-02-29", "1969-12-31", "0001-01-01", "0000-01-01", "9999-12-31", "2026-13-01", "2026-00-10",
            "2026-04-31", "2026-01-00",
        ]
        let clocks = [
            "00:00:00", "23:59:59", "24:00:00", "12:60:00", "23:59:60", "12:34:60", "12:34:61", "7:00:00", "12:3a:00", "12-34-56",
        ]
        let fractions = ["", ".", ".5", ".000001", ".9999999", ".123456789012345678901234567890", ",5"]
        let zones = [
            "", "Z", "z", "+00:00", "-00:00", "+0130", "-23:59", "+24:00", "+01:60", "+1:00", "+01", "+01:0", "ZZ", "Z ", " Z", "UTC",
            " UTC", " UT", " utc",
            "+01:00x",
        ]
        for date in dates {
            for clock in clocks {
                for fraction in clock == "23:59:59" || clock == "23:59:60" ? fractions : ["", ".25"] {
                    for zone in zones {
                        for separator in zone == "Z" ? ["T", "t", " ", "_", ""] : ["T"] {
                            let text = date + separator + clock + fraction + zone
                            let expected = NaiveTime.microseconds(.string(ExactText(text)), unit: nil, timezone: nil)
                            #expect(time(text) == expected, "\(text)")
                        }
                    }
                }
            }
        }
    }

    @Test(
        arguments: [
            ("2026-03-01T08:00:00Z", 1_772_352_000_000_000), ("2026-03-01t09:30:00.123456999+01:30", 1_772_352_000_123_456),
            ("1969-12-31T23:59:59.999999Z", -1), ("2016-12-31T23:59:60.5Z", 1_483_228_800_500_000),
            ("2017-01-01T05:29:60+05:30", 1_483_228_800_000_000),
            ("2016-12-31T12:00:60Z", nil), ("0000-01-01T00:00:00Z", -62_167_219_200_000_000), ("0000-01-01T00:00:00+00:01", nil),
            ("9999-12-31T23:59:59.9999999Z", 253_402_300_799_999_999), ("9999-12-31T23:59:59-00:01", nil), ("2026-03-01T08:00:00", nil),
            ("1772352000", 1_772_352_000_000_000), ("-5", -5_000_000), ("-", nil), ("2026-03-01 08:00:00 UTC", 1_772_352_000_000_000),
            ("2026-03-01 08:00:00+00", 1_772_352_000_000_000), ("2026-03-01 05:00:00-03", 1_772_352_000_000_000), ("", nil),
            ("2026-03-01", nil), ("٢٠٢٦-03-01T08:00:00Z", nil),
        ] as [(String, EventTime?)])
    func known(_ text: String, _ expected: EventTime?) {
        #expect(time(text) == expected)
    }

    @Test func timesOfAZone() {
        #expect(time("2026-03-01T09:00:00", zone: berlin) == 1_772_352_000_000_000)
        #expect(time("2026-07-01T10:00:00.5", zone: berlin) == 1_782_892_800_500_000)
        #expect(time("2026-03-29T02:30:00", zone: berlin) == 1_774_747_800_000_000)  // skipped: as if still winter
        #expect(time("2026-10-25T02:30:00", zone: berlin) == 1_792_888_200_000_000)  // twice: the first
        #expect(time("2026-03-01T09:00:00Z", zone: berlin) == 1_772_355_600_000_000)  // its own zone counts
    }

    /// Each unit's last and first number, one off, with fractions and in other spellings.
    @Test func unitsByMagnitude() {
        var texts = [
            "0", "-0", "0.0", "1e3", "1E+3", "-1.5", "1.9999999", "-1.9999999", "1e-7", "1772352000.123456789", "1772352000000.9999",
            "1e40", "-1e40",
        ]
        for power in [9, 10, 11, 12, 14, 15, 17, 18, 19, 20] {
            let one = "1" + String(repeating: "0", count: power)
            let before = String(repeating: "9", count: power)
            texts += [
                one, before, one + ".5", before + ".9999999", one.dropLast() + "1", "-" + one, "-" + before, "1e\(power)",
                "9.99e\(power - 1)", "\(before)e0",
            ]
        }
        texts += ["253402300799", "253402300800", "-62167219200", "-62167219201", "0.0000000000000000000000000000000000000000001e52"]
        texts += ["1772352000." + String(repeating: "9", count: 80), String(repeating: "0", count: 1) + ".000001"]
        for text in texts {
            for unit in [nil] + TimeUnit.allCases.map({ $0 }) {
                let naive = unit.flatMap { NaiveTimeUnit(rawValue: $0.rawValue) }
                let expected = NaiveTime.microseconds(.number(text), unit: naive, timezone: nil)
                #expect(time(number: text, unit: unit) == expected, "\(text) \(unit?.rawValue ?? "-")")
            }
        }
    }

    @Test(
        arguments: [
            ("99999999999", 99_999_999_999_000_000), ("100000000000", 100_000_000_000_000), ("99999999999999", 99_999_999_999_999_000),
            ("100000000000000", 100_000_000_000_000), ("99999999999999999", 99_999_999_999_999_999),
            ("100000000000000000", 100_000_000_000_000),
            ("1772352000.0000019", 1_772_352_000_000_001), ("-1.5", -1_500_000), ("1772352000123456789", 1_772_352_000_123_456),
            ("99999999999.9999999", 99_999_999_999_999_999), ("9007199254740993", 9_007_199_254_740_993),
        ] as [(String, EventTime)])
    func numbers(_ text: String, _ expected: EventTime) {
        #expect(time(number: text) == expected)
    }

    @Test func aDateThatWasReadBeforeIsNotMistaken() {
        var clock = TimeText(zone: nil, unit: nil)
        for (text, expected) in [
            ("2026-03-01T00:00:00Z", 1_772_323_200_000_000), ("2026-02-30T00:00:00Z", nil), ("2026-03-01T00:00:01Z", 1_772_323_201_000_000),
            ("2026-03-02T00:00:00Z", 1_772_409_600_000_000),
        ] as [(String, EventTime?)] {
            #expect(Text.with(Array(text.utf8), { clock.parse($0) }) == expected)
        }
    }

    @Test(
        arguments: [
            ("2026-03-01T00:00:00Z", 1_772_323_200_000_000), ("1772323200", 1_772_323_200_000_000), ("", nil), (" ", nil), ("now", nil),
            ("-5", -5_000_000),
        ] as [(String, EventTime?)])
    func timesGivenByPeople(_ text: String, _ expected: EventTime?) {
        #expect(TimeText.instant(text) == expected)
    }
}
