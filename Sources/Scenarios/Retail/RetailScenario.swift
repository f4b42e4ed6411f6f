/// A shop with a web site, an app, a contact centre, six stores and a mail service, over about sixty days. People
/// begin something, hour by hour; what they will do is planned at once, and written when it is delivered.
struct RetailScenario {
    static let sourceNames = ["web", "app", "contact", "email", "store"]

    private let lines: Int
    private let seed: UInt64
    private let sources: [SourceLog]
    private let plan: RetailPlan
    private let rota: Rota
    private let arrivals: Arrivals
    private let frictions: FrictionFile
    private var truth: RetailTruth
    private var web: WebLines
    private let app: AppLines
    private var contact: ContactLines
    private var email: EmailLines
    private let store: StoreLines

    /// Lines that a hundred arrivals make, all told. Measured; it decides only how close the log comes to its sixty days.
    private static let linesPerHundredArrivals: UInt64 = 790

    /// Arrivals to whom something out of the ordinary happens.
    private static let episodesPercent: UInt64 = 22

    init(lines: Int, seed: UInt64, daysPerFile: Int?, folder: OutputFolder) throws(GenerateError) {
        self.lines = lines
        self.seed = seed
        sources = [
            SourceLog("web", .zstd, daysPerFile: daysPerFile ?? 15, in: folder),
            SourceLog("app", .zstd, daysPerFile: daysPerFile ?? 10, in: folder),
            SourceLog("contact", .gzip, daysPerFile: daysPerFile ?? 30, in: folder),
            SourceLog("email", .zstd, daysPerFile: daysPerFile ?? 30, in: folder),
            SourceLog("store", .plain, daysPerFile: daysPerFile ?? 30, in: folder),
        ]
        plan = RetailPlan(seed: seed)
        let planned = UInt64(lines) * 100 / Self.linesPerHundredArrivals + 1
        // Everybody begins one thing or two, on average.
        rota = Rota(people: planned * 2 / 3)
        arrivals = Arrivals(
            planned: planned,
            hourWeights: [2, 1, 1, 1, 1, 2, 5, 9, 12, 14, 15, 15, 16, 15, 14, 14, 15, 17, 20, 23, 24, 20, 12, 6],
            dayWeights: [13, 10, 10, 10, 10, 11, 12])
        truth = RetailTruth(people: rota.people)
        frictions = try FrictionFile(in: folder, seed: seed)
        web = WebLines(seed: seed)
        app = AppLines(seed: seed)
        contact = ContactLines(seed: seed)
        email = EmailLines(seed: seed)
        store = StoreLines(seed: seed)
    }

    mutating func write(progress: (Int) -> Void) throws(GenerateError) -> GeneratedLog {
        var written = 0
        var hour: UInt64 = 0
        while written < lines {
            for number in arrivals.numbers(inHour: hour) { begin(number, hour: hour) }
            hour += 1
            try plan.deliver(before: Arrivals.start + Int64(hour) * Arrivals.hourMicroseconds) { event, delivered throws(GenerateError) in
                try write(event, delivered: delivered)
                written += 1
                return written < lines
            }
            progress(written)
            // What an hour has decided is certain only when all of it is written.
            if written < lines { try settle(before: hour) }
        }
        try settleTheRest(from: hour)
        try frictions.finish()
        for source in sources { try source.finish() }
        return GeneratedLog(sources: sources, truth: truth.members(sources: sources) + [("frictions", frictions.members)])
    }

    private mutating func settle(before hour: UInt64) throws(GenerateError) {
        let end = Arrivals.start + Int64(hour) * Arrivals.hourMicroseconds
        try plan.settle(before: end) { note throws(GenerateError) in
            // As-of is the time of the latest line; in a thin log it may be hours behind.
            if note.last + note.friction.openMicroseconds > truth.lastTime {
                plan.add(note, settled: end)
            } else {
                try frictions.write(note, isCut: false)
            }
        }
    }

    /// What is still open when the last line is written, if any of it is in the log.
    private mutating func settleTheRest(from hour: UInt64) throws(GenerateError) {
        let end = Arrivals.start + Int64(hour) * Arrivals.hourMicroseconds + PendingQueue<FrictionNote>.maxAheadMicroseconds
        try plan.settle(before: end) { note throws(GenerateError) in
            if note.first <= truth.lastTime { try frictions.write(note, isCut: true) }
        }
    }

    /// Each arrival draws from its own stream, so that a change to one behaviour leaves the others as they are.
    private func begin(_ number: UInt64, hour: UInt64) {
        var random = Randoms(seed: seed, stream: number)
        let time = Arrivals.start + Int64(hour) * Arrivals.hourMicroseconds + random.among(0...Arrivals.hourMicroseconds - 1)
        let person = Person(rota.person(arrival: number), seed: seed)
        var story = Story(person, at: time, random: random, plan: plan)
        if story.random.percent(Self.episodesPercent) { return Episode.play(&story) }
        switch story.random.below(100) {
        case ..<57: PurchaseBehaviour.play(&story)
        case ..<66: SupportBehaviour.play(&story, Topic.drawn(&story.random))
        case ..<76: OnboardingBehaviour.play(&story)
        case ..<86: NewsletterBehaviour.play(&story)
        default: StoreBehaviour.play(&story)
        }
    }

    private mutating func write(_ event: RetailEvent, delivered: Int64) throws(GenerateError) {
        let source = event.channel.source
        try sources[source.rawValue].line(day: Int((delivered - Arrivals.start) / 86_400_000_000)) { line in
            let start = line.count
            switch source {
            case .web: web.write(event, into: &line)
            case .app: app.write(event, into: &line)
            case .contact: contact.write(event, into: &line)
            case .email: email.write(event, into: &line)
            case .store: store.write(event, into: &line)
            }
            switch event.fault {
            case .invalidUTF8: BadLine.invalidUTF8(from: start, in: &line)
            case .invalidJSON: BadLine.invalidJSON(from: start, variant: event.number, in: &line)
            case .notAnObject: BadLine.notAnObject(from: start, variant: event.number, in: &line)
            default: break
            }
        }
        truth.count(event)
    }
}

/// Who comes when. Everybody comes once before anybody comes again, so that what one person does lies weeks apart,
/// and so does what the members of a household do: nobody's story runs into another one of their own or is mixed with
/// that of somebody on the same computer. Computed, not stored.
struct Rota {
    let people: UInt32
    private let households: UInt32

    /// At least `people` people, in whole households.
    init(people: UInt64) {
        households = UInt32(clamping: people.clamped(to: 1...1 << 26) / UInt64(Person.peoplePerHousehold) + 1)
        self.people = households * Person.peoplePerHousehold
    }

    /// The number of the person who is the `arrival`-th to begin something.
    func person(arrival: UInt64) -> UInt32 {
        let turn = UInt32(arrival % UInt64(people))
        let household = turn % households
        // Households begin at different members; otherwise all shared computers would be busy in the same days.
        let place = (turn / households + household) % Person.peoplePerHousehold
        return household * Person.peoplePerHousehold + Self.order[Int(place)]
    }

    /// Those who may share a computer, 0 to 2, as far apart as 16 places allow.
    private static let order: [UInt32] = [0, 3, 4, 5, 6, 1, 7, 8, 9, 10, 2, 11, 12, 13, 14, 15]
}

extension Comparable {
    fileprivate func clamped(to range: ClosedRange<Self>) -> Self { min(max(self, range.lowerBound), range.upperBound) }
}
