/// Random friction rules over a log's words.
struct RandomFriction {
    private let vocabulary: RandomVocabulary
    /// Lengths that the log's silences and spans take: what is compared with them is now and then exactly as long.
    private let lengths: [Int64]
    private let expressions: RandomExpression
    /// Some that the pipeline's journeys have: it may name no others.
    private let steps: [String]

    init(_ vocabulary: RandomVocabulary, lengths: [Int64]) {
        self.vocabulary = vocabulary
        self.lengths = lengths
        expressions = RandomExpression(vocabulary)
        steps = (0..<(vocabulary.routes.map(\.count).max() ?? 0)).map { "\"step \($0)\"" }
    }

    func rules(_ index: Int, _ random: inout SeededGenerator) -> NaiveFrictionRules {
        let names = random.some(random.int(1...4), of: ["a", "b", "c", "retry", "x_1", "_o"])
        var pattern = ""
        // Written out, a pattern has a limit.
        repeat { pattern = self.pattern(names, &random) } while NaivePattern(pattern).unrolledCount > 100
        var variables: [String: String] = [:]
        // Where most variables hold for most events, much matches, and it matters what is preferred.
        let broadPercent = random.pick([0, 70, 90])
        for name in names + ["seen", "also"].prefix(random.pick([0, 0, 1, 2])) {
            variables[name] = random.chance(percent: broadPercent) ? broad(&random) : variable(&random)
        }
        var rules = NaiveFrictionRules(
            name: ["rétry", "it's, \"2\"", "third", "4"][index], pattern: pattern, where: variables)
        rules.owner = random.pick(["payments", "märketing, 2"])
        rules.scope = random.pick([.journey, .journey, .session, .person, .person])
        rules.skip = random.pick([.pastLast, .pastLast, .toLast, .toNext])
        rules.within = random.chance(percent: 60) ? random.pick(lengths) : nil
        if random.chance(percent: 30) {
            rules.partitionBy = random.pick([
                ["attributes.order"], ["order"], ["attributes.topic"], ["attributes.amount"], ["channel"], ["step"], ["outcome"],
                ["attributes.vip", "channel"], ["channel_kind"], ["initiator", "action"],
            ])
        }
        if random.chance(percent: 25) {
            rules.absent = .init(random.chance(percent: 70) ? frequent(&random) : step(&random), for: random.pick(lengths))
        }
        if random.chance(percent: 20) { addNeeds(&rules, &random) }
        return rules
    }

    // MARK: Patterns

    private static let quantifiers = ["?", "*", "*", "+", "+", "{2}", "{1,3}", "{2,}", "{0,2}", "{0,}"]

    private func pattern(_ names: [String], _ random: inout SeededGenerator) -> String {
        let start = random.chance(percent: 12) ? "^ " : ""
        let end = random.chance(percent: 20) ? " $" : ""
        guard random.chance(percent: 15) else { return start + sequence(names, random.pick([0, 0, 1, 1, 2, 3]), &random) + end }
        return "\(start)\(sequence(names, 1, &random)) | \(sequence(names, 1, &random))\(end)"
    }

    /// - Parameter isOptional: whether everything in it may be left out.
    private func sequence(_ names: [String], _ depth: Int, isOptional: Bool = false, _ random: inout SeededGenerator) -> String {
        var items: [String] = []
        for _ in 0..<random.pick([1, 2, 2, 3]) {
            var item = random.pick(names)
            if depth > 0, random.chance(percent: 40) { item = group(names, depth - 1, &random) }
            if isOptional || random.chance(percent: 40) {
                item += random.pick(isOptional ? ["?", "?", "*", "{0,2}"] : Self.quantifiers) + (random.chance(percent: 35) ? "?" : "")
            }
            items.append(item)
        }
        if random.chance(percent: 4) { items.insert(random.pick(["^", "$"]), at: random.int(0...items.count)) }
        return items.joined(separator: " ")
    }

    private func group(_ names: [String], _ depth: Int, _ random: inout SeededGenerator) -> String {
        let isOptional = random.chance(percent: 25)
        var parts: [String] = []
        for _ in 0..<random.pick([1, 1, 2, 2, 3]) { parts.append(sequence(names, depth, isOptional: isOptional, &random)) }
        if random.chance(percent: 12) { parts[random.int(0...(parts.count - 1))] = random.pick(["$", "$", "^"]) }
        return "(" + parts.joined(separator: random.pick(["|", " | "])) + ")"
    }

    // MARK: Variables

    private func variable(_ random: inout SeededGenerator) -> String {
        switch random.int(0...9) {
        case 0...3: frequent(&random)
        case 4: expressions.any(&random)
        case 5: step(&random)
        case 6, 7: lookingBack(&random)
        case 8: "\(frequent(&random)) || \(lookingBack(&random))"
        default: "\(frequent(&random)) && (\(lookingBack(&random)))"
        }
    }

    /// Holds for many events.
    private func frequent(_ random: inout SeededGenerator) -> String {
        let touchpoint = RandomExpression.literal(random.pick(vocabulary.touchpoints))
        let other = RandomExpression.literal(random.pick(vocabulary.touchpoints))
        let channel = RandomExpression.literal(random.pick(vocabulary.channels))
        return random.pick([
            "touchpoint == \(touchpoint)", "touchpoint == \(touchpoint)", "touchpoint in [\(touchpoint), \(other)]",
            "channel == \(channel)",
            "touchpoint != \(touchpoint)", "has(outcome)", "has(attributes.topic)", "has(attributes.order)", "initiator != \"agent\"",
            "attributes.vip == true", "action in [\"view\", \"error\", \"submit\"]", "true",
        ])
    }

    /// Holds for most events, with nothing bound and later.
    private func broad(_ random: inout SeededGenerator) -> String {
        let some = vocabulary.touchpoints.dropFirst(random.int(0...1)).map(RandomExpression.literal).joined(separator: ", ")
        let event = random.pick(["prev", "first"])
        let field = random.pick(["touchpoint", "channel", "action", "step", "attributes.topic"])
        return random.pick([
            "true", "touchpoint in [\(some)]", expressions.loose(&random), "initiator == \"customer\"",
            "\(field) != \(event).\(field)", "!(\(field) == \(event).\(field))", "!(gap > \(length(&random)))",
            "has(action) || \(lookingBack(&random))",
            "channel == prev.channel || \(frequent(&random))",
        ])
    }

    private func length(_ random: inout SeededGenerator) -> String {
        "duration(\"\(NaiveDuration.text(random.pick(lengths)))\")"
    }

    private func step(_ random: inout SeededGenerator) -> String {
        let (one, other) = (random.pick(steps), random.pick(steps))
        return random.pick([
            "has(step)", "!has(step)", "step == \(one)", "step == \(one)", "step != \(one)", "step in [\(one), \(other)]", "step != \"\"",
            "step.endsWith(\"1\")", "step > \"step 0\"",
        ])
    }

    private func lookingBack(_ random: inout SeededGenerator) -> String {
        let length = length(&random)
        let event = random.pick(["prev", "first"])
        let field = random.pick([
            "touchpoint", "channel", "action", "outcome", "step", "attributes.topic", "attributes.order", "attributes.amount",
        ])
        return random.pick([
            "gap <= \(length)", "gap > \(length)", "gap == \(length)", "gap < \(length) || gap > duration(\"1d\")", "gap >= \(length)",
            "\(field) == \(event).\(field)", "\(field) == \(event).\(field)", "\(field) != \(event).\(field)",
            "\(field) != \(event).\(field)",
            "has(\(event).\(field))", "!has(\(event).\(field))", "prev.\(field) == first.\(field)", "value > \(event).value",
            "\(event).attributes.amount <= attributes.amount", "\(event).touchpoint.startsWith(\"p\")",
            "\(event).channel_kind != channel_kind",
            "\(event).step in [\(random.pick(steps)), \(random.pick(steps))]", "!(\(event).initiator == initiator)",
        ])
    }

    /// A rule matches only what it needs: where that is missing, it has no matches that someone could count or not.
    private func addNeeds(_ rules: inout NaiveFrictionRules, _ random: inout SeededGenerator) {
        let topic = RandomExpression.literal(random.pick(vocabulary.topics))
        let need = random.pick([
            "attributes.topic == \(topic)", "has(step)", "step == \(random.pick(steps))", "has(attributes.vip)", "outcome == \"resolved\"",
            "attributes.amount > 5 && channel_kind == \"assisted\"", "value == 100",
        ])
        rules.variables = rules.variables.mapValues { "(\(need)) && (\($0))" }
        rules.needs = [.init("what it's about", need)]
        if random.chance(percent: 40) { rules.needs.append(.init("ältere, \"too\"", "\(need) || touchpoint == \"nowhere\"")) }
    }
}
