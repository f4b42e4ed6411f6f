package import Events

/// One attempt of a person to have one thing settled by somebody: sessions in assisted channels with what agents do after them,
/// of one topic and close to each other (pipelines/rules.md, 21).
package struct Contact: BitwiseCopyable {
    /// Dense number of the channel it began in.
    package let channel: Int
    /// Symbol.
    package let topic: UInt32
    /// The event that begins it, among the person's.
    package let event: Int32
    package let start: EventTime
    package fileprivate(set) var end: EventTime
    /// The next one of its topic, among the person's.
    package fileprivate(set) var next: Int?
}

/// Finds a person's contacts. One object is used for person after person.
final class ContactFinder {
    private var list = SlotList<Contact>()
    private var pieces = SlotList<Piece>()
    /// By dense channel number: the last piece there, -1 for none.
    private let lastPiece: Slots<Int>
    /// By topic.
    private var lastContact: [UInt32: Int] = [:]

    /// A session with what belongs to it; a piece of a contact, or all of it.
    private struct Piece: BitwiseCopyable {
        let channel: Int
        let session: Int32
        let event: Int32
        let start: EventTime
        var end: EventTime
        /// 0 as long as no event has one.
        var topic: UInt32
    }

    init(plan: FoldPlan) { lastPiece = Slots(repeating: -1, count: plan.channelCount) }

    deinit { lastPiece.release() }

    /// In order of their first events.
    var contacts: SlotRange<Contact> { list.all }

    /// O(n).
    func run(_ events: PersonEvents, _ sessionizer: Sessionizer, plan: FoldPlan) {
        list.removeAll()
        findPieces(events, sessionizer, plan)
        guard !pieces.isEmpty else { return }
        lastContact.removeAll(keepingCapacity: true)
        for piece in pieces.all {
            let topic = piece.topic == 0 ? plan.noText : piece.topic
            let last = lastContact[topic]
            if let last, piece.start - list[last].end <= plan.contacts.handover {
                list[last].end = max(list[last].end, piece.end)
                continue
            }
            if let last { list[last].next = list.count }
            lastContact[topic] = list.count
            list.append(Contact(channel: piece.channel, topic: topic, event: piece.event, start: piece.start, end: piece.end))
        }
    }

    private func findPieces(_ events: PersonEvents, _ sessionizer: Sessionizer, _ plan: FoldPlan) {
        for piece in pieces.all { lastPiece[piece.channel] = -1 }
        pieces.removeAll()
        for event in 0..<events.count {
            let kind = plan.kinds[Int(events.kinds[event])]
            guard kind.isAssisted else { continue }
            let channel = Int(kind.channel)
            let (session, last) = (sessionizer.sessionOfEvent[event], lastPiece[channel])
            if session >= 0, last < 0 || pieces[last].session != session {
                lastPiece[channel] = pieces.count
                let time = events.times[event]
                pieces.append(
                    Piece(
                        channel: channel, session: session, event: Int32(event), start: time, end: time, topic: topic(event, events, plan)))
                continue
            }
            // Others than the customer go on with a session as long as no silence is longer than the channel's gap.
            guard last >= 0, session >= 0 || events.times[event] - pieces[last].end <= plan.sessions.gaps[channel] else { continue }
            pieces[last].end = events.times[event]
            if pieces[last].topic == 0 { pieces[last].topic = topic(event, events, plan) }
        }
    }

    private func topic(_ event: Int, _ events: PersonEvents, _ plan: FoldPlan) -> UInt32 {
        plan.contacts.topic.map { plan.filledText($0, event, events) } ?? 0
    }
}
