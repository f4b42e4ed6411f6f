package import Events

/// A run of one person's activity in one channel (pipelines/rules.md, 7).
package struct Session: BitwiseCopyable {
    /// Dense channel number.
    let channel: Int
    /// Its first event, among the person's.
    package let firstEvent: Int32
    package let start: EventTime
    package var last: EventTime
    package var events: Int64 = 0
    /// Shares an instant, ends included, with a session of another channel.
    package var isConcurrent = false
    /// The journey that counted this session last.
    var lastJourney: UInt32 = 0
}

/// Cuts a person's events into sessions. One object is used for person after person.
final class Sessionizer {
    private var list = SlotList<Session>()
    private var ofEvent = SlotList<Int32>()
    /// By channel: its latest session, -1 for none; and the channels that have one.
    private let latest: Slots<Int32>
    private var channels = SlotList<Int>()

    /// In order of their starts.
    var sessions: SlotRange<Session> { list.all }
    /// By event: its session, -1 for events of others than the customer and of outbound channels.
    var sessionOfEvent: SlotRange<Int32> { ofEvent.all }

    init(plan: FoldPlan) { latest = Slots(repeating: -1, count: plan.sessions.gaps.count) }

    deinit { latest.release() }

    /// A silence longer than the gap starts a new session, one equal to it does not; so does an event later than
    /// start + `maxLength`. O(n).
    func run(_ events: PersonEvents, plan: FoldPlan) {
        list.removeAll()
        ofEvent.removeAll()
        for channel in channels.all { latest[channel] = -1 }
        channels.removeAll()
        for index in 0..<events.count {
            let kind = plan.kinds[Int(events.kinds[index])]
            guard kind.isActivity else {
                ofEvent.append(-1)
                continue
            }
            ofEvent.append(session(for: Int32(index), at: events.times[index], channel: Int(kind.channel), plan: plan))
        }
        markConcurrent()
    }

    private func session(for event: Int32, at time: EventTime, channel: Int, plan: FoldPlan) -> Int32 {
        let current = latest[channel]
        if current >= 0 {
            let session = list[Int(current)]
            if time - session.last <= plan.sessions.gaps[channel], time - session.start <= plan.sessions.maxLength {
                list[Int(current)].last = time
                list[Int(current)].events += 1
                return current
            }
        } else {
            channels.append(channel)
        }
        let new = Int32(list.count)
        list.append(Session(channel: channel, firstEvent: event, start: time, last: time, events: 1))
        latest[channel] = new
        return new
    }

    /// Sessions lie in order of their starts. The first pass looks for an earlier session of another channel that
    /// lasts into this one, the second for a later one that begins before this one's end.
    private func markConcurrent() {
        guard channels.count > 1 else { return }
        // The latest end so far, and the latest of any other channel than that one's.
        var longest = (channel: -1, end: EventTime.min)
        var runnerUp = longest
        for index in list.indices {
            let session = list[index]
            if (longest.channel == session.channel ? runnerUp : longest).end >= session.start { list[index].isConcurrent = true }
            if session.channel == longest.channel {
                longest.end = max(longest.end, session.last)
            } else if session.last > longest.end {
                (longest, runnerUp) = ((session.channel, session.last), longest)
            } else if session.last > runnerUp.end {
                runnerUp = (session.channel, session.last)
            }
        }
        // The next start, and the next of any other channel than that one's.
        var next = (channel: -1, start: EventTime.max)
        var nextOther = next
        for index in list.indices.reversed() {
            let session = list[index]
            if (next.channel == session.channel ? nextOther : next).start <= session.last { list[index].isConcurrent = true }
            if next.channel != session.channel { nextOther = next }
            next = (session.channel, session.start)
        }
    }

    /// Whether the session is met for the first time by this journey.
    func isNew(_ session: Int32, journey: UInt32) -> Bool {
        guard list[Int(session)].lastJourney != journey else { return false }
        list[Int(session)].lastJourney = journey
        return true
    }
}
