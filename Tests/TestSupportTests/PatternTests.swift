import Testing

@testable import TestSupport

/// The matcher on lists drawn as text.
@Suite struct PatternTests {
    /// One event for each letter, a minute apart, its touchpoint the letter; a blank is a minute without an event. Every letter
    /// of the pattern is a variable that holds for that touchpoint; `other` are more variables.
    /// - Returns: of each match the places of its events among all events.
    private func matches(
        _ pattern: String, _ drawing: String, within: String? = nil, isClosed: Bool = true, skip: NaiveFrictionRules.Skip = .pastLast,
        _ other: [String: String] = [:]
    )
        -> [[Int]]
    {
        found(pattern, drawing, within: within, isClosed: isClosed, skip: skip, other).map(\.places)
    }

    private func found(
        _ pattern: String, _ drawing: String, within: String? = nil, isClosed: Bool = true, skip: NaiveFrictionRules.Skip = .pastLast,
        _ other: [String: String] = [:]
    )
        -> [NaiveMatch]
    {
        let letters = pattern.filter(\.isLetter).map { (String($0), "touchpoint == \"\($0)\"") }
        var rules = NaiveFrictionRules(name: "f", pattern: pattern, where: Dictionary(letters + Array(other)) { $1 })
        rules.within = within.map { DrawnLog.time($0) - DrawnLog.start }
        rules.skip = skip
        return NaiveMatcher(rules).matches(in: events(drawing), isClosed: isClosed) ?? []
    }

    private func events(_ drawing: String) -> [NaiveEvent] {
        drawing.enumerated().filter { $0.element != " " }.map { minute, letter in
            NaiveEvent(
                time: Int64(minute) * 60_000_000, sequence: 0, position: minute, source: "s", eventID: nil, ids: [:], channel: "web",
                touchpoint: ExactText(String(letter)), action: nil, outcome: nil, initiator: "customer", value: .absent, attributes: [:],
                channelKind: nil)
        }
    }

    private let x = ["seen": "touchpoint == \"x\""]

    @Test func read() {
        let (a, b) = (NaivePattern.variable("a"), NaivePattern.variable("b_1"))
        #expect(NaivePattern("^ a b_1|a$") == .alternatives([.sequence([.start, a, b]), .sequence([a, .end])]))
        #expect(NaivePattern("a??") == .repetition(a, least: 0, most: 1, isReluctant: true))
        #expect(NaivePattern(" ( a{2} ) ") == .repetition(a, least: 2, most: 2, isReluctant: false))
        #expect(NaivePattern("(a b_1){2,}?") == .repetition(.sequence([a, b]), least: 2, most: nil, isReluctant: true))
        #expect(NaivePattern("(a b_1{0,3}){2}").unrolledCount == 8)
    }

    @Test func greedyTakesMostAndReluctantLeast() {
        #expect(matches("a+", "aaa") == [[0, 1, 2]])
        #expect(matches("a+?", "aaa") == [[0], [1], [2]])
        #expect(matches("a{2,3}", "aaaaa") == [[0, 1, 2], [3, 4]])
        #expect(matches("a{2,3}?", "aaaaa") == [[0, 1], [2, 3]])
        #expect(matches("a b*? b", "abbb") == [[0, 1]])
        #expect(matches("a b* b", "abbb") == [[0, 1, 2, 3]])
    }

    @Test func skipSaysWhereTheSearchGoesOn() {
        #expect(matches("a a", "aaaa") == [[0, 1], [2, 3]])
        #expect(matches("a a", "aaaa", skip: .toLast) == [[0, 1], [1, 2], [2, 3]])
        #expect(matches("a a", "aaaa", skip: .toNext) == [[0, 1], [1, 2], [2, 3]])
        #expect(matches("a b+", "abbab", skip: .toLast) == [[0, 1, 2], [3, 4]])
        #expect(matches("a+", "aaa", skip: .toNext) == [[0, 1, 2], [1, 2], [2]])
        // A match of one event is left behind, or it would be found for ever.
        #expect(matches("a", "aa", skip: .toLast) == [[0], [1]])
        #expect(matches("a+", "aaa", skip: .toLast) == [[0, 1, 2], [2]])
    }

    @Test func ofAlternativesTheLeftOneIsPreferredNotTheLonger() {
        #expect(matches("(a|a b) c?", "abc") == [[0]])
        #expect(matches("(a b|a) c?", "abc") == [[0, 1, 2]])
        // It is given up where what follows does not match.
        #expect(matches("(a|a b) c", "abc") == [[0, 1, 2]])
    }

    @Test func aVisibleEventStandsInTheWayAnInvisibleOneDoesNot() {
        #expect(matches("a b", "axb") == [[0, 2]])
        #expect(matches("a b", "axb", x) == [])
        // b is visible, though the pattern could do without it.
        #expect(matches("a c | b", "abc") == [[1]])
    }

    @Test func visibilityHangsOnTheEventBoundBefore() {
        // Whatever happens within a minute of the event bound before is visible.
        let near = ["near": "gap <= duration(\"1m\")"]
        #expect(matches("a b", "ax b", near) == [])
        #expect(matches("a b", "a x b", near) == [[0, 2]])
        // Of the one before, not of the first: x is far from a and near b.
        #expect(matches("a b c", "a bxc", near) == [])
        #expect(matches("a b c", "a x b c", near) == [[0, 2, 3]])
    }

    @Test func visibilityHangsOnTheFirstEvent() {
        // Before anything is bound no event is like the first.
        let like = ["like": "touchpoint == first.touchpoint"]
        #expect(matches("^ a b", "xab", like) == [[1, 2]])
        // Between a and b, a second a stands in the way though a is what the pattern begins with; after b it does not matter.
        #expect(matches("s b", "yyb", ["s": "!has(first.touchpoint)", "like": "touchpoint == first.touchpoint"]) == [[1, 2]])
        #expect(matches("s b", "yzb", ["s": "!has(first.touchpoint)", "like": "touchpoint == first.touchpoint"]) == [[0, 2]])
    }

    @Test func anAbsentEventBeforeIsUnequal() {
        // The first of all is unlike the one before it, there being none; the next x is like it, and so invisible.
        let change = ["d": "touchpoint != prev.touchpoint"]
        #expect(matches("d{2}", "xxy", change) == [[0, 2]])
        #expect(matches("d{2}", "xxx", change) == [])
        // A variable that needs one cannot begin a match.
        #expect(matches("e", "xxx", ["e": "touchpoint == prev.touchpoint"]) == [])
        #expect(matches("e", "xxx", ["e": "gap >= duration(\"0s\")"]) == [])
    }

    @Test func theStartOfAListIsBeforeAnythingVisible() {
        #expect(matches("^ a", "aba") == [[0]])
        #expect(matches("^ b", "xb") == [[1]])
        #expect(matches("^ b", "xb", x) == [])
        // What is bound in the match before is visible.
        #expect(matches("^ a | b", "aba") == [[0], [1]])
        #expect(matches("(^ a)+", "aa") == [[0]])
        #expect(matches("a ^ b", "ab") == [])
        // Seen with nothing bound: x has no gap, and is invisible; unequal to a length it is all the same.
        #expect(matches("^ a", "xa", ["near": "gap <= duration(\"1m\")"]) == [[1]])
        #expect(matches("^ a", "xa", ["near": "gap != duration(\"5m\")"]) == [])
    }

    @Test func theEndOfAListIsAfterAnythingVisible() {
        #expect(matches("a $", "aba") == [[2]])
        #expect(matches("a $", "ax") == [[0]])
        #expect(matches("a $", "ax", x) == [])
        #expect(matches("a $", "a", isClosed: false) == [])
        #expect(matches("a $ b", "ab") == [])
        #expect(matches("$ a", "a") == [])
        // Seen from the match: x is near b, not near a.
        let near = ["near": "gap <= duration(\"1m\")"]
        #expect(matches("a $", "a x", near) == [[0]])
        #expect(matches("a b $", "abx", near) == [])
        #expect(matches("a b $", "ab x", near) == [[0, 1]])
        // A visible event that lies too far for the match is there nevertheless.
        #expect(matches("a $", "a       x", within: "1m", x) == [])
    }

    @Test func onlyAMatchThatStandsOnTheEndHasUsedIt() {
        #expect(found("(a $ | a)", "ax", x).map(\.usedEnd) == [false])
        #expect(found("(a $ | a)", "a").map(\.usedEnd) == [true])
        #expect(found("(a | a $)", "a").map(\.usedEnd) == [false])
        #expect(found("a (b | $)*", "a") == [NaiveMatch(places: [0], usedEnd: false)])
        #expect(found("(a | $){2}", "a") == [NaiveMatch(places: [0], usedEnd: true)])
    }

    @Test func withinIncludesItsEnd() {
        #expect(matches("a b", "a b", within: "2m") == [[0, 1]])
        #expect(matches("a b", "a  b", within: "2m") == [])
        #expect(matches("a+", "aaaa", within: "2m") == [[0, 1, 2], [3]])
        // From the first event, not from the one before; and what is too late is no reason to pass over it.
        #expect(matches("a b c", "abc", within: "1m") == [])
        #expect(matches("a b", "axb", within: "1m", x) == [])
        // Another way through the pattern may still be in time.
        #expect(matches("a (b c | b)", "abc", within: "1m") == [[0, 1]])
    }

    @Test func matchesDoNotOverlap() {
        #expect(matches("a b a", "ababa") == [[0, 1, 2]])
        #expect(matches("a b a", "abaaba") == [[0, 1, 2], [3, 4, 5]])
        // Nothing found: on from the next event, not from where the attempt failed.
        #expect(matches("a a b", "aaab") == [[1, 2, 3]])
    }

    @Test func withinTheLeastNumberARepetitionMayBeEmpty() {
        #expect(matches("(a?){2}", "a") == [[0]])
        #expect(matches("(a?){3} b", "ab") == [[0, 1]])
        #expect(matches("(a*){2,} b", "aab") == [[0, 1, 2]])
        #expect(matches("(a??){2} b", "aab") == [[0, 1, 2]])
    }

    @Test func beyondTheLeastNumberAnEmptyRepetitionIsNotConsidered() {
        // The empty way is preferred, but does not count as a repetition: the other one is taken.
        #expect(matches("(a??)*", "aa") == [[0, 1]])
        #expect(matches("(a?? | b)* c", "abc") == [[0, 1, 2]])
        // The first time may be empty and is, so there is one left for a.
        #expect(matches("(a?? b??){1,2}", "ab") == [[0], [1]])
        #expect(matches("(a?)+", "aa") == [[0, 1]])
        #expect(matches("(a*)*", "aa") == [[0, 1]])
        // One repetition that may be empty, then one that may not.
        #expect(matches("(b? | a){1,2}", "a") == [[0]])
    }

    @Test func anEmptyMatchIsNone() {
        #expect(matches("a*", "xbx") == [])
        // What is preferred is empty; it does not count, and nothing less preferred stands in for it.
        #expect(matches("a*?", "aa") == [])
        #expect(matches("a?? b?", "ab") == [[1]])
    }

    @Test func whatTakesTooLongIsGivenUp() {
        let rules = NaiveFrictionRules(
            name: "f", pattern: "((a|b)* (a|b)*)* c", where: ["a": "true", "b": "true", "c": "touchpoint == \"c\""])
        #expect(NaiveMatcher(rules).matches(in: events(String(repeating: "a", count: 30)), isClosed: true) == nil)
    }
}
