import Expressions
import Testing

/// A text, the byte at which it is wrong, and a part of the message that tells how to mend it.
struct Fault: Sendable, CustomTestStringConvertible {
    var text: String
    var offset: Int
    var message: String
    var testDescription: String { text }

    init(_ text: String, _ offset: Int, _ message: String) {
        (self.text, self.offset, self.message) = (text, offset, message)
    }

    func check(_ scope: FieldScope) {
        do {
            let parsed = try Expression.parse(text, fields: scope)
            Issue.record("read as \(parsed.root)")
        } catch {
            #expect(error.offset == offset, "\(error.message)")
            #expect(error.message.contains(message), "\(error.message)")
        }
    }
}

@Suite struct ExpressionErrorTests {
    private static let scope = FieldScope(attributes: ["topic", "order", "a b", "x.y"], allowsStep: true, allowsPatternFields: false)

    @Test(arguments: [
        Fault("touchpont == 'x'", 0, "unknown field `touchpont`; did you mean `touchpoint`?"),
        Fault("true && Channel == 'x'", 8, "did you mean `channel`?"),
        Fault("order == '1'", 0, "did you mean `attributes.order`?"),
        Fault(
            "zzz == '1'", 0,
            "unknown field `zzz`; valid: channel, touchpoint, action, outcome, value, initiator, step, channel_kind, attributes"),
        Fault("attributes.topik == 'x'", 11, "unknown attribute `topik`; did you mean `topic`?"),
        Fault("attributes['ab'] == 'x'", 11, "did you mean `a b`?"),
        Fault("attributes.zzzzzz == 'x'", 11, "valid: a b, order, topic, x.y"),
        Fault("has(attributes.x.y)", 15, "unknown attribute `x`"),
        Fault("attributes == 'x'", 0, "attributes.NAME"),
        Fault("size(channel) > 3", 0, "unknown function `size`; valid: has, duration"),
        Fault("hass(channel)", 0, "did you mean `has`?"),
        Fault("channel.startswith('x')", 8, "unknown function `startswith`; did you mean `startsWith`?"),
        Fault("channel.size() == 3", 8, "valid: startsWith, endsWith, contains, matches"),
        Fault("startsWith(channel, 'x')", 0, "write FIELD.startsWith"),
        Fault("'abc'.startsWith('x')", 0, "only a field has `startsWith`"),
        Fault("channel == null", 11, "ask has(FIELD)"),
        Fault("prev.channel == 'x'", 0, "only be used in patterns"),
        Fault("gap == duration('1m')", 0, "only be used in patterns"),
    ])
    func namesThatDoNotExist(_ fault: Fault) { fault.check(Self.scope) }

    @Test(arguments: [
        Fault("channel = 'x'", 8, "use =="),
        Fault("channel === 'x'", 8, "use =="),
        Fault("channel <> 'x'", 8, "use !="),
        Fault("has(channel) and has(step)", 13, "use &&"),
        Fault("has(channel) OR has(step)", 13, "use ||"),
        Fault("has(channel) & has(step)", 13, "use &&"),
        Fault("has(channel) | has(step)", 13, "use ||"),
        Fault("not has(channel)", 0, "use !"),
        Fault("not == 'x'", 0, "use !"),
        Fault("value + 1 > 2", 6, "no arithmetic"),
        Fault("has(step) ? true : false", 10, "no ?:"),
        Fault("channel == “web”", 11, "straight quotes"),
        Fault("größe == 1", 2, "attributes"),
        Fault("attributes.order-id == 1", 16, "attributes[\"…\"]"),
        Fault("true \u{01}", 5, "a control character"),
        Fault("a; b", 1, "put text in quotes"),
    ])
    func signsOfOtherLanguages(_ fault: Fault) { fault.check(FieldScope(attributes: nil)) }

    @Test(arguments: [
        Fault("", 0, "empty"), Fault("  ", 2, "empty"), Fault("true &&", 7, "but the text ends"),
        Fault("(true", 5, "expected `)` to close the parenthesis, but the text ends"), Fault("true)", 4, "but there is `)`"),
        Fault("channel in 'x'", 11, "expected `[` and a list after `in`"), Fault("channel in ['x'", 15, "expected `]` to close the list"),
        Fault("channel in ['x' 'y']", 16, "there is a string"), Fault("channel in [true || false]", 17, "expected `]`"),
        Fault("channel in [has(step)]", 12, "literals and fields only"),
        Fault("value < 1 < 2", 10, "do not follow one another"), Fault("channel == 'x' in [true]", 15, "do not follow one another"),
        Fault("channel == 'x", 11, "no closing '"), Fault("channel == \"x\n\"", 11, "no closing \""),
        Fault("channel == r'x\\", 11, "no closing '"),
        Fault(#"channel == "a\q""#, 13, "unknown escape"), Fault(#"channel == "\x4""#, 12, "2 hexadecimal digits"),
        Fault(#"channel == "\ud800""#, 12, "no Unicode character"), Fault(#"channel == "\UFFFFFFFF""#, 12, "no Unicode character"),
        Fault(#"channel == "\389""#, 12, "3 octal digits"), Fault("channel == 'a\\", 13, "unknown escape"),
        Fault("value > 5m", 8, "duration(\"30m\")"), Fault("value > 9223372036854775808", 8, "64 bits"),
        Fault("value > 99999999999999999999999", 8, "64 bits"), Fault("value > 1e999", 8, "too large"),
        Fault("value > -value", 8, "only a number"), Fault("value > --1", 8, "only a number"),
        Fault("value > 1 2", 10, "there is a number"),
        Fault("has('x')", 4, "expected a field in has( )"), Fault("has(channel", 11, "expected `)`"),
        Fault("has(channel.contains('x'))", 11, "expected `)`"),
        Fault("gap < duration(5)", 15, "a string in quotes"), Fault("gap < duration('5')", 15, "no duration"),
        Fault("channel.matches(action)", 16, "a string in quotes"), Fault("channel.matches", 15, "expected `(`"),
        Fault("channel.'x'", 8, "expected a function"), Fault("prev.gap > 1", 5, "`gap`"), Fault("prev == 'x'", 5, "expected `.`"),
        Fault("attributes['x' == 1", 15, "expected `]`"), Fault("attributes[x] == 1", 11, "in quotes"),
        Fault("in ['x']", 0, "expected a field, a literal or `(`, but there is `in`"),
    ])
    func brokenSyntax(_ fault: Fault) {
        fault.check(FieldScope(attributes: nil, allowsPatternFields: fault.text.contains("gap") || fault.text.contains("prev")))
    }

    @Test(arguments: [
        Fault("touchpoint", 0, "the expression must be true or false, but this is text; compare it, as in touchpoint == \"…\""),
        Fault("'x'", 0, "true or false"), Fault("1", 0, "a number"), Fault("duration('1m')", 0, "a length of time"),
        Fault("gap", 0, "gap <= duration"),
        Fault("has(step) && touchpoint", 13, "each side of &&"), Fault("'a' || has(step)", 0, "each side of ||"),
        Fault("!touchpoint == 'x'", 1, "what follows !"), Fault("!('x')", 1, "what follows !"),
        Fault("has(step) || (first.action)", 13, "has(first.action)"),
        Fault("gap == 'x'", 7, "gap is a length of time"), Fault("5 < gap", 0, "gap is a length of time"),
        Fault("gap in [duration('1m'), 3]", 24, "gap is a length"),
        Fault("value > duration('1m')", 0, "only gap is a length of time; this is a value of the log"),
    ])
    func whatCanNeverBeMeant(_ fault: Fault) { fault.check(everything) }

    @Test(arguments: [
        "touchpoint < 5", "value == 'x'", "attributes.vip", "!attributes.vip && value", "channel == true", "1 == 1", "has(step) == 'x'",
    ])
    func unlikeTypesMayBeCompared(_ text: String) throws { _ = try tree(text) }

    @Test func stepIsUnknownWhileStepsAreToldApart() {
        let scope = FieldScope(attributes: [], allowsStep: false)
        Fault("step == 'pay'", 0, "`step` cannot be used here").check(scope)
        Fault("stop == 'pay'", 0, "valid: channel, touchpoint, action, outcome, value, initiator, channel_kind, attributes").check(scope)
        Fault("attributes.x == 'pay'", 11, "none is declared").check(scope)
    }

    @Test func namesWithADotAreExplained() {
        let scope = FieldScope(attributes: ["x", "x.y"])
        Fault("attributes.x.y == '1'", 0, "write attributes[\"x.y\"]").check(scope)
    }

    @Test func suggestionIsAlsoAValue() {
        #expect(throws: ExpressionError("unknown field `acton`; did you mean `action`?", at: 0, suggestion: "action")) {
            try tree("acton == 'x'")
        }
    }

    @Test func patternsAreCheckedByTheEngineGiven() {
        let scope = FieldScope(attributes: nil, patternFault: { $0 == "(" ? "missing )" : nil })
        Fault("channel.matches('(')", 16, "cannot be used: missing )").check(scope)
        #expect(throws: Never.self) { try tree("channel.matches('()')", scope) }
    }

    @Test(arguments: ["(", "!", "!(", "has(step)&&(", "attributes.x in [", "-", "[", "."])
    func deepNestingIsRefused(_ opening: String) {
        let text = String(repeating: opening, count: Expression.textBytesMax / opening.utf8.count)
        #expect(throws: ExpressionError.self) { try tree(text) }
    }

    @Test func depthAndLengthLimits() {
        Fault(String(repeating: "(", count: 201) + "true", 200, "200 levels").check(everything)
        Fault(String(repeating: "!", count: 201) + "true", 200, "200 levels").check(everything)
        Fault("'" + String(repeating: "x", count: 64 << 10) + "' == channel", 64 << 10, "65536 bytes").check(everything)
    }
}
