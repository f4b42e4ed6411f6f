/// A run of one person's activity in one channel.
struct NaiveSession {
    var person: NaivePerson
    var channel: ExactText
    var first: Int64
    var last: Int64
    var events: Int
    var isConcurrent = false
}

/// Sessions (pipelines/rules.md, 7).
enum NaiveSessions {
    /// Cuts one person's events, which must be in order, into sessions, and notes on each event the place of its session in
    /// the result. Only what the customer does, and not in an outbound channel, opens or extends a session.
    static func cut(_ events: inout [NaiveEvent], of person: NaivePerson, _ pipeline: NaivePipeline) -> [NaiveSession] {
        var sessions: [NaiveSession] = []
        for index in events.indices {
            let event = events[index]
            guard event.initiator == "customer", event.channelKind != "outbound" else { continue }
            let gap = gap(in: event.channel, pipeline)
            if let current = sessions.lastIndex(where: { $0.channel == event.channel }),
                event.time - sessions[current].last <= gap,
                event.time - sessions[current].first <= pipeline.sessions.maxLength
            {
                sessions[current].last = event.time
                sessions[current].events += 1
                events[index].session = current
            } else {
                events[index].session = sessions.count
                sessions.append(NaiveSession(person: person, channel: event.channel, first: event.time, last: event.time, events: 1))
            }
        }
        for index in sessions.indices {
            let session = sessions[index]
            sessions[index].isConcurrent = sessions.contains { other in
                other.channel != session.channel && other.first <= session.last && session.first <= other.last
            }
        }
        for index in events.indices { events[index].isConcurrent = events[index].session.map { sessions[$0].isConcurrent } ?? false }
        return sessions
    }

    static func gap(in channel: ExactText, _ pipeline: NaivePipeline) -> Int64 {
        pipeline.channels.first { ExactText($0.name) == channel }?.gap ?? pipeline.sessions.gap
    }

    /// Whether no event can belong to a session any more: silence longer than the gap, or begun longer ago than the greatest
    /// length. Exactly as long is not over.
    static func isOver(_ events: [NaiveEvent], asOf: Int64, _ pipeline: NaivePipeline) -> Bool {
        guard let first = events.first, let last = events.last else { return true }
        return asOf - last.time > gap(in: last.channel, pipeline) || asOf - first.time > pipeline.sessions.maxLength
    }

    static func rows(_ sessions: [NaiveSession]) -> [NaiveTables.SessionRow] {
        Set(sessions.map(\.channel)).sorted().map { channel in
            let mine = sessions.filter { $0.channel == channel }
            let durations = mine.map { $0.last - $0.first }
            return NaiveTables.SessionRow(
                channel: channel, sessions: mine.count, events: mine.map(\.events).reduce(0, +), customers: Set(mine.map(\.person)).count,
                bounces: mine.filter { $0.events == 1 }.count, durationP50: NaiveStatistics.nearestRank(durations, percent: 50),
                durationP90: NaiveStatistics.nearestRank(durations, percent: 90), concurrent: mine.filter(\.isConcurrent).count)
        }
    }
}
