import Events
import Testing

@testable import Journeys
@testable import TestSupport

/// `a` to `d` are the funnel's steps, a digit several of them (the sum of 1 for `a`, 2 for `b`, 4 for `c`), `o` a listed step
/// outside of it, `.` no step.
@Suite struct FunnelMatcherTests {
    private func matcher(_ mode: FunnelDefinition.Mode, window: Int64?, steps: Int = 3) throws -> FunnelMatcher {
        var journey = JourneyDefinition(name: "j")
        journey.steps = (0..<steps).map { StepDefinition(name: "s\($0)", match: .of("touchpoint == \"\($0)\"")) }
        journey.funnel.mode = mode
        journey.funnel.window = window
        let layout = RowLayout(hasEventID: false, hasSequence: false, scalarCount: 0)
        let symbols = EventSymbols(
            texts: SymbolTable(), kinds: TupleTable(width: EventKind.width), channels: [], scalars: [], layout: layout)
        return FunnelMatcher(rule: try JourneyRule(journey, symbols: symbols))
    }

    private static func event(_ character: Character, _ time: Int64) -> NaiveFunnel.Event {
        let stages: Set<Int> =
            if let bits = character.wholeNumberValue {
                Set((0..<3).filter { bits >> $0 & 1 == 1 })
            } else {
                Set(["a": 0, "b": 1, "c": 2, "d": 3][character].map { [$0] } ?? [])
            }
        return NaiveFunnel.Event(time: time, stages: stages, isStepless: character == ".")
    }

    /// As a walk hands events over: those of one step, and those of several.
    private func run(_ matcher: FunnelMatcher, _ events: [NaiveFunnel.Event]) -> (level: Int, chain: [Int64]) {
        matcher.reset()
        for event in events where !event.isStepless {
            if event.stages.count < 2 {
                matcher.take(time: event.time, place: event.stages.first ?? -1)
            } else {
                matcher.places.clear()
                for stage in event.stages { matcher.places.insert(stage) }
                matcher.takePlaces(time: event.time)
            }
        }
        return (matcher.level, Array(matcher.chain))
    }

    /// One event a minute; the chain as minutes.
    @Test(
        arguments: [
            ("abc", nil, .ordered, 3, [0, 1, 2]), ("aabbc", nil, .ordered, 3, [1, 3, 4]), ("abac", nil, .ordered, 3, [0, 1, 3]),
            ("a..b", 3, .ordered, 2, [0, 3]), ("a...b", 3, .ordered, 1, [0]), ("aba.bc", 3, .ordered, 3, [2, 4, 5]),
            ("ba", nil, .ordered, 1, [1]),
            ("a.ab", nil, .strict, 2, [2, 3]), ("aob", nil, .strict, 1, [0]), ("a.b.bc", nil, .strict, 3, [0, 2, 5]),
            ("acb", nil, .strict, 1, [0]),
            ("acabc", nil, .strict, 3, [2, 3, 4]), ("cba", nil, .any, 3, []), ("ccc", nil, .any, 1, []), ("c..b.a", 3, .any, 2, []),
            ("c.b.a", 4, .any, 3, []), ("ao", nil, .any, 1, []), ("...", nil, .any, 0, []),
            ("3", nil, .ordered, 1, [0]), ("33", nil, .ordered, 2, [0, 1]), ("366", nil, .ordered, 3, [0, 1, 2]),
            ("a6oc", nil, .strict, 2, [0, 1]), ("a66c", nil, .strict, 3, [0, 1, 2]), ("a3.b", nil, .strict, 2, [0, 1]),
            ("3", nil, .any, 1, []), ("3a", nil, .any, 2, []), ("3a3", nil, .any, 2, []), ("7.5b", 3, .any, 3, []),
        ] as [(String, Int64?, FunnelDefinition.Mode, Int, [Int64])])
    func drawnJourneys(_ drawing: String, _ window: Int64?, _ mode: FunnelDefinition.Mode, _ level: Int, _ chain: [Int64]) throws {
        let matcher = try matcher(mode, window: window)
        let found = run(matcher, zip(drawing, 0..<Int64(drawing.count)).map { Self.event($0, $1) })
        #expect(found.level == level && found.chain == chain)
    }

    /// Every sequence of up to six events, each of any of three steps, of several of them, of a step outside or of none, with
    /// events at one time or one apart. Short ones with all such times and all windows; of long ones each with a few.
    @Test(arguments: FunnelDefinition.Mode.allCases)
    func everySmallSequence(mode: FunnelDefinition.Mode) throws {
        let naiveMode = NaiveFunnelMode(rawValue: mode.rawValue)!
        let letters: [Character] = ["a", "b", "c", "3", "5", "6", "7", "o", "."]
        for window in [nil, 0, 1, 2, 4] as [Int64?] {
            let matcher = try matcher(mode, window: window)
            let naive = NaiveFunnel(stages: 3, window: window, mode: naiveMode)
            func check(_ drawing: [Character], _ gaps: Int) {
                var time: Int64 = 0
                let events = drawing.enumerated().map { place, character in
                    if place > 0 { time += Int64(gaps >> (place - 1) & 1) }
                    return Self.event(character, time)
                }
                let (level, chain) = naive.best(events)
                let found = run(matcher, events)
                guard found.level == level, found.chain == chain.map({ events[$0].time }) else {
                    Issue.record("\(String(drawing)) at \(events.map(\.time)) within \(window ?? -1): \(found), not \(level) \(chain)")
                    return
                }
            }
            for length in 0...6 {
                let all = (0..<length).reduce(1) { product, _ in product * letters.count }
                // Longer ones in shares, another one for every window.
                let step = [1, 1, 1, 1, 1, 17, 211][length]
                var number = step > 1 ? Int(window ?? 3) : 0
                while number < all {
                    var rest = number
                    let drawing = (0..<length).map { _ in
                        defer { rest /= letters.count }
                        return letters[rest % letters.count]
                    }
                    if length <= 3 {
                        for gaps in 0..<max(1, 1 << (length - 1)) { check(drawing, gaps) }
                    } else {
                        check(drawing, number &* 2_654_435_761 >> 7 & 127)
                    }
                    number += step
                }
            }
        }
    }

    @Test(arguments: FunnelDefinition.Mode.allCases)
    func longRandomJourneys(mode: FunnelDefinition.Mode) throws {
        for seed in UInt64(1)...150 {
            var random = SeededGenerator(seed: seed)
            let window: Int64? = random.pick([nil, 3, 10, 30])
            let matcher = try matcher(mode, window: window, steps: 4)
            var time: Int64 = 0
            let letters = random.pick([Array("abcdabcdo..."), Array("abcd3567o.."), Array("bcd37o...")])
            let events = (0..<random.int(5...60)).map { _ in
                time += Int64(random.int(0...2))
                return Self.event(random.pick(letters), time)
            }
            let (level, chain) = NaiveFunnel(stages: 4, window: window, mode: NaiveFunnelMode(rawValue: mode.rawValue)!).best(events)
            let found = run(matcher, events)
            #expect(found.level == level && found.chain == chain.map { events[$0].time }, "seed \(seed)")
        }
    }

    /// More steps than a word has bits, in mode `any` against a matching for every window, in order against the reference.
    @Test func moreStepsThanBits() throws {
        for seed in UInt64(1)...20 {
            var random = SeededGenerator(seed: seed)
            let steps = random.pick([63, 64, 65, 130])
            let window: Int64? = random.pick([nil, 20, 60])
            let isAny = random.chance(percent: 50)
            let matcher = try matcher(isAny ? .any : .ordered, window: window, steps: steps)
            let events = (0..<Int64(90)).map { time in
                let near = isAny ? random.int(0...steps - 1) : Int(time) * steps / 90
                let stages = (0..<random.int(1...3)).map { _ in min(steps - 1, max(0, near + random.int(-2...2))) }
                return NaiveFunnel.Event(time: time, stages: Set(stages), isStepless: false)
            }
            let level =
                isAny
                ? events.indices.map { first in
                    Self.matching(events[first...].filter { window == nil || $0.time - events[first].time <= window! }.map(\.stages))
                }.max()!
                : NaiveFunnel(stages: steps, window: window, mode: .ordered).best(events).level
            #expect(run(matcher, events).level == level, "seed \(seed)")
        }
    }

    /// How many steps events can fill, one each: one event after the other, where others move to make room.
    private static func matching(_ choices: [Set<Int>]) -> Int {
        var filledBy: [Int: Int] = [:]
        func place(_ event: Int, _ tried: inout Set<Int>) -> Bool {
            for stage in choices[event] where tried.insert(stage).inserted {
                if filledBy[stage].map({ place($0, &tried) }) ?? true {
                    filledBy[stage] = event
                    return true
                }
            }
            return false
        }
        return choices.indices.count { event in
            var tried: Set<Int> = []
            return place(event, &tried)
        }
    }

    /// 400,000 events inside one window: with a list of them this would not end.
    @Test func aLongJourneyInModeAny() throws {
        let matcher = try matcher(.any, window: 200_000)
        for time in Int64(0)..<400_000 { matcher.take(time: time, place: Int(time % 2)) }
        #expect(matcher.level == 2)
    }
}
