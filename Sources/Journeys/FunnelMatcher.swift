import Events

/// How far one journey gets through its type's funnel (pipelines/rules.md, 10). One object is used for journey after journey.
struct FunnelMatcher {
    private let length: Int
    private let window: Microseconds?
    private let mode: FunnelDefinition.Mode
    /// Row i: the times of the best chain that ends in step i; its first element is `Int64.min` where there is none.
    private var chains: [EventTime]
    /// Times of the chain that reached the level first; empty in mode `any`.
    private(set) var chain: [EventTime] = []
    /// The longest chain so far.
    private(set) var level = 0
    /// Mode `any`: when each step was met last, `Int64.min` for never.
    private var lastMet: [EventTime]

    init(rule: JourneyRule) {
        length = rule.funnelLength
        window = rule.definition.funnel.window
        mode = rule.definition.funnel.mode
        chains = Array(repeating: Int64.min, count: length * length)
        lastMet = Array(repeating: Int64.min, count: length)
    }

    mutating func reset() {
        level = 0
        chain.removeAll(keepingCapacity: true)
        if mode == .any {
            for place in lastMet.indices { lastMet[place] = Int64.min }
        } else {
            for place in 0..<length { forget(place) }
        }
    }

    /// Takes the journey's next event that belongs to a step. `place` is the step's place in the funnel, -1 if it
    /// is left out of it.
    mutating func take(time: EventTime, place: Int) {
        switch mode {
        case .any: if place >= 0 { takeAny(time, place) }
        case .ordered: if place >= 0 { extend(time, place) }
        case .strict: takeStrict(time, place)
        }
    }

    private func hasChain(_ place: Int) -> Bool { chains[place * length] != Int64.min }

    private mutating func forget(_ place: Int) { chains[place * length] = Int64.min }

    /// The chain kept for a step is the latest in its first time, then in its second, and so on. Later events only
    /// make it later, so the newest chain is the best for all that follows: it is the last to leave the window.
    private mutating func extend(_ time: EventTime, _ place: Int) {
        let row = place * length
        if place > 0 {
            guard hasChain(place - 1) else { return }
            let before = row - length
            if let window, time - chains[before] > window { return }
            for index in 0..<place { chains[row + index] = chains[before + index] }
        }
        chains[row + place] = time
        if place + 1 > level {
            level = place + 1
            chain.removeAll(keepingCapacity: true)
            chain.append(contentsOf: chains[row...row + place])
        }
    }

    /// Between two events of a chain only events of the first one's step may lie: any other step ends the chain.
    private mutating func takeStrict(_ time: EventTime, _ place: Int) {
        for kept in 0..<length where hasChain(kept) && kept != place && kept + 1 != place { forget(kept) }
        guard place >= 0 else { return }
        extend(time, place)
        if place > 0 { forget(place - 1) }
    }

    /// The number of different steps within any stretch of the window's length: of the stretches that end here, a
    /// step lies in one if its last event does. O(steps) an event.
    private mutating func takeAny(_ time: EventTime, _ place: Int) {
        lastMet[place] = time
        var met = 0
        for last in lastMet where last != Int64.min {
            if let window, time - last > window { continue }
            met += 1
        }
        level = max(level, met)
    }
}
