import Events

/// The time as of which persons are judged. Everything in a contribution that depends on it asks here, so that here is
/// known up to which later as-of the contribution stays what it is.
final class AsOf {
    let time: EventTime
    /// For every as-of from `time` up to and including this one, all answers given so far are the same.
    private(set) var holdsUntil = EventTime.max

    init(_ time: EventTime) { self.time = time }

    /// Whether as-of is later than a limit.
    func isLater(than limit: EventTime) -> Bool {
        if time > limit { return true }
        holdsUntil = min(holdsUntil, limit)
        return false
    }

    /// As-of later than `start` plus a length of time; never where that lies beyond all time.
    func isLater(than start: EventTime, plus length: Microseconds) -> Bool {
        let (limit, overflow) = start.addingReportingOverflow(length)
        return !overflow && isLater(than: limit)
    }

    /// Before the next person.
    func forget() { holdsUntil = .max }
}
