import Journeys

/// What customers answered when they were asked.
enum SurveyPart: MeasurePart {
    enum Counter: Int, CellCounter {
        /// Answers on the scale, and others.
        case answers, offScale
        /// Of 0 to 10 those from 9, and those up to 6.
        case promoters, detractors
        /// Of how far answers lie above the scale's end, in thousandths; their squares high · 2³² + low.
        case sum, squaresHigh, squaresLow
        /// Persons who answered.
        case persons
    }

    /// Key: number of the survey. By the day of the answer.
    static let surveys = CellShape("surveys", Counter.self, persons: .persons)
    static let cells = [surveys]

    static func rows(_ sums: TableSums) -> [MeasureRow] {
        let groups = sums.groups(surveys)
        return sums.names.measures.surveys.enumerated().map { number, survey in
            let group = groups[CellKey(UInt32(number))] ?? .empty(surveys)
            var row = survey.isNPS ? netScore(survey, group) : mean(survey, group)
            row.persons = group[Counter.persons]
            var reasons = group[Counter.answers] == 0 ? ["no answer on the scale"] : []
            if group[Counter.offScale] > 0 { reasons.append("\(group[Counter.offScale]) answers off the scale are left out") }
            row.reason = reasons.joined(separator: "; ")
            return row
        }
    }

    private static func netScore(_ survey: TableNames.Survey, _ group: CellGroup) -> MeasureRow {
        let (promoters, detractors, all) = (group[Counter.promoters], group[Counter.detractors], group[Counter.answers])
        let interval = Statistics.netShareInterval(promoters: promoters, detractors: detractors, of: all)
        return MeasureRow(
            metric: "surveys", name: survey.name, unit: "points",
            value: all > 0 ? .ratio(100 * Double(promoters - detractors) / Double(all)) : .unknown,
            numerator: .integer(promoters - detractors), denominator: all,
            interval: interval.map { (100 * $0.low, 100 * $0.high) }, persons: nil)
    }

    private static func mean(_ survey: TableNames.Survey, _ group: CellGroup) -> MeasureRow {
        let moments = moments(group)
        let (least, most) = (Double(survey.scale.lowerBound) / 1000, Double(survey.scale.upperBound) / 1000)
        let mean = moments.mean.map { least + $0 / 1000 }
        let interval = mean.flatMap { mean in moments.half.map { (max(least, mean - $0 / 1000), min(most, mean + $0 / 1000)) } }
        let sum = moments.sum + Int128(moments.count) * Int128(survey.scale.lowerBound)
        return MeasureRow(
            metric: "surveys", name: survey.name, unit: "answer", value: ReportTable.ratio(mean), numerator: .ratio(Double(sum) / 1000),
            denominator: moments.count, interval: interval, persons: nil)
    }

    private static func moments(_ group: CellGroup) -> Moments {
        Moments(
            count: group[Counter.answers], sum: Int128(group[Counter.sum]), squares: group.wide(Counter.squaresHigh, Counter.squaresLow))
    }

    // MARK: What a person adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold? {
        plan.measures.definition.surveys.isEmpty ? nil : Fold(plan, cells[surveys])
    }

    private final class Fold: TableFold {
        private let surveys: [SurveyDefinition]
        private let table: CellTable

        init(_ plan: FoldPlan, _ table: CellTable) { (surveys, self.table) = (plan.measures.definition.surveys, table) }

        override func add(_ person: PersonWalk) {
            for answer in person.answers {
                let key = CellKey(UInt32(answer.survey), day: person.events.days[answer.event])
                let cell = table.cell(key)
                table.addOnce(person.owner, to: Counter.persons, of: cell, overall: table.cell(key.overall))
                guard let number = answer.number else {
                    table.add(1, to: Counter.offScale, of: cell)
                    continue
                }
                let above = number - surveys[answer.survey].scale.lowerBound
                table.add(1, to: Counter.answers, of: cell)
                if number >= 9000 { table.add(1, to: Counter.promoters, of: cell) }
                if number <= 6000 { table.add(1, to: Counter.detractors, of: cell) }
                table.add(above, to: Counter.sum, of: cell)
                table.addWide(above * above, to: Counter.squaresHigh, Counter.squaresLow, of: cell)
            }
        }
    }
}
