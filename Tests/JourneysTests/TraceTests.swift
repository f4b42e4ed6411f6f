import Events
import Expressions
import Testing

@testable import Journeys
@testable import TestSupport

/// Traces of one person: touchpoints of one character, a minute apart. `s` starts, `g` is the goal, `f` the failure.
@Suite struct TraceTests {
    private static let minute: Int64 = 60_000_000

    private func trace(
        _ events: [FoldedEvent], asOf: Int64? = nil, frictions: [FrictionDefinition] = [], channels: [ChannelDefinition] = [],
        _ change: (inout JourneyDefinition) -> Void = { _ in }
    ) throws -> PersonTrace {
        var journey = JourneyDefinition.steps("sxyg") {
            $0.start = .of("touchpoint == \"s\"")
            $0.goal = .of("touchpoint == \"g\"")
            $0.fail = .of("touchpoint == \"f\"")
            $0.inactivity = 10 * Self.minute
        }
        change(&journey)
        let scalars = FoldPlan.scalars(of: [journey], frictions)
        let rows = FoldedLog.Rows(events, scalars: scalars)
        let symbols = EventSymbols(texts: rows.texts, kinds: rows.kinds, channels: channels, scalars: scalars, layout: rows.layout)
        let plan = try FoldPlan(
            channels: channels, sessions: SessionDefinition(), journeys: [journey], frictions: frictions, errorOutcomes: [],
            symbols: symbols,
            layout: rows.layout, zone: .utc, asOf: asOf ?? events.map(\.time).max() ?? 0)
        let all = rows.all
        return withExtendedLifetime(rows) { PersonTracer(plan: plan).trace(rows: all.span) }
    }

    /// `fail` is an x, `try` a y.
    private func retry(_ pattern: String = "fail try+", _ change: (inout FrictionDefinition) -> Void = { _ in }) throws
        -> FrictionDefinition
    {
        var rule = FrictionDefinition(
            name: "retry", pattern: try Pattern.parse(pattern, variables: ["fail", "try"]),
            variables: [
                .init(name: "fail", condition: .of("touchpoint == \"x\"")), .init(name: "try", condition: .of("touchpoint == \"y\"")),
            ])
        change(&rule)
        return rule
    }

    private func drawn(_ trace: PersonTrace) -> [String] {
        trace.journeys.map { journey in
            "\(journey.number) \(journey.status) " + journey.events.map { trace.events[$0].touchpoint }.joined()
        }
    }

    private func ends(_ visits: [PersonTrace.Visit]) -> [String] {
        visits.map { visit in
            switch visit.end {
            case .progressed(let dwell): "\(visit.step)@\(visit.event) \(dwell / Self.minute)"
            case .open: "\(visit.step)@\(visit.event) open"
            case .goal(let dwell): "\(visit.step)@\(visit.event) goal after \(dwell / Self.minute)"
            case .stopped: "\(visit.step)@\(visit.event) stopped"
            }
        }
    }

    @Test func journeysWithStatusAndVisits() throws {
        let trace = try trace(FoldedEvent.drawn("asxxyg sxf s x            s y"), asOf: 33 * Self.minute)
        #expect(drawn(trace) == ["1 completed sxxyg", "2 failed sxf", "3 abandoned sx", "4 open sy"])
        #expect(
            trace.journeys.map { ends($0.visits) } == [
                ["0@1 1", "1@2 2", "2@4 1", "3@5 goal after 0"], ["0@6 1", "1@7 stopped"], ["0@9 2", "1@10 stopped"],
                ["0@11 2", "2@12 open"],
            ])
        #expect(trace.journeys[1].steps == [0, 1, nil])
        #expect(trace.matches.isEmpty && trace.givenUp.isEmpty)
    }

    @Test func eventsKeepWhatTheyAre() throws {
        var events = FoldedEvent.drawn("sx")
        events[0].value = "12.50"
        events[1].order = "\"A 7\""
        events[1].initiator = "agent"
        (events[1].action, events[1].outcome) = ("submit", "error")
        events.append(events[0])
        events[0].id = "1"
        events[2].id = "1"
        let trace = try trace(events) {
            $0.scope = .of("value != 3 || attributes.order != 3")
        }
        #expect(trace.duplicates == 1 && trace.events.count == 2)
        #expect(trace.events[0].scalars == [.init(field: .value, text: "12.50")])
        #expect(trace.events[1].scalars == [.init(field: .attribute("order"), text: "A 7")])
        #expect(trace.events[0].initiator == "customer" && trace.events[0].action == nil && trace.events[0].session == 0)
        #expect(trace.events[1].initiator == "agent" && trace.events[1].session == nil)
        #expect(trace.events[1].action == "submit" && trace.events[1].outcome == "error")
    }

    @Test func sessionsByChannel() throws {
        var events = FoldedEvent.drawn("ssss")
        events[1].channel = "app"
        events[3].time += 40 * Self.minute
        let trace = try trace(events)
        #expect(trace.sessions.map { "\($0.channel) \($0.events) \($0.isConcurrent)" } == ["web 2 true", "app 1 true", "web 1 false"])
        #expect(trace.events.map(\.session) == [0, 1, 0, 2])
        #expect(trace.events[0].sessionGap == 30 * Self.minute)
    }

    /// Keys are symbols, which come in any order; journeys are told in the order of their beginnings.
    @Test func journeysOfAKeyInOrderOfTime() throws {
        var events = FoldedEvent.drawn("sssx")
        for (index, order) in ["\"b\"", "\"a\"", "\"c\"", "\"b\""].enumerated() { events[index].order = order }
        let trace = try trace(events) { $0.key = .attribute("order") }
        #expect(trace.journeys.map { "\($0.number)\($0.key ?? "")\($0.events)" } == ["1b[0, 3]", "2a[1]", "3c[2]"])
    }

    @Test func matchesWithTheirVariables() throws {
        let trace = try trace(FoldedEvent.drawn("sxyysxyg"), frictions: [try retry()])
        #expect(trace.matches.map { $0.bound.map { "\($0.event)\($0.variable)" } } == [["10", "21", "31"], ["50", "61"]])
        #expect(trace.journeys.map(\.matches) == [[0, 1]])
    }

    /// A match of a person counts for the journey that contains its last event, and for no other.
    @Test func matchesOfAPersonCountOnce() throws {
        let rule = try retry { $0.scope = .person }
        let trace = try trace(FoldedEvent.drawn("sxgsyg xy"), frictions: [rule])
        #expect(trace.matches.map { $0.bound.map(\.event) } == [[1, 4]])
        #expect(trace.journeys.map(\.matches) == [[], [0]])
    }

    @Test func nobodyAndNothing() throws {
        let trace = try trace([], frictions: [try retry()])
        #expect(trace.events.isEmpty && trace.journeys.isEmpty && trace.sessions.isEmpty)
    }
}
