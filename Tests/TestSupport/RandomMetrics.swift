/// What a random pipeline measures, over a log's words.
struct RandomMetrics {
    private let vocabulary: RandomVocabulary
    private let expressions: RandomExpression

    init(_ vocabulary: RandomVocabulary) {
        self.vocabulary = vocabulary
        expressions = RandomExpression(vocabulary)
    }

    /// Each of them in some pipelines, in many none at all.
    func add(to pipeline: inout NaivePipeline, _ random: inout SeededGenerator) {
        guard random.chance(percent: 75) else { return }
        let names = ["nps", "ces", "größe, \"3\""]
        for name in random.some(random.pick([0, 1, 2, 3]), of: names) { pipeline.surveys.append(survey(name, &random)) }
        if random.chance(percent: 65) { pipeline.effort = effort(&random) }
        let shortest = pipeline.journeys.map(\.inactivity).min() ?? 0
        let silences = vocabulary.silences.filter { $0 <= shortest }
        for _ in 0..<random.pick([0, 1, 1, 2]) {
            let term = term(silences, &random)
            if !pipeline.terms.contains(where: { ExactText($0.name) == ExactText(term.name) }) { pipeline.terms.append(term) }
        }
        for index in pipeline.channels.indices where random.chance(percent: 15) { pipeline.channels[index].isBot = true }
        if random.chance(percent: 25) {
            // A word may stand several times in the vocabulary, a key once in a mapping.
            let drawn = random.some(random.int(1...2), of: vocabulary.touchpoints)
            pipeline.botTouchpoints = drawn.enumerated().filter { !drawn[..<$0.offset].contains($0.element) }.map(\.element)
        }
        // So slow that it matters what becomes of a journey in a month.
        for index in pipeline.journeys.indices where random.chance(percent: 12) {
            pipeline.journeys[index].inactivity = NaiveDuration.microseconds(random.pick(["10d", "40d"]))
        }
        for index in pipeline.journeys.indices where random.chance(percent: 40) {
            let step = "\"step \(random.int(0...(pipeline.journeys[index].steps.count - 1)))\""
            pipeline.journeys[index].valueWhen = random.pick([
                "step == \(step)", "step == \(step) && \(expressions.loose(&random))", expressions.any(&random),
                expressions.strict(&random),
                "has(step) && value >= 6", "value == 1000",
            ])
        }
    }

    private func survey(_ name: String, _ random: inout SeededGenerator) -> NaiveSurvey {
        let condition = random.pick([
            "has(value)", "has(value) && initiator == \"customer\"", expressions.any(&random), expressions.loose(&random),
            "value >= 0", "action == \"submit\"", "value == 1000",
        ])
        guard random.chance(percent: 65) else { return NaiveSurvey(name, where: condition, kind: .nps) }
        let scales = [1000...7000, 1000...7000, 0...10_000, -3000...2500, 63...8750, 1...100_000]
        return NaiveSurvey(name, where: condition, kind: .mean, scale: random.pick(scales))
    }

    /// Now and then so much that a journey's effort is cut.
    private func effort(_ random: inout SeededGenerator) -> NaiveEffortRules {
        var weights: [NaiveEffortPart: Int] = [:]
        for part in NaiveEffortPart.allCases where random.chance(percent: 40) {
            weights[part] = random.pick([0, 1, 250, 1000, 2500, 3333, 1_000_000])
        }
        return NaiveEffortRules(weights)
    }

    /// - Parameter lengths: of silences that people often take.
    private func term(_ lengths: [Int64], _ random: inout SeededGenerator) -> NaiveTerm {
        let items = ["attributes.order", "attributes.topic", "attributes.vip", "touchpoint", "action", "channel_kind", "value"]
        let values = ["attributes.amount", "attributes.amount", "attributes.order", "value", "outcome", "touchpoint", "initiator"]
        return NaiveTerm(
            name: random.pick([nil, "price", "it's, \"1\""]), item: random.pick(items), value: random.pick(values),
            within: random.chance(percent: 80) ? random.pick(lengths) : NaiveDuration.microseconds("7d"))
    }
}
