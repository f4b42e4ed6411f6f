import Journeys

/// What mature journeys ask of customers, and whether those who said so had more of it.
enum EffortPart: MeasurePart {
    enum Counter: Int, CellCounter {
        case mature
        /// In thousandths of a point; the squares high · 2³² + low.
        case effort, squaresHigh, squaresLow
        case contacts, switches, repeats, errors
        /// How long it was the organization's move: whole seconds, and what is left of each journey's in microseconds.
        case heldSeconds, heldRest
        /// Counted only where rows of few persons are left out.
        case persons
    }

    enum Pair: Int, CellCounter {
        case pairs
        /// Effort, and how far the answer lies above the scale's end, both in thousandths.
        case effort, effortSquaresHigh, effortSquaresLow
        case answer, answerSquaresHigh, answerSquaresLow
        case productsHigh, productsLow
        /// Counted only where rows of few persons are left out.
        case persons
    }

    static let efforts = CellShape("effort", Counter.self, persons: .persons)
    /// Key: number of the survey.
    static let answers = CellShape("effort_answers", Pair.self, persons: .persons)
    static let cells = [efforts, answers]
    private static let counts: [(name: String, counter: Counter)] = [
        ("contact", .contacts), ("error", .errors), ("repeat", .repeats), ("switch", .switches),
    ]

    static func rows(_ sums: TableSums) -> [MeasureRow] {
        guard sums.names.measures.hasEffort else { return [] }
        let (groups, pairs) = (sums.groups(efforts), sums.groups(answers))
        return sums.names.journeys.enumerated().flatMap { type, journey in
            var rows = rows(journey.name, groups[CellKey(type: UInt32(type))] ?? .empty(efforts))
            for (number, survey) in sums.names.measures.surveys.enumerated() where !survey.isNPS {
                let group = pairs[CellKey(type: UInt32(type), UInt32(number))] ?? .empty(answers)
                rows.append(correlation(journey.name, survey.name, group))
            }
            return rows
        }
    }

    private static func rows(_ journey: String, _ group: CellGroup) -> [MeasureRow] {
        let moments = Moments(
            count: group[Counter.mature], sum: Int128(group[Counter.effort]), squares: group.wide(Counter.squaresHigh, Counter.squaresLow))
        let mean = moments.mean.map { $0 / 1000 }
        let reason = moments.count == 0 ? "no mature journey" : ""
        func row(_ name: String, _ unit: String, _ value: Double?, _ numerator: ReportTable.Cell) -> MeasureRow {
            MeasureRow(
                metric: "effort", journey: journey, name: name, unit: unit, value: ReportTable.ratio(value), numerator: numerator,
                denominator: moments.count, reason: reason, persons: group[Counter.persons])
        }
        var points = row("mean", "points", mean, .ratio(Double(moments.sum) / 1000))
        points.interval = mean.flatMap { mean in moments.half.map { (max(0, mean - $0 / 1000), mean + $0 / 1000) } }
        func per(_ sum: Double) -> Double? { moments.count > 0 ? sum / Double(moments.count) : nil }
        let hours = (Double(group[Counter.heldSeconds]) + Double(group[Counter.heldRest]) / 1_000_000) / 3600
        return [points, row("hour", "hours", per(hours), .ratio(hours))]
            + counts.map { row($0.name, "count", per(Double(group[$0.counter])), .integer(group[$0.counter])) }
    }

    private static func correlation(_ journey: String, _ survey: String, _ group: CellGroup) -> MeasureRow {
        let count = group[Pair.pairs]
        let effort = Moments(
            count: count, sum: Int128(group[Pair.effort]), squares: group.wide(Pair.effortSquaresHigh, Pair.effortSquaresLow))
        let answer = Moments(
            count: count, sum: Int128(group[Pair.answer]), squares: group.wide(Pair.answerSquaresHigh, Pair.answerSquaresLow))
        let pairs = PairedMoments(first: effort, second: answer, products: group.wide(Pair.productsHigh, Pair.productsLow))
        let value = pairs.correlation
        return MeasureRow(
            metric: "effort", journey: journey, name: "correlation \(survey)", unit: "coefficient", value: ReportTable.ratio(value),
            denominator: count, interval: pairs.interval,
            reason: value != nil
                ? "" : count < 2 ? "fewer than two answers within 7 days after a mature journey" : "one of the two does not vary",
            persons: group[Pair.persons])
    }

    // MARK: What a journey adds

    static func makeFold(_ plan: FoldPlan, _ cells: MetricCells) -> TableFold? {
        plan.measures.definition.effort.map { Fold(plan, cells, weights: $0) }
    }

    private final class Fold: TableFold {
        private let plan: FoldPlan
        private let efforts, answers: CellTable
        private let weights: EffortDefinition
        /// Surveys whose answers are set beside effort, with the end of their scale.
        private let scales: [(survey: Int, least: Int64)]
        private var steps: Set<Int> = []

        init(_ plan: FoldPlan, _ cells: MetricCells, weights: EffortDefinition) {
            (self.plan, self.weights) = (plan, weights)
            (efforts, answers) = (cells[EffortPart.efforts], cells[EffortPart.answers])
            scales = plan.measures.definition.surveys.enumerated().filter { $0.element.kind == .mean }
                .map { ($0.offset, $0.element.scale.lowerBound) }
        }

        override var questions: AsOfQuestions { .maturity }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            guard journey.isMature else { return }
            let effort = person.effort(of: journey, &steps)
            let points = effort.weighed(by: weights)
            let cell = efforts.cell(journey.key())
            efforts.add(1, to: Counter.mature, of: cell)
            efforts.add(points, to: Counter.effort, of: cell)
            efforts.addWide(points * points, to: Counter.squaresHigh, Counter.squaresLow, of: cell)
            efforts.add(effort.contacts, to: Counter.contacts, of: cell)
            efforts.add(effort.switches, to: Counter.switches, of: cell)
            efforts.add(effort.repeats, to: Counter.repeats, of: cell)
            efforts.add(effort.errors, to: Counter.errors, of: cell)
            let (seconds, rest) = effort.held.quotientAndRemainder(dividingBy: 1_000_000)
            efforts.add(seconds, to: Counter.heldSeconds, of: cell)
            efforts.add(rest, to: Counter.heldRest, of: cell)
            plan.countPerson(of: journey, to: Counter.persons, in: efforts, journey.key())
            for (survey, least) in scales {
                if let answer = person.answer(survey, to: journey) { add(points, answer - least, journey, UInt32(survey)) }
            }
        }

        private func add(_ points: Int64, _ answer: Int64, _ journey: JourneyContext, _ survey: UInt32) {
            let cell = answers.cell(journey.key(survey))
            answers.add(1, to: Pair.pairs, of: cell)
            answers.add(points, to: Pair.effort, of: cell)
            answers.addWide(points * points, to: Pair.effortSquaresHigh, Pair.effortSquaresLow, of: cell)
            answers.add(answer, to: Pair.answer, of: cell)
            answers.addWide(answer * answer, to: Pair.answerSquaresHigh, Pair.answerSquaresLow, of: cell)
            answers.addWide(points * answer, to: Pair.productsHigh, Pair.productsLow, of: cell)
            plan.countPerson(of: journey, to: Pair.persons, in: answers, journey.key(survey))
        }
    }
}
