import Journeys

/// segment_steps.csv: where a type's journeys of one segment are lost, against those of the others together.
enum SegmentStepTable: MetricTable {
    enum Counter: Int, CellCounter {
        case mature, lost
        /// Counted only where rows of few persons are left out.
        case persons
    }

    static let name = "segment_steps"
    static let title = "Losses at the steps of the funnel by segment"
    static let keyColumns = ["journey", "dimension", "segment", "step_index"]
    /// Segment: the text's symbol. Key: number of the dimension, place in the funnel from 0.
    static let steps = CellShape("segment_steps", Counter.self, persons: .persons, isReadWhole: true)
    static let cells = [steps]
    static let reasonForOtherDays: String? = SegmentTable.reasonForOtherDays

    struct Row {
        let texts: KeyTexts
        let place: Int
        let step: String
        let loss: Share
        var comparison = SegmentComparison()
    }

    static let columns: [TableColumn<Row>] =
        [
            .init("journey", .text, "Journey type") { .text($0.texts[0]) },
            .init("dimension", .text, "Name of the dimension") { .text($0.texts[1]) },
            .init("segment", .text, SegmentNames.description) { .text($0.texts[2]) },
            .init("step_index", .integer, "Place of the step in the funnel, from 1; the last step is left out") {
                .integer(Int64($0.place + 1))
            },
            .init("step", .text, "Name of the step") { .text($0.step) },
            .init("mature", .integer, "Mature journeys that reached the step") { .integer($0.loss.whole) },
            .init("lost", .integer, "Those of them that reached no further step and failed or were abandoned") { .integer($0.loss.part) },
            .init("lost_rate", .ratio, "lost / mature") { ReportTable.ratio($0.loss.rate) },
        ] + SegmentComparison.columns(of: "lost_rate", rest: "rest_rate") { $0.comparison }

    static func isPublished(_ names: TableNames) -> Bool { SegmentTable.isPublished(names) }

    /// A row for every segment and step, also where nobody came so far.
    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let segments = SegmentNames(sums)
        let (groups, levels) = (segments.merged(SegmentTable.segments, sums), segments.merged(steps, sums))
        var rows: [TableRow<Row>] = []
        for segment in sums.named(groups, SegmentNames.texts) {
            let funnel = sums.names.journeys[Int(segment.key.type)].steps.filter(\.inFunnel)
            for (place, step) in funnel.dropLast().enumerated() {
                var key = segment.key
                key.second = UInt32(place)
                let level = levels[key] ?? .empty(steps)
                rows.append(
                    TableRow(
                        day: key.day, persons: level[Counter.persons],
                        row: Row(
                            texts: segment.texts, place: place, step: step.name,
                            loss: Share(level[Counter.lost], of: level[Counter.mature]))))
            }
        }
        SegmentComparison.compare(
            &rows, of: sums, family: { [$0.texts[0], $0.texts[1], "\($0.place)"] }, tests: { [$0.texts[0], $0.texts[1]] },
            segment: { $0.texts[2] },
            \.loss, \.comparison)
        return rows
    }

    // MARK: What a journey adds

    /// `SegmentTable` counts here.
    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { TableFold() }

    /// - Parameters:
    ///   - journey: a mature one, in its segment.
    ///   - level: how far it got in the funnel.
    static func count(_ journey: JourneyContext, _ dimension: UInt32, level: Int, in table: CellTable, _ plan: FoldPlan) {
        for place in 0..<level {
            let key = journey.key(dimension, UInt32(place))
            let cell = table.cell(key)
            table.add(1, to: Counter.mature, of: cell)
            if place == level - 1, journey.status == .failed || journey.status == .abandoned { table.add(1, to: Counter.lost, of: cell) }
            plan.countPerson(of: journey, to: Counter.persons, in: table, key)
        }
    }
}
