/// Cells of one key, over all days or for one: what a row is computed from.
struct CellGroup {
    var counters: [Int64]
    var distributions: [Distribution]

    static func empty(_ shape: CellShape) -> CellGroup {
        CellGroup(
            counters: Array(repeating: 0, count: shape.counterCount),
            distributions: Array(repeating: Distribution([]), count: shape.measureCount))
    }

    subscript(counter: some CellCounter) -> Int64 { counters[counter.rawValue] }

    /// Adds another's counters; distributions stay.
    mutating func addCounters(_ other: CellGroup) {
        for counter in counters.indices { counters[counter] += other.counters[counter] }
    }

    func count(_ counter: some CellCounter) -> ReportTable.Cell { .integer(self[counter]) }

    func seconds(_ measure: Int, _ quantile: Double) -> ReportTable.Cell {
        distributions[measure].quantileNearestRank(quantile).map { .duration($0) } ?? .unknown
    }
}

/// Whether a table is for the whole time or has a row for each day.
public enum Granularity: Sendable { case total, daily }

extension CellTable {
    /// The cells by key, all days of a key together under `allDays`, or each day apart: those of no segment, or those of segments.
    /// - Parameter merged: of a key, the key under which it is counted together with others.
    func grouped(_ granularity: Granularity, ofSegments: Bool = false, merged: (CellKey) -> CellKey = { $0 }) -> [CellKey: CellGroup] {
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
            add(to: &groups[key, default: .empty(shape)].counters)
        }
        // All days of one key together: their buckets are counted in a dense histogram, then read off in order.
        var parts: [CellKey: [(measure: Int, buckets: Range<Int>)]] = [:]
        forEachDistribution { cell, measure, buckets in
            if let key = group(of: cell) { parts[key, default: []].append((measure, buckets)) }
        }
        var dense = DenseHistogram()
        for (key, found) in parts {
            for measure in 0..<shape.measureCount {
                let ranges = found.filter { $0.measure == measure }.map(\.buckets)
                groups[key]?.distributions[measure] = dense.sum(ranges, of: self)
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
