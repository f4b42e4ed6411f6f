import Testing

@testable import Drawings

@Suite struct PictureTests {
    @Test(arguments: [(0, "0%"), (1, "100%"), (0.5, "50%"), (0.12345, "12.35%"), (0.0904, "9.04%"), (-3, "0%"), (7, "100%"), (.nan, "0%")])
    func shares(share: Double, text: String) { #expect(Picture.percent(share) == text) }

    @Test func textsAreNoMarkup() {
        var picture = Picture(title: "<script>", description: "a \"b\" & 'c'")
        picture.text("</svg>\u{0}\n", x: 0, y: 10)
        let svg = picture.svg(id: "p")
        #expect(
            svg.contains("&lt;script&gt;") && svg.contains("a &quot;b&quot; &amp; &#39;c&#39;") && svg.contains("&lt;/svg&gt;\u{FFFD} "))
        #expect(svg.matches(of: #/<\/svg>/#).count == 1 && !svg.contains("<script"))
        #expect(svg.contains("aria-labelledby=\"p-t p-d\"") && svg.contains("<title id=\"p-t\">") && svg.contains("<desc id=\"p-d\">"))
    }

    @Test func shortening() {
        #expect(Picture.shortened("abc", to: 3) == "abc" && Picture.shortened("abcd", to: 3) == "ab…" && Picture.shortened("", to: 3) == "")
    }

    /// Whatever is drawn lies within the picture's height.
    @Test func heights() {
        var bars = Picture(title: "t", description: "d")
        SegmentedBars([
            .init(label: "a", value: "1", parts: [(0.5, .neutral), (0.25, .loss)], note: "n"),
            .init(label: "b", value: "2", parts: [(0, .loss)]),
        ]).draw(&bars)
        #expect(bars.height >= 19 + 14 + 16 + 10 + 19 + 14)
        #expect(bars.svg(id: "p").contains("x=\"50%\" y=\"19\" width=\"25%\" height=\"14\" class=\"l\""))
        var intervals = Picture(title: "t", description: "d")
        IntervalBars([.init(label: "a", text: "2", value: 2, low: -1, high: 3, fill: .loss)]).draw(&intervals)
        // The scale goes from −1 to 3: 0 lies at a quarter, 2 at three quarters.
        #expect(intervals.svg(id: "p").contains("x=\"25%\" y=\"19\" width=\"50%\" height=\"10\" class=\"l\"") && intervals.height == 40)
        var columns = Picture(title: "t", description: "d")
        Columns(
            [.init(height: 1, interval: (0.5, 2), fill: .neutral), .init(height: 0, fill: .hatched)], ends: ("l", "r"), top: "9",
            mark: (1, "m")
        ).draw(&columns)
        #expect(
            columns.height >= 18 + 96 + 15 && columns.svg(id: "p").contains("x=\"5%\" y=\"18\" width=\"40%\" height=\"96\" class=\"n\""))
        var none = Picture(title: "t", description: "d")
        IntervalBars([]).draw(&none)
        Columns([], ends: ("", ""), top: "").draw(&none)
        SegmentedBars([]).draw(&none)
        #expect(none.svg(id: "p").contains("role=\"img\""))
    }
}
