import Events

/// Finds the matches of a pipeline's rules in one person's events, journey by journey. One object is used for person after
/// person.
final class FrictionFinder {
    private var foundList = SlotList<FrictionFound>()
    private var givenUpList = SlotList<Int>()
    private var metList = SlotList<MetNeed>()

    /// The matches that count for the journey at hand: those whose last event it contains.
    var found: SlotRange<FrictionFound> { foundList.all }
    /// Rules whose search reached its step limit in the journey at hand, or in a wider list that it lies in.
    var givenUp: SlotRange<Int> { givenUpList.all }
    /// What the person's events so far met of what rules need.
    var metNeeds: SlotRange<MetNeed> { metList.all }
    /// All events of the person.
    private var everything: SlotRange<Int32> { numbers.all[..<count] }

    private let plan: FoldPlan
    private let shared: FrictionSet
    private let sharedNeeds: NeedSet
    /// By journey type.
    private let ofTypes: HeldObjects<FrictionSet>
    private let needsOfTypes: HeldObjects<NeedSet>
    private let matcher: PatternMatcher
    private let asOf: AsOf
    /// Numbers from 0, as many as the person with most events so far has; and how many this person has.
    private var numbers = SlotList<Int32>()
    private var count = 0
    /// The events of the person's sessions, one session after the other, and where each begins.
    private var bySession = SlotList<Int32>()
    private var sessionStarts = SlotList<Int>()
    /// By session, while its events are brought together: how many are there.
    private var next = SlotList<Int>()
    /// The bits that any event of a list may satisfy.
    private var words = SlotList<UInt64>()
    /// Whether the list has events of more than one channel, and how many it has at all.
    private var hasChannels = false
    private var listCount = 0
    /// Rules of session scope that some session of the person may match.
    private var ofSessions = SlotList<Int>()
    /// How many matches hold for journeys of every type, and how many besides for all journeys of the type at hand.
    private var sharedMatches = 0
    private var typeMatches = 0
    /// Those matches by the events that they end at; empty as long as nobody asked.
    private var endings: [(event: Int32, place: Int)] = []
    /// Whether the person's events have their steps in the type at hand.
    private var hasSteps = false
    /// Rules given up in a list that is wider than a journey.
    private var givenUpForAll = SlotList<Int>()
    private var givenUpForType = SlotList<Int>()

    /// nil where the plan has no rules.
    init?(plan: FoldPlan, asOf: AsOf) {
        let sets = [plan.frictions.shared] + plan.frictions.ofTypes
        guard let anyRule = sets.compactMap({ $0.rules.objects.first }).first else { return nil }
        self.plan = plan
        (shared, sharedNeeds) = (plan.frictions.shared, plan.frictions.sharedNeeds)
        ofTypes = HeldObjects(plan.frictions.ofTypes)
        needsOfTypes = HeldObjects(plan.frictions.needsOfTypes)
        self.asOf = asOf
        matcher = PatternMatcher(plan: plan, asOf: asOf, anyRule: anyRule)
    }

    /// Before the journeys of a person.
    func begin(_ person: PersonEvents, _ sessionizer: Sessionizer) {
        metList.removeAll()
        matcher.beginPerson()
        while numbers.count < person.count { numbers.append(Int32(numbers.count)) }
        count = person.count
        sessionStarts.removeAll()
        givenUpForAll.removeAll()
        person.makeContexts(plan.symbols)
        sharedNeeds.forEachMet(by: person) { metList.append(MetNeed(type: nil, number: $0)) }
        matchWidely(shared, person, sessionizer, &givenUpForAll)
        sharedMatches = matcher.matches.count
    }

    /// Before the journeys of one type, whose facts the person's events have by now.
    func begin(type: Int, _ person: PersonEvents, _ sessionizer: Sessionizer) {
        matcher.forget(from: sharedMatches)
        givenUpForType.removeAll()
        // Most persons have no journey of most types; then nobody asks for their steps, unless it takes more than kinds.
        hasSteps = ofTypes.with(type) { $0.hasWiderScope } || !needsOfTypes.with(type) { $0.isStatic }
        if hasSteps { person.setSteps(plan.journeys[type].stepNames) }
        needsOfTypes.with(type) { $0.forEachMet(by: person) { metList.append(MetNeed(type: type, number: $0)) } }
        ofTypes.with(type) { matchWidely($0, person, sessionizer, &givenUpForType) }
        typeMatches = matcher.matches.count
        endings.removeAll(keepingCapacity: true)
    }

    /// Matches the rules of journey scope in a journey, and finds every match that counts for it.
    func find(in journey: JourneyContext, _ person: PersonEvents) {
        let type = journey.type
        foundList.removeAll()
        givenUpList.removeAll()
        matcher.forget(from: typeMatches)
        if !hasSteps {
            hasSteps = true
            person.setSteps(plan.journeys[type].stepNames)
        }
        for rule in givenUpForAll.all { givenUpList.append(rule) }
        for rule in givenUpForType.all { givenUpList.append(rule) }
        ofTypes.with(type) { if $0.hasJourneyScope { match($0, in: journey, person) } }
        // However many journeys and matches a person has, it takes no more than the one or the other, not their product.
        if typeMatches <= journey.events.count {
            for place in 0..<typeMatches where journey.events.containsAscending(matcher.lastEvent(place)) { addWide(place, journey) }
        } else {
            for place in widePlaces(endingIn: journey) { addWide(place, journey) }
        }
        for place in typeMatches..<matcher.matches.count { add(place) }
    }

    private func match(_ set: FrictionSet, in journey: JourneyContext, _ person: PersonEvents) {
        collect(set, journey.events, person)
        let isClosed = journey.status != .open
        let places = set.places
        for index in 0..<places.count where places[index].rule.scope == .journey && isPossible(places[index]) {
            let isComplete = matcher.match(index, of: set, in: journey.events, person, isClosed: isClosed)
            if !isComplete { givenUpList.append(places[index].rule.number) }
        }
    }

    private func addWide(_ place: Int, _ journey: JourneyContext) {
        if !matcher.matches[place].holdsForClosed || journey.status != .open { add(place) }
    }

    private func add(_ place: Int) {
        let match = matcher.matches[place]
        foundList.append(FrictionFound(match: match, first: Int(matcher.bound(match).first!.event), last: Int(matcher.lastEvent(place))))
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
    func bound(_ found: FrictionFound) -> SlotRange<(event: Int32, variable: UInt8)> { matcher.bound(found.match) }

    // MARK: Lists wider than a journey

    private func matchWidely(_ set: FrictionSet, _ person: PersonEvents, _ sessionizer: Sessionizer, _ givenUp: inout SlotList<Int>) {
        guard set.hasWiderScope else { return }
        collect(set, everything, person)
        ofSessions.removeAll()
        let places = set.places
        for index in 0..<places.count where isPossible(places[index]) {
            switch places[index].rule.scope {
            case .journey: break
            case .session: ofSessions.append(index)
            case .person:
                if !matcher.match(index, of: set, in: everything, person, isClosed: true) { note(places[index].rule.number, in: &givenUp) }
            }
        }
        if !ofSessions.isEmpty { matchSessions(set, person, sessionizer, &givenUp) }
    }

    private func matchSessions(_ set: FrictionSet, _ person: PersonEvents, _ sessionizer: Sessionizer, _ givenUp: inout SlotList<Int>) {
        if sessionStarts.isEmpty { sortBySession(sessionizer) }
        let places = set.places
        for (number, session) in sessionizer.sessions.enumerated() {
            let list = bySession.all[sessionStarts[number]..<sessionStarts[number + 1]]
            collect(set, list, person)
            let isOver = plan.isOver(session, asOf)
            for index in ofSessions.all where isPossible(places[index]) {
                let isComplete = matcher.match(index, of: set, in: list, person, isClosed: isOver)
                if !isComplete { note(places[index].rule.number, in: &givenUp) }
            }
        }
    }

    /// However many lists it was given up in, a rule stands once.
    private func note(_ rule: Int, in givenUp: inout SlotList<Int>) {
        if !givenUp.all.contains(rule) { givenUp.append(rule) }
    }

    /// By counting: sessions are numbered, and each keeps the order of its events.
    private func sortBySession(_ sessionizer: Sessionizer) {
        sessionStarts.fill(0, count: sessionizer.sessions.count + 1)
        for session in sessionizer.sessionOfEvent where session >= 0 { sessionStarts[Int(session) + 1] += 1 }
        for session in sessionizer.sessions.indices { sessionStarts[session + 1] += sessionStarts[session] }
        bySession.fill(0, count: sessionStarts[sessionizer.sessions.count])
        next.fill(0, count: sessionizer.sessions.count)
        for (event, session) in sessionizer.sessionOfEvent.enumerated() where session >= 0 {
            let session = Int(session)
            bySession[sessionStarts[session] + next[session]] = Int32(event)
            next[session] += 1
        }
    }

    // MARK: What a list may hold

    private func collect(_ set: FrictionSet, _ list: SlotRange<Int32>, _ person: PersonEvents) {
        words.removeAll()
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
package struct FrictionFound: BitwiseCopyable {
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
package struct MetNeed: BitwiseCopyable {
    /// nil: whatever the journey type.
    package let type: Int?
    /// Place in the plan's list of needs.
    package let number: Int
}
