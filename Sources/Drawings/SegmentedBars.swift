/// Bars one below the other, each of several parts: a funnel, or where journeys go from each step.
public struct SegmentedBars: Sendable {
    public struct Bar: Sendable {
        /// Above the bar, at its left and its right end.
        public var label: String
        public var value: String
        /// From the left; shares of the width.
        public var parts: [(share: Double, fill: Picture.Fill)]
        /// Below the bar; empty: nothing.
        public var note: String

        public init(label: String, value: String, parts: [(share: Double, fill: Picture.Fill)], note: String = "") {
            (self.label, self.value, self.parts, self.note) = (label, value, parts, note)
        }
    }

    public var bars: [Bar]
    /// So many characters of a label have room beside a value where the page is 320 pixels wide.
    public static let labelMax = 24

    public init(_ bars: [Bar]) { self.bars = bars }

    public func draw(_ picture: inout Picture) {
        var y = 0
        for bar in bars {
            picture.text(Picture.shortened(bar.label, to: Self.labelMax), x: 0, y: y + 13)
            picture.text(bar.value, x: 1, y: y + 13, .end)
            y += 19
            var x = 0.0
            for part in bar.parts {
                picture.rectangle(x: x, y: y, width: part.share, height: 14, part.fill)
                x += part.share
            }
            picture.grow(to: y + 14)
            y += 14
            if !bar.note.isEmpty {
                picture.text(bar.note, x: 0, y: y + 14, isSmall: true)
                y += 16
            }
            y += 10
        }
    }
}
