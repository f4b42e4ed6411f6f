import Journeys

/// frictions.csv: every rule for every journey type, by the day the journey started.
enum FrictionTable: MetricTable {
    enum Counter: Int, CellCounter {
        case occurrences, events
        /// Journeys with at least one match; of these the closed ones and the completed ones.
        case journeys, closed, completed
        /// Persons with at least one.
        case customers
        /// Journeys in which the search was given up at its step limit.
        case gaveUp
    }

    static let name = "frictions"
    static let title = "Frictions by journey type"
    static let keyColumns = ["journey", "friction"]
    /// Key: rule. From the first to the last event of a match.
    static let frictions = CellShape("frictions", Counter.self, persons: .customers, measures: 1)
    static let cells = [frictions, MissingNeeds.needs]
    private static let time = 0

    struct Row {
        let journey: String
        let friction: TableNames.Friction
        let group: CellGroup
        /// All journeys of the type.
        let all: JourneyTable.Row
        /// What the log lacks; where it lacks anything, there are no numbers.
        let missing: [String]
        let place: FrictionPlaceTable.Summary
        let examples: [String]

        func measured(_ cell: (CellGroup) -> ReportTable.Cell) -> ReportTable.Cell { missing.isEmpty ? cell(group) : .unknown }
        func count(_ counter: Counter) -> ReportTable.Cell { measured { $0.count(counter) } }
    }

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { .text($0.journey) },
        .init("friction", .text, "Name of the rule") { .text($0.friction.name) },
        .init("owner", .text, "Who owns the rule") { ReportTable.text($0.friction.owner) },
        .init(
            "occurrences", .integer,
            "Matches whose last event belongs to a journey of the type; empty where it cannot be measured, as all numbers"
        ) {
            $0.count(.occurrences)
        },
        .init("journeys", .integer, "Journeys with at least one") { $0.count(.journeys) },
        .init("customers", .integer, "Persons with at least one") { $0.count(.customers) },
        .init("share", .ratio, "journeys / all journeys of the type") { row in
            row.measured { ReportTable.ratio($0[Counter.journeys], row.all.group[JourneyTable.Counter.started]) }
        },
        .init("completion_rate_with", .ratio, "Completed / closed among the journeys that have it; empty by day") { row in
            row.measured { row.all.isOfDay ? .unknown : ReportTable.ratio($0[Counter.completed], $0[Counter.closed]) }
        },
        .init("completion_rate_without", .ratio, "Completed / closed among the type's other journeys; empty by day") { row in
            row.measured {
                row.all.isOfDay
                    ? .unknown
                    : ReportTable.ratio(
                        row.all.group[JourneyTable.Counter.completed] - $0[Counter.completed], row.all.closed - $0[Counter.closed])
            }
        },
        .init("events", .integer, "Events in matches") { $0.count(.events) },
        .init("seconds_p50", .seconds, "Median time from the first to the last event of a match") { row in
            row.measured { $0.seconds(time, 0.5) }
        },
        .init("gave_up", .integer, "Journeys in which the search reached its step limit, so that matches may be missing") {
            $0.count(.gaveUp)
        },
        .init("measurable", .boolean, "Whether the log has what the rule needs", ofTotalOnly: true) { .boolean($0.missing.isEmpty) },
        .init("missing", .text, "What the log lacks", ofTotalOnly: true) { ReportTable.filled($0.missing.joined(separator: "; ")) },
        .init("channel", .text, "Of the place where most matches end", ofTotalOnly: true) { $0.place.place(0) },
        .init("touchpoint", .text, "Of the place where most matches end", ofTotalOnly: true) { $0.place.place(1) },
        .init("step", .text, "Of the place where most matches end", ofTotalOnly: true) { $0.place.place(2) },
        .init("first_day", .day, "Of the matches' last events", ofTotalOnly: true) { $0.place.firstDay.map { .day($0) } ?? .unknown },
        .init("last_day", .day, "Of the matches' last events", ofTotalOnly: true) { $0.place.lastDay.map { .day($0) } ?? .unknown },
        .init("examples", .text, "Up to five persons, as type:id, the first in byte order", ofTotalOnly: true) {
            ReportTable.filled($0.examples.joined(separator: "; "))
        },
    ]

    /// Every rule for every journey type; by day only where something was found.
    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let (groups, journeys) = (sums.groups(frictions), sums.groups(JourneyTable.journeys))
        let isTotal = sums.granularity == .total
        let places = isTotal ? FrictionPlaceTable.summaries(sums) : [:]
        let needs = MissingNeeds(sums.cells)
        var rows: [TableRow<Row>] = []
        for day in groups.days(sums.granularity) {
            for (type, journey) in sums.names.sortedJourneys {
                let all = JourneyTable.Row(
                    journey: journey.name, group: journeys[CellKey(type: UInt32(type), day: day)] ?? .empty(JourneyTable.journeys),
                    isOfDay: !isTotal)
                for (index, friction) in sums.names.sortedFrictions {
                    let key = CellKey(type: UInt32(type), UInt32(index), day: day)
                    guard isTotal || groups[key] != nil else { continue }
                    let group = groups[key] ?? .empty(frictions)
                    let missing = needs.of(friction, type: type)
                    let isShown = isTotal && missing.isEmpty
                    let row = Row(
                        journey: journey.name, friction: friction, group: group, all: all, missing: missing,
                        place: isShown ? places[key.overall] ?? .init() : .init(), examples: isShown ? sums.names.examples(type, index) : []
                    )
                    rows.append(TableRow(day: day, persons: missing.isEmpty ? group[Counter.customers] : nil, row: row))
                }
            }
        }
        return rows
    }

    // MARK: What a person adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(cells) }

    private final class Fold: TableFold {
        private let table: CellTable
        private let needs: CellTable
        private let persons: FoundPersons

        init(_ cells: MetricCells) {
            (table, needs, persons) = (cells[frictions], cells[MissingNeeds.needs], cells.persons)
        }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            for rule in person.rulesGivenUp {
                table.addOnce(journey.journey, to: Counter.gaveUp, of: table.cell(journey.key(UInt32(rule))))
            }
            for match in person.frictionsFound {
                let key = journey.key(UInt32(match.rule))
                let cell = table.cell(key)
                table.add(1, to: Counter.occurrences, of: cell)
                table.add(Int64(match.count), to: Counter.events, of: cell)
                table.note(person.events.times[match.last] - person.events.times[match.first], measure: time, of: cell)
                if table.addOnce(journey.journey, to: Counter.journeys, of: cell), journey.status != .open {
                    table.add(1, to: Counter.closed, of: cell)
                    if journey.status == .completed { table.add(1, to: Counter.completed, of: cell) }
                }
                if table.addOnce(journey.owner, to: Counter.customers, of: cell, overall: table.cell(key.overall)), journey.slice == 0 {
                    persons.add(journey.owner - 1, type: key.type, friction: key.first)
                }
            }
        }

        override func add(_ person: PersonWalk) {
            for need in person.metNeeds {
                let key = CellKey(type: need.type.map { UInt32($0) } ?? CellKey.allTypes, UInt32(need.number))
                needs.addOnce(person.owner, to: MissingNeeds.Counter.persons, of: needs.cell(key))
            }
        }
    }
}

/// What rules need and nobody's events have: then they cannot be measured.
struct MissingNeeds {
    enum Counter: Int, CellCounter { case persons }

    /// Key: number of the need. Persons who have such an event, over all days.
    static let needs = CellShape("needs", Counter.self, persons: .persons, isReadWhole: true)

    private let met: Set<CellKey>

    init(_ cells: MetricCells) {
        let table = cells[Self.needs]
        met = Set((0..<table.count).filter { table.counter(Counter.persons, of: $0) > 0 }.map { table.key(of: $0) })
    }

    /// What the log lacks to measure the rule for the journey type, in words; empty where it can be measured.
    func of(_ friction: TableNames.Friction, type: Int) -> [String] {
        friction.needs.filter { need in
            !met.contains(CellKey(type: CellKey.allTypes, UInt32(need.number)))
                && !met.contains(CellKey(type: UInt32(type), UInt32(need.number)))
        }.map(\.name)
    }
}

extension MetricCells {
    /// What the log lacks to measure the friction in journeys of the type, in words; empty where it can be measured.
    public func missing(forFriction friction: Int, inType type: Int, names: TableNames) -> [String] {
        MissingNeeds(self).of(names.frictions[friction], type: type)
    }
}
