import Events

/// Which steps of a funnel are filled in mode `any`, each by an event of its own that satisfies it. Of all ways to fill as many
/// as can be it keeps one with the latest events, so that for every window that ends now it is known how many steps lie in it:
/// events and the steps that they can fill are a matroid, in which a basis of greatest weight has the greatest part of it
/// within any such window.
struct StepFilling {
    /// By step: when the event happened that fills it, `Int64.min` where none does.
    private var times: [EventTime]
    /// By step: all that this event could fill, in words.
    private var choices: [UInt64]
    private let wordCount: Int
    /// Steps reached in a search, in this order, and as bits; by step the one whose event could move there, -1 for the new one.
    private var reached: [Int] = []
    private var seen: [UInt64]
    private var origin: [Int]

    init(length: Int) {
        wordCount = PlaceSet(length: length).words.count
        times = Array(repeating: Int64.min, count: length)
        choices = Array(repeating: 0, count: length * wordCount)
        seen = Array(repeating: 0, count: wordCount)
        origin = Array(repeating: -1, count: length)
    }

    mutating func reset() { for place in times.indices { times[place] = Int64.min } }

    /// Takes an event that satisfies at least one step and is not before those taken already. O(steps · words).
    mutating func add(_ places: PlaceSet, at time: EventTime) {
        reached.removeAll(keepingCapacity: true)
        for word in 0..<wordCount { seen[word] = 0 }
        var free = reach(places.words, first: 0, from: -1)
        var next = 0
        while free == nil, next < reached.count {
            free = reach(choices, first: reached[next] * wordCount, from: reached[next])
            next += 1
        }
        // Where nothing is free, the earliest event of those that could make room does so.
        guard var place = free ?? reached.min(by: { times[$0] < times[$1] }) else { return }
        while origin[place] >= 0 {
            let from = origin[place]
            times[place] = times[from]
            for word in 0..<wordCount { choices[place * wordCount + word] = choices[from * wordCount + word] }
            place = from
        }
        times[place] = time
        for word in 0..<wordCount { choices[place * wordCount + word] = places.words[word] }
    }

    /// Notes the steps of a set that are new to the search; returns one that nothing fills.
    private mutating func reach(_ words: [UInt64], first: Int, from: Int) -> Int? {
        for word in 0..<wordCount {
            var new = words[first + word] & ~seen[word]
            seen[word] |= new
            while new != 0 {
                let place = word * 64 + new.trailingZeroBitCount
                new &= new - 1
                origin[place] = from
                if times[place] == Int64.min { return place }
                reached.append(place)
            }
        }
        return nil
    }

    /// How many steps are filled by events of the window that ends now.
    func count(at time: EventTime, window: Microseconds?) -> Int {
        var count = 0
        for filled in times where filled != Int64.min {
            if let window, time - filled > window { continue }
            count += 1
        }
        return count
    }
}
