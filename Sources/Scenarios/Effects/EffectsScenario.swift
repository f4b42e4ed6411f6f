import Reports

/// A log whose effects are known, over about sixty days: a shop with frictions that cost and that do not, contacts that are
/// repeated at known rates, a chat that e-mail starves, a team that sends cases back. It has no bad lines and no
/// duplicates; `retail` has those.
struct EffectsScenario {
    static let sourceNames = ["effects"]

    private let lines: Int
    private let seed: UInt64
    private let plan: EffectsPlan
    private let source: SourceLog
    private let floods: MailFloods
    private let shoppers, callers, requests: Arrivals
    private let queue = PendingQueue<EffectsEvent>(startingAt: Arrivals.start)
    private var text = EffectsLines()
    private var books = EffectsBooks()
    private var mails: UInt64 = 0
    private var lastTime = Int64.min

    /// What the mails of sixty days are; there are as many in any log of this length.
    private static let mailLines = 1070
    /// Of a thousand lines that are no mails. Measured; it decides only how close the log comes to its sixty days.
    private static let (shoppersInThousand, callersInThousand, requestsInThousand): (UInt64, UInt64, UInt64) = (158, 79, 38)

    /// - Parameter plan: what has effects.
    init(lines: Int, seed: UInt64, daysPerFile: Int?, plan: EffectsPlan, folder: OutputFolder) {
        self.lines = lines
        self.seed = seed
        self.plan = plan
        source = SourceLog("effects", .zstd, daysPerFile: daysPerFile ?? 60, in: folder)
        floods = MailFloods(seed: seed)
        let others = UInt64(lines - min(lines / 2, Self.mailLines))
        func arrivals(_ inThousand: UInt64, _ hourWeights: [UInt64]) -> Arrivals {
            Arrivals(planned: others * inThousand / 1000, hourWeights: hourWeights, dayWeights: [8, 10, 10, 10, 10, 10, 9])
        }
        let allDay: [UInt64] = [2, 1, 1, 1, 1, 2, 3, 5, 7, 8, 9, 9, 9, 9, 9, 9, 9, 10, 11, 12, 12, 10, 7, 4]
        let office = (0..<24).map { MailFloods.hoursOfDay.contains($0) ? UInt64(1) : 0 }
        shoppers = arrivals(Self.shoppersInThousand, allDay)
        callers = arrivals(Self.callersInThousand, office)
        requests = arrivals(Self.requestsInThousand, office)
    }

    mutating func write(progress: (Int) -> Void) throws(GenerateError) -> GeneratedLog {
        var hour: UInt64 = 0
        while source.lines < lines {
            begin(hour)
            hour += 1
            let end = Arrivals.start + Int64(hour) * Arrivals.hourMicroseconds
            try queue.deliver(before: end) { event, _ throws(GenerateError) in
                try source.line(day: Int((event.time - Arrivals.start) / EffectsTimes.day)) { text.write(event, into: &$0) }
                lastTime = max(lastTime, event.time)
                return source.lines < lines
            }
            // Nothing of this hour is later than what is still to come.
            books.grow(asOf: end - Arrivals.hourMicroseconds)
            progress(source.lines)
        }
        try source.finish()
        books.grow(asOf: lastTime)
        return GeneratedLog(sources: [source], truth: EffectsTruth(plan: plan, books: books, lines: source.lines, asOf: lastTime).members)
    }

    private mutating func begin(_ hour: UInt64) {
        for number in shoppers.numbers(inHour: hour) {
            var (random, start) = person(.shopper, number, hour)
            let play = ShopperBehaviour.play(number, at: start, plan, &random)
            books.add(play.journey, start: play.events[0].time)
            add(play.events)
        }
        for number in callers.numbers(inHour: hour) {
            let (random, start) = person(.caller, number, hour)
            var caller = CallerBehaviour(number, plan, floods, random)
            caller.play(from: start)
            add(caller.events)
        }
        for number in requests.numbers(inHour: hour) {
            var (random, start) = person(.request, number, hour)
            add(RequestBehaviour.play(number, at: start, &random))
        }
        for _ in 0..<floods.mails(inHour: hour) {
            let (_, time) = person(.writer, mails, hour)
            add([EffectsEvent(time: time, kind: .writer, number: mails, touchpoint: .mail)])
            mails += 1
        }
    }

    /// The draws of one person, and when it begins. Times are whole milliseconds, as the lines say them.
    private func person(_ kind: EffectsEvent.Kind, _ number: UInt64, _ hour: UInt64) -> (Randoms, Int64) {
        var random = Randoms(seed: seed, stream: UInt64(kind.rawValue) << 56 | number)
        let start = Arrivals.start + Int64(hour) * Arrivals.hourMicroseconds + random.among(0...Arrivals.hourMicroseconds - 1)
        return (random, start / 1000 * 1000)
    }

    private func add(_ events: [EffectsEvent]) {
        for var event in events {
            event.time = event.time / 1000 * 1000
            queue.add(event, delivered: event.time)
        }
    }
}
