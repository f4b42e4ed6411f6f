import Events

/// How far one journey gets through its type's funnel (pipelines/rules.md, 10). One object is used for journey after journey.
final class FunnelMatcher {
    private let length: Int
    private let window: Microseconds?
    private let mode: FunnelDefinition.Mode
    /// Row i: the times of the best chain that ends in step i; its first element is `Int64.min` where there is none.
    private let chains: Slots<EventTime>
    private var levelChain = SlotList<EventTime>()
    /// The longest chain so far.
    private(set) var level = 0
    /// Mode `any`.
    private var filling: StepFilling
    /// Of the event that is taken next, where it satisfies several steps.
    var places: PlaceSet

    init(rule: JourneyRule) {
        length = rule.funnelLength
        window = rule.definition.funnel.window
        mode = rule.definition.funnel.mode
        chains = Slots(repeating: Int64.min, count: length * length)
        filling = StepFilling(length: length)
        places = PlaceSet(length: length)
    }

    deinit { chains.release() }

    /// Times of the chain that reached the level first; empty in mode `any`.
    var chain: SlotRange<EventTime> { levelChain.all }

    func reset() {
        level = 0
        levelChain.removeAll()
        if mode == .any {
            filling.reset()
        } else {
            for place in 0..<length { forget(place) }
        }
    }

    /// Takes the journey's next event that satisfies one step of the type. `place` is the step's place in the funnel, -1 if it
    /// is left out of it.
    func take(time: EventTime, place: Int) {
        if place >= 0, mode != .any { extend(time, place) }
        switch mode {
        case .ordered: break
        case .strict: for kept in 0..<length where kept != place { forget(kept) }
        case .any:
            guard place >= 0 else { return }
            places.clear()
            places.insert(place)
            fill(time)
        }
    }

    /// Takes the journey's next event that satisfies the steps in `places`, and perhaps others that are left out of the funnel.
    func takePlaces(time: EventTime) {
        switch mode {
        case .any: fill(time)
        case .ordered, .strict:
            // The last step first: the event fills one step, so what it makes of an earlier one is not there yet.
            let places = places
            places.forEachDescending { extend(time, $0) }
            if mode == .strict { for kept in 0..<length where !places.contains(kept) { forget(kept) } }
        }
    }

    private func hasChain(_ place: Int) -> Bool { chains[place * length] != Int64.min }

    /// Only what satisfies a chain's last step, or no step, may follow it in mode `strict`: anything else ends it. What extends it
    /// begins another.
    private func forget(_ place: Int) { chains[place * length] = Int64.min }

    /// The chain kept for a step is the latest in its first time, then in its second, and so on. Later events only
    /// make it later, so the newest chain is the best for all that follows: it is the last to leave the window.
    private func extend(_ time: EventTime, _ place: Int) {
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
            levelChain.removeAll()
            for index in 0...place { levelChain.append(chains[row + index]) }
        }
    }

    /// The number of different steps within any stretch of the window's length: here, of those that end with this event.
    private func fill(_ time: EventTime) {
        filling.add(places, at: time)
        level = max(level, filling.count(at: time, window: window))
    }
}
