/// What has been planned for the log and is not yet in it, and the numbers given out so far. Owned by one
/// simulation and used by one thread.
final class RetailPlan {
    let seed: UInt64
    private let queue: PendingQueue<RetailEvent>
    /// By the time at which the log has shown all that decides them.
    private let notes: PendingQueue<FrictionNote>
    private var lastEvent: UInt64 = 0
    private var lastOrder: UInt32 = 0
    /// For each source, how many bad lines it has been given: they come in turns, so that a small log has every kind.
    private var badLines = [Int](repeating: 0, count: Source.allCases.count)

    init(seed: UInt64) {
        self.seed = seed
        queue = PendingQueue(startingAt: Arrivals.start)
        notes = PendingQueue(startingAt: Arrivals.start)
    }

    func newOrder() -> UInt32 {
        lastOrder += 1
        return lastOrder
    }

    /// Plans the event's line and, now and then, what goes wrong on its way: it arrives late, it arrives twice,
    /// or its source writes a bad line beside it. Returns the event as its line tells it, and when that is delivered.
    func add(_ event: RetailEvent, _ random: inout Randoms) -> (event: RetailEvent, delivered: Int64) {
        var event = event
        let resolution = event.channel.source.resolution
        event.time = event.time / resolution * resolution
        lastEvent += 1
        event.number = lastEvent
        let planned = event
        let delivered = event.time + Self.lag(event.channel, &random)
        queue.add(event, delivered: delivered)

        if random.chance(perMille: 8), event.canBeCopied {
            var copy = event
            copy.isCopy = true
            queue.add(copy, delivered: delivered + random.span(median: 240_000_000))
        }
        if random.chance(perMille: 2) {
            lastEvent += 1
            event.number = lastEvent
            event.fault = nextFault(event.channel)
            if event.fault == .missingIdentity {
                event.shows = .blockedCustomer
                event.device = .none
            }
            queue.add(event, delivered: delivered)
        }
        return (planned, delivered)
    }

    /// `settled`: when the note's events have been delivered, and whatever could still change it.
    func add(_ note: FrictionNote, settled: Int64) { notes.add(note, delivered: settled) }

    func deliver(before time: Int64, _ body: (RetailEvent, Int64) throws(GenerateError) -> Bool) throws(GenerateError) {
        try queue.deliver(before: time, body)
    }

    func settle(before time: Int64, _ body: (FrictionNote) throws(GenerateError) -> Void) throws(GenerateError) {
        try notes.deliver(before: time) { note, _ throws(GenerateError) in
            try body(note)
            return true
        }
    }

    /// Microseconds from the event to its line.
    private static func lag(_ channel: Channel, _ random: inout Randoms) -> Int64 {
        switch channel {
        case .web:
            // A few pages are reported only when the browser comes back.
            random.chance(perMille: 10) ? random.span(median: 600_000_000) : random.span(median: 900_000)
        case .app:
            // The app sends in batches, and keeps them while it has no network.
            random.chance(perMille: 30) ? random.span(median: 5_400_000_000) : random.span(median: 6_000_000)
        case .chat, .phone: random.span(median: 20_000_000)
        case .email: random.span(median: 5_000_000)
        case .store: random.span(median: 90_000_000)
        }
    }

    private func nextFault(_ channel: Channel) -> Fault {
        let source = channel.source
        // Web, store and e-mail lines do not say their channel: the pipeline does.
        let kinds = source == .contact || source == .app ? Fault.allCases.dropFirst() : Fault.allCases.dropFirst(2)
        defer { badLines[source.rawValue] += 1 }
        // Each source begins elsewhere in the list.
        return kinds[kinds.startIndex + (badLines[source.rawValue] + source.rawValue * 2 + (source == .contact ? 4 : 0)) % kinds.count]
    }
}

extension RetailEvent {
    /// A line that shows nothing but a placeholder belongs to nobody, so its copy is not a duplicate of anybody's.
    fileprivate var canBeCopied: Bool { !showsOnlyPlaceholder }

    var showsOnlyPlaceholder: Bool { device.isPlaceholder && shows.isDisjoint(with: [.customer, .email]) }
}
