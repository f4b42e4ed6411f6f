package import Events

/// One stay of a journey in a step: consecutive events of one step, events of no step ignored (pipelines/rules.md, 9).
package struct StepVisit: BitwiseCopyable {
    package let step: Int
    /// The event that begins it, among the person's.
    package let event: Int32
    package let end: VisitEnd
}

/// How a visit ends.
package enum VisitEnd: BitwiseCopyable, Sendable, Equatable {
    /// Another step's visit follows; dwell is from start to start.
    case progressed(dwell: Microseconds)
    /// The last visit of a completed journey; dwell is from its start to the goal.
    case goal(dwell: Microseconds)
    /// The last visit of a failed or abandoned journey.
    case stopped
    /// The last visit of an open journey; it has lasted from its start to as-of so far.
    case open

    package var isOpen: Bool { if case .open = self { true } else { false } }
}

extension JourneyContext {
    /// Calls `body` with the journey's visits in order. Inlined, since every journey of a run passes here.
    @inline(__always)
    func forEachVisit(_ person: PersonEvents, _ body: (StepVisit) -> Void) {
        var current: Int16 = -1
        var entered: Int32 = 0
        for event in events {
            let step = person.facts[Int(event)].step
            guard step >= 0, step != current else { continue }
            if current >= 0 {
                let dwell = person.times[Int(event)] - person.times[Int(entered)]
                body(StepVisit(step: Int(current), event: entered, end: .progressed(dwell: dwell)))
            }
            current = step
            entered = event
        }
        guard current >= 0 else { return }
        let end: VisitEnd =
            switch status {
            case .completed: .goal(dwell: person.times[Int(events.last!)] - person.times[Int(entered)])
            case .failed, .abandoned: .stopped
            case .open: .open
            }
        body(StepVisit(step: Int(current), event: entered, end: end))
    }
}
