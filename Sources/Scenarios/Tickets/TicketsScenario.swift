import Reports

/// A service desk over about sixty days: a log with one case number, one time and one activity a line, as process
/// mining knows it.
struct TicketsScenario {
    static let sourceNames = ["tickets"]

    private let lines: Int
    private let seed: UInt64
    private let source: SourceLog
    private let arrivals: Arrivals
    private let queue = PendingQueue<TicketEvent>(startingAt: Arrivals.start)
    private var text = TicketLines()
    private var badLines = 0

    private var activities = [Int](repeating: 0, count: Activity.allCases.count)
    private var faults = [Int](repeating: 0, count: Fault.allCases.count)
    private var seen: [Bool] = []
    private var lastTime = Int64.min

    /// Measured; it decides only how close the log comes to its sixty days.
    private static let linesPerHundredTickets: UInt64 = 705
    /// Without `missingChannel`: the pipeline names the one channel there is.
    private static let faultKinds = Array(Fault.allCases.dropFirst(2))

    init(lines: Int, seed: UInt64, daysPerFile: Int?, folder: OutputFolder) {
        self.lines = lines
        self.seed = seed
        source = SourceLog("tickets", .zstd, daysPerFile: daysPerFile ?? 60, in: folder)
        arrivals = Arrivals(
            planned: UInt64(lines) * 100 / Self.linesPerHundredTickets + 1,
            hourWeights: [0, 0, 0, 0, 0, 0, 0, 0, 9, 14, 13, 11, 7, 9, 11, 10, 8, 5, 0, 0, 0, 0, 0, 0],
            dayWeights: [0, 13, 11, 10, 10, 9, 0])
    }

    mutating func write(progress: (Int) -> Void) throws(GenerateError) -> GeneratedLog {
        var hour: UInt64 = 0
        while source.lines < lines {
            for number in arrivals.numbers(inHour: hour) { begin(number, hour: hour) }
            hour += 1
            try queue.deliver(before: Arrivals.start + Int64(hour) * Arrivals.hourMicroseconds) { event, delivered throws(GenerateError) in
                try write(event, delivered: delivered)
                return source.lines < lines
            }
            progress(source.lines)
        }
        try source.finish()
        return GeneratedLog(sources: [source], truth: truth)
    }

    private mutating func begin(_ number: UInt64, hour: UInt64) {
        var random = Randoms(seed: seed, stream: number)
        let time = Arrivals.start + Int64(hour) * Arrivals.hourMicroseconds + random.among(0...Arrivals.hourMicroseconds - 1)
        var story = TicketStory(UInt32(clamping: number + 1), at: time, random: random)
        TicketBehaviour.play(&story)
        for event in story.events { add(event, &story.random) }
    }

    private mutating func add(_ event: TicketEvent, _ random: inout Randoms) {
        var event = event
        event.time = event.time / 1_000_000 * 1_000_000
        // One entry in fifty is typed in later.
        let delivered = event.time + (random.percent(2) ? random.span(median: 7_200_000_000) : random.span(median: 10_000_000))
        queue.add(event, delivered: delivered)
        guard random.chance(perMille: 2) else { return }
        event.fault = Self.faultKinds[badLines % Self.faultKinds.count]
        badLines += 1
        queue.add(event, delivered: delivered)
    }

    private mutating func write(_ event: TicketEvent, delivered: Int64) throws(GenerateError) {
        let variant = UInt64(source.lines)
        try source.line(day: Int((delivered - Arrivals.start) / 86_400_000_000)) { line in
            let start = line.count
            text.write(event, into: &line)
            switch event.fault {
            case .invalidUTF8: BadLine.invalidUTF8(from: start, in: &line)
            case .invalidJSON: BadLine.invalidJSON(from: start, variant: variant, in: &line)
            case .notAnObject: BadLine.notAnObject(from: start, variant: variant, in: &line)
            default: break
            }
        }
        guard event.fault == .none else {
            faults[Int(event.fault.rawValue)] += 1
            return
        }
        activities[Int(event.activity.rawValue)] += 1
        while seen.count <= Int(event.ticket) { seen.append(false) }
        seen[Int(event.ticket)] = true
        lastTime = max(lastTime, event.time)
    }

    private var truth: [(String, JSONValue)] {
        let quarantined = faults.reduce(0, +)
        let reasons = Fault.allCases.dropFirst().map { ($0.reason, faults[Int($0.rawValue)]) }
        // The wall's clock is central European; as_of is UTC. Office hours keep well away from the night of the change.
        let seconds = lastTime / 1_000_000
        let offset = TimeText.centralEuropeanOffset(seconds - 3600)
        return [
            (
                "ledger",
                .counts([
                    ("lines", source.lines), ("events", source.lines - quarantined), ("quarantined", quarantined), ("duplicates", 0),
                    ("filtered", 0), ("late", 0),
                ])
            ),
            ("quarantined_by_reason", .counts(reasons.sorted { $0.0 < $1.0 })),
            ("cases", .integer(Int64(seen.count { $0 }))),
            ("events_by_activity", .counts(Activity.allCases.map { ("\($0.name)", activities[Int($0.rawValue)]) })),
            ("as_of", .text(lastTime == Int64.min ? "" : TimeText.text((seconds - offset) * 1_000_000))),
        ]
    }
}
