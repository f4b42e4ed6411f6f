import Testing

@testable import Pages

/// Figures as people read them; what is nearly all or nearly nothing does not look like it.
@Suite struct PageWordsTests {
    @Test func figures() {
        #expect([0, 7, 999, 1683, 1_000_000, -1234].map { PageWords.count($0) } == ["0", "7", "999", "1,683", "1,000,000", "−1,234"])
        #expect(
            [0.34, 0, 1, 0.0004, 0.9997, 0.12349, nil].map { PageWords.percent($0) } == [
                "34.0\u{A0}%", "0.0\u{A0}%", "100.0\u{A0}%", "below 0.1\u{A0}%", "above 99.9\u{A0}%", "12.3\u{A0}%", "unknown",
            ])
        #expect([7362.5, 9.46, 10, 3, -0.04, -12.6].map(PageWords.amount) == ["7,363", "9.5", "10", "3", "0.0", "−13"])
        #expect([0.008, -0.012, 0].map(PageWords.points) == ["+0.8", "−1.2", "+0.0"])
        #expect(PageWords.interval((0.3558, 0.3594)) == "35.6 to 35.9\u{A0}%" && PageWords.interval(nil) == "unknown")
        #expect(PageWords.amount(.infinity) == "?" && PageWords.tenths(.nan) == "?")
    }

    @Test(arguments: [
        (0, "0 s"), (0.25, "250 ms"), (1.5, "1.5 s"), (9, "9 s"), (59.6, "1 min"), (61, "1 min 1 s"), (7800, "2 h 10 min"), (3600, "1 h"),
        (86_400, "1 d"), (90_061, "1 d 1 h"), (31_536_000, "365 d"), (nil, "unknown"),
    ])
    func lengths(seconds: Double?, text: String) { #expect(PageWords.length(seconds: seconds) == text) }

    /// Names cannot end a sentence, turn it around or fill the page.
    @Test func names() {
        #expect(PageWords.cell("a\nb\tc\u{1}") == "a⏎b⇥c\u{FFFD}" && PageWords.cell("\u{202E}abc") == "\u{FFFD}abc")
        #expect(PageWords.name("עברית") == "\u{2068}עברית\u{2069}" && PageWords.name("") == "(none)")
        #expect(PageWords.cell(String(repeating: "x", count: 300)).count == 121 && PageWords.cell("👩‍👩‍👧") == "👩‍👩‍👧")
    }

    @Test(arguments: [("2026-03-01", 2930), ("2026-03-02", 2931), ("1970-01-01", 0), ("1969-12-28", -1), ("x", nil)])
    func weeks(day: String, week: Int?) { #expect(ConversionWeeks.week(ofDay: day) == week) }
}
