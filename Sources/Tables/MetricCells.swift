import Events

/// All cells that persons contribute to: one table for each table that is published. The last number of a key is
/// a day, or `allDays` for what cannot be added up over days (how many different persons).
public struct MetricCells: Sendable {
    public let journeys = CellTable(width: 2, counterCount: JourneyCounter.allCases.count)
    public let funnel = CellTable(width: 3, counterCount: FunnelCounter.allCases.count)
    public let stalls = CellTable(width: 3, counterCount: StallCounter.allCases.count)
    /// By journey type, step, and in two halves the time of the journey's last event.
    public let openVisits = CellTable(width: 5, counterCount: 1)
    public let transitions = CellTable(width: 5, counterCount: TransitionCounter.allCases.count, textColumns: [2, 3])
    public let sessions = CellTable(width: 2, counterCount: SessionCounter.allCases.count, textColumns: [0])
    public let touchpoints = CellTable(width: 3, counterCount: TouchpointCounter.allCases.count, textColumns: [0, 1])

    public let frictions = CellTable(width: 3, counterCount: FrictionCounter.allCases.count)
    public let frictionPlaces = CellTable(width: 6, counterCount: PlaceCounter.allCases.count, textColumns: [2, 3])
    /// By journey type and number of the need: persons who have such an event. No days.
    public let needs = CellTable(width: 2, counterCount: 1)
    public let frictionPersons = FrictionPersons()
    /// Empty unless rows of few persons are left out.
    public let rowPersons = RowPersons()

    public init() {}

    /// The same cells without those that are zero throughout; as sizes where `magnitudes` is true. Nobody is an example.
    public init(withoutZeros other: MetricCells, magnitudes: Bool = false) {
        for (mine, theirs) in zip(tables, other.tables) { mine.table.absorb(theirs.table.withoutZeros(magnitudes: magnitudes)) }
    }

    /// In place of a journey type: whatever the type.
    public static let allTypes = UInt32.max
    public static let allDays = UInt32(bitPattern: Int32.min)

    /// Every table of cells with its name.
    public var tables: [(name: String, table: CellTable)] {
        [
            ("journeys", journeys), ("funnel", funnel), ("stalls", stalls), ("open_visits", openVisits), ("transitions", transitions),
            ("sessions", sessions), ("touchpoints", touchpoints), ("frictions", frictions), ("friction_places", frictionPlaces), ("needs", needs), ("row_persons", rowPersons.cells),
        ]
    }

    /// Ends the adding; afterwards several threads may make tables.
    public func finish() { for (_, table) in tables { table.finish() } }

    /// Adds all cells of `other`, or with a sign of -1 takes them away; `other` must not be used afterwards.
    public func absorb(_ other: MetricCells, sign: Int64 = 1) {
        for (mine, theirs) in zip(tables, other.tables) { mine.table.absorb(theirs.table, sign: sign) }
        if sign > 0 { frictionPersons.absorb(other.frictionPersons) }
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
public enum Granularity: Sendable { case total, daily }

extension CellTable {
    /// The cells by key without day, and by day: nil for the sum of all days.
    /// - Parameter perPerson: counters that count different persons: for the whole time they come from `allDays`.
    func grouped(_ granularity: Granularity, measures: Int, perPerson: [Int]) -> [GroupKey: CellGroup] {
        var groups: [GroupKey: CellGroup] = [:]
        func key(_ cell: Int) -> GroupKey? {
            let numbers = keys[cell]
            let day = numbers[width - 1]
            if granularity == .daily, day == MetricCells.allDays { return nil }
            return GroupKey(numbers: Array(numbers.dropLast()), day: granularity == .daily ? Int32(bitPattern: day) : nil)
        }
        for cell in 0..<keys.count {
            guard let key = key(cell) else { continue }
            let isAllDays = keys[cell][width - 1] == MetricCells.allDays
            func add(to sums: inout [Int64]) {
                for counter in 0..<counterCount where granularity == .daily || isAllDays == perPerson.contains(counter) {
                    sums[counter] += self.counter(counter, of: cell)
                }
            }
            add(to: &groups[key, default: .empty(counters: counterCount, measures: measures)].counters)
        }
        // All days of one key together: their buckets are counted in a dense histogram, then read off in order.
        var parts: [GroupKey: [(measure: Int, buckets: Range<Int>)]] = [:]
        forEachDistribution { cell, measure, buckets in
            if let key = key(cell) { parts[key, default: []].append((measure, buckets)) }
        }
        var dense = DenseHistogram()
        for (key, found) in parts {
            for measure in 0..<measures {
                let ranges = found.filter { $0.measure == measure }.map(\.buckets)
                groups[key]?.distributions[measure] = dense.sum(ranges, of: self)
            }
        }
        return groups
    }
}

/// Adds up sorted runs of buckets by counting: O(values), where sorting them again would be O(n log n).
private struct DenseHistogram {
    private var counts = [Int64](repeating: 0, count: Int(LogLinear.lastBucket) + 1)

    mutating func sum(_ runs: [Range<Int>], of table: CellTable) -> Distribution {
        if runs.count == 1 { return Distribution(ascending: runs[0].map { table.bucket($0) }) }
        var (lowest, highest) = (counts.count, -1)
        for index in runs.joined() {
            let (bucket, count) = table.bucket(index)
            counts[Int(bucket)] += count
            lowest = min(lowest, Int(bucket))
            highest = max(highest, Int(bucket))
        }
        guard highest >= lowest else { return Distribution(ascending: []) }
        var entries: [(bucket: UInt32, count: Int64)] = []
        for bucket in lowest...highest where counts[bucket] != 0 {
            entries.append((UInt32(bucket), counts[bucket]))
            counts[bucket] = 0
        }
        return Distribution(ascending: entries)
    }
}

struct GroupKey: Hashable {
    var numbers: [UInt32]
    /// Days since 1970-01-01; nil for all.
    var day: Int32?
}
