import Events

/// What the time as of which persons are judged decides.
package struct AsOfQuestions: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Which journeys, sessions and matches there are, and whether they are open.
    package static let course = AsOfQuestions(rawValue: 1)
    /// Whether a journey is as old as its type's horizon.
    package static let maturity = AsOfQuestions(rawValue: 2)
    /// Whether a visit that has ended is old enough to be judged.
    package static let visits = AsOfQuestions(rawValue: 4)
    /// Whether what was sent out has had its time.
    package static let outreach = AsOfQuestions(rawValue: 8)
    /// Whether a contact's windows are over.
    package static let contacts = AsOfQuestions(rawValue: 16)
    /// Whether the time to answer is over.
    package static let answers = AsOfQuestions(rawValue: 32)
}

/// The time as of which persons are judged. Everything in a contribution that depends on it asks here, so that here is
/// known up to which later as-of the contribution stays what it is.
final class AsOf {
    private(set) var time: EventTime
    /// A later moment for which all is asked as well; `EventTime.min`: none.
    private var later = EventTime.min
    /// For every as-of from `time`, or `later`, up to and including this one, all answers given so far are the same.
    private(set) var holdsUntil = EventTime.max
    /// Tells the moments apart at which answers given so far will change, all of them: a sum that depends on no order.
    private(set) var changes: UInt64 = 0
    /// What is answered otherwise at `later`.
    private(set) var differing: AsOfQuestions = []

    init(_ time: EventTime) { self.time = time }

    /// Whether as-of is later than a limit.
    func isLater(than limit: EventTime, _ question: AsOfQuestions = .course) -> Bool {
        if time > limit { return true }
        note(limit, question)
        return false
    }

    /// Whether a length of time has passed since `start`, exactly that long included; never where its end lies beyond all time.
    func hasReached(_ start: EventTime, plus length: Microseconds, _ question: AsOfQuestions) -> Bool {
        let (end, overflow) = start.addingReportingOverflow(length)
        if overflow { return false }
        if time >= end { return true }
        note(end - 1, question)
        return false
    }

    private func note(_ limit: EventTime, _ question: AsOfQuestions) {
        guard limit >= later else {
            differing.insert(question)
            return
        }
        holdsUntil = min(holdsUntil, limit)
        // A finalizer of 64 bits: sums of different moments must not meet.
        var bits = UInt64(bitPattern: limit)
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        changes &+= bits ^ bits >> 31
    }

    /// As-of later than `start` plus a length of time; never where that lies beyond all time.
    func isLater(than start: EventTime, plus length: Microseconds) -> Bool {
        let (limit, overflow) = start.addingReportingOverflow(length)
        return !overflow && isLater(than: limit)
    }

    /// Before the next person.
    /// - Parameter later: not before `time`.
    func forget(asking later: EventTime = .min) {
        (holdsUntil, changes, differing) = (.max, 0, [])
        self.later = later
    }

    /// Calls `body` as of another moment.
    func at(_ time: EventTime, _ body: () -> Void) {
        let before = self.time
        self.time = time
        body()
        self.time = before
    }
}
