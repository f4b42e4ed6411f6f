import Events
import Expressions
import Testing

@testable import Journeys
@testable import TestSupport

/// Letters drawn on a line of minutes, matched by a rule as a run matches it.
private final class DrawnLists {
    let letters: [Character]
    let minutes: Int
    private let rows: FoldedLog.Rows
    private let symbols: EventSymbols
    private let plan: FoldPlan
    private var matcher: PatternMatcher?
    private let person: PersonEvents
    private var everything = SlotList<Int32>()

    /// A row for every letter at every minute; a list is a choice of them.
    init(_ letters: String, minutes: Int) throws {
        self.letters = Array(letters)
        self.minutes = minutes
        let all = (0..<minutes).flatMap { minute in letters.map { FoldedEvent(time: Int64(minute) * 60_000_000, touchpoint: String($0)) } }
        rows = FoldedLog.Rows(all, scalars: [])
        symbols = EventSymbols(texts: rows.texts, kinds: rows.kinds, channels: [], scalars: [], layout: rows.layout)
        plan = try FoldPlan(
            channels: [], sessions: SessionDefinition(), journeys: [], frictions: [], errorOutcomes: [], symbols: symbols,
            layout: rows.layout,
            zone: .utc, asOf: Int64(minutes) * 60_000_000)
        person = PersonEvents(layout: rows.layout)
    }

    func compile(_ pattern: String, _ variables: [String: String], within: Int64? = nil, skip: FrictionDefinition.Skip = .pastLast) throws
        -> FrictionSet
    {
        let names = variables.keys.sorted()
        var friction = FrictionDefinition(
            name: "f", pattern: try Pattern.parse(pattern, variables: names),
            variables: try names.map {
                .init(
                    name: $0,
                    condition: try Expression.parse(variables[$0]!, fields: FieldScope(attributes: nil, allowsPatternFields: true)))
            })
        friction.within = within
        friction.skip = skip
        return FrictionSet([try FrictionRule(friction, number: 0, symbols: symbols, stepOfKind: nil)], kindCount: rows.kinds.count)
    }

    func load(_ list: [(letter: Int, minute: Int)]) {
        let events = list.map { rows.all[$0.minute * letters.count + $0.letter] }
        person.load(events.span)
        person.makeContexts(symbols)
        everything = SlotList(0..<Int32(list.count))
    }

    /// Of each match the places of its events in the list that is loaded. nil: given up.
    func matches(_ set: FrictionSet, isClosed: Bool) -> [[Int]]? {
        let matcher = matcher ?? PatternMatcher(plan: plan, asOf: AsOf(plan.asOf), anyRule: set.rules.objects[0])
        self.matcher = matcher
        matcher.beginPerson()
        let isComplete = matcher.match(0, of: set, in: everything.all, person, isClosed: isClosed)
        let found = matcher.matches.map { match in matcher.bound(match).map { Int($0.event) } }
        return isComplete ? found : nil
    }

    func matches(_ set: FrictionSet, _ list: [(letter: Int, minute: Int)], isClosed: Bool) -> [[Int]]? {
        load(list)
        return matches(set, isClosed: isClosed)
    }
}

@Suite struct PatternMatcherTests {
    private static let variables = [
        "a": "touchpoint == \"a\"", "b": "touchpoint == \"b\"", "n": "touchpoint != prev.touchpoint",
        "f": "touchpoint == first.touchpoint && has(first.channel)", "q": "gap <= duration(\"1m\")",
    ]

    static let patterns = [
        "a", "a b", "a+ b", "a+? b", "a* b", "a*? b?", "a b*", "a b*?", "(a | b)+ a", "(a b | a) b?", "(a | a b) b", "^ a b", "^ a+ $",
        "a $", "a+? $",
        "(a | b){2}", "a{2,3}", "a{2,3}?", "a{0,1} b", "(a? b?){2}", "(a? b?)+ a", "(a*)* b", "(a | b?)+ $", "((a b)? a)* b", "a (b | $)",
        "(^ | a) b",
        "a n", "a n+ f", "a n*? f", "a q+", "a q{2}", "(a q?)+ b", "a (f | n)+? b", "q a", "n+", "(a f)* n", "f a", "(n | q)+ $",
    ]

    /// One way of looking for a pattern, for both matchers.
    private struct Case {
        let within: Int64?
        let skip: FrictionDefinition.Skip
        let set: FrictionSet
        let naive: NaiveMatcher

        init(_ lists: DrawnLists, _ pattern: String, _ names: Set<String>, _ within: Int64?, _ skip: FrictionDefinition.Skip) throws {
            (self.within, self.skip) = (within, skip)
            let variables = PatternMatcherTests.variables.filter { names.contains($0.key) }
            set = try lists.compile(pattern, variables, within: within, skip: skip)
            var rules = NaiveFrictionRules(name: "f", pattern: pattern, where: variables)
            rules.within = within
            rules.skip = try #require(.init(rawValue: skip.rawValue))
            naive = NaiveMatcher(rules)
        }
    }

    /// Every list of up to five minutes with a, b, something else or nothing in each, closed and open, with and without a
    /// limit: the same matches as the naive matcher finds, wherever it goes on after one. Stops at the first difference.
    @Test(arguments: patterns)
    func everySmallListAgreesWithTheNaiveMatcher(_ pattern: String) throws {
        let lists = try DrawnLists("abx", minutes: 5)
        // All variables make events visible, so a smaller set gives another matter; where the pattern has a b it is the same one.
        let used = Set(pattern.filter(\.isLetter).map(String.init))
        let cases = try Set([used, used.union(["b"])]).flatMap { names in
            try [nil, 2 * 60_000_000].flatMap { within in
                try FrictionDefinition.Skip.allCases.map { try Case(lists, pattern, names, within, $0) }
            }
        }
        // A list is made once for all cases: that took as long as looking through it.
        for number in 0..<1024 {
            let list = (0..<5).compactMap { minute in
                let letter = number >> (2 * minute) & 3
                return letter < 3 ? (letter: letter, minute: minute) : nil
            }
            let events = list.enumerated().map { place, event in
                FoldedEvent(time: Int64(event.minute) * 60_000_000, touchpoint: String(lists.letters[event.letter])).naive(place, [])
            }
            lists.load(list)
            for one in cases {
                for isClosed in [true, false] {
                    let expected = one.naive.matches(in: events, isClosed: isClosed)?.map(\.places)
                    let found = lists.matches(one.set, isClosed: isClosed)
                    guard found != expected else { continue }
                    let drawing = list.map { "\(lists.letters[$0.letter])\($0.minute)" }.joined(separator: " ")
                    Issue.record(
                        """
                        \(pattern), \(one.skip), on \(drawing), closed: \(isClosed), within: \(one.within ?? -1): \(found ?? []), \
                        not \(expected ?? [])
                        """)
                    return
                }
            }
        }
    }

    /// Ten thousand events and nested repetitions: the memory of what failed keeps the work small.
    @Test(
        arguments: [("(a+)+ b", nil), ("(a | a a)+ b", nil), ("(a+)+ b", Int64(30 * 86_400_000_000)), ("a (a* a*)* b", nil)]
            as [(String, Int64?)])
    func nestedRepetitionsFinish(_ pattern: String, _ within: Int64?) throws {
        let lists = try DrawnLists("abx", minutes: 10_001)
        let set = try lists.compile(
            pattern, ["a": "touchpoint == \"a\"", "b": "touchpoint == \"b\"", "x": "touchpoint == \"x\""], within: within)
        let allA = (0..<10_000).map { (letter: 0, minute: $0) }
        #expect(lists.matches(set, allA + [(letter: 1, minute: 10_000)], isClosed: true)?.map(\.count) == [10_001])
        // A visible x in the way of every match, and a b before, so that nothing is ruled out beforehand.
        let blocked = [(letter: 1, minute: 0)] + allA.dropFirst() + [(letter: 2, minute: 10_000)]
        #expect(lists.matches(set, blocked, isClosed: true) == [])
    }

    /// What depends on the first event cannot be remembered from start to start: the list is given up, and says so.
    @Test func theStepLimitGivesUpAndSaysSo() throws {
        let lists = try DrawnLists("abx", minutes: 10_001)
        let set = try lists.compile(
            "(a s+)+ b", ["a": "touchpoint == \"a\"", "s": "touchpoint == first.touchpoint", "b": "touchpoint == \"b\""])
        let list = [(letter: 1, minute: 0)] + (1..<10_000).map { (letter: 0, minute: $0) }
        #expect(lists.matches(set, list, isClosed: true) == nil)
        #expect(lists.matches(set, Array(list.prefix(100)), isClosed: true) == [])
    }
}
