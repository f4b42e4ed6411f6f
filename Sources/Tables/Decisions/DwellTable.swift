import Events
import Journeys

/// dwells.csv: how long visits last, in bins for pictures, by journey type and step. Made of the dwells of stalls.csv.
enum DwellTable: MetricTable {
    enum Counter: Int, CellCounter { case persons }

    static let name = "dwells"
    static let title = "How long visits of steps last, in bins of equal ratio"
    static let keyColumns = ["journey", "step", "from_seconds"]
    static let isByDay = false
    /// Key: step, width and number of the bin, from 1, over all days. Counted only where rows of few persons are left out: for all
    /// widths that bins may come to have, since persons of several bins do not add up.
    static let persons = CellShape("dwell_persons", Counter.self, persons: .persons)
    static let cells = [persons]

    struct Row {
        let journey: String
        let step: String
        let bounds: (from: Int64, to: Int64)
        let visits: Int64
    }

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { .text($0.journey) },
        .init("step", .text, "Step") { .text($0.step) },
        .init(
            "from_seconds", .seconds,
            "Shortest dwell of the bin. to_seconds / from_seconds is 2^(1/8) or the least power of it that makes 40 bins or fewer of the step, within 0.4 %"
        ) { .duration($0.bounds.from) },
        .init(
            "to_seconds", .seconds, "The bin holds dwells below it. What lasts less than 1.024 ms has a bin of its own, from 0"
        ) { .duration($0.bounds.to) },
        .init("visits", .integer, "Progressed judged visits with such a dwell; 0 between others that have some") { .integer($0.visits) },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let dwells = StallTable.dwells(sums)
        let persons = sums.groups(Self.persons)
        return sums.names.sortedJourneys.flatMap { type, journey in
            let steps = journey.steps.enumerated().sorted { TableNames.precedes($0.element.name, $1.element.name) }
            return steps.flatMap { number, step in
                let key = CellKey(type: UInt32(type), UInt32(number))
                let entries = dwells[key]?.entries ?? []
                let bins = DwellBins(entries.map(\.bucket))
                var visits: [Int: Int64] = [:]
                for entry in entries { visits[bins.bin(ofBucket: entry.bucket), default: 0] += entry.count }
                return bins.numbers.map { bin in
                    TableRow(
                        day: CellKey.allDays, persons: persons[personKey(key, bins.width, bin)]?[Counter.persons] ?? 0,
                        row: Row(journey: journey.name, step: step.name, bounds: bins.bounds(ofBin: bin), visits: visits[bin] ?? 0))
                }
            }
        }
    }

    private static func personKey(_ step: CellKey, _ width: Int, _ bin: Int) -> CellKey {
        CellKey(type: step.type, slice: step.slice, step.first, UInt32(width), UInt32(bin - DwellBins.tooShort))
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells[persons]) }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable

        init(_ plan: FoldPlan, _ table: CellTable) { (self.plan, self.table) = (plan, table) }

        override var questions: AsOfQuestions { .visits }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            guard plan.countsPersonsOfRows else { return }
            for visit in person.visits {
                guard case .progressed(let dwell) = visit.end, person.isJudged(visit) else { continue }
                let (mark, step) = (DwellBins.mark(LogLinear.bucket(dwell)), journey.key(UInt32(visit.step)))
                for width in 1...DwellBins.widthMax {
                    let key = DwellTable.personKey(step, width, DwellBins.bin(ofMark: mark, width: width))
                    table.addOnce(journey.owner, to: Counter.persons, of: table.cell(key))
                }
            }
        }
    }
}
