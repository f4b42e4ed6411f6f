import Events

/// Finds the matches of a pipeline's rules in one person's events, journey by journey. One object is used for person after
/// person.
final class FrictionFinder {
    /// The matches that count for the journey at hand: those whose last event it contains.
    private(set) var found: [FrictionFound] = []
    /// Rules whose search reached its step limit in the journey at hand, or in a wider list that it lies in.
    private(set) var givenUp: [Int] = []
    /// What the person's events so far met of what rules need.
    private(set) var metNeeds: [MetNeed] = []

    private let plan: FoldPlan
    private let matcher: PatternMatcher
    private let asOf: AsOf
    /// Numbers from 0, as many as the person with most events so far has; and those of this person: all of its events.
    private var numbers: [Int32] = []
    private var everything: ArraySlice<Int32> = []
    /// The events of the person's sessions, one session after the other, and where each begins.
    private var bySession: [Int32] = []
    private var sessionStarts: [Int] = []
    /// The bits that any event of a list may satisfy.
    private var words: [UInt64] = []
    /// Whether the list has events of more than one channel, and how many it has at all.
    private var hasChannels = false
    private var listCount = 0
    /// Rules of session scope that some session of the person may match.
    private var ofSessions: [Int] = []
    /// How many matches hold for journeys of every type, and how many besides for all journeys of the type at hand.
    private var sharedMatches = 0
    private var typeMatches = 0
    /// Those matches by the events that they end at; empty as long as nobody asked.
    private var endings: [(event: Int32, place: Int)] = []
    /// Whether the person's events have their steps in the type at hand.
    private var hasSteps = false
    /// Rules given up in a list that is wider than a journey.
    private var givenUpForAll: Set<Int> = []
    private var givenUpForType: Set<Int> = []

    /// nil where the plan has no rules.
    init?(plan: FoldPlan, asOf: AsOf) {
        guard let anyRule = ([plan.frictions.shared] + plan.frictions.ofTypes).compactMap(\.rules.first).first else { return nil }
        self.plan = plan
        self.asOf = asOf
        matcher = PatternMatcher(plan: plan, asOf: asOf, anyRule: anyRule)
    }

    /// Before the journeys of a person.
    func begin(_ person: PersonEvents, _ sessionizer: Sessionizer) {
        metNeeds.removeAll(keepingCapacity: true)
        matcher.beginPerson()
        if numbers.count < person.count { numbers = Array(0..<Int32(person.count)) }
        everything = numbers[..<person.count]
        sessionStarts.removeAll(keepingCapacity: true)
        givenUpForAll.removeAll(keepingCapacity: true)
        person.makeContexts(plan.symbols)
        plan.frictions.sharedNeeds.forEachMet(by: person) { metNeeds.append(MetNeed(type: nil, number: $0)) }
        matchWidely(plan.frictions.shared, person, sessionizer, &givenUpForAll)
        sharedMatches = matcher.matches.count
    }

    /// Before the journeys of one type, whose facts the person's events have by now.
    func begin(type: Int, _ person: PersonEvents, _ sessionizer: Sessionizer) {
        matcher.forget(from: sharedMatches)
        givenUpForType.removeAll(keepingCapacity: true)
        // Most persons have no journey of most types; then nobody asks for their steps, unless it takes more than kinds.
        hasSteps = plan.frictions.ofTypes[type].hasWiderScope || !plan.frictions.needsOfTypes[type].isStatic
        if hasSteps { person.setSteps(plan.journeys[type].stepNames) }
        plan.frictions.needsOfTypes[type].forEachMet(by: person) { metNeeds.append(MetNeed(type: type, number: $0)) }
        matchWidely(plan.frictions.ofTypes[type], person, sessionizer, &givenUpForType)
        typeMatches = matcher.matches.count
        endings.removeAll(keepingCapacity: true)
    }

    /// Matches the rules of journey scope in a journey, and finds every match that counts for it.
    func find(in journey: JourneyContext, _ person: PersonEvents) {
        let type = journey.type
        let set = plan.frictions.ofTypes[type]
        found.removeAll(keepingCapacity: true)
        givenUp.removeAll(keepingCapacity: true)
        matcher.forget(from: typeMatches)
        if !hasSteps {
            hasSteps = true
            person.setSteps(plan.journeys[type].stepNames)
        }
        givenUp.append(contentsOf: givenUpForAll)
        givenUp.append(contentsOf: givenUpForType)
        if set.hasJourneyScope {
            collect(set, journey.events, person)
            let isClosed = journey.status != .open
            let places = set.places
            for index in 0..<places.count where places[index].rule.scope == .journey && isPossible(places[index]) {
                let isComplete = matcher.match(index, of: set, in: journey.events, person, isClosed: isClosed)
                if !isComplete { givenUp.append(places[index].rule.number) }
            }
        }
        // However many journeys and matches a person has, it takes no more than the one or the other, not their product.
        if typeMatches <= journey.events.count {
            for place in 0..<typeMatches where journey.events.containsAscending(matcher.lastEvent(place)) { addWide(place, journey) }
        } else {
            for place in widePlaces(endingIn: journey) { addWide(place, journey) }
        }
        for place in typeMatches..<matcher.matches.count { add(place) }
    }

    private func addWide(_ place: Int, _ journey: JourneyContext) {
        if !matcher.matches[place].holdsForClosed || journey.status != .open { add(place) }
    }

    private func add(_ place: Int) {
        let match = matcher.matches[place]
        found.append(FrictionFound(match: match, first: Int(matcher.bound[match.start].event), last: Int(matcher.lastEvent(place))))
    }

    /// Of the matches in lists wider than a journey those that end in it, in their order.
    private func widePlaces(endingIn journey: JourneyContext) -> [Int] {
        if endings.isEmpty {
            endings = (0..<typeMatches).map { (matcher.lastEvent($0), $0) }
            endings.sort { ($0.event, $0.place) < ($1.event, $1.place) }
        }
        var places: [Int] = []
        for event in journey.events {
            for ending in endings[endings.partitioningIndex(where: { $0.event >= event })...] {
                guard ending.event == event else { break }
                places.append(ending.place)
            }
        }
        return places.sorted()
    }

    /// The events of a match, with the variables that they stand for.
    func bound(_ found: FrictionFound) -> ArraySlice<(event: Int32, variable: UInt8)> {
        matcher.bound[found.match.start..<found.match.start + found.match.count]
    }

    // MARK: Lists wider than a journey

    private func matchWidely(_ set: FrictionSet, _ person: PersonEvents, _ sessionizer: Sessionizer, _ givenUp: inout Set<Int>) {
        guard set.hasWiderScope else { return }
        collect(set, everything, person)
        ofSessions.removeAll(keepingCapacity: true)
        let places = set.places
        for index in 0..<places.count where isPossible(places[index]) {
            switch places[index].rule.scope {
            case .journey: break
            case .session: ofSessions.append(index)
            case .person:
                if !matcher.match(index, of: set, in: everything, person, isClosed: true) { givenUp.insert(places[index].rule.number) }
            }
        }
        if !ofSessions.isEmpty { matchSessions(set, person, sessionizer, &givenUp) }
    }

    private func matchSessions(_ set: FrictionSet, _ person: PersonEvents, _ sessionizer: Sessionizer, _ givenUp: inout Set<Int>) {
        if sessionStarts.isEmpty { sortBySession(sessionizer) }
        let places = set.places
        for (number, session) in sessionizer.sessions.enumerated() {
            let list = bySession[sessionStarts[number]..<sessionStarts[number + 1]]
            collect(set, list, person)
            let isOver = plan.isOver(session, asOf)
            for index in ofSessions where isPossible(places[index]) {
                let isComplete = matcher.match(index, of: set, in: list, person, isClosed: isOver)
                if !isComplete { givenUp.insert(places[index].rule.number) }
            }
        }
    }

    /// By counting: sessions are numbered, and each keeps the order of its events.
    private func sortBySession(_ sessionizer: Sessionizer) {
        sessionStarts.append(contentsOf: repeatElement(0, count: sessionizer.sessions.count + 1))
        for session in sessionizer.sessionOfEvent where session >= 0 { sessionStarts[Int(session) + 1] += 1 }
        for session in sessionizer.sessions.indices { sessionStarts[session + 1] += sessionStarts[session] }
        bySession.removeAll(keepingCapacity: true)
        bySession.append(contentsOf: repeatElement(0, count: sessionStarts[sessionizer.sessions.count]))
        var next = sessionStarts
        for (event, session) in sessionizer.sessionOfEvent.enumerated() where session >= 0 {
            bySession[next[Int(session)]] = Int32(event)
            next[Int(session)] += 1
        }
    }

    // MARK: What a list may hold

    private func collect(_ set: FrictionSet, _ list: ArraySlice<Int32>, _ person: PersonEvents) {
        words.removeAll(keepingCapacity: true)
        let kinds = person.kinds
        for word in 0..<set.bits.wordCount {
            let bits = set.bits.column(word)
            var any: UInt64 = 0
            for event in list { any |= bits.possible(Int(kinds[Int(event)])) }
            words.append(any)
        }
        listCount = list.count
        let first = list.first.map { channel($0, person) }
        hasChannels = list.contains { channel($0, person) != first }
    }

    @inline(__always)
    private func channel(_ event: Int32, _ person: PersonEvents) -> Int32 { plan.kinds[Int(person.kinds[Int(event)])].channel }

    /// Whether each variable without which there is no match may be satisfied by some event of the list.
    @inline(__always)
    private func isPossible(_ place: (rule: RuleOutline, word: Int, shift: UInt64)) -> Bool {
        let rule = place.rule
        return listCount >= rule.lengthMin && (hasChannels || !rule.needsTwoChannels)
            && UInt32(truncatingIfNeeded: words[place.word] >> place.shift) & rule.necessary == rule.necessary
    }
}

/// A match that counts for a journey.
package struct FrictionFound {
    let match: FrictionMatch
    /// The first and the last of its events, among the person's.
    package let first: Int
    package let last: Int

    /// Number of the rule in the pipeline.
    package var rule: Int { match.rule }
    /// How many events it has.
    package var count: Int { match.count }
}

/// Something that rules need of a log, and some event of a person is.
package struct MetNeed {
    /// nil: whatever the journey type.
    package let type: Int?
    /// Place in the plan's list of needs.
    package let number: Int
}
