/// Values with their intervals, one below the other on one scale.
public struct IntervalBars: Sendable {
    public struct Row: Sendable {
        public var label: String
        /// The value in words.
        public var text: String
        public var value: Double
        public var low: Double
        public var high: Double
        public var fill: Picture.Fill

        public init(label: String, text: String, value: Double, low: Double, high: Double, fill: Picture.Fill) {
            (self.label, self.text, self.value, self.low, self.high, self.fill) = (label, text, value, low, high, fill)
        }
    }

    public var rows: [Row]
    public static let labelMax = 24

    public init(_ rows: [Row]) { self.rows = rows }

    /// Ends of the scale, 0 among them.
    private var scale: (low: Double, high: Double) {
        let low = rows.reduce(0.0) { min($0, $1.low, $1.value) }
        let high = rows.reduce(0.0) { max($0, $1.high, $1.value) }
        return high > low ? (low, high) : (low, low + 1)
    }

    public func draw(_ picture: inout Picture) {
        let (low, high) = scale
        func place(_ value: Double) -> Double { (value - low) / (high - low) }
        var y = 0
        for row in rows {
            picture.text(Picture.shortened(row.label, to: Self.labelMax), x: 0, y: y + 13)
            picture.text(row.text, x: 1, y: y + 13, .end)
            // Between labels, which it would strike through.
            picture.line(x: place(0), y: y + 17, toX: place(0), toY: y + 31, "g")
            let from = min(place(0), place(row.value))
            picture.rectangle(x: from, y: y + 19, width: abs(place(row.value) - place(0)), height: 10, row.fill)
            picture.line(x: place(row.low), y: y + 24, toX: place(row.high), toY: y + 24, "w")
            picture.line(x: place(row.low), y: y + 20, toX: place(row.low), toY: y + 28, "w")
            picture.line(x: place(row.high), y: y + 20, toX: place(row.high), toY: y + 28, "w")
            y += 40
        }
        picture.grow(to: y)
    }
}
