import Events
import Testing

@testable import Journeys
@testable import TestSupport

/// `a` to `d` are the funnel's steps, `o` a listed step outside of it, `.` no step.
@Suite struct FunnelMatcherTests {
    private func matcher(_ mode: FunnelDefinition.Mode, window: Int64?, steps: String = "abc") throws -> FunnelMatcher {
        let journey = JourneyDefinition.steps(steps) {
            $0.funnel.mode = mode
            $0.funnel.window = window
        }
        let layout = RowLayout(hasEventID: false, hasSequence: false, scalarCount: 0)
        let symbols = EventSymbols(
            texts: SymbolTable(), kinds: TupleTable(width: KindField.allCases.count), channels: [], scalars: [], layout: layout)
        return FunnelMatcher(rule: try JourneyRule(journey, symbols: symbols))
    }

    private func run(_ matcher: inout FunnelMatcher, _ drawing: [Character], _ times: [Int64]) -> (level: Int, chain: [Int64]) {
        matcher.reset()
        for (character, time) in zip(drawing, times) where character != "." {
            matcher.take(time: time, place: ["a": 0, "b": 1, "c": 2, "d": 3][character] ?? -1)
        }
        return (matcher.level, matcher.chain)
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
        ] as [(String, Int64?, FunnelDefinition.Mode, Int, [Int64])])
    func drawnJourneys(_ drawing: String, _ window: Int64?, _ mode: FunnelDefinition.Mode, _ level: Int, _ chain: [Int64]) throws {
        var matcher = try matcher(mode, window: window)
        let found = run(&matcher, Array(drawing), Array(0..<Int64(drawing.count)))
        #expect(found.level == level && found.chain == chain)
    }

    /// Every sequence of up to seven events over three steps, a step outside and none, with events at one time or
    /// one apart. Short ones with all such times and all windows; of long ones each with a few.
    @Test(arguments: FunnelDefinition.Mode.allCases)
    func everySmallSequence(mode: FunnelDefinition.Mode) throws {
        let naiveMode = NaiveFunnelMode(rawValue: mode.rawValue)!
        let letters: [Character] = ["a", "b", "c", "o", "."]
        for window in [nil, 0, 1, 2, 4] as [Int64?] {
            var matcher = try matcher(mode, window: window)
            let naive = NaiveFunnel(stages: 3, window: window, mode: naiveMode)
            func check(_ drawing: [Character], _ gaps: Int) {
                var time: Int64 = 0
                var times: [Int64] = []
                for place in drawing.indices {
                    times.append(time)
                    time += Int64(gaps >> place & 1)
                }
                let events = zip(drawing, times).map { character, time in
                    NaiveFunnel.Event(time: time, stage: ["a": 0, "b": 1, "c": 2][character], isStepless: character == ".")
                }
                let (level, chain) = naive.best(events)
                let found = run(&matcher, drawing, times)
                guard found.level == level, found.chain == chain.map({ events[$0].time }) else {
                    Issue.record("\(String(drawing)) at \(times) within \(window ?? -1): \(found), not \(level) \(chain)")
                    return
                }
            }
            for length in 0...7 {
                var number = 0
                let all = (0..<length).reduce(1) { product, _ in product * 5 }
                // Lengths six and seven in shares, another one for every window.
                let step = length == 7 ? 37 : length == 6 ? 7 : 1
                if step > 1 { number = Int(window ?? 3) }
                while number < all {
                    var rest = number
                    let drawing = (0..<length).map { _ in
                        defer { rest /= 5 }
                        return letters[rest % 5]
                    }
                    if length <= 4 {
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
            var matcher = try matcher(mode, window: window, steps: "abcd")
            var time: Int64 = 0
            let drawing = (0..<random.int(5...60)).map { _ in random.pick(Array("abcdabcdo...")) }
            let times = drawing.map { _ in
                time += Int64(random.int(0...2))
                return time
            }
            let events = zip(drawing, times).map { character, time in
                NaiveFunnel.Event(time: time, stage: ["a": 0, "b": 1, "c": 2, "d": 3][character], isStepless: character == ".")
            }
            let (level, chain) = NaiveFunnel(stages: 4, window: window, mode: NaiveFunnelMode(rawValue: mode.rawValue)!).best(events)
            let found = run(&matcher, drawing, times)
            #expect(found.level == level && found.chain == chain.map { events[$0].time }, "seed \(seed)")
        }
    }

    /// 400,000 events inside one window: with a list of them this would not end.
    @Test func aLongJourneyInModeAny() throws {
        var matcher = try matcher(.any, window: 200_000)
        for time in Int64(0)..<400_000 { matcher.take(time: time, place: Int(time % 2)) }
        #expect(matcher.level == 2)
    }
}
