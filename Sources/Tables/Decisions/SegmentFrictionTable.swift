import Journeys

/// segment_frictions.csv: which segments of a type's journeys a friction hits, against the others together.
enum SegmentFrictionTable: MetricTable {
    enum Counter: Int, CellCounter {
        case journeys
        /// Persons with such a journey.
        case customers
    }

    static let name = "segment_frictions"
    static let title = "Frictions by segment"
    static let keyColumns = ["journey", "dimension", "segment", "friction"]
    /// Segment: the text's symbol. Key: number of the dimension, number of the rule.
    static let frictions = CellShape("segment_frictions", Counter.self, persons: .customers, isReadWhole: true)
    static let cells = [frictions]
    static let reasonForOtherDays: String? = SegmentTable.reasonForOtherDays

    struct Row {
        let texts: KeyTexts
        let share: Share
        var comparison = SegmentComparison()
    }

    static let columns: [TableColumn<Row>] =
        [
            .init("journey", .text, "Journey type") { .text($0.texts[0]) },
            .init("dimension", .text, "Name of the dimension") { .text($0.texts[1]) },
            .init("segment", .text, SegmentNames.description) { .text($0.texts[2]) },
            .init("friction", .text, "Name of the rule") { .text($0.texts[3]) },
            .init("journeys", .integer, "Journeys of the segment with at least one match; without any there is no row") {
                .integer($0.share.part)
            },
            .init("share", .ratio, "journeys / the segment's journeys that began") { ReportTable.ratio($0.share.rate) },
        ] + SegmentComparison.columns(of: "share", rest: "rest_share") { $0.comparison }

    static func isPublished(_ names: TableNames) -> Bool { SegmentTable.isPublished(names) && !names.frictions.isEmpty }

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let segments = SegmentNames(sums)
        let (started, found) = (segments.merged(SegmentTable.segments, sums), segments.merged(frictions, sums))
        // Segments without a match are set side by side with the others too.
        var groups = found
        for (key, _) in found {
            for other in started.keys where other.type == key.type && other.first == key.first && other.day == key.day {
                var other = other
                other.second = key.second
                if groups[other] == nil { groups[other] = .empty(frictions) }
            }
        }
        let friction = KeyText.number(1) { $1.frictions[Int($0)].name }
        var rows = sums.named(groups, SegmentNames.texts + [friction]).map { row in
            var key = row.key
            key.second = 0
            return TableRow(
                day: row.key.day, persons: row.group[Counter.customers],
                row: Row(
                    texts: row.texts,
                    share: Share(row.group[Counter.journeys], of: started[key]?[SegmentTable.Counter.started] ?? 0)))
        }
        SegmentComparison.compare(
            &rows, of: sums, family: { [$0.texts[0], $0.texts[1], $0.texts[3]] }, tests: { [$0.texts[0], $0.texts[1]] },
            segment: { $0.texts[2] },
            \.share, \.comparison
        ) { $0.share.part > 0 }
        return rows
    }

    // MARK: What a journey adds

    /// `SegmentTable` counts here.
    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { TableFold() }

    /// - Parameter journey: in its segment.
    static func count(_ journey: JourneyContext, _ dimension: UInt32, rule: Int, in table: CellTable) {
        let key = journey.key(dimension, UInt32(rule))
        let cell = table.cell(key)
        table.addOnce(journey.journey, to: Counter.journeys, of: cell)
        table.addOnce(journey.owner, to: Counter.customers, of: cell, overall: table.cell(key.overall))
    }
}
