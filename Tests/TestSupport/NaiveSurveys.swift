/// Customers' answers to a question.
enum NaiveSurveys {
    struct Answer {
        var time: Int64
        /// In thousandths; nil off the scale.
        var number: Int?
    }

    /// In the order of each person's events.
    static func answers(_ survey: NaiveSurvey, _ persons: [NaivePerson: [NaiveEvent]]) -> [NaivePerson: [Answer]] {
        let condition = NaiveExpression(survey.condition)
        return persons.mapValues { events in
            events.filter(condition.matches).map { Answer(time: $0.time, number: number($0.value, on: survey.scale)) }
        }
    }

    /// Rounded to thousandths, half away from zero, and then held against the scale.
    private static func number(_ value: NaiveValue, on scale: ClosedRange<Int>) -> Int? {
        guard case .number(let number) = value else { return nil }
        let thousandths = (number * 1000).rounded(.toNearestOrAwayFromZero)
        guard let whole = Int(exactly: thousandths), scale.contains(whole) else { return nil }
        return whole
    }

    static func row(_ survey: NaiveSurvey, _ answers: [NaivePerson: [Answer]]) -> NaiveRow {
        let all = answers.values.joined()
        let numbers = all.compactMap(\.number)
        let hasReason = numbers.isEmpty || numbers.count < all.count
        guard !numbers.isEmpty else {
            return .metric(
                "surveys", nil, survey.name, unit: survey.kind == .nps ? "points" : "answer", .ratio(nil), numerator: .ratio(0), of: 0,
                hasReason: true)
        }
        let n = Double(numbers.count)
        switch survey.kind {
        case .nps:
            let promoters = numbers.filter { $0 >= 9000 }.count
            let detractors = numbers.filter { $0 <= 6000 }.count
            let (p1, p2) = (Double(promoters) / n, Double(detractors) / n)
            let margin = 100 * NaiveStatistics.z * ((p1 + p2 - (p1 - p2) * (p1 - p2)) / n).squareRoot()
            let value = 100 * (p1 - p2)
            return .metric(
                "surveys", nil, survey.name, unit: "points", .ratio(value), numerator: .ratio(Double(promoters - detractors)),
                of: numbers.count, (max(-100, value - margin), min(100, value + margin)), hasReason: hasReason)
        case .mean:
            let sum = Double(numbers.reduce(0, +)) / 1000
            let mean = sum / n
            let (low, high) = (Double(survey.scale.lowerBound) / 1000, Double(survey.scale.upperBound) / 1000)
            let interval = NaiveStatistics.interval95(ofMean: numbers.map { Double($0) / 1000 }.sorted())
            return .metric(
                "surveys", nil, survey.name, unit: "answer", .ratio(mean), numerator: .ratio(sum), of: numbers.count,
                interval.map { (max(low, $0.low), min(high, $0.high)) }, hasReason: hasReason)
        }
    }
}
