/// What is measured of customers' answers, efforts and terms.
enum NaiveMetrics {
    static func rows(
        _ pipeline: NaivePipeline, _ persons: [NaivePerson: [NaiveEvent]], _ types: [NaiveJourneyType], _ contacts: [NaiveContact]
    ) -> [NaiveRow] {
        guard pipeline.hasMetrics else { return [] }
        var rows = pipeline.surveys.map { NaiveSurveys.row($0, NaiveSurveys.answers($0, persons)) }
        rows += pipeline.terms.map { term in
            let pairs = NaiveTerms.pairs(term, persons)
            return .share("channel_alignment", nil, term.name, pairs.filter { $0 }.count, of: pairs.count)
        }
        for type in types {
            if let weights = pipeline.effort {
                let effort = NaiveEffort(type, weights, contacts)
                rows += effort.rows()
                for survey in pipeline.surveys where survey.kind == .mean {
                    rows.append(effort.correlation(with: survey, NaiveSurveys.answers(survey, persons)))
                }
            }
            if type.rules.valueWhen != nil || type.rules.goal != nil { rows += NaiveTimeToValue.rows(type) }
            if pipeline.marksBots { rows.append(containment(type)) }
        }
        func key(_ row: NaiveRow) -> (ExactText, ExactText, ExactText) { (row.text("metric"), row.text("journey"), row.text("name")) }
        return rows.sorted { key($0) < key($1) }
    }

    /// Of the journeys that met a machine those that needed nobody afterwards.
    private static func containment(_ type: NaiveJourneyType) -> NaiveRow {
        var (touched, contained) = (0, 0)
        for journey in type.journeys where type.isMature(journey) {
            guard let first = journey.events.firstIndex(where: type.pipeline.isAtBot) else { continue }
            touched += 1
            contained += journey.events[(first + 1)...].contains { $0.initiator == "agent" } ? 0 : 1
        }
        return .share("containment", type.rules.name, nil, contained, of: touched)
    }
}

extension NaiveRow {
    /// A row of the metrics. Where nothing is told the reason says why.
    ///
    /// One column holds counts and sums alike, so that counts too are compared as numbers.
    static func metric(
        _ metric: String, _ journey: String?, _ name: String?, unit: String, _ value: NaiveComparison.Cell,
        numerator: NaiveComparison.Cell, of denominator: Int, _ interval: (low: Double, high: Double)? = nil, hasReason: Bool
    ) -> Self {
        [
            "metric": .text(metric), "journey": .text(journey), "name": .text(name), "value": value, "unit": .text(unit),
            "numerator": numerator, "denominator": .ratio(Double(denominator)), "low": .ratio(interval?.low),
            "high": .ratio(interval?.high), "reason": .filled(hasReason),
        ]
    }

    /// The same of a part of a whole. Without a whole it is open whether counts are 0 or empty.
    static func share(_ metric: String, _ journey: String?, _ name: String?, _ part: Int, of whole: Int) -> Self {
        var row = Self.metric(
            metric, journey, name, unit: "share", .ratio(NaiveStatistics.ratio(part, whole)), numerator: .ratio(Double(part)), of: whole,
            NaiveStatistics.wilson95(part, of: whole), hasReason: whole == 0)
        if whole == 0 { (row["numerator"], row["denominator"]) = (.nothing, .nothing) }
        return row
    }
}
