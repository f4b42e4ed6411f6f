import Testing

@testable import TestSupport

@Suite struct FunnelTests {
    /// `a` to `d` are steps 1 to 4, `x` satisfies 1 and 2, `y` 2 and 3, `z` 1 and 3, `o` a listed step outside the funnel, `.` no step; one event a minute.
    private static let stages: [Character: Set<Int>] = ["a": [0], "b": [1], "c": [2], "d": [3], "x": [0, 1], "y": [1, 2], "z": [0, 2]]

    private func events(_ drawing: String) -> [NaiveFunnel.Event] {
        drawing.enumerated().map { index, character in
            NaiveFunnel.Event(time: Int64(index), stages: Self.stages[character] ?? [], isStepless: character == ".")
        }
    }

    @Test(
        arguments: [
            // The chain that ends first; in it the latest first event, then the latest second.
            ("abc", nil, NaiveFunnelMode.ordered, [0, 1, 2]), ("aabbc", nil, .ordered, [1, 3, 4]), ("abab.c", nil, .ordered, [2, 3, 5]),
            ("abac", nil, .ordered, [0, 1, 3]), ("abcabc", nil, .ordered, [0, 1, 2]), ("ba", nil, .ordered, [1]), ("bc", nil, .ordered, []),
            ("aab", nil, .ordered, [1, 2]), ("aba", nil, .ordered, [0, 1]),
            // The window: exactly as long is within.
            ("a..b", 3, .ordered, [0, 3]), ("a...b", 3, .ordered, [0]), ("ab.c", 2, .ordered, [0, 1]), ("aba.bc", 3, .ordered, [2, 4, 5]),
            // Strict: only the earlier one's step or no step between.
            ("a.ab", nil, .strict, [2, 3]), ("aob", nil, .strict, [0]), ("a.b.bc", nil, .strict, [0, 2, 5]),
            ("abac", nil, .strict, [0, 1]),
            ("acb", nil, .strict, [0]), ("acabc", nil, .strict, [2, 3, 4]),
            // One event fills one step, whichever of those that it satisfies.
            ("x", nil, .ordered, [0]), ("xx", nil, .ordered, [0, 1]), ("xy", nil, .ordered, [0, 1]), ("xyy", nil, .ordered, [0, 1, 2]),
            ("axc", nil, .ordered, [0, 1, 2]), ("zyz", nil, .ordered, [0, 1, 2]), ("xxy", nil, .ordered, [0, 1, 2]),
            ("ayoc", nil, .strict, [0, 1]), ("axyc", nil, .strict, [0, 1, 2]), ("ayyc", nil, .strict, [0, 1, 2]),
            ("axb", nil, .strict, [0, 1]), ("azb", nil, .strict, [1, 2]), ("acb", nil, .strict, [0]),
        ] as [(String, Int64?, NaiveFunnelMode, [Int])])
    func chains(_ drawing: String, _ window: Int64?, _ mode: NaiveFunnelMode, _ expected: [Int]) {
        #expect(NaiveFunnel(stages: 3, window: window, mode: mode).best(events(drawing)).chain == expected)
    }

    @Test(
        arguments: [
            ("cba", nil, 3), ("ccc", nil, 1), ("...", nil, 0), ("c..b.a", 3, 2), ("c..b", 2, 1), ("c.b.a", 4, 3), ("ao", nil, 1),
            ("x", nil, 1), ("xa", nil, 2), ("xyz", nil, 3), ("xax", nil, 2), ("x.ab", 2, 2),
        ]
            as [(String, Int64?, Int)])
    func anyOrder(_ drawing: String, _ window: Int64?, _ level: Int) {
        #expect(NaiveFunnel(stages: 3, window: window, mode: .any).best(events(drawing)).level == level)
    }

    @Test func rowsOfAFunnel() {
        let tables = DrawnLog.tables("0 ann web a\n1m ann web o\n2m ann web b\n5m ann web c\n0 bob web a\n4m bob web b\n0 eve web b") {
            $0.journeys = [
                DrawnLog.journey("aobc") {
                    $0.steps[1].inFunnel = false
                    $0.steps[0].owner = "x"
                }
            ]
        }
        #expect(tables.funnel.map { "\($0.stepIndex) \($0.step) \($0.reached)" } == ["1 a 2", "2 b 2", "3 c 1"])
        #expect(tables.funnel.map(\.fromPrevious) == [nil, 1, 0.5])
        #expect(tables.funnel.map(\.fromStart) == [1, 1, 0.5])
        #expect(tables.funnel.map(\.dropped) == [0, 1, nil])
        #expect(tables.funnel.map(\.secondsFromPreviousP50) == [nil, 120_000_000, 180_000_000])
        #expect(tables.funnel.map(\.secondsFromPreviousP90) == [nil, 240_000_000, 180_000_000])
        #expect(tables.funnel[0].owner == "x")
    }

    /// Of those who begin two hours before as-of and get no further than a, one fails, two are given up, one is open, one
    /// completes on another way. What began an hour before is not mature.
    @Test func whatBecomesOfThoseWhoStop() {
        let tables = DrawnLog.tables(
            """
            0 ann web a
            1m ann web x
            0 bob web a
            0 cid web a
            70m cid web a
            0 dan web a
            1m dan web c
            0 eve web a
            5m eve web b
            61m fay web a
            62m fay web x
            0 gil web a
            50m gil web a
            100m gil web a
            """, asOf: "2h"
        ) {
            $0.journeys = [
                DrawnLog.journey("abc") {
                    $0.fail = "touchpoint == \"x\""
                    $0.inactivity = NaiveDuration.microseconds("1h")
                    $0.horizon = NaiveDuration.microseconds("2h")
                }
            ]
        }
        // cid's silence of 70 minutes ended the first journey; the second is open and not mature.
        #expect(tables.funnel.map(\.reached) == [8, 1, 0])
        #expect(tables.funnel.map(\.mature) == [6, 1, 0])
        #expect(tables.funnel.map(\.lost) == [3, 1, nil] && tables.funnel.map(\.open) == [1, 0, nil])
        #expect(tables.funnel.map(\.elsewhere) == [1, 0, nil])
        #expect(tables.funnel.map(\.lostRate) == [0.5, 1, nil])
    }

    /// All chains there are, written down one by one, and the one that counts picked by comparing them.
    private func enumerated(_ events: [NaiveFunnel.Event], stages: Int, _ window: Int64?, _ mode: NaiveFunnelMode) -> [Int] {
        var all: [[Int]] = []
        func extend(_ chain: [Int]) {
            if !chain.isEmpty { all.append(chain) }
            guard chain.count < stages else { return }
            for next in events.indices where next > chain.last ?? -1 && events[next].stages.contains(chain.count) {
                if let first = chain.first, let window, events[next].time - events[first].time > window { continue }
                let between = chain.last.map { Array(events[($0 + 1)..<next]) } ?? []
                if mode == .strict, !between.allSatisfy({ $0.isStepless || $0.stages.contains(chain.count - 1) }) { continue }
                extend(chain + [next])
            }
        }
        extend([])
        let longest = all.map(\.count).max() ?? 0
        let candidates = all.filter { $0.count == longest }
        let firstEnd = candidates.compactMap(\.last).min()
        return candidates.filter { $0.last == firstEnd }.max { $0.lexicographicallyPrecedes($1) } ?? []
    }

    @Test func agreesWithAllChainsWrittenDown() {
        var random = SeededGenerator(seed: 1)
        for round in 0..<2000 {
            var time: Int64 = 0
            let events = (0..<random.int(0...12)).map { _ in
                time += Int64(random.int(0...2))
                let stages: Set<Int> = random.pick([[0], [1], [2], [3], [0, 1], [1, 2], [0, 2, 3], [], []])
                return NaiveFunnel.Event(time: time, stages: stages, isStepless: stages.isEmpty && random.chance(percent: 60))
            }
            let window: Int64? = random.pick([nil, 2, 4, 8])
            for mode in [NaiveFunnelMode.ordered, .strict] {
                let funnel = NaiveFunnel(stages: 4, window: window, mode: mode)
                #expect(funnel.best(events).chain == enumerated(events, stages: 4, window, mode), "round \(round), \(mode)")
            }
        }
    }
}
