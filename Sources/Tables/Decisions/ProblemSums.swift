import Events
import Glibc

/// Something that journeys of a type suffer from, with what goes with it.
struct Problem {
    enum Kind: String { case friction, stall }

    let type: Int
    let journey: String
    let kind: Kind
    let name: String
    let owner: String?
    let journeys: Int64
    let persons: Int64
    /// By level.
    let strata: [Stratum]
    /// Of mature journeys that began on the 28 days before day(as-of − horizon), and on the 28 before: those that have it.
    let recent: Share
    let before: Share
    let lostPer30Days: Double?
    let valueLost: Double?
    let loss: Statistics.Loss?

    var pValue: Double? { Statistics.cochranMantelHaenszel(strata) }
    var unmatched: Int64 { journeys - (loss?.exposed.whole ?? 0) }
    var trend: ShareDifference? { ShareDifference(recent, before) }
}

/// The problems of all types from the sums, in byte order of types, kinds and names.
struct ProblemSums {
    private(set) var problems: [Problem] = []

    init(_ sums: TableSums) {
        let cells = sums.cells
        let thresholds = StallTable.thresholds(cells, sums.names)
        let frictions = ByDay(cells[ProblemCells.frictions])
        let visits = ByDay(cells[ProblemCells.visits])
        let persons = (
            frictions: cells[ProblemCells.frictions].grouped(.total),
            visits: cells[ProblemCells.visits].grouped(.total, measured: false)
        )
        for (type, journey) in sums.names.sortedJourneys {
            let scale = TypeScale(sums, type: type)
            let levels = LevelCounts(cells[ProblemCells.levels].grouped(.total), type: UInt32(type))
            for (rule, friction) in sums.names.sortedFrictions {
                let key = CellKey(type: UInt32(type), UInt32(rule))
                guard let exposed = frictions.groups[key] else { continue }
                let entries = exposed.map { cell in
                    Exposure(
                        level: Int(cell.key.second), last: Int(cell.key.third), day: cell.key.day,
                        share: Share(cell.group[ProblemCells.Exposed.converted], of: cell.group[ProblemCells.Exposed.journeys]))
                }
                add(
                    scale, type, journey.name, .friction, friction.name, friction.owner, levels.strata(entries),
                    entries.map { ($0.day, $0.share.whole) }, persons: persons.frictions[key]?[ProblemCells.Exposed.persons] ?? 0)
            }
            let steps = journey.steps.enumerated().sorted { TableNames.precedes($0.element.name, $1.element.name) }
            for (number, step) in steps {
                let key = CellKey(type: UInt32(type), UInt32(number))
                guard let threshold = thresholds[type][number], let days = visits.groups[key] else { continue }
                let left = days.map { (day: $0.key.day, stratum: Self.left($0.group, threshold)) }
                let stratum = left.reduce(into: Stratum(exposed: Share(0, of: 0), compared: Share(0, of: 0))) { sum, day in
                    sum.exposed += day.stratum.exposed
                    sum.compared += day.stratum.compared
                }
                add(
                    scale, type, journey.name, .stall, step.name, step.owner, [stratum], left.map { ($0.day, $0.stratum.exposed.whole) },
                    persons: persons.visits[key]?[ProblemCells.Visited.persons] ?? 0)
            }
        }
    }

    private mutating func add(
        _ scale: TypeScale, _ type: Int, _ journey: String, _ kind: Problem.Kind, _ name: String, _ owner: String?, _ strata: [Stratum],
        _ days: [(day: Int32, journeys: Int64)], persons: Int64
    ) {
        let journeys = strata.reduce(0) { $0 + $1.exposed.whole }
        guard journeys > 0 else { return }
        let loss = Statistics.loss(strata)
        problems.append(
            Problem(
                type: type, journey: journey, kind: kind, name: name, owner: owner, journeys: journeys, persons: persons, strata: strata,
                recent: scale.share(days, weeksBack: 0), before: scale.share(days, weeksBack: 4),
                lostPer30Days: scale.days.flatMap { days in loss.map { $0.lost * 30 / Double(days) } },
                valueLost: scale.meanWorth.flatMap { worth in loss.map { $0.lost * worth } }, loss: loss))
    }

    /// First visits that were left, after the threshold and within it.
    private static func left(_ group: CellGroup, _ threshold: StallThreshold) -> Stratum {
        typealias Visited = ProblemCells.Visited
        guard case .learned = threshold.source else {
            return Stratum(
                exposed: Share(group[Visited.slowConverted], of: group[Visited.slow]),
                compared: Share(group[Visited.withinConverted], of: group[Visited.within]))
        }
        let (converted, others) = (group.distribution(ProblemCells.dwellOfConverted), group.distribution(ProblemCells.dwellOfOthers))
        func split(_ distribution: Distribution) -> (slow: Int64, within: Int64) {
            let slow = distribution.count(above: threshold)
            return (slow, distribution.total - slow)
        }
        let (one, other) = (split(converted), split(others))
        return Stratum(exposed: Share(one.slow, of: one.slow + other.slow), compared: Share(one.within, of: one.within + other.within))
    }
}

/// Cells of each day by the first number of their key.
private struct ByDay {
    private(set) var groups: [CellKey: [(key: CellKey, group: CellGroup)]] = [:]

    init(_ table: CellTable) {
        for (key, group) in table.grouped(.daily) { groups[CellKey(type: key.type, key.first), default: []].append((key, group)) }
    }
}

/// Journeys that have a problem: at which level they met it, how far they came, and when they began.
private struct Exposure {
    let level: Int
    let last: Int
    let day: Int32
    let share: Share
}

/// Mature journeys of a type by how far they came.
private struct LevelCounts {
    /// By level, that level or a higher one.
    private var reached: [Share] = []

    init(_ groups: [CellKey: CellGroup], type: UInt32) {
        for (key, group) in groups where key.type == type {
            while reached.count <= Int(key.first) { reached.append(Share(0, of: 0)) }
            for level in 0...Int(key.first) {
                reached[level] += Share(group[ProblemCells.Journeys.converted], of: group[ProblemCells.Journeys.mature])
            }
        }
    }

    /// At each level at which somebody met it: these, and those that reached the level and had not met it by then; whether they meet
    /// it later does not matter.
    func strata(_ exposures: [Exposure]) -> [Stratum] {
        Set(exposures.map(\.level)).sorted().map { level in
            var (exposed, met) = (Share(0, of: 0), Share(0, of: 0))
            for exposure in exposures {
                if exposure.level == level { exposed += exposure.share }
                if exposure.level <= level, exposure.last >= level { met += exposure.share }
            }
            let all = level < reached.count ? reached[level] : Share(0, of: 0)
            return Stratum(exposed: exposed, compared: Share(all.part - met.part, of: all.whole - met.whole))
        }
    }
}

/// What numbers of one journey type are measured by.
private struct TypeScale {
    /// Alive UTC days from the first to the last one with a mature start; nil without one.
    let days: Int?
    /// Of converted journeys whose goal says a number.
    let meanWorth: Double?
    private let weeks: FourWeeks
    /// By day of the start.
    private let mature: [Int32: Int64]

    init(_ sums: TableSums, type: Int) {
        let (cells, names) = (sums.cells, sums.names)
        let starts = Set(
            cells[ProblemCells.starts].grouped(.total).filter { $0.key.type == UInt32(type) && $0.value[ProblemCells.Days.mature] > 0 }
                .map { Int32(bitPattern: $0.key.first) })
        let alive = names.aliveDays.filter { starts.contains($0) }
        days = alive.min().map { first in names.aliveDays.count { $0 >= first && $0 <= alive.max()! } }
        meanWorth = ProblemCells.meanWorth(cells, type: type)
        weeks = FourWeeks(names, type: type)
        var mature: [Int32: Int64] = [:]
        for (key, group) in cells[JourneyTable.journeys].grouped(.daily, measured: false) where key.type == UInt32(type) {
            mature[key.day] = group[JourneyTable.Counter.mature]
        }
        self.mature = mature
    }

    /// Of the mature journeys of four weeks, the last ones or those so many weeks earlier.
    func share(_ having: [(day: Int32, journeys: Int64)], weeksBack: Int32) -> Share {
        Share(
            having.reduce(0) { weeks.contains($1.day, weeksBack: weeksBack) ? $0 + $1.journeys : $0 },
            of: mature.reduce(0) { weeks.contains($1.key, weeksBack: weeksBack) ? $0 + $1.value : $0 })
    }
}
