import Events
import Journeys
import Tables

/// Finds what of a person's old events can be dropped without a number changing now or later: everything up to a day at whose
/// end no journey, session or match is under way. Whether it is so is not concluded but tried: what the old events and the
/// others contribute apart must be what they contribute together.
struct PersonSealing {
    private let plan: FoldPlan
    /// Only events before are dropped.
    let before: EventTime
    /// Whether a person's events can be taken apart at all.
    private let canCut: Bool
    /// Fewer are not worth the effort.
    private static let eventsMin = 8
    private static let attemptsMax = 3

    init(plan: FoldPlan, before: EventTime, canCut: Bool) {
        self.canCut = canCut
        self.plan = plan
        self.before = before
    }

    struct Sealed {
        /// Events before this time are dropped.
        var before: EventTime
        /// What the person is counted for by them.
        var facts: Set<PersonFact>
    }

    /// - Parameters:
    ///   - rows: all of the person's up to as-of, in input order.
    ///   - known: what the person is counted for by events that were dropped earlier.
    ///   - isSettled: whether time alone changes nothing any more.
    func seal(_ rows: [EventRow], known: Set<PersonFact>, isSettled: Bool) -> Sealed? {
        let times = rows.map(\.time)
        let old = times.count { $0 < before }
        if old == rows.count, isSettled { return Sealed(before: before, facts: fold(rows, known).cells.personFacts(after: known)) }
        // Seldom enough that the effort stays small against that of adding the events.
        guard canCut, old >= Self.eventsMin, old * 4 >= rows.count else { return nil }
        for cut in cuts(rows).prefix(Self.attemptsMax) {
            let parts = (rows: zip(rows, times).filter { $0.1 < cut }.map(\.0), rest: zip(rows, times).filter { $0.1 >= cut }.map(\.0))
            let (together, first) = (fold(rows, known), fold(parts.rows, known))
            let facts = first.cells.personFacts(after: known)
            let second = fold(parts.rest, facts)
            guard together.events == first.events + second.events, together.duplicates == first.duplicates + second.duplicates,
                first.holdsUntil == .max, together.changes == second.changes
            else { continue }
            together.cells.absorb(first.cells, sign: -1)
            together.cells.absorb(second.cells, sign: -1)
            together.cells.finish()
            if together.cells.isZero { return Sealed(before: cut, facts: facts) }
        }
        return nil
    }

    private func fold(_ rows: [EventRow], _ known: Set<PersonFact>) -> PersonFold {
        let fold = PersonFold(plan: plan)
        fold.add(person: 0, rows: rows.span, known: known)
        fold.cells.finish()
        return fold
    }

    /// Beginnings of days before which there is an event to drop and nothing is under way; the latest first.
    private func cuts(_ rows: [EventRow]) -> [EventTime] {
        let trace = PersonTracer(plan: plan).trace(rows: rows.span)
        let count = trace.events.count
        guard count > 1 else { return [] }
        // How many journeys and sessions are under way between an event and the one before.
        var changes = [Int](repeating: 0, count: count + 1)
        func cover(_ first: Int, _ last: Int) {
            guard last > first else { return }
            changes[first + 1] += 1
            changes[last + 1] -= 1
        }
        for journey in trace.journeys {
            cover(journey.events[0], journey.status == .open ? count - 1 : journey.events[journey.events.count - 1])
        }
        var sessions: [Int: (first: Int, last: Int)] = [:]
        for (index, event) in trace.events.enumerated() {
            guard let session = event.session else { continue }
            sessions[session] = (sessions[session]?.first ?? index, index)
        }
        for (first, last) in sessions.values { cover(first, last) }
        var cuts: [EventTime] = []
        var open = 0
        for index in 1..<count {
            open += changes[index]
            let (last, next) = (trace.events[index - 1].time, trace.events[index].time)
            guard last < before else { break }
            if open == 0, plan.zone.day(of: last) != plan.zone.day(of: next) { cuts.append(min(next, before)) }
        }
        if let last = trace.events.last?.time, last < before { cuts.append(before) }
        return cuts.reversed()
    }
}

extension EventTime {
    /// The earliest of all times where the difference lies before it.
    func saturatingSubtract(_ length: Microseconds) -> EventTime {
        let (difference, overflow) = subtractingReportingOverflow(length)
        return overflow ? .min : difference
    }

    /// The latest of all times where the sum lies behind it.
    func saturatingAdd(_ length: Microseconds) -> EventTime {
        let (sum, overflow) = addingReportingOverflow(length)
        return overflow ? .max : sum
    }
}
