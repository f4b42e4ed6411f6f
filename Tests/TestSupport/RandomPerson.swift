/// Someone whose events make up the log.
struct RandomPerson {
    /// JSON texts by identity type; of several values one is taken each time.
    private(set) var ids: [String: [String]]
    /// When and where they are.
    private(set) var now: Int64
    private(set) var touchpoint = ""
    /// The steps still before them, and when they took the first.
    private var route: ArraySlice<String> = []
    private var routeStart: Int64

    static func some(_ pipeline: NaivePipeline, start: Int64, _ random: inout SeededGenerator) -> [RandomPerson] {
        let devices = (0...random.int(0...6)).map { "d\($0)" } + ["0d", "-1-0x", "9007199254740993"]
        return (0..<random.int(1...5)).map { index in
            let number = String(9_007_199_254_740_990 + index)
            let fraction = index % 2 == 0 ? "1.50" : "1.5"
            let ids = [
                // Accounts sort before customers; see RandomPipeline.
                "account": ["\"\(10 + index)\"", "\(10 + index)"],
                "customer": pipeline.identity.known.contains("account")
                    ? ["\"c\(index)\"", "\"ç\(index)\""] : [number, "\"\(number)\"", number, number, fraction],
                "email": random.some(2, of: ["\"m@x\"", "\"mé@x\"", "\"me\u{301}@x\"", "\"m\(index)@x\"", "\"🙂\""]),
                "device": random.some(3, of: devices).map { Int($0) == nil || $0.hasPrefix("-") ? "\"\($0)\"" : $0 },
                "cookie": ["\"k\(index / 2)\"", "true", "1e3", "\"test\""],
            ]
            let now = start + Int64(random.int(0...3)) * 600_000_000
            return RandomPerson(ids: ids, now: now, routeStart: now)
        }
    }

    /// Their clock goes wrong.
    mutating func jump(_ length: Int64) { now += length }

    /// They are away, if it is not over already.
    mutating func wait(until time: Int64) { now = max(now, time) }

    /// The next event: the route's next step or anywhere, after no time, a little, or exactly what some rule compares with,
    /// counted from the last event or from the route's first, or a microsecond beside that.
    mutating func walk(_ vocabulary: RandomVocabulary, _ random: inout SeededGenerator) {
        // Spans whose end can be reached without ending every journey by silence on the way.
        let ends = vocabulary.spans.map { routeStart + $0 }.filter { $0 >= now && $0 <= now + vocabulary.shortestInactivity }
        let short = vocabulary.silences.filter { $0 <= vocabulary.shortestInactivity }
        switch random.int(0...99) {
        case 0..<15: break
        case 15..<45: now += Int64(random.int(1...180)) * random.pick([1_000_000, 1_000_000, 250_000, 1])
        case 45..<65: now += random.pick(short)
        case 65..<69: now += random.pick(short) + random.pick([1, -1])
        case 69..<95: now = random.pick(ends + [now]) + random.pick([0, 0, 0, 0, 1])
        case 95..<98: now += random.pick(vocabulary.silences) + random.pick([0, 1])
        default: now -= 60_000_000
        }
        touchpoint = random.pick(vocabulary.touchpoints)
        guard random.chance(percent: 70) else { return }
        if route.isEmpty {
            route = random.pick(vocabulary.routes)[...]
            routeStart = now
        }
        touchpoint = route.removeFirst()
    }
}
