/// By UTC day: how many persons have events on it, how many events these are, and the latest of them. By it as-of is found where
/// it is not given (pipelines/rules.md, 2). Persons are summed, so that days of disjoint persons can be added.
public struct EventDays: Sendable, Equatable {
    public struct Day: Sendable, Equatable {
        public var persons: Int64
        public var events: Int64
        public var latest: EventTime
        /// Of an event at that time (`RowPosition`); 0 where rows have no positions.
        public var position: Int64
        /// First and last time on the day by source; counted only where a state keeps them.
        public var spans: SourceSpans

        public init(persons: Int64, events: Int64, latest: EventTime, position: Int64 = 0, spans: SourceSpans = SourceSpans()) {
            (self.persons, self.events, self.latest, self.position) = (persons, events, latest, position)
            self.spans = spans
        }

        /// Of nothing.
        fileprivate static var none: Day { Day(persons: 0, events: 0, latest: .min) }

        fileprivate mutating func add(_ other: Day) {
            persons += other.persons
            events += other.events
            spans.absorb(other.spans)
            noteLatest(other.latest, other.position)
        }

        /// Adds events of one source, whose first and last time are told apart from the rest: a list of spans for each would cost more.
        fileprivate mutating func add(_ events: Day, _ span: SourceSpans.Span, of source: UInt32) {
            add(events)
            spans.add(source, span)
        }

        fileprivate mutating func noteLatest(_ time: EventTime, _ place: Int64) {
            if (time, -place) > (latest, -position) { (latest, position) = (time, place) }
        }
    }

    /// By days since 1970-01-01.
    public private(set) var days: [Int32: Day]

    public init(_ days: [Int32: Day] = [:]) { self.days = days }

    public static func day(of time: EventTime) -> Int32 { Int32(time.flooredQuotient(by: CivilDate.microsecondsPerDay)) }

    public static func start(of day: Int32) -> EventTime { EventTime(day) * CivilDate.microsecondsPerDay }

    public mutating func add(_ day: Int32, _ more: Day) { if days[day]?.add(more) == nil { days[day] = more } }

    public mutating func absorb(_ other: EventDays) { for (day, more) in other.days { add(day, more) } }

    /// Adds one person's events, in any order. Fastest where neighbours are of one day and one source.
    /// - Parameters:
    ///   - count: how many events.
    ///   - event: says what counts of each, from 0 on; it may be asked twice.
    public mutating func add(person count: Int, _ event: (Int) -> (time: EventTime, position: Int64, source: UInt32)) {
        // The days of this person; few, so that a list is searched sooner than a set.
        var own: [Int32] = []
        var index = 0
        while index < count {
            let (time, _, source) = event(index)
            let day = Self.day(of: time)
            let isFirst = !own.contains(day)
            if isFirst { own.append(day) }
            var (noted, span) = (Day(persons: isFirst ? 1 : 0, events: 0, latest: .min), SourceSpans.Span.empty)
            while index < count {
                let next = event(index)
                guard next.source == source, Self.day(of: next.time) == day else { break }
                noted.events += 1
                noted.noteLatest(next.time, next.position)
                span.add(next.time)
                index += 1
            }
            days[day, default: .none].add(noted, span, of: source)
        }
    }

    /// Takes away what some persons added, and adds what they do now.
    /// - Returns: the days whose latest event, or a source's first or last one, was among those that went; what stands there instead is only known for these persons.
    public mutating func replace(_ before: EventDays, by now: EventDays) -> Set<Int32> {
        var lost: Set<Int32> = []
        for (day, less) in before.days {
            guard var left = days[day] else { continue }
            left.persons -= less.persons
            left.events -= less.events
            if less.latest >= left.latest, now.days[day].map({ $0.latest < left.latest }) ?? true {
                (left.latest, left.position) = (.min, 0)
                lost.insert(day)
            }
            if left.spans.take(less.spans, by: now.days[day]?.spans ?? SourceSpans()) { lost.insert(day) }
            days[day] = left
        }
        absorb(now)
        days = days.filter { $0.value.events > 0 }
        return lost.filter { days[$0] != nil }
    }

    /// Says of a day what its latest event is among others than those that are counted, too, and the sources' first and last ones.
    public mutating func note(latestOf day: Int32, in others: EventDays) {
        guard let other = others.days[day] else { return }
        add(day, Day(persons: 0, events: 0, latest: other.latest, position: other.position, spans: other.spans))
    }

    /// Of all days together.
    public var spans: SourceSpans { days.values.reduce(into: SourceSpans()) { $0.absorb($1.spans) } }

    // MARK: Alive days

    /// The days that are alive, ascending; none where there are no events. M is the largest number such that the days with at least
    /// so many persons hold at least half of all person-days. A day is alive with at least a hundredth of M, and, where M is 3 or
    /// more, with two persons: what a wrong clock brings is not.
    public var alive: [(day: Int32, latest: EventTime, position: Int64)] {
        let sizes = days.values.map(\.persons).sorted(by: >)
        let total = sizes.reduce(0, +)
        var (held, many) = (Int64(0), Int64(1))
        for size in sizes {
            held += size
            many = size
            if held * 2 >= total { break }
        }
        return days.filter { $0.value.persons * 100 >= many && (many < 3 || $0.value.persons >= 2) }
            .map { ($0.key, $0.value.latest, $0.value.position) }.sorted { $0.day < $1.day }
    }

    /// The last of them.
    public var lastAlive: (day: Int32, latest: EventTime, position: Int64)? { alive.last }

    /// How many events lie on later days, and the latest of them; nil where there are none.
    public func ahead(of day: Int32) -> (events: Int64, latest: EventTime, position: Int64)? {
        let later = days.filter { $0.key > day }
        guard let furthest = later.max(by: { $0.key < $1.key })?.value else { return nil }
        return (later.values.reduce(0) { $0 + $1.events }, furthest.latest, furthest.position)
    }
}
