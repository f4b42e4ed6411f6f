import Events
import Journeys

/// Events in a row that belong together in a picture: of one session, or outside of all sessions in one channel.
struct TimelineBlock {
    /// nil: only events outside of sessions.
    var session: Int?
    /// The session was there before, and others came in between.
    var isContinued: Bool
    var events: [Int]

    /// Cuts ascending events into blocks. What agents and systems do where the customer is served stays with the session, as
    /// long as no silence longer than a session's lies in between.
    static func blocks(_ events: some Sequence<Int>, of trace: PersonTrace) -> [TimelineBlock] {
        var blocks: [TimelineBlock] = []
        var seen: Set<Int> = []
        // By channel, in bytes: the block that held its last event.
        var last: [[UInt8]: Int] = [:]
        for index in events {
            let event = trace.events[index]
            let channel = Array(event.channel.utf8)
            let before = last[channel]
            let session = event.session ?? before.flatMap { isNear(event, blocks[$0], trace) ? blocks[$0].session : nil }
            if let before, before == blocks.count - 1, blocks[before].session == session || blocks[before].session == nil,
                session != nil && blocks[before].session == session || isNear(event, blocks[before], trace)
            {
                if blocks[before].session == nil, let session { blocks[before].isContinued = !seen.insert(session).inserted }
                blocks[before].session = session
                blocks[before].events.append(index)
            } else {
                let isContinued = session.map { !seen.insert($0).inserted } ?? false
                blocks.append(TimelineBlock(session: session, isContinued: isContinued, events: [index]))
                last[channel] = blocks.count - 1
            }
        }
        return blocks
    }

    private static func isNear(_ event: PersonTrace.Event, _ block: TimelineBlock, _ trace: PersonTrace) -> Bool {
        if let session = block.session, event.time <= trace.sessions[session].last { return true }
        return event.time - trace.events[block.events.last!].time <= event.sessionGap
    }
}
