import Events
import TestSupport
import Testing

@testable import Identity

@Suite struct StitchingTests {
    private func check(_ layout: StitchedLayout, _ what: @autoclosure () -> String) {
        let found = StitchedLayout.division(layout.stitched().persons)
        guard found != StitchedLayout.division(layout.naive()) else { return }
        Issue.record("\(what()): \(layout.events) gave \(found), not \(StitchedLayout.division(layout.naive()))")
    }

    /// Up to four events over two known ids, two devices and one e-mail, a second apart. The fourth event takes a share
    /// of its combinations, a different one for every beginning.
    @Test(arguments: [1, 5])
    func everySmallLayout(maxKnown: Int) {
        let customers = [nil, "1", "2"]
        let emails = [nil, "m"]
        let devices = [nil, "a", "b"]
        let kinds = customers.flatMap { customer in
            emails.flatMap { email in devices.map { [customer, nil, email, $0] } }
        }.filter { $0.contains { $0 != nil } }
        func layout(_ choices: [Int]) -> StitchedLayout {
            StitchedLayout(
                events: choices.enumerated().map { .init(time: Int64($0.offset) * 1_000_000, ids: kinds[$0.element]) }, maxKnown: maxKnown)
        }
        for one in kinds.indices {
            check(layout([one]), "one")
            for two in kinds.indices {
                check(layout([one, two]), "two")
                for three in kinds.indices {
                    check(layout([one, two, three]), "three")
                    check(layout([one, two, three, (one * 7 + two * 3 + three * 5) % kinds.count]), "four")
                }
            }
        }
    }

    private func random(_ seed: UInt64) -> StitchedLayout {
        var random = SeededGenerator(seed: seed)
        let (people, devices) = (random.int(1...6), random.int(1...5))
        let events = (0..<random.int(1...25)).map { _ -> StitchedLayout.Event in
            while true {
                let ids = [
                    random.chance(percent: 35) ? "\(random.int(1...people))" : nil,
                    random.chance(percent: 20) ? "a\(random.int(1...people))" : nil,
                    random.chance(percent: 40) ? "m\(random.int(1...devices))" : nil,
                    random.chance(percent: 60) ? "d\(random.int(1...devices))" : nil,
                ]
                if ids.contains(where: { $0 != nil }) { return .init(time: Int64(random.int(0...8)), ids: ids) }
            }
        }
        return StitchedLayout(events: events, maxKnown: random.int(1...3))
    }

    @Test func randomLayouts() {
        for seed in UInt64(1)...1500 { check(random(seed), "seed \(seed)") }
    }

    @Test func theOrderOfTheInputDoesNotMatter() {
        for seed in UInt64(1)...300 {
            let layout = random(seed)
            var shuffling = SeededGenerator(seed: seed)
            let first = layout.stitched()
            for _ in 0..<3 {
                let other = layout.stitched(tupleOrder: layout.events.indices.shuffled(using: &shuffling))
                #expect(StitchedLayout.division(other.persons) == StitchedLayout.division(first.persons), "seed \(seed)")
                #expect(other.counts == first.counts, "seed \(seed)")
            }
        }
    }

    @Test func countsByType() {
        func event(_ ids: [String?]) -> StitchedLayout.Event { .init(time: 0, ids: ids) }
        // a: one person; b: shared by two; c: a placeholder with three; d: never with a known id, but beside a and b; 9: beside
        // two customers, and refused once.
        let layout = StitchedLayout(
            events: [
                event(["1", nil, "a", nil]), event(["1", nil, "b", nil]), event(["2", nil, "b", nil]), event(["1", nil, nil, "c"]),
                event(["2", nil, nil, "c"]), event(["3", nil, nil, "c"]), event([nil, nil, "a", "d"]), event([nil, nil, "b", "d"]),
                event(["3", "9", nil, nil]), event(["2", "9", nil, nil]), event([nil, "9", nil, nil]), event([nil, nil, nil, "e"]),
                event([nil, nil, nil, "e"]),
            ], maxKnown: 2)
        let counts = layout.stitched().counts
        #expect(counts.map(\.values) == [3, 1, 2, 3])
        #expect(counts.map(\.shared) == [0, 0, 1, 0])
        #expect(counts.map(\.placeholders) == [0, 0, 0, 1])
        #expect(counts.map(\.refused) == [0, 1, 0, 1])
        #expect(layout.stitched().persons.filter { $0 == nil }.isEmpty)
    }

    @Test func anEventOfPlaceholdersOnlyIsNobodys() {
        let events =
            ["1", "2", "3"].map { StitchedLayout.Event(time: 0, ids: [$0, nil, nil, "d"]) } + [.init(time: 0, ids: [nil, nil, nil, "d"])]
        #expect(StitchedLayout(events: events, maxKnown: 2).stitched().persons.last == .some(nil))
        #expect(StitchedLayout(events: events, maxKnown: 3).stitched().persons.last != .some(nil))
    }

    /// Nearest in time, the earlier of two equally near, then the id that sorts first in bytes, then its type.
    @Test(
        arguments: [
            // drawn: who was seen with the device at which time; then when the event without a known id happened, and whose it is
            ("1@0 2@10", 4, "1"), ("1@0 2@10", 6, "2"), ("1@0 2@10", 5, "1"), ("2@0 1@10", 5, "2"), ("2@5 1@5", 5, "1"),
            ("10@5 9@5", 9, "10"),
            ("2@3 1@3 3@7", 5, "1"), ("1@0 2@10", -99, "1"), ("1@0 2@10", 99, "2"), ("3@10 2@10 1@0", 11, "2"), ("2@4 1@6", 5, "2"),
        ])
    func theNearestOfSeveral(_ drawing: String, _ time: Int64, _ owner: String) {
        var events = drawing.split(separator: " ").map { word -> StitchedLayout.Event in
            let parts = word.split(separator: "@").map(String.init)
            return .init(time: Int64(parts[1])!, ids: [parts[0], nil, nil, "d"])
        }
        let expected = events.firstIndex { $0.ids[0] == owner }
        events.append(.init(time: time, ids: [nil, nil, nil, "d"]))
        let layout = StitchedLayout(events: events)
        #expect(StitchedLayout.division(layout.stitched().persons).last == expected)
        #expect(StitchedLayout.division(layout.naive()).last == expected)
    }

    /// A customer and an account of the same id are two persons.
    @Test(arguments: [[0, 1], [1, 0]])
    func ofEqualIDsTheTypeDeclaredFirst(_ order: [Int]) {
        let known = [["5", nil, nil, "d"], [nil, "5", nil, "d"]]
        let events = (order.map { known[$0] } + [[nil, nil, nil, "d"]]).map { StitchedLayout.Event(time: 0, ids: $0) }
        #expect(StitchedLayout.division(StitchedLayout(events: events).stitched().persons).last == order.firstIndex(of: 0))
    }

    @Test func groupsOfManyAreJoined() {
        let chain =
            (0..<3000).map { number in StitchedLayout.Event(time: 0, ids: [nil, nil, "m\(number)", "d\(number / 2)"]) }
            + (0..<2999).map { number in .init(time: 0, ids: [nil, nil, "m\(number)", "d\((number + 1) / 2)"]) }
        #expect(Set(StitchedLayout(events: chain).stitched().persons).count == 1)
        let owned = chain + [.init(time: 0, ids: ["1", nil, "m17", nil])]
        #expect(Set(StitchedLayout(events: owned).stitched().persons).count == 1)
    }
}
