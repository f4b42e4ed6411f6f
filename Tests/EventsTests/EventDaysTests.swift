import Events
import TestSupport
import Testing

/// As-of by days: which of them are alive, and what stands on the last one.
@Suite struct EventDaysTests {
    private static let perDay = CivilDate.microsecondsPerDay

    /// Persons by day, from day 0 on; each has one event, in the day's first microseconds.
    private func days(_ persons: [Int]) -> EventDays {
        var days = EventDays()
        for (day, count) in persons.enumerated() {
            for person in 0..<count { days.absorb(one((EventTime(day) * Self.perDay + EventTime(person), 1))) }
        }
        return days
    }

    /// One person's events: times and positions.
    private func one(_ events: (EventTime, Int64)...) -> EventDays {
        var days = EventDays()
        days.add(person: events.count) { (events[$0].0, events[$0].1, 1) }
        return days
    }

    private func day(_ persons: Int64, _ events: Int64, _ first: EventTime, _ latest: EventTime, _ position: Int64) -> EventDays.Day {
        let spans = SourceSpans([1: .init(first: first, last: latest)])
        return .init(persons: persons, events: events, latest: latest, position: position, spans: spans)
    }

    @Test(
        arguments: [
            // A log of one day, whoever is there.
            ([1], 0), ([7], 0),
            // Of one or two a day every day counts.
            ([1, 1, 1], 2), ([2, 2, 1], 2),
            // Of three or more one person is none, two are.
            ([3, 3, 1], 1), ([3, 3, 2], 2), ([100, 100, 1], 1),
            // A hundredth, exactly and less.
            ([200, 200, 2], 2), ([201, 201, 2], 1), ([300, 300, 2], 1), ([300, 300, 3], 2),
            // The days of four hold half of all person-days, and less than half.
            ([4, 1, 1, 1, 1], 0), ([4, 1, 1, 1, 1, 1], 5),
            // One great day does not kill those of before and after it.
            ([1000, 20, 20, 20, 9], 3), ([1000, 20, 20, 20, 10], 4),
            // Days without events do not matter.
            ([3, 0, 0, 3, 0, 1], 3),
        ] as [([Int], Int32)])
    func lastAlive(_ persons: [Int], _ day: Int32) throws {
        let last = try #require(days(persons).lastAlive)
        #expect(last.day == day && last.latest == EventTime(day) * Self.perDay + EventTime(persons[Int(day)] - 1))
        let later = persons.dropFirst(Int(day) + 1).reduce(0, +)
        #expect(days(persons).ahead(of: day)?.events ?? 0 == Int64(later))
    }

    @Test func noEvents() { #expect(EventDays().lastAlive == nil && EventDays().ahead(of: 0) == nil) }

    @Test(
        arguments: [
            (0, 0), (1, 0), (86_399_999_999, 0), (86_400_000_000, 1), (-1, -1), (-86_400_000_000, -1), (-86_400_000_001, -2),
        ] as [(EventTime, Int32)])
    func borders(_ time: EventTime, _ day: Int32) { #expect(EventDays.day(of: time) == day) }

    /// Once a day, however often and in whatever order.
    @Test func aPersonIsOneADay() {
        let days = one((5, 1), (Self.perDay, 2), (3, 3), (Self.perDay + 9, 4), (9, 5))
        #expect(days.days[0] == day(1, 3, 3, 9, 5))
        #expect(days.days[1] == day(1, 2, Self.perDay, Self.perDay + 9, 4) && days.days.count == 2)
    }

    /// Whatever the order of days and sources: as if each event were noted by itself.
    @Test func neighboursAreNotedAtOnce() {
        var random = SeededGenerator(seed: 71)
        for _ in 0..<500 {
            let events = (0..<Int.random(in: 0...12, using: &random)).map { place in
                let day = EventTime.random(in: 0..<3, using: &random)
                return (
                    time: day * Self.perDay + .random(in: 0..<4, using: &random), position: Int64(place),
                    source: UInt32.random(in: 1...2, using: &random)
                )
            }
            var found = EventDays()
            found.add(person: events.count) { events[$0] }
            var expected = EventDays()
            for (place, event) in events.enumerated() {
                let day = EventDays.day(of: event.time)
                let isFirst = !events[..<place].contains { EventDays.day(of: $0.time) == day }
                expected.add(
                    day,
                    .init(
                        persons: isFirst ? 1 : 0, events: 1, latest: event.time, position: event.position,
                        spans: SourceSpans([event.source: .init(first: event.time, last: event.time)])))
            }
            #expect(found == expected, "\(events)")
        }
    }

    /// Of the latest event of a day that goes it is told that another has to be looked for, but not where one stays in its place.
    @Test func whatIsReplaced() {
        var days = days([2, 1])
        #expect(days.replace(one((1, 1)), by: EventDays()) == [0])
        #expect(days.days[0]?.persons == 1 && days.days[0]?.latest == .min)
        let other = one((0, 7))
        days.note(latestOf: 0, in: other)
        #expect(days.days[0] == day(1, 1, 0, 0, 7))
        let now = one((0, 7), (8, 9))
        #expect(days.replace(other, by: now) == [] && days.days[0] == day(1, 2, 0, 8, 9))
        // A day without events is none.
        #expect(days.replace(now, by: EventDays()) == [] && days.days[0] == nil)
    }

    /// A source's first or last time goes, of a day whose latest event stays.
    @Test func aSourcesTimesAreReplaced() {
        func one(_ source: UInt32, _ times: EventTime...) -> EventDays {
            var days = EventDays()
            days.add(person: times.count) { (times[$0], 1, source) }
            return days
        }
        var days = EventDays()
        for person in [one(1, 3, 9), one(1, 5), one(2, 1, 4), one(2, 2)] { days.absorb(person) }
        #expect(days.spans.spans == [1: .init(first: 3, last: 9), 2: .init(first: 1, last: 4)])
        #expect(days.replace(one(2, 2), by: one(2, 3)) == [])
        // The first stays where what comes instead begins as early.
        #expect(days.replace(one(2, 1, 4), by: one(2, 1, 7)) == [] && days.spans.spans[2] == .init(first: 1, last: 7))
        #expect(days.replace(one(2, 1, 7), by: one(2, 7)) == [0])
        days.note(latestOf: 0, in: one(2, 3))
        #expect(days.spans.spans == [1: .init(first: 3, last: 9), 2: .init(first: 3, last: 7)])
    }
}
