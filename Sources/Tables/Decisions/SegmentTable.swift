import Events
import Journeys

/// segments.csv: a type's journeys by what they have in one dimension, each segment against the others together.
enum SegmentTable: MetricTable {
    enum Counter: Int, CellCounter {
        case started, mature, converted
        /// Journeys with at least one friction.
        case withFriction
        /// Persons with such a journey.
        case customers
    }

    static let name = "segments"
    static let title = "Journeys by segment, against the type's other segments together"
    static let keyColumns = ["journey", "dimension", "segment"]
    /// Segment: the text's symbol. Key: number of the dimension. By the day the journey started.
    static let segments = CellShape("segments", Counter.self, persons: .customers, isReadWhole: true)
    static let cells = [segments]
    static let reasonForOtherDays: String? = "other segments are the largest"

    struct Row {
        let texts: KeyTexts
        let group: CellGroup
        let isOther: Bool
        var comparison = SegmentComparison()

        var conversion: Share { Share(group[Counter.converted], of: group[Counter.mature]) }
    }

    static let columns: [TableColumn<Row>] =
        [
            .init("journey", .text, "Journey type") { .text($0.texts[0]) },
            .init("dimension", .text, "Name of the dimension") { .text($0.texts[1]) },
            .init("segment", .text, SegmentNames.description) { .text($0.texts[2]) },
            .init("started", .integer, "Journeys that began") { $0.group.count(Counter.started) },
            .init("mature", .integer, "Journeys that began at least the type's horizon before as-of") { $0.group.count(Counter.mature) },
            .init("converted", .integer, "Mature journeys that reached their goal within the horizon of their start") {
                $0.group.count(Counter.converted)
            },
            .init("conversion_rate", .ratio, "converted / mature") { ReportTable.ratio($0.conversion.rate) },
            .init("conversion_rate_low", .ratio, "Lower end of the Wilson 95 % interval of conversion_rate") {
                ReportTable.ratio($0.conversion.interval?.low)
            },
            .init("conversion_rate_high", .ratio, "Upper end of the Wilson 95 % interval of conversion_rate") {
                ReportTable.ratio($0.conversion.interval?.high)
            },
        ] + SegmentComparison.columns(of: "conversion_rate", rest: "rest_rate") { $0.comparison } + [
            .init("customers", .integer, "Persons with at least one such journey; empty for (other), whose segments may share persons") {
                $0.isOther ? .unknown : $0.group.count(Counter.customers)
            },
            .init("with_friction", .integer, "Journeys with at least one friction of any kind") { $0.group.count(Counter.withFriction) },
        ]

    static func isPublished(_ names: TableNames) -> Bool { !names.dimensions.isEmpty }

    static func rows(_ sums: TableSums) -> [TableRow<Row>] {
        let groups = SegmentNames(sums).merged(segments, sums)
        var rows = sums.named(groups, SegmentNames.texts).map {
            TableRow(
                day: $0.key.day, persons: $0.group[Counter.customers],
                row: Row(texts: $0.texts, group: $0.group, isOther: SegmentNames.isOther($0.texts[2])))
        }
        SegmentComparison.compare(
            &rows, of: sums, family: { [$0.texts[0], $0.texts[1]] }, segment: { $0.texts[2] }, \.conversion, \.comparison)
        return rows
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold { Fold(plan, cells) }

    /// Counts for all tables of segments: a journey's segment is looked for once.
    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let segments: CellTable
        private let steps: CellTable
        private let frictions: CellTable

        init(_ plan: FoldPlan, _ cells: MetricCells) {
            self.plan = plan
            segments = cells[SegmentTable.segments]
            steps = cells[SegmentStepTable.steps]
            frictions = cells[SegmentFrictionTable.frictions]
        }

        override var questions: AsOfQuestions { .maturity }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            for dimension in 0..<plan.dimensionCount {
                var journey = journey
                journey.slice = person.segment(of: journey, dimension: dimension)
                let dimension = UInt32(dimension)
                count(journey, journey.key(dimension), hasFriction: !person.frictionsFound.isEmpty)
                if journey.isMature { SegmentStepTable.count(journey, dimension, level: person.funnelLevel, in: steps, plan) }
                for match in person.frictionsFound { SegmentFrictionTable.count(journey, dimension, rule: match.rule, in: frictions) }
            }
        }

        private func count(_ journey: JourneyContext, _ key: CellKey, hasFriction: Bool) {
            let cell = segments.cell(key)
            segments.add(1, to: Counter.started, of: cell)
            if journey.isMature { segments.add(1, to: Counter.mature, of: cell) }
            if journey.hasConverted { segments.add(1, to: Counter.converted, of: cell) }
            if hasFriction { segments.add(1, to: Counter.withFriction, of: cell) }
            segments.addOnce(journey.owner, to: Counter.customers, of: cell, overall: segments.cell(key.overall))
        }
    }
}
