/// Cells of one key, over all days or for one: what a row is computed from. Sums of its own, or a row of grouped cells, which are
/// read where they lie.
struct CellGroup {
    private enum Source {
        case sums(counters: [Int64], distributions: [Distribution])
        case cells(GroupedCells, row: Int)
    }

    private var source: Source

    init(counters: [Int64], distributions: [Distribution]) { source = .sums(counters: counters, distributions: distributions) }

    init(_ cells: GroupedCells, row: Int) { source = .cells(cells, row: row) }

    static func empty(_ shape: CellShape) -> CellGroup {
        CellGroup(
            counters: Array(repeating: 0, count: shape.counterCount),
            distributions: Array(repeating: Distribution([]), count: shape.measureCount))
    }

    private subscript(place: Int) -> Int64 {
        switch source {
        case .sums(let counters, _): counters[place]
        case .cells(let cells, let row): cells.counter(place, of: row)
        }
    }

    subscript(counter: some CellCounter) -> Int64 { self[counter.rawValue] }

    func distribution(_ measure: Int) -> Distribution {
        switch source {
        case .sums(_, let distributions): distributions[measure]
        case .cells(let cells, let row): cells.distribution(measure, of: row)
        }
    }

    /// Changes counters of sums of its own, which a row of grouped cells has not.
    mutating func withCounters(_ body: (inout [Int64]) -> Void) {
        guard case .sums(var counters, let distributions) = source else { preconditionFailure("grouped cells are read only") }
        source = .sums(counters: [], distributions: distributions)
        body(&counters)
        source = .sums(counters: counters, distributions: distributions)
    }

    mutating func setDistribution(_ measure: Int, _ distribution: Distribution) {
        guard case .sums(let counters, var distributions) = source else { preconditionFailure("grouped cells are read only") }
        distributions[measure] = distribution
        source = .sums(counters: counters, distributions: distributions)
    }

    /// Adds another's counters; distributions stay.
    mutating func addCounters(_ other: CellGroup) {
        withCounters { counters in for counter in counters.indices { counters[counter] += other[counter] } }
    }

    func count(_ counter: some CellCounter) -> ReportTable.Cell { .integer(self[counter]) }

    func seconds(_ measure: Int, _ quantile: Double) -> ReportTable.Cell {
        distribution(measure).quantileNearestRank(quantile).map { .duration($0) } ?? .unknown
    }
}

/// Whether a table is for the whole time or has a row for each day.
public enum Granularity: Sendable { case total, daily }

extension CellTable {
    /// The cells by key, all days of a key together under `allDays`, or each day apart: those of no segment, or those of segments.
    /// - Parameters:
    ///   - measured: false where nobody asks for distributions, most of the work: then they are empty.
    ///   - merged: of a key, the key under which it is counted together with others.
    func grouped(
        _ granularity: Granularity, ofSegments: Bool = false, measured: Bool = true, merged: (CellKey) -> CellKey = { $0 }
    ) -> [CellKey: CellGroup] {
        var groups: [CellKey: CellGroup] = [:]
        func group(of cell: Int) -> CellKey? {
            let key = key(of: cell)
            guard (key.slice != 0) == ofSegments else { return nil }
            if granularity == .total { return merged(key).overall }
            return key.day == CellKey.allDays ? nil : merged(key)
        }
        for cell in 0..<count {
            guard let key = group(of: cell) else { continue }
            let isOverall = self.key(of: cell).day == CellKey.allDays
            func add(to sums: inout [Int64]) {
                for counter in 0..<shape.counterCount where granularity == .daily || isOverall == shape.overall.contains(counter) {
                    sums[counter] += self.counter(counter, of: cell)
                }
            }
            groups[key, default: .empty(shape)].withCounters { add(to: &$0) }
        }
        guard measured else { return groups }
        // All days of one key together: their buckets are counted in a dense histogram, then read off in order.
        var parts: [CellKey: [(measure: Int, buckets: Range<Int>)]] = [:]
        forEachDistribution { cell, measure, buckets in
            if let key = group(of: cell) { parts[key, default: []].append((measure, buckets)) }
        }
        var dense = DenseHistogram()
        for (key, found) in parts {
            for measure in 0..<shape.measureCount {
                let ranges = found.filter { $0.measure == measure }.map(\.buckets)
                groups[key]?.setDistribution(measure, dense.sum(ranges, of: self))
            }
        }
        return groups
    }
}

extension Dictionary where Key == CellKey {
    /// The days on which any group stands, ascending; of the whole time only `allDays`.
    func days(_ granularity: Granularity) -> [Int32] {
        granularity == .total ? [CellKey.allDays] : Set(keys.map(\.day)).sorted()
    }
}

/// Adds up buckets by counting: O(values), where sorting them would be O(n log n).
struct DenseHistogram {
    private var counts = [Int64](repeating: 0, count: Int(LogLinear.lastBucket) + 1)
    /// All buckets that were counted since the last `take`, and maybe more.
    private var range = 0..<0

    mutating func add(_ count: Int64, to bucket: UInt32) {
        let place = Int(bucket)
        counts[place] += count
        range = range.isEmpty ? place..<place + 1 : min(range.lowerBound, place)..<max(range.upperBound, place + 1)
    }

    /// What was added since the last time. A count below zero is a broken sum of cells, and traps.
    mutating func take() -> Distribution {
        // Once looked through, once allocated.
        let found = range.count { counts[$0] != 0 }
        var entries: [Distribution.Entry] = []
        entries.reserveCapacity(found)
        for bucket in range where counts[bucket] != 0 {
            entries.append(.init(bucket: UInt32(bucket), count: counts[bucket]))
            counts[bucket] = 0
        }
        range = 0..<0
        precondition(entries.allSatisfy { $0.count > 0 }, "a bucket with a negative count")
        return Distribution(ascending: entries)
    }

    /// What runs of a table's buckets come to, each of them ascending. Nothing else may have been added since `take`.
    mutating func sum(_ runs: [Range<Int>], of table: CellTable) -> Distribution {
        if runs.count == 1 { return Distribution(ascending: runs[0].map { table.entry($0) }) }
        for run in runs {
            for index in run {
                let entry = table.entry(index)
                add(entry.count, to: entry.bucket)
            }
        }
        return take()
    }
}
