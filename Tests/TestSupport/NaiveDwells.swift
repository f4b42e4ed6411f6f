public import Foundation

/// How long visits last, as they are, and whether bins say so: which bins there are is left open by the rules but for their form.
public enum NaiveDwells {
    struct List: Sendable, Equatable {
        var journey: String
        var step: String
        /// Microseconds, of progressed judged visits.
        var dwells: [Int64]
    }

    private struct Bin {
        var from, to: Double
        var visits: Int
    }

    static func lists(_ type: NaiveJourneyType) -> [List] {
        zip(type.rules.steps, NaiveVisit.byStep(type.rules, type.journeys, asOf: type.asOf)).map { step, visits in
            List(
                journey: type.rules.name, step: step.name,
                dwells: visits.filter { $0.isJudged && $0.end == .progressed }.compactMap(\.length).sorted())
        }
    }

    /// Which bins there are is the program's choice; what lies in them is not.
    public static func differences(_ naive: NaiveTables, csvFolder: URL) -> [String] {
        do {
            return differences(naive.dwells, try CSVTable(Array(try Data(contentsOf: csvFolder.appendingPathComponent("dwells.csv")))))
        } catch {
            return ["dwells: cannot read the file: \(error)"]
        }
    }

    static func differences(_ lists: [List], _ csv: CSVTable) -> [String] {
        let columns = ["journey", "step", "from_seconds", "to_seconds", "visits"].compactMap { csv.header.firstIndex(of: $0) }
        guard columns.count == 5 else { return ["dwells: columns are missing"] }
        var found: [[ExactText]: [Bin]] = [:]
        for row in csv.rows {
            guard let from = Double(row[columns[2]]), let to = Double(row[columns[3]]), let visits = Int(row[columns[4]]) else {
                return ["dwells: \(row) has no numbers"]
            }
            found[[ExactText(row[columns[0]]), ExactText(row[columns[1]])], default: []].append(Bin(from: from, to: to, visits: visits))
        }
        var result: [String] = []
        for list in lists {
            let bins = found.removeValue(forKey: [ExactText(list.journey), ExactText(list.step)]) ?? []
            result += faults(bins, list.dwells.map { Double($0) / 1e6 }).map { "dwells \(list.journey) \(list.step): \($0)" }
        }
        return result + found.keys.map { "dwells \($0): should not be there" }
    }

    private static func faults(_ bins: [Bin], _ dwells: [Double]) -> [String] {
        var faults: [String] = []
        func check(_ isSo: Bool, _ words: @autoclosure () -> String) { if !isSo { faults.append(words()) } }
        check(bins.count <= 40, "\(bins.count) bins")
        check(bins.map(\.visits).reduce(0, +) == dwells.count, "not \(dwells.count) visits in \(bins)")
        // Bounds are rounded to milliseconds.
        let rounding = 0.000501
        for bin in bins {
            let certain = dwells.filter { $0 >= bin.from + rounding && $0 < bin.to - rounding }.count
            let possible = dwells.filter { $0 >= bin.from - rounding && $0 < bin.to + rounding }.count
            check(certain <= bin.visits && bin.visits <= possible, "\(bin) should have \(certain) to \(possible)")
        }
        let scale = bins.filter { $0.from > 0 }
        check(bins.count - scale.count <= 1 && bins.dropFirst().allSatisfy { $0.from > 0 }, "more than one bin from 0")
        check(scale.first?.visits != 0 && scale.last?.visits != 0, "empty bins at an end")
        check(zip(scale, scale.dropFirst()).allSatisfy { $0.to == $1.from }, "gaps in \(scale)")
        guard let widest = scale.last else { return faults }
        // The ratio is a power of 2^(1/8), the same everywhere.
        let power = (log2(widest.to / widest.from) * 8).rounded()
        let ratio = exp2(power / 8)
        for bin in scale {
            let (low, high) = ((bin.to - rounding) / (bin.from + rounding), (bin.to + rounding) / (bin.from - rounding))
            check(power >= 1 && low <= ratio * 1.005 && high >= ratio * 0.995, "\(bin) is not of ratio \(ratio)")
        }
        // And no finer one would do: too many bins, or bounds closer than a millisecond.
        let sizes = dwells.filter { $0 >= 0.001024 }
        if power > 1, let least = sizes.min(), let most = sizes.max() {
            let finer = (power - 1) / 8
            let isClose = least * (exp2(finer) - 1) < 0.001 * 1.01 * exp2(finer)
            check(log2(most / least) / finer + 3 > 40 || isClose, "finer bins would do than of ratio \(ratio)")
        }
        return faults
    }
}
