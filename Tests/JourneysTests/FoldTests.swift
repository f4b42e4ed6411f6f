import Events
import Expressions
import Testing

@testable import Journeys
@testable import Tables
@testable import TestSupport

/// Random persons through the fold and through the naive reference's whole route: every count equal.
@Suite struct FoldTests {
    private struct Case {
        var log = FoldedLog()
        var rules: [NaiveJourneyRules] = []
        var events: [FoldedEvent] = []

        init(seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            func pick<Choice>(_ choices: [Choice]) -> Choice { random.pick(choices) }
            log.channels = ["web", "phone", "mail"].map { ChannelDefinition(name: $0) }
            log.channels[0].kind = .selfService
            log.channels[2].kind = pick([nil, .outbound])
            log.sessions.gap = Int64(random.int(1...20))
            for name in ["one", "two"] {
                let step = [
                    "touchpoint == \"a\"", "touchpoint in [\"b\", \"c\"]", "action == \"error\"", "value > 1",
                    "touchpoint.startsWith(\"c\")",
                ].shuffled(using: &random)
                var rule = NaiveJourneyRules(name: name)
                rule.scope = pick([nil, nil, "channel != \"phone\"", "initiator == \"customer\""])
                rule.start = pick([nil, "touchpoint == \"a\"", "value >= 1", "action != \"error\""])
                rule.goal = pick([nil, "touchpoint == \"cc\"", "outcome == \"ok\""])
                rule.fail = pick([nil, "action == \"error\"", "outcome == \"ok\""])
                rule.key = pick([nil, nil, "order"])
                rule.inactivity = Int64(random.int(1...40))
                rule.maxLength = pick([nil, Int64(random.int(5...60))])
                rule.horizon = pick([nil, Int64(random.int(0...60))])
                rule.steps = (0..<random.int(0...4)).map { number in
                    NaiveStep(
                        name: "s\(number)", match: step[number], sla: pick([nil, Int64(random.int(0...9))]),
                        inFunnel: random.chance(percent: 80))
                }
                rule.funnelMode = pick(NaiveFunnelMode.allCases)
                rule.funnelWindow = pick([nil, Int64(random.int(0...30))])
                rules.append(rule)
                log.journeys.append(Self.definition(rule))
            }
            events = (0..<random.int(1...70)).map { number in
                FoldedEvent(
                    person: pick(["ann", "bob", "eve"]), time: Int64(random.int(0...150)), channel: pick(["web", "web", "phone", "mail"]),
                    touchpoint: pick(["a", "b", "c", "cc"]), action: pick([nil, nil, "error", "go"]),
                    outcome: pick([nil, nil, "ok", "error"]),
                    initiator: pick([nil, nil, nil, "agent", "customer"]), value: pick([nil, "1", "2.5", "\"2\"", "null"]),
                    order: pick([nil, "7", "\"7\"", "\"x\"", "{}", "true"]), sequence: Int64(random.int(0...2)),
                    id: pick([nil, "e\(number)", "e\(max(0, number - 3))"]))
            }
        }

        private static func definition(_ rule: NaiveJourneyRules) -> JourneyDefinition {
            var journey = JourneyDefinition(name: rule.name)
            journey.scope = rule.scope.map { .of($0) }
            journey.start = rule.start.map { .of($0) }
            journey.goal = rule.goal.map { .of($0) }
            journey.fail = rule.fail.map { .of($0) }
            journey.key = rule.key.map { .attribute($0) }
            (journey.inactivity, journey.maxLength, journey.horizon) = (rule.inactivity, rule.maxLength, rule.horizon)
            journey.steps = rule.steps.map { step in
                var definition = StepDefinition(name: step.name, match: .of(step.match))
                (definition.sla, definition.inFunnel) = (step.sla, step.inFunnel)
                return definition
            }
            journey.funnel.mode = FunnelDefinition.Mode(rawValue: rule.funnelMode.rawValue)!
            journey.funnel.window = rule.funnelWindow
            return journey
        }

        func naive() -> NaiveTables {
            var source = NaiveSource(name: "s")
            source.fields = [
                "time": "t", "channel": "ch", "touchpoint": "tp", "action": "ac", "outcome": "out", "initiator": "by", "value": "v",
                "sequence": "n",
                "event_id": "id",
            ]
            source.timeUnit = .microseconds
            source.ids = ["customer": "who"]
            source.attributes = ["order": "o"]
            var pipeline = NaivePipeline(name: "p", sources: [source])
            pipeline.identity.known = ["customer"]
            pipeline.channels = log.channels.map { NaiveChannel(name: $0.name, kind: $0.kind?.rawValue, gap: $0.gap) }
            pipeline.sessions.gap = log.sessions.gap
            pipeline.errorOutcomes = ["error"]
            pipeline.journeys = rules
            return NaiveReference.tables(pipeline, [NaiveFile(source: "s", path: "log", text: events.map(\.line).joined(separator: "\n"))])
        }
    }

    @Test(arguments: UInt64(0)...3)
    func everyCount(quarter: UInt64) throws {
        for seed in (quarter * 100 + 1)...(quarter * 100 + 100) {
            let one = Case(seed: seed)
            let naive = one.naive()
            let (cells, names, duplicates) = try one.log.fold(one.events)
            #expect(Int(duplicates) == naive.ledger.duplicates, "seed \(seed)")
            #expect(
                JourneyTable.make(.total, cells, names).lines([
                    "journey", "started", "completed", "failed", "abandoned", "open", "events", "sessions", "channel_switches", "customers",
                    "mature", "converted",
                ])
                    == naive.journeys.map {
                        "\($0.journey) \($0.started) \($0.completed) \($0.failed) \($0.abandoned) \($0.open) \($0.events) \($0.sessions) \($0.channelSwitches) \($0.customers) \($0.mature) \($0.converted)"
                    }, "seed \(seed)")
            #expect(
                FunnelTable.make(.total, cells, names).lines([
                    "journey", "step_index", "step", "reached", "mature", "lost", "open", "elsewhere",
                ])
                    == naive.funnel.map {
                        "\($0.journey) \($0.stepIndex) \($0.step) \($0.reached) \($0.mature) "
                            + [$0.lost, $0.open, $0.elsewhere].map { $0.map(String.init) ?? "?" }.joined(separator: " ")
                    }, "seed \(seed)")
            #expect(
                StallTable.make(.total, cells, names).lines([
                    "journey", "step", "visits", "progressed", "goal", "stopped", "open", "threshold_source", "slow", "idle", "judged",
                    "stopped_judged",
                ])
                    == naive.stalls.map {
                        "\($0.journey) \($0.step) \($0.visits) \($0.progressed) \($0.goal) \($0.stopped) \($0.open) \($0.thresholdSource) \($0.slow) \($0.idle) \($0.judged) \($0.stoppedJudged)"
                    }, "seed \(seed)")
            #expect(
                TransitionTable.make(.total, cells, names).lines(["journey", "scope", "from", "to", "count", "journeys"])
                    == naive.transitions.map { "\($0.journey) \($0.scope) \($0.from) \($0.to) \($0.count) \($0.journeys)" }, "seed \(seed)")
            #expect(
                TouchpointTable.make(.total, cells, names).lines([
                    "channel", "touchpoint", "events", "customers", "journeys", "journey_entries", "journey_exits", "errors",
                ])
                    == naive.touchpoints.map {
                        "\($0.channel) \($0.touchpoint) \($0.events) \($0.customers) \($0.journeys) \($0.journeyEntries) \($0.journeyExits) \($0.errors)"
                    }, "seed \(seed)")
            #expect(
                SessionTable.make(.total, cells, names).lines(["channel", "sessions", "events", "customers", "bounces", "concurrent"])
                    == naive.sessions.map { "\($0.channel) \($0.sessions) \($0.events) \($0.customers) \($0.bounces) \($0.concurrent)" },
                "seed \(seed)")
        }
    }

    /// One worker or three: the same tables, with quantiles and days, byte for byte.
    @Test func sumsDoNotDependOnWorkers() throws {
        for seed in UInt64(1)...60 {
            let one = Case(seed: seed)
            let (alone, names, _) = try one.log.fold(one.events)
            let (together, otherNames, _) = try one.log.fold(one.events, workers: 3)
            for granularity in [Granularity.total, .daily] {
                #expect(JourneyTable.make(granularity, alone, names) == JourneyTable.make(granularity, together, otherNames))
                #expect(FunnelTable.make(granularity, alone, names) == FunnelTable.make(granularity, together, otherNames))
                #expect(StallTable.make(granularity, alone, names) == StallTable.make(granularity, together, otherNames))
                #expect(TransitionTable.make(granularity, alone, names) == TransitionTable.make(granularity, together, otherNames))
                #expect(TouchpointTable.make(granularity, alone, names) == TouchpointTable.make(granularity, together, otherNames))
                #expect(SessionTable.make(granularity, alone, names) == SessionTable.make(granularity, together, otherNames))
            }
        }
    }
}
