/// What is counted of the places where matches end, by journey type, rule, channel, touchpoint, step (1 more than its
/// number, 0 for none) and the day of the match's last event.
public enum PlaceCounter: Int, CaseIterable, Sendable {
    case occurrences
    case journeys, customers
}

extension MetricCells {
    public func frictionPlaceTable(_ granularity: Granularity, names: TableNames) -> ReportTable {
        let groups = frictionPlaces.grouped(
            granularity, measures: 0, perPerson: [PlaceCounter.journeys.rawValue, PlaceCounter.customers.rawValue])
        let met = MetNeeds(needs)
        let measured = groups.filter { key, _ in met.missing(names.frictions[Int(key.numbers[1])], type: Int(key.numbers[0])).isEmpty }
        let sorted = measured.map { key, group in (day: key.day, texts: placeTexts(key.numbers, names), group: group) }
            .sorted { TableNames.precedes($0.texts, $1.texts) }
        let rows = sorted.map { row in
            let cells: [ReportTable.Cell] =
                row.texts.map { $0.isEmpty ? .unknown : .text($0) } + PlaceCounter.allCases.map { .integer(row.group[$0]) }
            return (day: row.day, persons: row.group[PlaceCounter.customers], cells: cells)
        }
        return .make(
            "friction_places", "Where frictions end", granularity, keyColumns: ["journey", "friction", "channel", "touchpoint", "step"],
            columns: Self.placeColumns, rows: rows, minCount: names.minCount)
    }

    private func placeTexts(_ numbers: [UInt32], _ names: TableNames) -> [String] {
        let journey = names.journeys[Int(numbers[0])]
        let step = numbers[4] == 0 ? "" : journey.steps[Int(numbers[4]) - 1].name
        return [journey.name, names.frictions[Int(numbers[1])].name, names.text(numbers[2]), names.text(numbers[3]), step]
    }

    private static let placeColumns: [ReportTable.Column] = [
        .init("journey", .text, "Journey type"),
        .init("friction", .text, "Name of the rule"),
        .init("channel", .text, "Of the match's last event"),
        .init("touchpoint", .text, "Of the match's last event"),
        .init("step", .text, "Of the match's last event; empty for none"),
        .init("occurrences", .integer, "Matches that end there"),
        .init("journeys", .integer, "Journeys with at least one"),
        .init("customers", .integer, "Persons with at least one"),
    ]

    /// The place where most matches of a rule end, and the days of the first and the last of them.
    struct PlaceSummary {
        var texts: [String] = []
        var occurrences: Int64 = 0
        var firstDay: Int32?
        var lastDay: Int32?

        var cells: [ReportTable.Cell] {
            let place: [ReportTable.Cell] = texts.isEmpty ? Array(repeating: .unknown, count: 3) : texts.suffix(3).map { $0.isEmpty ? .unknown : .text($0) }
            return place + [firstDay.map { .day($0) } ?? .unknown, lastDay.map { .day($0) } ?? .unknown]
        }
    }

    /// By journey type and rule. Of places with equally many matches the first in byte order stands.
    func placeSummaries(_ names: TableNames) -> [[UInt32]: PlaceSummary] {
        var summaries: [[UInt32]: PlaceSummary] = [:]
        for (key, group) in frictionPlaces.grouped(.total, measures: 0, perPerson: []) {
            let (count, texts) = (group[PlaceCounter.occurrences], placeTexts(key.numbers, names))
            var summary = summaries[Array(key.numbers.prefix(2))] ?? PlaceSummary()
            if count > summary.occurrences || count == summary.occurrences && TableNames.precedes(texts, summary.texts) {
                (summary.occurrences, summary.texts) = (count, texts)
            }
            summaries[Array(key.numbers.prefix(2))] = summary
        }
        for cell in 0..<frictionPlaces.keys.count {
            let numbers = frictionPlaces.keys[cell]
            guard let last = numbers.last, last != MetricCells.allDays else { continue }
            let day = Int32(bitPattern: last)
            let key = Array(numbers.prefix(2))
            guard var summary = summaries[key] else { continue }
            summary.firstDay = min(summary.firstDay ?? day, day)
            summary.lastDay = max(summary.lastDay ?? day, day)
            summaries[key] = summary
        }
        return summaries
    }
}
