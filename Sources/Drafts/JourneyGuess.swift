import Events

/// One type of journey, guessed from how persons' events follow each other: where attempts begin, where they end, and the moments
/// in between in their most frequent order.
struct JourneyGuess {
    struct Moment: Equatable {
        let field: SampledEvents.Place
        /// Any of these.
        var texts: [String]

        func matches(_ event: SampledEvents.Event) -> Bool { event.text(field).map { texts.contains($0) } ?? false }

        var expression: String {
            texts.count == 1
                ? "\(field.rawValue) == \(YAMLText.literal(texts[0]))"
                : "\(field.rawValue) in [\(texts.map(YAMLText.literal).joined(separator: ", "))]"
        }
    }

    struct Candidate {
        let moment: Moment
        let score: Double
        /// Attempts that have it, and those that end with it.
        let attempts: Int
        let last: Int
    }

    struct Step {
        let name: String
        let moment: Moment
        /// What is a later step's, though it looks like one of this.
        var besides: Moment?
        /// Not where so many go past it that the funnel would say little of the others.
        var isInFunnel = true

        func matches(_ event: SampledEvents.Event) -> Bool { moment.matches(event) && besides?.matches(event) != true }

        var expression: String { moment.expression + (besides.map { " && !(\($0.expression))" } ?? "") }
    }

    var name = "journey"
    /// What steps are told by.
    let field: SampledEvents.Place
    private(set) var start: Moment?
    /// Attempts begin anywhere, so any step of the way begins a journey.
    private(set) var isOnTheWay = false
    private(set) var goal: Candidate?
    private(set) var otherGoals: [Candidate] = []
    private(set) var fail: Candidate?
    private(set) var otherFails: [Candidate] = []
    private(set) var steps: [Step] = []
    /// Whether attempts mostly take the steps in this order.
    private(set) var isOrdered = true
    private(set) var inactivity: Microseconds = 30 * DurationWords.day
    private(set) var horizon: Microseconds?
    /// What the sample makes of it: journeys begun, and those of them that came to the goal.
    private(set) var begun = 0
    private(set) var reached = 0

    static let stepsMax = 7
    private static let shareMin = 0.3

    /// At most so many types; what else ends attempts is named in comments.
    private static let typesMax = 3

    /// The likeliest first; one without a goal where nothing looks like one.
    static func all(_ events: SampledEvents) -> [JourneyGuess] {
        let field = field(events)
        let attempts = AttemptSplit.attempts(events, field)
        let candidates = EndSearch(attempts).candidates
        let fails = candidates.filter(\.isFailure).map(\.candidate)
        let goals = candidates.filter { !$0.isFailure }.map(\.candidate)
        guard let best = goals.first, best.score >= scoreMin else {
            return [JourneyGuess(events, field, attempts, goal: nil, fails: fails)]
        }
        var found = [JourneyGuess(events, field, attempts, goal: best, fails: fails)]
        for goal in goals.dropFirst() where goal.score >= 0.75 * best.score && found.count < typesMax && goal.moment.field == field {
            guard goal.attempts * 50 >= attempts.count, goal.attempts >= 5 else { continue }
            // Another goal of the same way is no type of its own.
            guard !found.contains(where: { $0.passes(goal.moment.texts[0]) }) else { continue }
            let journey = JourneyGuess(events, field, attempts, goal: goal, fails: fails)
            let isApart = found.allSatisfy { other in journey.labels.isDisjoint(with: other.labels) }
            if isApart, journey.steps.count > 1, journey.reached * 2 > goal.attempts { found.append(journey) }
        }
        let taken = found.compactMap { $0.goal?.moment }
        found[0].otherGoals = goals.filter { $0.score >= 0.6 * best.score && !taken.contains($0.moment) }.prefix(4).map { $0 }
        for index in found.indices.dropFirst() {
            let count = found[..<index].count { $0.name.hasPrefix(found[index].name) }
            if count > 0 { found[index].name += " \(count + 1)" }
        }
        return found
    }

    /// What its steps are told by, but for the goal's.
    private var labels: Set<String> { Set(steps.flatMap(\.moment.texts)).subtracting(goal?.moment.texts ?? []) }

    private func passes(_ text: String) -> Bool { steps.contains { $0.moment.texts.contains(text) } }

    private static let scoreMin = 1.3

    private init(
        _ events: SampledEvents, _ field: SampledEvents.Place, _ attempts: [[SampledEvents.Event]], goal: Candidate?, fails: [Candidate]
    ) {
        (self.field, self.goal) = (field, goal)
        let ways = Self.ways(attempts, goal?.moment)
        let usual = Set(fails.flatMap(\.moment.texts))
        let order = StepOrder(
            ways, field, besides: [goal?.moment].compactMap { $0 }, failures: usual, max: Self.stepsMax - 1, shareMin: Self.shareMin)
        isOrdered = order.agreement >= 0.75
        let entries = Entries(ways, field).chosen(besides: [goal?.moment].compactMap { $0 })
        var chain = order.labels
        if let entries { chain.removeAll { entries.contains($0) } }
        // Who begins anywhere is on the way with the first step of it.
        isOnTheWay = entries == nil && goal != nil && !chain.isEmpty
        start = (entries ?? (isOnTheWay ? Array(chain.prefix(Self.stepsMax - 1)) : nil)).map { Moment(field: field, texts: $0) }
        // What ends attempts that began so.
        let own = fails.filter { fail in
            guard fail.moment != goal?.moment else { return false }
            let ended = attempts.filter { $0.contains(where: fail.moment.matches) }
            return 2 * ended.count { attempt in start.map { attempt.contains(where: $0.matches) } ?? true } >= ended.count
        }
        fail = own.first { 2 * $0.last >= $0.attempts }
        otherFails = own.filter { $0.moment != fail?.moment }.prefix(3).map { $0 }
        addSteps(entries, chain, events)
        measure(events)
        name = JourneyNames.name(steps.map(\.name) + [goal?.moment.texts.first].compactMap { $0 })
    }

    private mutating func addSteps(_ entries: [String]?, _ chain: [String], _ events: SampledEvents) {
        var taken: Set<String> = []
        func add(_ label: String, _ moment: Moment) {
            let words = YAMLText.line(label.isEmpty ? "step" : label, max: 40)
            var (name, count) = (words, 2)
            while !taken.insert(name).inserted { (name, count) = ("\(words) \(count)", count + 1) }
            steps.append(Step(name: name, moment: moment))
        }
        if let entries { add(entries.count == 1 ? entries[0] : "entry", Moment(field: field, texts: entries)) }
        for label in chain.prefix(Self.stepsMax - 1 - steps.count) {
            let moment = Moment(field: field, texts: [label])
            // The goal in other words is no step before it.
            let isGoal = goal.map { goal in events.persons.joined().allSatisfy { !moment.matches($0) || goal.moment.matches($0) } } ?? false
            if !isGoal { add(label, moment) }
        }
        guard let goal else { return }
        add(goal.moment.texts[0], goal.moment)
        // An event belongs to the first step that it matches, and the goal is the last one's.
        let last = events.persons.joined().filter(goal.moment.matches)
        for index in steps.indices.dropLast() where last.contains(where: steps[index].moment.matches) { steps[index].besides = goal.moment }
    }

    /// The first that says several things and not hundreds.
    private static func field(_ events: SampledEvents) -> SampledEvents.Place {
        let counts = SampledEvents.Place.allCases.map { place in
            (place, Set(events.persons.joined().lazy.compactMap { $0.text(place) }).count)
        }
        return counts.first { (3...200).contains($0.1) }?.0 ?? counts.first { (2...2000).contains($0.1) }?.0 ?? .touchpoint
    }

    /// Attempts up to their goal; all where none, or too few, came to one.
    private static func ways(_ attempts: [[SampledEvents.Event]], _ goal: Moment?) -> [[SampledEvents.Event]] {
        guard let goal else { return attempts }
        let ways = attempts.compactMap { events in events.firstIndex(where: goal.matches).map { Array(events[...$0]) } }.filter {
            $0.count > 1
        }
        return ways.isEmpty ? attempts : ways
    }

    // MARK: How long

    /// A silence that few who come to the goal are longer than. Where that would keep most of the log's journeys open, one that half of
    /// them are not longer than will do.
    private static func usual(_ silences: [Microseconds], _ span: Microseconds) -> Microseconds {
        guard !silences.isEmpty else { return DurationWords.day }
        let choices = [
            silences[silences.count * 9 / 10] * 3 / 2, silences[silences.count * 3 / 4] * 5 / 4, silences[silences.count / 2] * 3 / 2,
        ]
        return choices.first { $0 <= span / 6 } ?? choices[choices.count - 1]
    }

    /// Plays the journeys on the sample: once without an end by silence, to see how long silences are on the way to a goal; then with.
    private mutating func measure(_ events: SampledEvents) {
        let free = JourneyPlay(
            events.persons, start: start, ends: [goal, fail].compactMap { $0?.moment }, goal: goal?.moment, inactivity: .max)
        let span = (events.persons.compactMap(\.last?.time).max() ?? 0) - (events.persons.compactMap(\.first?.time).min() ?? 0)
        let silences = free.reached.isEmpty ? events.gaps : free.reached.map(\.silence).sorted()
        let usual = Self.usual(silences, span)
        // Who comes back the next day goes on with what they began; a log of an hour cannot tell.
        inactivity = max(span >= 7 * DurationWords.day ? DurationWords.day : 30 * DurationWords.minute, DurationWords.rounded(usual))
        // Without a goal any silence is as good; with a short one some journeys are over.
        while free.reached.isEmpty, inactivity > max(30 * DurationWords.minute, span / 3),
            let less = DurationWords.usual.last(where: { $0 < inactivity })
        { inactivity = less }
        var play = JourneyPlay(
            events.persons, start: start, ends: [goal, fail].compactMap { $0?.moment }, goal: goal?.moment, inactivity: inactivity)
        if start != nil, goal != nil, play.missed > play.reached.count {
            // More goals than not come without such a beginning.
            start = nil
            play = JourneyPlay(
                events.persons, start: nil, ends: [goal, fail].compactMap { $0?.moment }, goal: goal?.moment, inactivity: inactivity)
        }
        (begun, reached) = (play.begun, play.reached.count)
        chooseFunnel(play.reached.map(\.way))
        let lengths = play.reached.map(\.length).sorted()
        if let long = lengths.isEmpty ? nil : lengths[lengths.count * 9 / 10], long > inactivity {
            let enough = DurationWords.rounded(long * 5 / 4)
            if enough > inactivity, enough <= max(span / 2, inactivity) { horizon = enough }
        }
    }
}

extension JourneyGuess {
    /// Of the ways that led to the goal, so many must go through all steps of the funnel.
    private static let throughMin = 0.6

    /// Leaves steps out of the funnel, those that the fewest ways have first, until most ways go through the rest in order.
    private mutating func chooseFunnel(_ ways: [[SampledEvents.Event]]) {
        guard !ways.isEmpty, steps.count > 2 else { return }
        // An event belongs to the first step that it matches.
        let orders = ways.map { way in way.compactMap { event in steps.firstIndex { $0.matches(event) } } }
        while true {
            let funnel = steps.indices.filter { steps[$0].isInFunnel }
            let through = orders.count { order in
                var rest = funnel[...]
                for step in order where step == rest.first { rest.removeFirst() }
                return rest.isEmpty
            }
            guard Double(through) < Self.throughMin * Double(ways.count) else { return }
            let loose = funnel.dropFirst().dropLast()
            guard
                let least = loose.min(by: { one, other in
                    let (few, many) = (orders.count { $0.contains(one) }, orders.count { $0.contains(other) })
                    return few < many
                })
            else { return }
            steps[least].isInFunnel = false
        }
    }
}
