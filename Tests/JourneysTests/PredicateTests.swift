import Events
import Expressions
import Testing

@testable import Journeys
@testable import Tables
@testable import TestSupport

@Suite struct PredicateTests {
    /// Events of many kinds and values; numbers in several spellings, texts that begin one another.
    private static let events: [FoldedEvent] = {
        var random = SeededGenerator(seed: 3)
        return (0..<60).map { number in
            FoldedEvent(
                time: Int64(number), channel: random.pick(["web", "phone", "mail"]),
                touchpoint: random.pick(["cart", "cart/pay", "é", "e\u{301}", "7"]),
                action: random.pick([nil, "submit", "sub", "error"]), outcome: random.pick([nil, "error", "ok"]),
                initiator: random.pick([nil, "agent", "customer"]),
                value: random.pick([nil, "null", "1", "1.0", "1e0", "-2.5", "100", "\"1\"", "true", "[1]", "12345678901234567890"]),
                order: random.pick([nil, "null", "\"cart\"", "\"a b\"", "7", "\"7\"", "false", "{}", "\"\""]))
        }
    }()

    private static let channels: [ChannelDefinition] = {
        var web = ChannelDefinition(name: "web")
        web.kind = .selfService
        var phone = ChannelDefinition(name: "phone")
        phone.kind = .assisted
        return [web, phone, ChannelDefinition(name: "mail")]
    }()

    private let rows = FoldedLog.Rows(Self.events, scalars: [.value, .attribute("order")])

    private func truths(_ expression: Expression) throws -> [Bool] {
        let symbols = EventSymbols(
            texts: rows.texts, kinds: rows.kinds, channels: Self.channels, scalars: rows.scalars, layout: rows.layout)
        let predicate = try Predicate(expression, symbols: symbols, stepOfKind: nil)
        return rows.all.map { row in
            let kind = Int(row.kind)
            return predicate.holds(kind: kind, EventContext(kind: symbols.kind(kind), row: row))
        }
    }

    private func check(_ text: String, _ note: String = "") throws {
        let naive = NaiveExpression(text)
        let expected = Self.events.enumerated().map { naive.matches($0.element.naive($0.offset, Self.channels)) }
        #expect(try truths(Expression.parse(text, fields: FieldScope(attributes: nil))) == expected, "\(note) \(text)")
    }

    @Test(
        arguments: [
            "channel == \"web\"", "touchpoint == \"é\"", "touchpoint < \"d\"", "touchpoint >= \"cart/\"", "action != \"submit\"",
            "action < \"t\"",
            "value == 1", "value != 1", "value < 1", "value >= 1", "value <= -2.5", "value == true", "value", "!value",
            "attributes.order == 7",
            "attributes.order == \"7\"", "attributes.order", "attributes.order == false", "attributes.order < \"b\"",
            "attributes.order == \"\"",
            "has(value)", "has(attributes.order)", "!has(action)", "has(channel_kind)", "channel_kind == \"assisted\"",
            "channel_kind != \"assisted\"",
            "initiator == \"customer\"", "value in [1, \"1\", true]", "touchpoint in []", "attributes.order in [touchpoint, 7]",
            "touchpoint.startsWith(\"cart\")", "touchpoint.endsWith(\"pay\")", "touchpoint.contains(\"\")",
            "attributes.order.contains(\" \")",
            "value.startsWith(\"1\")", "touchpoint.matches(\"^c.*y$\")", "attributes.order.matches(\"a|c\")",
            "attributes.order == touchpoint",
            "(value == 1) == (outcome == \"error\")", "value < value", "value == value", "outcome == outcome", "value == outcome",
            "true", "false", "value < true", "value <= true", "value >= attributes.order", "attributes.order > false",
            "value == 12345678901234567890.0", "value == 12345678901234567891.0",
            "true == has(value) || !(channel == \"web\" && value > 0)",
        ])
    func known(_ text: String) throws {
        try check(text)
    }

    /// Random expressions of what both sides read.
    @Test(arguments: UInt64(1)...4)
    func randomExpressions(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func field() -> String {
            random.pick(["channel", "touchpoint", "action", "outcome", "initiator", "channel_kind", "value", "attributes.order"])
        }
        func literal() -> String {
            random.pick(["\"web\"", "\"cart\"", "\"é\"", "\"error\"", "\"7\"", "\"\"", "1", "-2.5", "7", "true", "false"])
        }
        func operand(_ depth: Int) -> String { random.pick([field(), field(), literal(), depth > 0 ? "(\(truth(depth - 1)))" : field()]) }
        func truth(_ depth: Int) -> String {
            switch random.int(0...(depth > 0 ? 9 : 5)) {
            case 0: return "has(\(field()))"
            case 1:
                return
                    "\(field()).\(random.pick(["startsWith", "endsWith", "contains"]))(\(random.pick(["\"c\"", "\"r\"", "\"\"", "\"cart\""])))"
            case 2: return "\(operand(depth)) in [\((0..<random.int(0...3)).map { _ in literal() }.joined(separator: ", "))]"
            case 3, 4: return "\(operand(depth)) \(random.pick(["==", "!=", "<", "<=", ">", ">="])) \(operand(depth))"
            case 5: return operand(depth)
            case 6: return "!(\(truth(depth - 1)))"
            case 7: return "(\(truth(depth - 1)) || \(truth(depth - 1)))"
            default: return "(\(truth(depth - 1)) && \(truth(depth - 1)))"
            }
        }
        // The checks refuse what can never be true, such as a comparison of a number with a text; the rest has to agree.
        var accepted = 0
        for round in 0..<400 {
            let text = truth(4)
            guard (try? Expression.parse(text, fields: FieldScope(attributes: nil))) != nil else { continue }
            accepted += 1
            try check(text, "round \(round)")
        }
        #expect(accepted > 100)
    }

    /// Steps are told by the first that matches; other expressions may ask for them, whether steps need the row or not.
    @Test(arguments: ["touchpoint == \"a\"", "touchpoint == \"a\" && value > 0"])
    func stepsInExpressions(_ first: String) throws {
        var journey = JourneyDefinition(name: "j")
        journey.steps = [
            StepDefinition(name: "one", match: .of(first)), StepDefinition(name: "two", match: .of("touchpoint in [\"a\", \"b\"]")),
        ]
        journey.start = .of("step == \"one\"")
        journey.goal = .of("step == \"two\" && has(step)")
        var log = FoldedLog()
        log.journeys = [journey]
        let events = [("b", "1"), ("a", "1"), ("c", "1"), ("b", "1"), ("a", "0")].enumerated().map {
            FoldedEvent(time: Int64($0.offset), touchpoint: $0.element.0, value: $0.element.1)
        }
        let (cells, names, _) = try log.fold(events)
        let expected = first.contains("value") ? "1 1 0 3" : "2 1 1 4"
        #expect(JourneyTable.make(.total, cells, names).lines(["started", "completed", "open", "events"]) == [expected])
    }

    @Test func aBadPatternIsAnError() {
        #expect(throws: RegularExpression.Invalid.self) { try RegularExpression("(") }
    }
}
