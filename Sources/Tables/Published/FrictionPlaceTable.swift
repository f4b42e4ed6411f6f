import Journeys

/// friction_places.csv: where matches end, by journey type, rule, channel, touchpoint, step and the day of the match's last
/// event.
enum FrictionPlaceTable: MetricTable {
    enum Counter: Int, CellCounter { case occurrences, journeys, customers }

    static let name = "friction_places"
    static let title = "Where frictions end"
    static let keyColumns = ["journey", "friction", "channel", "touchpoint", "step"]
    /// Key: rule, channel, touchpoint, 1 more than the step's number or 0 for none. A journey may have matches on several days.
    static let places = CellShape("friction_places", Counter.self, overall: [.journeys], persons: .customers, texts: [1, 2])
    static let cells = [places]

    /// Texts: journey type, rule, channel, touchpoint, step.
    typealias Row = NamedGroup

    static let columns: [TableColumn<Row>] = [
        .init("journey", .text, "Journey type") { ReportTable.filled($0.texts[0]) },
        .init("friction", .text, "Name of the rule") { ReportTable.filled($0.texts[1]) },
        .init("channel", .text, "Of the match's last event") { ReportTable.filled($0.texts[2]) },
        .init("touchpoint", .text, "Of the match's last event") { ReportTable.filled($0.texts[3]) },
        .init("step", .text, "Of the match's last event; empty for none") { ReportTable.filled($0.texts[4]) },
        .init("occurrences", .integer, "Matches that end there") { $0.group.count(Counter.occurrences) },
        .init("journeys", .integer, "Journeys with at least one") { $0.group.count(Counter.journeys) },
        .init("customers", .integer, "Persons with at least one") { $0.group.count(Counter.customers) },
    ]

    /// Only of rules that can be measured.
    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let missing = MissingNeeds(sums.cells)
        return named(sums)
            .filter { missing.of(sums.names.frictions[Int($0.key.first)], type: Int($0.key.type)).isEmpty }
            .map { TableRow(day: $0.key.day, persons: $0.group[Counter.customers], row: $0) }
    }

    private static func named(_ sums: TableSums) -> some RandomAccessCollection<NamedGroup> {
        let friction = KeyText.number(0) { $1.frictions[Int($0)].name }
        let step = KeyText.numberOfType(3) { $0 == 0 ? "" : $1.steps[Int($0) - 1].name }
        return sums.named(places, [.journey, friction, .symbol(1), .symbol(2), step])
    }

    /// The place where most matches of a rule end, and the days of the first and the last of them.
    struct Summary {
        fileprivate var texts: KeyTexts?
        fileprivate var occurrences: Int64 = 0
        var firstDay: Int32?
        var lastDay: Int32?

        /// Channel, touchpoint and step.
        func place(_ index: Int) -> ReportTable.Cell { texts.map { ReportTable.filled($0[2 + index]) } ?? .unknown }
    }

    /// By journey type and rule, in keys of no other number. Of places with equally many matches the first in byte order stands.
    /// - Parameter sums: of the whole time.
    static func summaries(_ sums: TableSums) -> [CellKey: Summary] {
        var summaries: [CellKey: Summary] = [:]
        for place in named(sums) {
            var summary = summaries[CellKey(type: place.key.type, place.key.first)] ?? Summary()
            if place.group[Counter.occurrences] > summary.occurrences {
                (summary.occurrences, summary.texts) = (place.group[Counter.occurrences], place.texts)
            }
            summaries[CellKey(type: place.key.type, place.key.first)] = summary
        }
        let cells = sums.cells[places]
        for cell in 0..<cells.count {
            let key = cells.key(of: cell)
            guard key.day != CellKey.allDays, var summary = summaries[CellKey(type: key.type, key.first)] else { continue }
            summary.firstDay = min(summary.firstDay ?? key.day, key.day)
            summary.lastDay = max(summary.lastDay ?? key.day, key.day)
            summaries[CellKey(type: key.type, key.first)] = summary
        }
        return summaries
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(cells[places]) }

    private final class Fold: TableFold {
        private let table: CellTable

        init(_ table: CellTable) { self.table = table }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            for match in person.frictionsFound {
                let kind = person.plan.kinds[Int(person.events.kinds[match.last])]
                var key = journey.key(
                    UInt32(match.rule), kind.channelSymbol, kind.touchpointSymbol, UInt32(Int32(person.events.facts[match.last].step) + 1))
                key.day = person.events.days[match.last]
                let cell = table.cell(key)
                table.add(1, to: Counter.occurrences, of: cell)
                table.addOnce(journey.journey, to: Counter.journeys, of: cell, overall: table.cell(key.overall))
                table.addOnce(journey.owner, to: Counter.customers, of: cell, overall: table.cell(key.overall))
            }
        }
    }
}
