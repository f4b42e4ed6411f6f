package import Events
package import Tables

/// Folds persons into cells: the pure heart of sojourn. One object belongs to one worker; its cells are summed with
/// the others' at the end.
package final class PersonFold {
    package let cells = MetricCells()
    package private(set) var events: Int64 = 0
    package private(set) var duplicates: Int64 = 0

    private let plan: FoldPlan
    private let person: PersonEvents
    private var sessionizer: Sessionizer
    private var finder = JourneyFinder()
    private var contributions: [JourneyContribution]
    private let touchpoints: TouchpointCells
    private let frictions: FrictionFold?
    private var calendar: DayCalendar
    private var lastJourney: UInt32 = 0
    private let asOf: AsOf
    /// Up to and including this as-of, the contribution of the person added last stays what it is.
    package var holdsUntil: EventTime { asOf.holdsUntil }

    package init(plan: FoldPlan) {
        self.plan = plan
        person = PersonEvents(layout: plan.layout)
        asOf = AsOf(plan.asOf)
        sessionizer = Sessionizer(plan: plan)
        calendar = DayCalendar(zone: plan.zone)
        let cells = cells
        contributions = plan.journeys.enumerated().map { JourneyContribution(type: UInt32($0.offset), rule: $0.element, plan: plan, cells: cells) }
        touchpoints = TouchpointCells(plan: plan, table: cells.touchpoints)
        frictions = FrictionFold(plan: plan, cells: cells, asOf: asOf)
    }

    /// Adds one person's contribution.
    /// - Parameters:
    ///   - number: of the person, from 0; any two persons of a run have different ones.
    ///   - rows: all events of the person, in input order.
    ///   - known: what the person was counted for by events that are no longer here.
    package func add(person number: UInt32, rows: UnsafeBufferPointer<UnsafeRawPointer>, known: Set<PersonFact> = []) {
        let owner = number + 1
        if !known.isEmpty { cells.mark(known, owner: owner) }
        asOf.forget()
        person.load(rows)
        events += Int64(person.count)
        duplicates += Int64(person.duplicates)
        addEvents(owner)
        sessionizer.run(person, plan: plan)
        addSessions(owner)
        frictions?.begin(person, sessionizer, owner: owner)
        for type in plan.journeys.indices { addJourneys(type, owner) }
    }

    /// How many events of the person added last lie in memory at an address or behind it.
    package func keptRows(from start: UnsafeRawPointer) -> Int64 { (0..<person.count).reduce(0) { person.rows[$1] >= start ? $0 + 1 : $0 } }

    private func addEvents(_ owner: UInt32) {
        for index in 0..<person.count {
            let kind = plan.kinds[Int(person.kinds[index])]
            touchpoints.add(event: kind, day: calendar.day(of: person.times[index]), owner: owner)
        }
    }

    private func addSessions(_ owner: UInt32) {
        guard !sessionizer.sessions.isEmpty else { return }
        let table = cells.sessions
        for index in 0..<person.count where sessionizer.sessionOfEvent[index] >= 0 {
            let session = sessionizer.sessions[Int(sessionizer.sessionOfEvent[index])]
            // Once a session, at its first event: there the channel's symbol is at hand.
            guard sessionizer.isNew(sessionizer.sessionOfEvent[index], journey: UInt32.max) else { continue }
            let channel = plan.kinds[Int(person.kinds[index])].channelSymbol
            let cell = table.cell(channel, UInt32(bitPattern: calendar.day(of: session.start)))
            table.add(1, to: SessionCounter.sessions.rawValue, of: cell)
            table.add(session.events, to: SessionCounter.events.rawValue, of: cell)
            if session.events == 1 { table.add(1, to: SessionCounter.bounces.rawValue, of: cell) }
            if session.isConcurrent { table.add(1, to: SessionCounter.concurrent.rawValue, of: cell) }
            table.note(session.last - session.start, measure: MetricCells.sessionDuration, of: cell)
            if table.addOnce(owner, to: SessionCounter.customers.rawValue, of: cell) {
                table.addOnce(owner, to: SessionCounter.customers.rawValue, of: table.cell(channel, MetricCells.allDays))
            }
        }
    }

    private func addJourneys(_ type: Int, _ owner: UInt32) {
        let rule = plan.journeys[type]
        for index in 0..<person.count { person.facts[index] = rule.facts(kind: Int(person.kinds[index]), row: person.rows[index]) }
        frictions?.begin(type: type, person, sessionizer)
        finder.run(person, rule: rule, asOf: asOf) { journey, status in
            lastJourney += 1
            let context = JourneyContext(
                events: journey, status: status, day: calendar.day(of: person.times[Int(journey.first!)]), owner: owner, journey: lastJourney)
            contributions[type].add(context, person, &sessionizer, plan: plan, cells: cells)
            touchpoints.add(context, person, plan: plan)
            frictions?.add(context, type: type, person, found: nil)
        }
    }
}

/// One journey on its way into cells.
struct JourneyContext {
    /// Indices of the person's events.
    let events: ArraySlice<Int32>
    let status: JourneyStatus
    /// The day it started.
    let day: Int32
    /// Number of the person, not 0.
    let owner: UInt32
    /// Number of the journey among this worker's, not 0.
    let journey: UInt32
}
