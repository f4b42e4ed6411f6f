/// What mature journeys of one type cost their customers.
struct NaiveEffort {
    /// One journey's.
    private struct Effort {
        var journey: NaiveJourney
        var counts: [NaiveEffortPart: Int]
        /// In microseconds.
        var held: Int64
        /// In thousandths of points.
        var points: Int
    }

    private let name: String
    private let efforts: [Effort]

    init(_ type: NaiveJourneyType, _ rules: NaiveEffortRules, _ contacts: [NaiveContact]) {
        name = type.rules.name
        let errors = Set(type.pipeline.errorOutcomes.map { ExactText($0) })
        efforts = type.journeys.filter(type.isMature).map { journey in
            let events = journey.events
            let steps = type.visits(journey).map(\.step)
            let counts: [NaiveEffortPart: Int] = [
                .contact: contacts.filter { contact in
                    contact.person == journey.person && events.contains { $0.position == contact.first }
                }.count,
                .switching: zip(events, events.dropFirst()).filter { $0.channel != $1.channel }.count,
                .repetition: steps.count - Set(steps).count,
                .error: events.filter { $0.outcome.map(errors.contains) ?? false }.count,
            ]
            let held = NaiveHandoffs.held(journey)
            // To a whole thousandth, half up.
            let hours = (Int128(rules.weight(.hour)) * Int128(held) + 1_800_000_000) / 3_600_000_000
            let points = counts.map { Int128(rules.weight($0.key) * $0.value) }.reduce(hours, +)
            return Effort(journey: journey, counts: counts, held: held, points: Int(min(points, Int128(Int32.max))))
        }
    }

    func rows() -> [NaiveRow] {
        let points = efforts.map { Double($0.points) / 1000 }.sorted()
        let interval = NaiveStatistics.interval95(ofMean: points)
        return [row("mean", unit: "points", points, interval.map { (max(0, $0.low), $0.high) })]
            + NaiveEffortPart.allCases.map { part in
                part == .hour
                    ? row(part.rawValue, unit: "hours", efforts.map { Double($0.held) / 3600e6 }.sorted())
                    : row(part.rawValue, unit: "count", efforts.map { Double($0.counts[part] ?? 0) })
            }
    }

    /// A mean over all mature journeys; without any it is open whether the sum is 0 or empty.
    private func row(_ part: String, unit: String, _ amounts: [Double], _ interval: (low: Double, high: Double)? = nil) -> NaiveRow {
        let (n, sum) = (amounts.count, amounts.reduce(0, +))
        return .metric(
            "effort", name, part, unit: unit, .ratio(n == 0 ? nil : sum / Double(n)), numerator: n == 0 ? .nothing : .ratio(sum), of: n,
            interval, hasReason: n == 0)
    }

    // MARK: What customers say of it

    /// Pearson's correlation with what the same person answers first, no later than a week after the journey's last event.
    func correlation(with survey: NaiveSurvey, _ answers: [NaivePerson: [NaiveSurveys.Answer]]) -> NaiveRow {
        let week = NaiveDuration.microseconds("7d")
        let pairs = efforts.compactMap { effort -> (x: Int, y: Int)? in
            let end = effort.journey.events[effort.journey.events.count - 1].time
            let first = answers[effort.journey.person]?.first { $0.number != nil && $0.time >= end && $0.time <= end + week }
            return first?.number.map { (effort.points, $0) }
        }.sorted { $0 < $1 }
        let r = NaiveStatistics.correlation(pairs)
        let interval = r.flatMap { NaiveStatistics.fisher95($0, of: pairs) }
        return .metric(
            "effort", name, "correlation \(survey.name)", unit: "coefficient", .ratio(r), numerator: .ratio(nil), of: pairs.count,
            interval, hasReason: r == nil)
    }
}
