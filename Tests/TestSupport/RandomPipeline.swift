/// The words a random log is written with.
struct RandomVocabulary {
    var channels: [String]
    var touchpoints: [String]
    var actions = ["view", "click", "error", "submit", "7"]
    var outcomes = ["ok", "error", "timeout", "Übel", "true"]
    var topics = ["bill", "söme \"q\" \\ text", "ship\n2", ""]
    /// Of each journey the touchpoints of its steps in order, for people to follow.
    var routes: [[String]] = []
    /// Lengths of silence that some rule of the pipeline compares with.
    var silences: [Int64] = []
    /// Silence longer than this ends some journey.
    var shortestInactivity: Int64 = 0
    /// Lengths from a beginning that some rule compares with: windows, greatest lengths.
    var spans: [Int64] = []
}

/// A random pipeline.
struct RandomPipeline {
    private(set) var pipeline: NaivePipeline
    private(set) var vocabulary: RandomVocabulary

    private static let lengths = ["5m", "10m", "30m", "1h", "2h", "6h", "1d"].map(NaiveDuration.microseconds)

    /// - Parameter frictions: whether to draw friction rules too, one to four in most pipelines.
    init(frictions: Bool, _ random: inout SeededGenerator) {
        pipeline = NaivePipeline(name: random.pick(["fuzz", "it's a \"case\"", "Prüfung"]), sources: [])
        pipeline.timezone = random.pick(["UTC", "UTC", "Europe/Berlin"])
        vocabulary = RandomVocabulary(
            channels: random.some(random.int(2...4), of: ["web", "app", "phone", "e-mail", "store", "größe"]),
            // One word in two spellings: they are two touchpoints.
            touchpoints: random.some(
                random.int(3...6), of: ["t0", "t1", "päge/ü", "pa\u{308}ge/ü", "checkout/pay", "a \"q\", \\ b", "🙂 smile", "42"]))

        pipeline.sessions.gap = random.pick(Array(Self.lengths.prefix(4)))
        pipeline.sessions.maxLength = random.pick(Array(Self.lengths.suffix(4)))
        if random.chance(percent: 30) { pipeline.errorOutcomes = random.some(2, of: vocabulary.outcomes) }
        addChannels(&random)
        addIdentity(&random)
        for index in 0..<random.pick([1, 1, 2, 3]) {
            pipeline.sources.append(RandomSource.make(index, pipeline.identity, vocabulary, &random))
        }
        for index in 0..<random.int(1...2) { pipeline.journeys.append(journey(index, &random)) }
        addDecisions(&random)
        vocabulary.silences =
            [pipeline.sessions.gap] + pipeline.channels.compactMap(\.gap) + pipeline.journeys.map(\.inactivity)
            + pipeline.journeys.flatMap { $0.steps.compactMap(\.sla) }
        if pipeline.channels.contains(where: { $0.kind == "assisted" }) {
            vocabulary.silences +=
                pipeline.channels.compactMap(\.responseSLA) + [pipeline.contacts.handover] + pipeline.contacts.windows.prefix(2)
        }
        // From numbers of their own: all else that a seed draws is as it would be without.
        var copy = random
        var own = SeededGenerator(seed: ~copy.next())
        RandomMetrics(vocabulary).add(to: &pipeline, &own)
        // So long after a journey an answer is still about it.
        if pipeline.effort != nil, pipeline.surveys.contains(where: { $0.kind == .mean }) {
            vocabulary.silences.append(NaiveDuration.microseconds("7d"))
        }
        vocabulary.shortestInactivity = pipeline.journeys.map(\.inactivity).min() ?? 0
        vocabulary.spans =
            pipeline.journeys.flatMap { [$0.funnelWindow, $0.funnelWindow, $0.funnelWindow] }.compactMap { $0 }
            + pipeline.journeys.flatMap { [$0.maxLength, $0.horizon, $0.horizon, $0.horizon] }.compactMap { $0 }
            + [pipeline.sessions.maxLength]
        if frictions, random.chance(percent: 85) { addFrictions(&random, &own) }
    }

    /// Their lengths are among those that the log's silences and spans take already.
    private mutating func addFrictions(_ random: inout SeededGenerator, _ own: inout SeededGenerator) {
        let reached = (vocabulary.silences + vocabulary.spans).filter { $0 <= vocabulary.shortestInactivity }
        let drawn = RandomFriction(vocabulary, lengths: reached)
        for index in 0..<random.int(1...4) { pipeline.frictions.append(drawn.rules(index, &random)) }
        if own.chance(percent: 45) {
            // Those that the scorecard knows by their names.
            let names = own.some(4, of: ["channel_restart", "forced_login", "re_explain", "outreach_collision"])
            for (index, name) in zip(pipeline.frictions.indices, names) { pipeline.frictions[index].name = name }
            // So long something sent is given to bring somebody on.
            vocabulary.silences.append(NaiveDuration.microseconds("3d"))
        }
        vocabulary.spans += pipeline.frictions.compactMap(\.within)
    }

    /// Not all channels of the log are declared, and not all declared ones have everything.
    private mutating func addChannels(_ random: inout SeededGenerator) {
        for name in vocabulary.channels where random.chance(percent: 85) {
            pipeline.channels.append(
                NaiveChannel(
                    name: name, kind: random.pick(["self-service", "assisted", "assisted", "outbound", "self-service", nil]),
                    owner: random.pick(["digital", "contact, centre", nil]),
                    gap: random.chance(percent: 40) ? random.pick(Array(Self.lengths.prefix(5))) : nil))
        }
        let expressions = RandomExpression(vocabulary)
        for index in pipeline.channels.indices where pipeline.channels[index].kind == "assisted" {
            pipeline.channels[index].responseSLA = random.chance(percent: 70) ? random.pick(Self.lengths) : nil
            pipeline.channels[index].asks =
                random.chance(percent: 25)
                ? random.pick(["action != \"view\"", expressions.loose(&random), expressions.any(&random)]) : nil
            guard random.chance(percent: 35) else { continue }
            pipeline.channels[index].answers = random.pick([
                "initiator != \"customer\"", "initiator == 'system' || action == 'click'", "initiator == \"agent\" && action != \"view\"",
                "outcome == \"ok\"", expressions.any(&random),
            ])
        }
    }

    /// What journeys are set side by side by, and what a contact is. Some windows are exactly reached: see `silences`.
    private mutating func addDecisions(_ random: inout SeededGenerator) {
        let fields = [
            "channel", "touchpoint", "action", "outcome", "initiator", "channel_kind", "attributes.topic", "attributes.order",
            "attributes.vip", "attributes.amount",
        ]
        for (index, field) in random.some(random.pick([0, 1, 1, 2, 3]), of: fields).enumerated() {
            pipeline.dimensions.append(NaiveDimension(name: ["by", "größe, \"2\"", "third"][index], field: field))
        }
        guard random.chance(percent: 75) else { return }
        if random.chance(percent: 60) {
            pipeline.contacts.topic = random.pick(["attributes.topic", "attributes.vip", "outcome", "touchpoint"])
        }
        let windows = ["1h", "2h", "6h", "1d", "7d", "14d", "30d"].map(NaiveDuration.microseconds)
        pipeline.contacts.windows = random.some(random.int(1...3), of: windows)
        pipeline.contacts.handover = random.pick(["5m", "10m", "30m", "2h"].map(NaiveDuration.microseconds))
    }

    /// Of two known types the one declared first also sorts first, and so do its values (see `RandomPerson`): "the id that
    /// sorts first" then has but one meaning.
    private mutating func addIdentity(_ random: inout SeededGenerator) {
        pipeline.identity.known = random.pick([["customer"], ["account", "customer"], ["customer"]])
        pipeline.identity.linking = random.pick([["email", "device"], ["device"], ["device", "email", "cookie"], []])
        pipeline.identity.maxKnown = random.pick([1, 3, 5, 5])
        if random.chance(percent: 30) { pipeline.identity.block = ["test", "d1"] }
        if random.chance(percent: 15) { pipeline.identity.blockDefaults = false }
    }

    private mutating func journey(_ index: Int, _ random: inout SeededGenerator) -> NaiveJourneyRules {
        var journey = NaiveJourneyRules(name: index == 0 ? "purchase" : "süpport, \"two\"")
        let expressions = RandomExpression(vocabulary)
        journey.scope = random.chance(percent: 20) ? expressions.loose(&random) : nil
        journey.start = random.chance(percent: 20) ? expressions.any(&random) : nil
        journey.goal = random.chance(percent: 70) ? expressions.strict(&random) : nil
        journey.fail = random.chance(percent: 40) ? expressions.strict(&random) : nil
        journey.key = random.chance(percent: 20) ? random.pick(["attributes.order", "order", "attributes.topic"]) : nil
        journey.inactivity = random.pick(Array(Self.lengths.suffix(5)))
        journey.maxLength = random.chance(percent: 30) ? random.pick(Array(Self.lengths.suffix(4))) : nil
        // Most windows and horizons can be reached exactly before silence ends the journey.
        let windows = Self.lengths.filter { $0 <= 2 * journey.inactivity }
        journey.horizon = random.chance(percent: 55) ? random.pick(windows) : nil
        journey.funnelWindow = random.chance(percent: 65) ? random.pick(windows) : nil
        journey.funnelMode = random.pick([.ordered, .strict, .any])
        let count = min(random.pick([1, 2, 3, 3, 4]), vocabulary.touchpoints.count)
        let route = random.some(count, of: vocabulary.touchpoints)
        vocabulary.routes.append(route)
        if random.chance(percent: 25) { journey.start = "touchpoint == \(RandomExpression.literal(route[0]))" }
        if random.chance(percent: 25) { journey.goal = "touchpoint == \(RandomExpression.literal(route[count - 1]))" }
        for (place, touchpoint) in route.enumerated() {
            let match = random.chance(percent: 75) ? "touchpoint == \(RandomExpression.literal(touchpoint))" : expressions.any(&random)
            journey.steps.append(
                NaiveStep(
                    name: "step \(place)", match: match, owner: random.pick(["payments", "märketing", nil]),
                    sla: random.chance(percent: 35) ? random.pick(Array(Self.lengths.prefix(4))) : nil,
                    inFunnel: place == 0 || random.chance(percent: 85)))
        }
        return journey
    }
}

/// Random expressions over a log's words.
struct RandomExpression {
    private let vocabulary: RandomVocabulary

    init(_ vocabulary: RandomVocabulary) { self.vocabulary = vocabulary }

    /// In double quotes, with the two escapes it needs.
    static func literal(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : $0 == "\n" ? "\\n" : String($0) }.joined() + "\""
    }

    /// Holds for a few events.
    func strict(_ random: inout SeededGenerator) -> String {
        "touchpoint == \(Self.literal(random.pick(vocabulary.touchpoints))) && \(simple(&random))"
    }

    /// Holds for most events.
    func loose(_ random: inout SeededGenerator) -> String {
        random.pick([
            "channel != \(Self.literal(random.pick(vocabulary.channels)))", "!(\(strict(&random)))",
            "initiator == 'customer' || has(attributes.order)",
            "attributes.amount != 3", "!has(attributes.vip) || action != 'error'",
        ])
    }

    func any(_ random: inout SeededGenerator) -> String {
        switch random.int(0...4) {
        case 0: "\(simple(&random)) || \(simple(&random)) && \(simple(&random))"
        case 1: "(\(simple(&random)) || \(simple(&random))) && !(\(simple(&random)))"
        case 2: "touchpoint in [\(Self.literal(random.pick(vocabulary.touchpoints))), \(Self.literal(random.pick(vocabulary.touchpoints)))]"
        default: simple(&random)
        }
    }

    private func simple(_ random: inout SeededGenerator) -> String {
        let touchpoint = Self.literal(random.pick(vocabulary.touchpoints))
        let channel = Self.literal(random.pick(vocabulary.channels))
        return random.pick([
            "touchpoint == \(touchpoint)", "touchpoint != \(touchpoint)", "channel == \(channel)", "channel in [\(channel), \"nowhere\"]",
            "action == \(Self.literal(random.pick(vocabulary.actions)))", "outcome != \(Self.literal(random.pick(vocabulary.outcomes)))",
            "touchpoint.startsWith(\"p\")", "touchpoint.startsWith(\"pä\")", "touchpoint.endsWith(\"ü\")",
            "touchpoint.contains(\"\\\"q\\\"\")",
            "touchpoint.matches(\"^t[01]$\")", "touchpoint.matches(\"[0-9]\")", "action.matches(\"err|sub\")", "outcome.contains(\"r\")",
            "value >= 10", "value < 2.5", "value == 2.5", "value != 100", "value > -1", "channel_kind == \"assisted\"",
            "channel_kind != \"outbound\"", "initiator == \"agent\"", "attributes.topic == \(Self.literal(random.pick(vocabulary.topics)))",
            "attributes.topic != \"bill\"", "attributes.topic < \"c\"", "has(attributes.order)", "!has(attributes.topic)",
            "attributes.vip == true",
            "attributes.vip != false", "attributes.amount > 3", "attributes.amount <= 3", "attributes.amount in [1, 3, 5.5]",
        ])
    }
}
