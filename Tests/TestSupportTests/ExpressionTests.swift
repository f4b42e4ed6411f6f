import Testing

@testable import TestSupport

@Suite struct ExpressionTests {
    private let event = NaiveEvent(
        time: 0, sequence: 0, position: 1, source: "s", eventID: nil, ids: [:], channel: "web", touchpoint: "checkout/päy", action: nil,
        outcome: "ok",
        initiator: "customer", value: .number(2.5),
        attributes: ["n": .number("3"), "s": .string("x"), "o": .object([:]), "yes": .bool(true)],
        channelKind: nil)

    @Test(arguments: [
        "channel == \"web\"", "channel == 'web' && value > 2", "touchpoint.startsWith(\"checkout/\")", "touchpoint.endsWith(\"äy\")",
        "touchpoint.contains(\"/p\")", "touchpoint.matches(\"p.y\")", "!touchpoint.matches(\"^p\")", "value in [1, 2.5]", "value >= -1",
        "action != \"x\"", "attributes.none != 1", "attributes.none != attributes.none", "attributes.s != 1", "attributes.o != \"x\"",
        "has(attributes.o)", "!has(attributes.none)", "!has(action)", "attributes.yes == true", "attributes.yes",
        "channel_kind != \"assisted\"",
        "duration(\"90s\") < duration(\"1h30m\")", "attributes.yes > false", "attributes.yes <= true", "false || true && true",
        "true || true && false", "!(value < 1) && attributes.n <= 3.0",
    ])
    func holds(_ text: String) {
        #expect(NaiveExpression(text).matches(event))
    }

    @Test(arguments: [
        "action == \"x\"", "action < \"x\"", "action in [\"x\"]", "attributes.none == attributes.none", "attributes.s < 1",
        "attributes.s > 1",
        "attributes.o == attributes.o", "attributes.yes == 1", "attributes.n == \"3\"", "attributes.n.startsWith(\"3\")", "channel",
        "value",
        "(true || true) && false", "attributes.yes < false", "attributes.yes < attributes.yes",
    ])
    func holdsNot(_ text: String) {
        #expect(!NaiveExpression(text).matches(event))
    }

    /// Third in a match: 90 s after a call, and a while after something without action.
    private var third: NaiveContext {
        var (now, previous, first) = (event, event, event)
        (now.time, now.step) = (300_000_000, "pay")
        (previous.time, previous.channel, previous.action, previous.channelKind) = (210_000_000, "phone", "call", "assisted")
        (first.touchpoint, first.step, first.value, first.attributes) = ("home", "pay", .absent, ["n": .string("3")])
        return NaiveContext(event: now, previous: previous, first: first)
    }

    @Test(arguments: [
        "step == \"pay\"", "step == first.step", "step != prev.step", "!has(prev.step)", "has(first.step)", "channel != prev.channel",
        "prev.action == \"call\"", "prev.channel_kind in [\"assisted\"]", "gap == duration(\"90s\")", "gap > duration(\"1m\")", "has(gap)",
        "prev.attributes.n == attributes.n", "attributes.n != first.attributes.n", "first.touchpoint.startsWith(\"ho\")",
        "!has(first.value) && first.value != prev.value", "has(prev.attributes.o)", "!has(prev.attributes.none)",
        "attributes.o != prev.attributes.o", "touchpoint == prev.touchpoint && touchpoint != first.touchpoint", "gap != 90",
    ])
    func holdsInAMatch(_ text: String) {
        #expect(NaiveExpression(text).matches(third))
    }

    @Test(arguments: [
        "has(gap)", "has(prev.channel)", "has(first.attributes.n)", "gap <= duration(\"1d\")", "channel == prev.channel", "prev.value < 3",
        "first.touchpoint.contains(\"\")", "prev.action in [\"call\"]", "prev.step == first.step", "gap == gap",
    ])
    func holdsNotBeforeAnythingIsBound(_ text: String) {
        #expect(!NaiveExpression(text).matches(event))
    }
}
