public import Events

/// A journey that goes on at as-of: a single one, and so no part of a sum. It holds the person's name, and no number of one run, so
/// that it may be kept and sent.
public struct OpenJourney: Hashable, Sendable {
    /// UTF-8: as a `String` a name would equal its other spelling.
    public var person: [UInt8]
    /// Number of the journey type in the pipeline.
    public var type: UInt32
    /// Among the person's open journeys of the type, in order of their times.
    public var number: UInt32
    public var started: EventTime
    public var last: EventTime
    public var visit: Visit?

    /// The visit that it is in.
    public struct Visit: Hashable, Sendable {
        public var started: EventTime
        /// Number of the step in the type.
        public var step: UInt32
        /// Of the visit before.
        public var previous: UInt32?

        public init(started: EventTime, step: UInt32, previous: UInt32?) {
            (self.started, self.step, self.previous) = (started, step, previous)
        }
    }

    public init(person: [UInt8], type: UInt32, number: UInt32, started: EventTime, last: EventTime, visit: Visit?) {
        (self.person, self.type, self.number) = (person, type, number)
        (self.started, self.last, self.visit) = (started, last, visit)
    }
}

extension OpenJourney: Comparable {
    public static func < (left: OpenJourney, right: OpenJourney) -> Bool {
        if (left.started, left.last) != (right.started, right.last) { return (left.started, left.last) < (right.started, right.last) }
        func place(_ visit: Visit?) -> (Int64, Int64, Int64) {
            (visit?.started ?? .min, visit.map { Int64($0.step) } ?? -1, visit?.previous.map { Int64($0) } ?? -1)
        }
        return place(left.visit) < place(right.visit)
    }
}

/// Persons that one worker finds and that are to be named: by numbers which stand for nothing outside of its run. Whoever has the
/// worker's cells takes them out and names them.
final class FoundPersons: @unchecked Sendable {  // owned by one worker while it is filled, then only read
    struct Friction: Hashable {
        var type: UInt32
        var friction: UInt32
    }

    private var frictions: [Friction: [UInt32]] = [:]
    private var journeys: [(person: UInt32, journey: OpenJourney)] = []

    /// Each person once for each type and rule.
    func add(_ person: UInt32, type: UInt32, friction: UInt32) {
        frictions[Friction(type: type, friction: friction), default: []].append(person)
    }

    /// - Parameter journey: without a name and a number, which are the taker's affair.
    func add(_ person: UInt32, _ journey: OpenJourney) { journeys.append((person, journey)) }

    fileprivate func takeFrictions() -> [Friction: [UInt32]] {
        defer { frictions = [:] }
        return frictions
    }

    fileprivate func takeJourneys() -> [(person: UInt32, journey: OpenJourney)] {
        defer { journeys = [] }
        return journeys
    }
}

extension MetricCells {
    /// Everybody who has a friction, once for each type and rule, by the numbers of the run; afterwards nobody has.
    public func takeFrictionPersons() -> [(type: UInt32, friction: UInt32, persons: [UInt32])] {
        persons.takeFrictions().map { ($0.key.type, $0.key.friction, $0.value) }
    }

    /// All open journeys with their persons by the numbers of the run, whose names are still to be set; afterwards there are none.
    public func takeOpenJourneys() -> [(person: UInt32, journey: OpenJourney)] {
        var journeys = persons.takeJourneys()
        // A person's follow each other. Those of several keys are found in an order that is that of one run.
        var start = 0
        while start < journeys.count {
            var end = start + 1
            while end < journeys.count, journeys[end].person == journeys[start].person { end += 1 }
            if end > start + 1 { Self.number(&journeys[start..<end]) }
            start = end
        }
        return journeys
    }

    /// Puts a person's journeys in order, and numbers those of each type.
    private static func number(_ journeys: inout ArraySlice<(person: UInt32, journey: OpenJourney)>) {
        journeys.sort { ($0.journey.type, $0.journey) < ($1.journey.type, $1.journey) }
        for place in journeys.indices.dropFirst() where journeys[place - 1].journey.type == journeys[place].journey.type {
            journeys[place].journey.number = journeys[place - 1].journey.number + 1
        }
    }
}
