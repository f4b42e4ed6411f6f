/// Columns side by side on one base line: a share week by week, or how long something lasts.
public struct Columns: Sendable {
    public struct Column: Sendable {
        /// From 0 to 1, of the height.
        public var height: Double
        /// Nil: no whisker.
        public var interval: (low: Double, high: Double)?
        public var fill: Picture.Fill

        public init(height: Double, interval: (low: Double, high: Double)? = nil, fill: Picture.Fill) {
            (self.height, self.interval, self.fill) = (height, interval, fill)
        }
    }

    public var columns: [Column]
    /// Words at the left and the right end of the base line, and at the height of 1.
    public var ends: (left: String, right: String)
    public var top: String
    /// A line from top to bottom, in columns from the left, and what it stands for.
    public var mark: (place: Double, text: String)?

    public init(_ columns: [Column], ends: (left: String, right: String), top: String, mark: (place: Double, text: String)? = nil) {
        (self.columns, self.ends, self.top, self.mark) = (columns, ends, top, mark)
    }

    private static let room = 96

    public func draw(_ picture: inout Picture) {
        let head = 18
        let base = head + Self.room
        picture.text(top, x: 0, y: 12, isSmall: true)
        picture.line(x: 0, y: head, toX: 1, toY: head, "g")
        let width = 1 / Double(max(1, columns.count))
        for (number, column) in columns.enumerated() {
            let left = Double(number) * width
            let height = Int((min(max(column.height, 0), 1) * Double(Self.room)).rounded())
            picture.rectangle(x: left + width * 0.1, y: base - height, width: width * 0.8, height: height, column.fill)
            guard let (low, high) = column.interval else { continue }
            func y(_ share: Double) -> Int { base - Int((min(max(share, 0), 1) * Double(Self.room)).rounded()) }
            picture.line(x: left + width / 2, y: y(low), toX: left + width / 2, toY: y(high), "w")
        }
        picture.line(x: 0, y: base, toX: 1, toY: base, "g")
        if let mark {
            let x = mark.place * width
            picture.line(x: x, y: head, toX: x, toY: base, "w")
            picture.text(mark.text, x: min(x + 0.01, 1), y: head + 12, x > 0.6 ? .end : .start, isSmall: true)
        }
        picture.text(ends.left, x: 0, y: base + 15, isSmall: true)
        picture.text(ends.right, x: 1, y: base + 15, .end, isSmall: true)
    }
}
