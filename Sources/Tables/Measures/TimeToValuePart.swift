import Events
import Journeys

/// How long it takes until journeys give customers what they are for; those that ended otherwise cannot get there any more, and of
/// open ones nothing is known beyond as-of.
enum TimeToValuePart: MeasurePart {
    enum Counter: Int, CellCounter {
        case started
        /// Counted only where rows of few persons are left out.
        case persons
    }

    enum Open: Int, CellCounter { case journeys }

    /// By the day of the start. From there to the value, or to the end without it.
    static let times = CellShape("time_to_value", Counter.self, persons: .persons, measures: 2)
    /// Key: in two halves the start of a journey that goes on without the value. Kept so rather than with its age: what a person
    /// contributes then stays the same while as-of moves on.
    static let open = CellShape("open_starts", Open.self)
    static let cells = [times, open]
    private static let (value, ended) = (0, 1)
    private static let day: Microseconds = 86_400_000_000

    static func rows(_ sums: TableSums) -> [MeasureRow] {
        let (groups, openAges) = (sums.groups(times), openAges(sums))
        return sums.names.journeys.enumerated().filter { $0.element.hasValue }.flatMap { type, journey in
            let group = groups[CellKey(type: UInt32(type))] ?? .empty(times)
            let risks = CompetingRisks(
                wanted: group.distribution(value), competing: group.distribution(ended),
                censored: openAges[type])
            return rows(journey.name, group, risks)
        }
    }

    /// By journey type: how long journeys have gone on without the value, as-of − start. Nearly each has a cell of its own, so they are
    /// not grouped.
    private static func openAges(_ sums: TableSums) -> [Distribution] {
        var ages = sums.names.journeys.map { _ in DenseHistogram() }
        // Of changes a part of these may lie below zero.
        let table = sums.whole == nil ? sums.cells[open] : CellTable(open)
        for cell in 0..<table.count {
            let key = table.key(of: cell)
            guard key.slice == 0 else { continue }
            let start = EventTime(bitPattern: UInt64(key.first) << 32 | UInt64(key.second))
            let age = sums.names.asOf.subtractingReportingOverflow(start).partialValue
            ages[Int(key.type)].add(table.counter(Open.journeys, of: cell), to: LogLinear.bucket(age))
        }
        return ages.indices.map { ages[$0].take() }
    }

    private static func rows(_ journey: String, _ group: CellGroup, _ risks: CompetingRisks) -> [MeasureRow] {
        func row(_ name: String, _ unit: String) -> MeasureRow {
            MeasureRow(
                metric: "time_to_value", journey: journey, name: name, unit: unit, denominator: group[Counter.started],
                reason: group[Counter.started] == 0 ? "no journey began" : "", persons: group[Counter.persons])
        }
        let shares = [1, 7, 30, 90].map { days in
            var row = row("\(days)d", "share")
            let bucket = LogLinear.bucket(day * Int64(days))
            row.numerator = .integer(group.distribution(value).entries.reduce(0) { $1.bucket <= bucket ? $0 + $1.count : $0 })
            guard row.reason.isEmpty else { return row }
            guard risks.isKnown(at: bucket) else {
                row.reason = "no journey is known for so long"
                return row
            }
            row.value = .ratio(risks.incidence(at: bucket))
            row.interval = risks.interval(at: bucket)
            return row
        }
        var median = row("median", "seconds")
        if let bucket = risks.median {
            median.value = .duration(LogLinear.representative(of: bucket))
        } else if median.reason.isEmpty {
            median.reason = "fewer than half are known to get there"
        }
        return shares + [median]
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold? { plan.measures.isAsked ? Fold(plan, cells) : nil }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let times, open: CellTable
        private let hasValue: [Bool]

        init(_ plan: FoldPlan, _ cells: MetricCells) {
            self.plan = plan
            (times, open) = (cells[TimeToValuePart.times], cells[TimeToValuePart.open])
            hasValue = plan.journeys.map(\.definition.hasValue)
        }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            guard hasValue[journey.type] else { return }
            let start = person.events.times[Int(journey.events.first!)]
            let cell = times.cell(journey.key())
            times.add(1, to: Counter.started, of: cell)
            plan.countPerson(of: journey, to: Counter.persons, in: times, journey.key())
            if let event = person.valueEvent(of: journey) {
                times.note(person.events.times[event] - start, measure: value, of: cell)
            } else if journey.status == .open {
                let bits = UInt64(bitPattern: start)
                let key = journey.key(UInt32(truncatingIfNeeded: bits >> 32), UInt32(truncatingIfNeeded: bits))
                open.add(1, to: Open.journeys, of: open.cell(key))
            } else {
                times.note(person.closingTime(of: journey) - start, measure: ended, of: cell)
            }
        }
    }
}
