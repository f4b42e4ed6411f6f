import Events
import Journeys

/// sources.csv: what came of each source, and whether it keeps coming.
enum SourceTable: MetricTable {
    enum Counter: Int, CellCounter {
        case events, duplicates
        /// Counted only where rows of few persons are left out.
        case persons
    }

    static let name = "sources"
    static let title = "What came of each source's lines, and when"
    static let keyColumns = ["source"]
    static let isByDay = false
    /// Key: source; the day is one of UTC. How many events, duplicates included, each minute of it has, in the buckets of these
    /// numbers: sums like all others, from which a person can be taken out, in 16 bytes for each minute that has any.
    static let sources = CellShape("sources", Counter.self, persons: .persons, measures: 1, texts: [0])
    static let cells = [sources]
    private static let minutes = 0
    private static let minuteLength: Int64 = 60_000_000
    private static let minutesOfDay: Int64 = 1440

    struct Row {
        let source: TableNames.Source
        let asOf: EventTime
        var events: Int64 = 0
        var duplicates: Int64 = 0
        var times = MinutesSeen()

        var filtered: Int64 { source.lines + source.expanded - events - source.quarantined - duplicates - source.late }
        /// To the microsecond; where the state keeps the event that it was no longer, to the minute.
        var first: EventTime? { times.first.map { Self.time(source.span?.first, in: $0, or: $0) } }
        var last: EventTime? { times.last.map { Self.time(source.span?.last, in: $0, or: $0) } }

        private static func time(_ exact: EventTime?, in minute: Int64, or other: Int64) -> EventTime {
            let (start, end) = (minute * minuteLength, (minute + 1) * minuteLength)
            guard let exact, exact >= start, exact < end else { return other * minuteLength }
            return exact
        }
    }

    static let columns: [TableColumn<Row>] = [
        .init("source", .text, "Source of the pipeline file") { .text($0.source.name) },
        .init("lines", .integer, "Lines that are not blank") { .integer($0.source.lines) },
        .init("events", .integer, "Events that went into the tables") { .integer($0.events) },
        .init("quarantined", .integer, "Lines, or records of them, that cannot be used") { .integer($0.source.quarantined) },
        .init("duplicates", .integer, "Events whose id came before") { .integer($0.duplicates) },
        .init("filtered", .integer, "Events after a given as-of, of nobody, or not what `where` asks for") { .integer($0.filtered) },
        .init("late", .integer, "Events for sealed time") { .integer($0.source.late) },
        .init("first", .text, "Time of the first of its events, duplicates included, UTC; empty without any") { row in
            ReportTable.text(row.first.map { TimeFormat.utc($0) })
        },
        .init("last", .text, "Time of the last of them, UTC") { row in ReportTable.text(row.last.map { TimeFormat.utc($0) }) },
        .init("behind_seconds", .seconds, "as-of − last; below 0 where it lies after as-of") { row in
            row.last.map { .duration(row.asOf - $0) } ?? .unknown
        },
        .init(
            "gap_max_seconds", .seconds,
            "Longest time from the start of a minute with events to that of the next one with some; 60 without gaps"
        ) { row in row.times.gap.map { .duration($0.length * minuteLength) } ?? .unknown },
        .init("gap_max_from", .text, "Start of the minute, UTC, before the longest gap, the first of several") { row in
            ReportTable.text(row.times.gap.map { TimeFormat.utc($0.from * minuteLength) })
        },
        .init(
            "expanded", .integer,
            "Sum over lines of their records less one: lines + expanded = events + quarantined + duplicates + filtered + late"
        ) {
            .integer($0.source.expanded)
        },
    ]

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let names = sums.names
        var rows = names.sources.sorted { TableNames.precedes($0.name, $1.name) }.map { Row(source: $0, asOf: names.asOf) }
        let places = Dictionary(uniqueKeysWithValues: rows.enumerated().map { (Array($0.element.source.name.utf8), $0.offset) })
        let days = sums.cells[sources].grouped(.daily).sorted { $0.key.day < $1.key.day }
        for (key, group) in days {
            guard let place = places[Array(names.text(key.first).utf8)] else { continue }
            rows[place].events += group[Counter.events]
            rows[place].duplicates += group[Counter.duplicates]
            for entry in group.distribution(minutes).entries {
                rows[place].times.add(Int64(key.day) * minutesOfDay + Int64(entry.bucket))
            }
        }
        let persons = personCounts(sums)
        return rows.map { TableRow(day: CellKey.allDays, persons: persons($0.source), row: $0) }
    }

    /// How many persons a row of a source stands for. Nobody stands behind one of which nothing was read: that cannot be said.
    static func personCounts(_ sums: TableSums) -> (TableNames.Source) -> Int64? {
        let persons = Dictionary(
            uniqueKeysWithValues: sums.groups(sources).map { (Array(sums.names.text($0.key.first).utf8), $0.value[Counter.persons]) })
        return { $0.lines == 0 ? nil : persons[Array($0.name.utf8)] ?? 0 }
    }

    // MARK: What a person adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold {
        Fold(plan, cells[sources], numbers: plan.sources.symbols.count)
    }

    private final class Fold: DenseFold {
        /// The cell asked for last, for as long as events are of this source and of this day.
        private var (source, dayStart, dayEnd, cell) = (-1, EventTime.max, EventTime.min, 0)

        override func add(_ person: PersonWalk) {
            let events = person.events
            for index in 0..<events.count { count(.events, Int(events.kinds[index]), events.times[index], person) }
            for row in events.dropped { count(.duplicates, Int(row.kind), row.time, person) }
        }

        @inline(__always)
        private func count(_ counter: Counter, _ kind: Int, _ time: EventTime, _ person: PersonWalk) {
            let number = plan.sources.ofKind[kind]
            if number != source || time < dayStart || time >= dayEnd { find(number, time) }
            table.add(1, to: counter, of: cell)
            table.note(bucket: UInt32(truncatingIfNeeded: (time - dayStart) / minuteLength), measure: minutes, of: cell)
            if plan.countsPersonsOfRows {
                table.addOnce(person.owner, to: Counter.persons, of: overall(number, CellKey(plan.sources.symbols[number])))
            }
        }

        private func find(_ number: Int, _ time: EventTime) {
            let day = EventDays.day(of: time)
            source = number
            dayStart = EventDays.start(of: day)
            dayEnd = dayStart + CivilDate.microsecondsPerDay
            cell = memo.cell(number, day: day, in: table, CellKey(plan.sources.symbols[number], day: day))
        }
    }
}

/// Minutes since 1970 that have events, as they are met, ascending.
struct MinutesSeen {
    private(set) var first: Int64?
    private(set) var last: Int64?
    private(set) var gap: (from: Int64, length: Int64)?

    mutating func add(_ minute: Int64) {
        if let last, minute - last > gap?.length ?? 0 { gap = (last, minute - last) }
        first = first ?? minute
        last = minute
    }
}
