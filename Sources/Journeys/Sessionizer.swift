import Events

/// A run of one person's activity in one channel (contract 3.3).
struct Session {
    /// Dense channel number.
    let channel: Int
    let start: EventTime
    var last: EventTime
    var events: Int64 = 0
    /// Shares an instant, ends included, with a session of another channel.
    var isConcurrent = false
    /// The journey that counted this session last.
    var lastJourney: UInt32 = 0
}

/// Cuts a person's events into sessions. One object is used for person after person.
struct Sessionizer {
    private(set) var sessions: [Session] = []
    /// By event: its session, -1 for events of others than the customer and of outbound channels.
    private(set) var sessionOfEvent: [Int32] = []
    /// By channel: its sessions in order; only for channels of this person.
    private var byChannel: [[Int32]]
    private var channels: [Int] = []

    init(plan: FoldPlan) { byChannel = Array(repeating: [], count: plan.sessions.gaps.count) }

    /// A silence longer than the gap starts a new session, one equal to it does not; so does an event later than
    /// start + `maxLength`. O(n), and O(s log s) for concurrency.
    mutating func run(_ events: PersonEvents, plan: FoldPlan) {
        sessions.removeAll(keepingCapacity: true)
        sessionOfEvent.removeAll(keepingCapacity: true)
        for channel in channels { byChannel[channel].removeAll(keepingCapacity: true) }
        channels.removeAll(keepingCapacity: true)
        for index in 0..<events.count {
            let kind = plan.kinds[Int(events.kinds[index])]
            guard kind.isActivity else {
                sessionOfEvent.append(-1)
                continue
            }
            sessionOfEvent.append(session(for: events.times[index], channel: Int(kind.channel), plan: plan))
        }
        markConcurrent()
    }

    private mutating func session(for time: EventTime, channel: Int, plan: FoldPlan) -> Int32 {
        if let current = byChannel[channel].last {
            let session = sessions[Int(current)]
            if time - session.last <= plan.sessions.gaps[channel], time - session.start <= plan.sessions.maxLength {
                sessions[Int(current)].last = time
                sessions[Int(current)].events += 1
                return current
            }
        } else {
            channels.append(channel)
        }
        let new = Int32(sessions.count)
        sessions.append(Session(channel: channel, start: time, last: time, events: 1))
        byChannel[channel].append(new)
        return new
    }

    private mutating func markConcurrent() {
        guard channels.count > 1 else { return }
        for index in sessions.indices {
            let session = sessions[index]
            for channel in channels where channel != session.channel {
                // Sessions of one channel follow each other: the first that ends late enough decides.
                let others = byChannel[channel]
                var (low, high) = (0, others.count)
                while low < high {
                    let middle = (low + high) / 2
                    if sessions[Int(others[middle])].last < session.start { low = middle + 1 } else { high = middle }
                }
                if low < others.count, sessions[Int(others[low])].start <= session.last {
                    sessions[index].isConcurrent = true
                    break
                }
            }
        }
    }

    /// Whether the session is met for the first time by this journey.
    mutating func isNew(_ session: Int32, journey: UInt32) -> Bool {
        guard sessions[Int(session)].lastJourney != journey else { return false }
        sessions[Int(session)].lastJourney = journey
        return true
    }
}
