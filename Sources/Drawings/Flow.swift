/// Stages one below the other with what goes on from each to the next: a flow from top to bottom. A stage is a bar cut into lanes;
/// below it hang bands, as wide as what goes on, what goes aside, and what stops, which ends at a mark.
public struct Flow: Sendable {
    public struct Lane: Sendable {
        public var name: String
        /// Of the stage.
        public var share: Double

        public init(_ name: String, _ share: Double) { (self.name, self.share) = (name, share) }
    }

    public struct Stage: Sendable {
        /// Above the bar, at its left and its right end.
        public var label: String
        public var value: String
        /// Of the picture's width.
        public var width: Double
        public var lanes: [Lane]
        /// What the lanes are, in words, below the bar: pieces that go on the next line where one is full.
        public var laneNotes: [String]
        /// From the left, of the picture's width; what is left of the stage's stays there.
        public var (on, aside, stops): (Double, Double, Double)
        /// Below the bands, in pieces too.
        public var notes: [String]

        public init(
            label: String, value: String, width: Double, lanes: [Lane], laneNotes: [String],
            bands: (on: Double, aside: Double, stops: Double), notes: [String]
        ) {
            (self.label, self.value, self.width, self.lanes, self.laneNotes) = (label, value, width, lanes, laneNotes)
            (on, aside, stops) = bands
            self.notes = notes
        }
    }

    public var stages: [Stage]

    public init(_ stages: [Stage]) { self.stages = stages }

    public func draw(_ picture: inout Picture) {
        var y = 0
        for stage in stages {
            picture.text(Picture.shortened(stage.label, to: SegmentedBars.labelMax), x: 0, y: y + 13)
            picture.text(stage.value, x: 1, y: y + 13, .end)
            y += 19
            var x = 0.0
            for lane in stage.lanes {
                let width = lane.share * stage.width
                picture.rectangle(x: x, y: y, width: width, height: 22, .lane)
                if width * Picture.narrowest > Picture.smallWidth(lane.name) + 10 {
                    picture.text(lane.name, x: x, y: y + 16, isSmall: true, shift: 5)
                }
                x += width
            }
            y += 22
            picture.rectangle(x: 0, y: y, width: stage.on, height: 18, .neutral)
            picture.rectangle(x: stage.on, y: y, width: stage.aside, height: 12, .muted)
            if stage.stops > 0 {
                picture.rectangle(x: stage.on + stage.aside, y: y, width: stage.stops, height: 8, .loss)
                picture.rectangle(x: stage.on + stage.aside, y: y + 10, width: stage.stops, height: 3, .loss)
            }
            y += 18
            for note in Picture.smallLines(stage.laneNotes) + Picture.smallLines(stage.notes) {
                picture.text(note, x: 0, y: y + 14, isSmall: true)
                y += 16
            }
            y += 10
        }
    }
}
