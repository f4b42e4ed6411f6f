package import Events

/// From a customer's question to its answer, in one assisted channel (pipelines/rules.md, 21).
package struct Wait: BitwiseCopyable {
    /// Dense number.
    package let channel: Int
    package let asked: EventTime
    /// The event that opened it, among the person's; nil: one that is no longer here, of which all else is counted.
    package let event: Int?
    /// nil: there is no answer.
    package fileprivate(set) var answeredAfter: Microseconds?

    /// Exactly that long included.
    package func isAnswered(within time: Microseconds) -> Bool { answeredAfter.map { $0 <= time } ?? false }
}

/// A question that was open when the events that ask it were dropped.
package struct OpenWait: BitwiseCopyable {
    /// Symbol.
    package let channel: UInt32
    package let asked: EventTime

    package init(channel: UInt32, asked: EventTime) { (self.channel, self.asked) = (channel, asked) }
}

/// Finds a person's waits. One object is used for person after person.
final class WaitFinder {
    private var list = SlotList<Wait>()
    /// By dense channel number: the wait that is open there, -1 for none.
    private let open: Slots<Int>

    init(plan: FoldPlan) { open = Slots(repeating: -1, count: plan.channelCount) }

    deinit { open.release() }

    /// In order of their opening.
    var waits: SlotRange<Wait> { list.all }

    /// O(n).
    /// - Parameter carried: open before the first event, at most one in each channel.
    func run(_ events: PersonEvents, _ carried: [OpenWait], plan: FoldPlan) {
        for wait in waits { open[wait.channel] = -1 }
        list.removeAll()
        for wait in carried {
            guard let channel = plan.channels.firstIndex(where: { $0.symbol == wait.channel && $0.isAssisted }) else { continue }
            open[channel] = list.count
            list.append(Wait(channel: channel, asked: wait.asked, event: nil))
        }
        for event in 0..<events.count {
            let number = Int(events.kinds[event])
            let kind = plan.kinds[number]
            guard kind.isAssisted else { continue }
            let channel = Int(kind.channel)
            func holds(_ predicate: Predicate) -> Bool { predicate.holds(kind: number, plan.context(event, events)) }
            if open[channel] >= 0 {
                guard plan.channels[channel].answers.map(holds) ?? kind.isByAgent else { continue }
                list[open[channel]].answeredAfter = events.times[event] - list[open[channel]].asked
                open[channel] = -1
            } else if kind.isByCustomer, plan.channels[channel].asks.map(holds) ?? true {
                open[channel] = list.count
                list.append(Wait(channel: channel, asked: events.times[event], event: event))
            }
        }
    }
}

extension FoldPlan {
    func context(_ event: Int, _ events: PersonEvents) -> EventContext {
        EventContext(kind: symbols.kind(Int(events.kinds[event])), row: events.rows[event])
    }

    /// The symbol of an event's text; 0 where it has none or an empty one.
    func filledText(_ key: EventKey, _ event: Int, _ events: PersonEvents) -> UInt32 {
        let symbol = key.text(context(event, events), symbols: symbols)
        return symbol == emptyText ? 0 : symbol
    }

    /// What an event is worth, in millionths; nil where that is no number, or beyond what 64 bits hold.
    func worth(_ event: Int, _ events: PersonEvents) -> Int64? {
        guard let offset = symbols.scalarOffsets[.value] else { return nil }
        guard case .number(let number) = symbols.value(of: Scalar(bits: events.rows[event].load(offset, as: UInt32.self))) else {
            return nil
        }
        return Int64(exactly: (number * 1_000_000).rounded())
    }
}
