/// What is counted of frictions, by journey type, rule and the day the journey started.
public enum FrictionCounter: Int, CaseIterable, Sendable {
    case occurrences, events
    /// Journeys with at least one match; of these the closed ones and the completed ones.
    case journeys, closed, completed
    /// Persons with at least one.
    case customers
    /// Journeys in which the search was given up at its step limit.
    case gaveUp
}

extension MetricCells {
    /// From the first to the last event of a match.
    public static let frictionTime = 0

    /// Every rule for every journey type; by day only where something was found.
    public func frictionTable(_ granularity: Granularity, names: TableNames) -> ReportTable {
        let groups = frictions.grouped(granularity, measures: 1, perPerson: [FrictionCounter.customers.rawValue])
        let journeyGroups = journeys.grouped(granularity, measures: 1, perPerson: [JourneyCounter.customers.rawValue])
        let summaries = granularity == .total ? placeSummaries(names) : [:]
        let met = MetNeeds(needs)
        var rows: [ReportTable.CountedRow] = []
        for day in groups.days(granularity) {
            for (type, journey) in names.sortedJourneys {
                let all = journeyGroups[GroupKey(numbers: [UInt32(type)], day: day)] ?? .empty(counters: JourneyCounter.allCases.count, measures: 1)
                for (index, friction) in names.sortedFrictions {
                    let key = GroupKey(numbers: [UInt32(type), UInt32(index)], day: day)
                    guard granularity == .total || groups[key] != nil else { continue }
                    let group = groups[key] ?? .empty(counters: FrictionCounter.allCases.count, measures: 1)
                    let missing = met.missing(friction, type: type)
                    var cells: [ReportTable.Cell] = [.text(journey.name), .text(friction.name), ReportTable.text(friction.owner)]
                    cells += missing.isEmpty ? Self.counts(group, of: all) : Array(repeating: .unknown, count: 6)
                    cells += missing.isEmpty ? Self.effort(group) : Array(repeating: .unknown, count: 3)
                    if granularity == .total {
                        cells += [.boolean(missing.isEmpty), missing.isEmpty ? .unknown : .text(missing.joined(separator: "; "))]
                        cells += missing.isEmpty ? (summaries[key.numbers] ?? PlaceSummary()).cells : PlaceSummary().cells
                        let examples = missing.isEmpty ? names.examples(type, index) : []
                        cells.append(examples.isEmpty ? .unknown : .text(examples.joined(separator: "; ")))
                    }
                    rows.append((day, missing.isEmpty ? group[FrictionCounter.customers] : nil, cells))
                }
            }
        }
        return .make(
            "frictions", "Frictions by journey type", granularity, keyColumns: ["journey", "friction"],
            columns: granularity == .total ? Self.frictionColumns + Self.frictionEvidence : Self.frictionColumns, rows: rows,
            minCount: names.minCount)
    }

    private static func counts(_ group: CellGroup, of all: CellGroup) -> [ReportTable.Cell] {
        let (closed, completed) = (group[FrictionCounter.closed], group[FrictionCounter.completed])
        let allCompleted = all[JourneyCounter.completed]
        let allClosed = allCompleted + all[JourneyCounter.failed] + all[JourneyCounter.abandoned]
        return [
            .integer(group[FrictionCounter.occurrences]), .integer(group[FrictionCounter.journeys]), .integer(group[FrictionCounter.customers]),
            ReportTable.ratio(group[FrictionCounter.journeys], all[JourneyCounter.started]), ReportTable.ratio(completed, closed),
            ReportTable.ratio(allCompleted - completed, allClosed - closed),
        ]
    }

    private static func effort(_ group: CellGroup) -> [ReportTable.Cell] {
        [.integer(group[FrictionCounter.events]), group.seconds(frictionTime, 0.5), .integer(group[FrictionCounter.gaveUp])]
    }

    private static let frictionColumns: [ReportTable.Column] = [
        .init("journey", .text, "Journey type"),
        .init("friction", .text, "Name of the rule"),
        .init("owner", .text, "Who owns the rule"),
        .init("occurrences", .integer, "Matches whose last event belongs to a journey of the type; empty where it cannot be measured, as all numbers"),
        .init("journeys", .integer, "Journeys with at least one"),
        .init("customers", .integer, "Persons with at least one"),
        .init("share", .ratio, "journeys / all journeys of the type"),
        .init("completion_rate_with", .ratio, "Completed / closed among the journeys that have it"),
        .init("completion_rate_without", .ratio, "Completed / closed among the type's other journeys"),
        .init("events", .integer, "Events in matches"),
        .init("seconds_p50", .seconds, "Median time from the first to the last event of a match"),
        .init("gave_up", .integer, "Journeys in which the search reached its step limit, so that matches may be missing"),
    ]

    private static let frictionEvidence: [ReportTable.Column] = [
        .init("measurable", .boolean, "Whether the log has what the rule needs"),
        .init("missing", .text, "What the log lacks"),
        .init("channel", .text, "Of the place where most matches end"),
        .init("touchpoint", .text, "Of the place where most matches end"),
        .init("step", .text, "Of the place where most matches end"),
        .init("first_day", .day, "Of the matches' last events"),
        .init("last_day", .day, "Of the matches' last events"),
        .init("examples", .text, "Up to five persons, as type:id, the first in byte order"),
    ]

    // MARK: Needs

    /// Which needs some person's events meet.
    struct MetNeeds {
        private let pairs: Set<[UInt32]>

        init(_ needs: CellTable) {
            pairs = Set((0..<needs.keys.count).filter { needs.counter(0, of: $0) > 0 }.map { Array(needs.keys[$0]) })
        }

        /// What the log lacks to measure the rule for the journey type, in words.
        func missing(_ friction: TableNames.Friction, type: Int) -> [String] {
            friction.needs.filter { need in
                !pairs.contains([MetricCells.allTypes, UInt32(need.number)]) && !pairs.contains([UInt32(type), UInt32(need.number)])
            }.map(\.name)
        }
    }
}
