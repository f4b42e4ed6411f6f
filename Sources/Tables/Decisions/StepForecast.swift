/// How well what comes next can be foretold: from the first four fifths of a type's days for the journeys of the last fifth. What
/// open_journeys.csv says is worth as much as this.
public struct StepForecast: Sendable, Equatable {
    /// Visits that ended, in journeys that began on the days that are foretold.
    public var visits: Int64 = 0
    /// Those whose next step is the likeliest one by the step before and the step, as in open_journeys.csv.
    public var right: Int64 = 0
    /// Those whose next step is the one that most often follows the step, wherever the journey came from.
    public var rightByMostFrequent: Int64 = 0
    /// By tenths of the share that was foretold to convert.
    public var calibration = [Tenth](repeating: Tenth(), count: 10)

    /// Visits in mature journeys of which a like share was foretold to convert.
    public struct Tenth: Sendable, Equatable {
        public var visits: Int64 = 0
        /// How many were foretold to convert: the sum of their shares.
        public var foretold = 0.0
        public var converted: Int64 = 0
    }

    /// By journey type, in the order of the pipeline. Days are those of the tables by day, as far as the same UTC day is alive.
    static func all(_ cells: MetricCells, _ names: TableNames) -> [StepForecast] {
        let groups = NextStepTable.groups(cells, .daily, measured: false)
        let started = cells[JourneyTable.journeys].grouped(.daily, measured: false)
        return names.journeys.indices.map { type in
            let days = Set(started.keys.lazy.filter { $0.type == UInt32(type) }.map(\.day)).intersection(names.aliveDays).sorted()
            let foretold = (days.count + 4) / 5
            guard foretold > 0, let first = days.suffix(foretold).first else { return StepForecast() }
            let ofType = groups.filter { $0.key.type == UInt32(type) }
            return StepForecast(ofType, learned: Set(days.dropLast(foretold)), foretold: Set(days.filter { $0 >= first }), names)
        }
    }

    private init() {}

    private init(_ groups: [CellKey: CellGroup], learned: Set<Int32>, foretold: Set<Int32>, _ names: TableNames) {
        typealias Counter = NextStepTable.Counter
        var past: [CellKey: CellGroup] = [:]
        for (key, group) in groups where learned.contains(key.day) {
            past[key.overall, default: .empty(NextStepTable.next)].addCounters(group)
        }
        let outlooks = StepOutlooks(past, names)
        // In order of keys: sums of fractions depend on it.
        let later = groups.filter { foretold.contains($0.key.day) && $0.key.first != NextStepTable.any }
        for (key, group) in later.sorted(by: { $0.key.precedes($1.key) }) {
            let next = NextStepTable.next(of: key, names)
            let outlook = outlooks.of(step: key.second, previous: key.first, type: key.type)
            let mostFrequent = outlooks.of(step: key.second, previous: NextStepTable.any, type: key.type)
            visits += group[Counter.count]
            if let outlook, outlook.next.utf8.elementsEqual(next.utf8) { right += group[Counter.count] }
            if let mostFrequent, mostFrequent.next.utf8.elementsEqual(next.utf8) { rightByMostFrequent += group[Counter.count] }
            guard let share = outlook?.goalShare else { continue }
            let tenth = min(9, Int(share * 10))
            calibration[tenth].visits += group[Counter.mature]
            calibration[tenth].foretold += share * Double(group[Counter.mature])
            calibration[tenth].converted += group[Counter.converted]
        }
    }

    public static func + (left: StepForecast, right: StepForecast) -> StepForecast {
        var sum = left
        sum.visits += right.visits
        sum.right += right.right
        sum.rightByMostFrequent += right.rightByMostFrequent
        for tenth in sum.calibration.indices {
            sum.calibration[tenth].visits += right.calibration[tenth].visits
            sum.calibration[tenth].foretold += right.calibration[tenth].foretold
            sum.calibration[tenth].converted += right.calibration[tenth].converted
        }
        return sum
    }
}

extension CellKey {
    fileprivate func precedes(_ other: CellKey) -> Bool {
        (day, first, second, third) < (other.day, other.first, other.second, other.third)
    }
}
