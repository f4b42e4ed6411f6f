package import Events

/// The walk over one person's events: from rows to events in order, to sessions, to the journeys of each type with their
/// visits, their way through the funnel and their frictions. What becomes of them is the affair of whoever is called at
/// each journey. One object is used for person after person.
///
/// A pure function of the person's rows, the plan and as-of: no clock, no file, no other person.
package final class PersonWalk {
    package let plan: FoldPlan
    package let events: PersonEvents
    /// Number of the person, not 0.
    package internal(set) var owner: UInt32 = 0
    /// How many journeys were numbered.
    var lastJourney: UInt32 = 0
    private var visitList = SlotList<StepVisit>()
    /// How many sessions its events belong to.
    package private(set) var sessionCount: Int64 = 0
    let sessionizer: Sessionizer
    private let finder = JourneyFinder()
    /// nil where no channel is assisted.
    private let contactFinder: ContactFinder?
    private let waitFinder: WaitFinder?
    /// nil where nothing is measured.
    private var measureFinder: MeasureFinder?
    /// By journey type.
    private let funnels: HeldObjects<FunnelMatcher>
    /// By journey type.
    package let rules: HeldObjects<JourneyRule>
    /// Of the journey at hand.
    private(set) var type = 0
    private let frictions: FrictionFinder?
    private var calendar: DayCalendar
    let asOf: AsOf

    package init(plan: FoldPlan) {
        self.plan = plan
        events = PersonEvents(layout: plan.layout)
        asOf = AsOf(plan.asOf)
        sessionizer = Sessionizer(plan: plan)
        let hasAssisted = plan.channels.contains(where: \.isAssisted)
        contactFinder = hasAssisted ? ContactFinder(plan: plan) : nil
        waitFinder = hasAssisted ? WaitFinder(plan: plan) : nil
        if !plan.measures.definition.surveys.isEmpty || !plan.measures.terms.isEmpty { measureFinder = MeasureFinder() }
        funnels = HeldObjects(plan.journeys.map { FunnelMatcher(rule: $0) })
        rules = HeldObjects(plan.journeys)
        frictions = FrictionFinder(plan: plan, asOf: asOf)
        calendar = DayCalendar(zone: plan.zone)
    }

    /// Up to and including this as-of, everything that the last walk said stays what it is.
    package var holdsUntil: EventTime { asOf.holdsUntil }
    /// Stands for all moments at which time alone will change it.
    package var changes: UInt64 { asOf.changes }
    /// What is answered otherwise as of the later moment that is asked for, too; `holdsUntil` and `changes` hold from that moment on.
    package var differing: AsOfQuestions { asOf.differing }

    package var sessions: SlotRange<Session> { sessionizer.sessions }

    /// Of the journey at hand, in order.
    package var visits: SlotRange<StepVisit> { visitList.all }

    /// In order of their first events.
    package var contacts: SlotRange<Contact> { contactFinder?.contacts ?? .none }
    package var waits: SlotRange<Wait> { waitFinder?.waits ?? .none }

    /// In order of events.
    package var answers: [SurveyAnswer] { measureFinder?.answers ?? [] }
    package var termPairs: [TermPair] { measureFinder?.pairs ?? [] }

    /// Whether an event was sent out by the organization, and the time in which that may show its effect is over.
    package func isJudgedOutreach(_ event: Int) -> Bool {
        let kind = plan.kinds[Int(events.kinds[event])]
        return kind.isOutbound && !kind.isByCustomer
            && asOf.hasReached(events.times[event], plus: MeasureDefinition.outreachMax, .outreach)
    }

    /// Whether so much time has passed at as-of since a contact ended.
    package func hasPassed(_ window: Microseconds, since contact: Contact) -> Bool {
        asOf.hasReached(contact.end, plus: window, .contacts)
    }

    /// Whether the time to answer is over: one that is carried over was judged by its events, and where there is no SLA none is.
    package func isJudged(_ wait: Wait) -> Bool {
        guard wait.event != nil, let sla = plan.channels[wait.channel].responseSLA else { return false }
        return asOf.hasReached(wait.asked, plus: sla, .answers)
    }

    /// What rules need and the person has; whole after the walk.
    package var metNeeds: SlotRange<MetNeed> { frictions?.metNeeds ?? .none }

    /// Goes through one person's events.
    /// - Parameters:
    ///   - number: of the person, from 0; any two persons of a run have different ones.
    ///   - rows: all events of the person, in input order.
    ///   - openWaits: those that events opened which are no longer here.
    ///   - later: a later moment as of which all is asked as well (`differing`).
    ///   - body: is called for each journey, type by type; what is said of the journey at hand holds until it returns.
    package func run(
        person number: UInt32, rows: Span<EventRow>, openWaits: [OpenWait] = [], asking later: EventTime = .min,
        _ body: (JourneyContext) -> Void
    ) {
        owner = number + 1
        asOf.forget(asking: later)
        events.load(rows)
        events.setDays(&calendar)
        sessionizer.run(events, plan: plan)
        contactFinder?.run(events, sessionizer, plan: plan)
        waitFinder?.run(events, openWaits, plan: plan)
        measureFinder?.run(events, plan: plan)
        frictions?.begin(events, sessionizer)
        for type in rules.indices { rules.with(type) { walk(type, $0, body) } }
    }

    private func walk(_ type: Int, _ rule: JourneyRule, _ body: (JourneyContext) -> Void) {
        self.type = type
        for index in 0..<events.count { events.facts[index] = rule.facts(kind: Int(events.kinds[index]), row: events.rows[index]) }
        frictions?.begin(type: type, events, sessionizer)
        finder.run(events, rule: rule, asOf: asOf)
        for found in finder.journeys {
            lastJourney += 1
            let (first, last) = (Int(found.events.first!), Int(found.events.last!))
            let journey = JourneyContext(
                type: type, events: found.events, status: found.status, day: events.days[first], owner: owner,
                isMature: asOf.hasReached(events.times[first], plus: rule.maturity, .maturity),
                isInTime: found.status == .completed && events.times[last] - events.times[first] <= rule.maturity, journey: lastJourney)
            visitList.removeAll()
            journey.forEachVisit(events) { visitList.append($0) }
            sessionCount = countSessions(of: journey)
            if rule.funnelLength > 0 { funnels.with(type) { measureFunnel(journey, rule, $0) } }
            frictions?.find(in: journey, events)
            body(journey)
        }
    }

    private func countSessions(of journey: JourneyContext) -> Int64 {
        var count: Int64 = 0
        for event in journey.events {
            let session = sessionizer.sessionOfEvent[Int(event)]
            if session >= 0, sessionizer.isNew(session, journey: journey.journey) { count += 1 }
        }
        return count
    }

    private func measureFunnel(_ journey: JourneyContext, _ rule: JourneyRule, _ funnel: FunnelMatcher) {
        funnel.reset()
        for event in journey.events {
            let event = Int(event)
            let step = Int(events.facts[event].step)
            guard step >= 0 else { continue }
            if let overlap = rule.overlap, overlap.isPossible(kind: Int(events.kinds[event])) {
                overlap.find(kind: Int(events.kinds[event]), row: events.rows[event], first: step, places: &funnel.places)
                funnel.takePlaces(time: events.times[event])
            } else {
                funnel.take(time: events.times[event], place: rule.funnelPlaces[step])
            }
        }
    }

    // MARK: The journey at hand

    /// Whether one of its visits that has ended is old enough to be judged.
    package func isJudged(_ visit: StepVisit) -> Bool {
        asOf.hasReached(events.times[Int(visit.event)], plus: rules.with(type) { $0.judgedAges[visit.step] }, .visits)
    }

    /// The symbol of its segment: of the field's text at its first event that has one.
    package func segment(of journey: JourneyContext, dimension: Int) -> UInt32 {
        for event in journey.events {
            let text = plan.filledText(plan.dimensions[dimension], Int(event), events)
            if text != 0 { return text }
        }
        return plan.noText
    }

    /// The symbol of the owner of an event of it: of its step, or else of its channel; 0 where neither has one.
    package func owner(of event: Int, in journey: JourneyContext) -> UInt32 {
        let step = Int(events.facts[event].step)
        let owner = step < 0 ? 0 : rules.with(journey.type) { $0.stepOwners[step] }
        return owner != 0 ? owner : plan.kinds[Int(events.kinds[event])].ownerSymbol
    }

    /// Of a visit: that of its first event.
    package func owner(of visit: StepVisit, in journey: JourneyContext) -> UInt32 { owner(of: Int(visit.event), in: journey) }

    /// What it is worth by its last event, in millionths; nil where that is no number.
    package func worth(of journey: JourneyContext) -> Int64? { plan.worth(Int(journey.events.last!), events) }

    /// How far it got in its type's funnel: 0 for not at all.
    package var funnelLevel: Int { funnels.with(type) { $0.level } }

    /// When it reached each step up to that level, where times can be told.
    package var funnelChain: SlotRange<EventTime> { funnels.with(type) { $0.chain } }

    /// The matches of rules that count for it.
    package var frictionsFound: SlotRange<FrictionFound> { frictions?.found ?? .none }

    /// Rules whose search was given up in it at the step limit; some may stand twice.
    package var rulesGivenUp: SlotRange<Int> { frictions?.givenUp ?? .none }

    /// The events of a match that was found, with the numbers of the variables that they stand for.
    package func bound(_ found: FrictionFound) -> SlotRange<(event: Int32, variable: UInt8)> {
        frictions?.bound(found) ?? .none
    }

    /// How many of the person's rows are events of which something holds.
    package func keptRows(where holds: (EventRow) -> Bool) -> Int64 {
        (0..<events.count).reduce(0) { holds(events.rows[$1]) ? $0 + 1 : $0 }
    }
}
