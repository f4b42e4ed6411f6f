import Events

/// How a journey stands at as-of (pipelines/rules.md, 8).
package enum JourneyStatus: String, BitwiseCopyable, Sendable { case completed, failed, abandoned, open }

/// Finds the journeys of one type among a person's events: a pure walk over the events in order.
final class JourneyFinder {
    /// Events of the type's scope with their key, in order of events.
    private var keyed: [(key: UInt32, event: Int32)] = []
    private var inScope = SlotList<Int32>()
    private var found = SlotList<Found>()

    struct Found: BitwiseCopyable {
        /// Indices, at least one, in order.
        let events: SlotRange<Int32>
        let status: JourneyStatus
    }

    /// Of the last run, key by key. They hold until the next.
    var journeys: SlotRange<Found> { found.all }

    func run(_ events: PersonEvents, rule: JourneyRule, asOf: AsOf) {
        found.removeAll()
        inScope.removeAll()
        guard rule.key != nil else {
            for event in 0..<events.count where events.facts[event].has(EventFacts.inScope) { inScope.append(Int32(event)) }
            walk(inScope.all, events, rule, asOf)
            return
        }
        keyed.removeAll(keepingCapacity: true)
        for event in 0..<events.count where events.facts[event].has(EventFacts.inScope) {
            let key = rule.keyText(kind: Int(events.kinds[event]), row: events.rows[event])
            if key != 0 { keyed.append((key, Int32(event))) }
        }
        keyed.sort { ($0.key, $0.event) < ($1.key, $1.event) }
        for (_, event) in keyed { inScope.append(event) }
        var start = 0
        while start < keyed.count {
            var end = start + 1
            while end < keyed.count, keyed[end].key == keyed[start].key { end += 1 }
            walk(inScope.all[start..<end], events, rule, asOf)
            start = end
        }
    }

    /// One journey line: at most one journey is open at a time.
    private func walk(_ line: SlotRange<Int32>, _ events: PersonEvents, _ rule: JourneyRule, _ asOf: AsOf) {
        /// Silence or length beyond the limit; neither when equal to it.
        func isOver(_ start: Int, _ last: Int, at time: EventTime) -> Bool {
            if time - events.times[Int(line[last])] > rule.definition.inactivity { return true }
            guard let maxLength = rule.definition.maxLength else { return false }
            return time - events.times[Int(line[start])] > maxLength
        }
        var start: Int?
        for place in line.indices {
            let event = Int(line[place])
            if let opened = start, isOver(opened, place - 1, at: events.times[event]) {
                found.append(Found(events: line[opened..<place], status: .abandoned))
                start = nil
            }
            if start == nil {
                guard events.facts[event].has(EventFacts.starts) else { continue }
                start = place
            }
            guard let opened = start else { continue }
            if events.facts[event].has(EventFacts.reachesGoal) {
                found.append(Found(events: line[opened...place], status: .completed))
                start = nil
            } else if events.facts[event].has(EventFacts.fails) {
                found.append(Found(events: line[opened...place], status: .failed))
                start = nil
            }
        }
        if let opened = start {
            let last = events.times[Int(line[line.endIndex - 1])]
            // What is over for one reason stays so: the other need not be asked.
            let isAbandoned =
                asOf.isLater(than: last, plus: rule.definition.inactivity)
                || rule.definition.maxLength.map { asOf.isLater(than: events.times[Int(line[opened])], plus: $0) } ?? false
            found.append(Found(events: line[opened...], status: isAbandoned ? .abandoned : .open))
        }
    }
}
