import Events

/// All cells that persons contribute to: one table for each table that is published. The last number of a key is
/// a day, or `allDays` for what cannot be added up over days (how many different persons).
package struct MetricCells: Sendable {
    package let journeys = CellTable(width: 2, counterCount: JourneyCounter.allCases.count)
    package let funnel = CellTable(width: 3, counterCount: FunnelCounter.allCases.count)
    package let stalls = CellTable(width: 3, counterCount: StallCounter.allCases.count)
    package let transitions = CellTable(width: 5, counterCount: TransitionCounter.allCases.count)
    package let sessions = CellTable(width: 2, counterCount: SessionCounter.allCases.count)
    package let touchpoints = CellTable(width: 3, counterCount: TouchpointCounter.allCases.count)

    package init() {}

    package static let allDays = UInt32(bitPattern: Int32.min)

    package func absorb(_ other: MetricCells) {
        journeys.absorb(other.journeys)
        funnel.absorb(other.funnel)
        stalls.absorb(other.stalls)
        transitions.absorb(other.transitions)
        sessions.absorb(other.sessions)
        touchpoints.absorb(other.touchpoints)
    }
}

/// Cells of one key, over all days or for one: what a row is computed from.
struct CellGroup {
    var counters: [Int64]
    var distributions: [Distribution]

    static func empty(counters: Int, measures: Int) -> CellGroup {
        CellGroup(counters: Array(repeating: 0, count: counters), distributions: Array(repeating: Distribution([]), count: measures))
    }

    subscript<Counter: RawRepresentable<Int>>(counter: Counter) -> Int64 { counters[counter.rawValue] }

    func seconds(_ measure: Int, _ quantile: Double) -> ReportTable.Cell {
        distributions[measure].quantileNearestRank(quantile).map { .duration($0) } ?? .unknown
    }
}

/// Whether a table is for the whole time or has a row for each day.
package enum Granularity: Sendable { case total, daily }

extension CellTable {
    /// The cells by key without day, and by day: nil for the sum of all days.
    /// - Parameter perPerson: counters that count different persons: for the whole time they come from `allDays`.
    func grouped(_ granularity: Granularity, measures: Int, perPerson: [Int]) -> [GroupKey: CellGroup] {
        var groups: [GroupKey: CellGroup] = [:]
        var parts: [GroupKey: [[(bucket: UInt32, count: Int64)]]] = [:]
        func key(_ cell: Int) -> GroupKey? {
            let numbers = keys[cell]
            let day = numbers[width - 1]
            if granularity == .daily, day == MetricCells.allDays { return nil }
            return GroupKey(numbers: Array(numbers.dropLast()), day: granularity == .daily ? Int32(bitPattern: day) : nil)
        }
        for cell in 0..<keys.count {
            guard let key = key(cell) else { continue }
            let isAllDays = keys[cell][width - 1] == MetricCells.allDays
            for counter in 0..<counterCount {
                let counts = granularity == .daily || isAllDays == perPerson.contains(counter)
                groups[key, default: .empty(counters: counterCount, measures: measures)].counters[counter] += counts ? self.counter(counter, of: cell) : 0
            }
        }
        forEachDistribution { cell, measure, distribution in
            guard let key = key(cell) else { return }
            let entries = distribution.entries.map { (bucket: $0.bucket, count: $0.count) }
            parts[key, default: Array(repeating: [], count: measures)][measure] += entries
        }
        for (key, measured) in parts { groups[key]?.distributions = measured.map { Distribution($0) } }
        return groups
    }
}

struct GroupKey: Hashable {
    var numbers: [UInt32]
    /// Days since 1970-01-01; nil for all.
    var day: Int32?
}
