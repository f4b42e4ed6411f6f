import Events
import Tables

/// What the journeys of one type add to the cells.
struct JourneyContribution {
    private let type: UInt32
    private let rule: JourneyRule
    private var funnel: FunnelMatcher
    private let transitions: TransitionCells
    private let journeyMemo = DayMemo(count: 1)
    private let stepMemo: DayMemo
    private let placeMemo: DayMemo

    init(type: UInt32, rule: JourneyRule, plan: FoldPlan, cells: MetricCells) {
        self.type = type
        self.rule = rule
        funnel = FunnelMatcher(rule: rule)
        transitions = TransitionCells(type: type, plan: plan, cells: cells)
        stepMemo = DayMemo(count: rule.definition.steps.count)
        placeMemo = DayMemo(count: rule.funnelLength)
    }

    mutating func add(
        _ journey: JourneyContext, _ person: PersonEvents, _ sessionizer: inout Sessionizer, plan: FoldPlan, cells: MetricCells
    ) {
        addJourney(journey, person, &sessionizer, plan, cells.journeys)
        addVisits(journey, person, plan, cells)
        addFunnel(journey, person, plan, cells)
        transitions.add(journey, person, plan: plan)
    }

    private func addJourney(_ journey: JourneyContext, _ person: PersonEvents, _ sessionizer: inout Sessionizer, _ plan: FoldPlan, _ table: CellTable) {
        let cell = journeyMemo.cell(0, day: journey.day) { table.cell(type, $0) }
        func count(_ counter: JourneyCounter, _ amount: Int64 = 1) { table.add(amount, to: counter.rawValue, of: cell) }
        count(.started)
        switch journey.status {
        case .completed:
            count(.completed)
            let duration = person.times[Int(journey.events.last!)] - person.times[Int(journey.events.first!)]
            table.note(duration, measure: MetricCells.journeyDuration, of: cell)
        case .failed: count(.failed)
        case .abandoned: count(.abandoned)
        case .open: count(.open)
        }
        count(.events, Int64(journey.events.count))
        var sessions: Int64 = 0
        var switches: Int64 = 0
        var channel: Int32 = -1
        for event in journey.events {
            let session = sessionizer.sessionOfEvent[Int(event)]
            if session >= 0, sessionizer.isNew(session, journey: journey.journey) { sessions += 1 }
            let next = plan.kinds[Int(person.kinds[Int(event)])].channel
            if channel >= 0, next != channel { switches += 1 }
            channel = next
        }
        count(.sessions, sessions)
        count(.channelSwitches, switches)
        if table.addOnce(journey.owner, to: JourneyCounter.customers.rawValue, of: cell) {
            table.addOnce(journey.owner, to: JourneyCounter.customers.rawValue, of: table.cell(type, MetricCells.allDays))
        }
    }

    private func addVisits(_ journey: JourneyContext, _ person: PersonEvents, _ plan: FoldPlan, _ cells: MetricCells) {
        let table = cells.stalls
        journey.forEachVisit(person) { visit in
            let cell = stepMemo.cell(visit.step, day: journey.day) { table.cell(type, UInt32(visit.step), $0) }
            let sla = rule.definition.steps[visit.step].sla
            table.add(1, to: StallCounter.visits.rawValue, of: cell)
            if plan.countsPersonsOfRows { cells.rowPersons.add(journey.owner, to: .stalls, type, UInt32(visit.step)) }
            switch visit.end {
            case .progressed(let dwell):
                table.add(1, to: StallCounter.progressed.rawValue, of: cell)
                table.note(dwell, measure: MetricCells.stallDwell, of: cell)
                if let sla, dwell > sla { table.add(1, to: StallCounter.slow.rawValue, of: cell) }
            case .goal: table.add(1, to: StallCounter.goal.rawValue, of: cell)
            case .stopped: table.add(1, to: StallCounter.stopped.rawValue, of: cell)
            case .open(let since):
                table.add(1, to: StallCounter.open.rawValue, of: cell)
                cells.addOpenVisit(type: type, step: UInt32(visit.step), since: since, day: journey.day)
            }
        }
    }

    private mutating func addFunnel(_ journey: JourneyContext, _ person: PersonEvents, _ plan: FoldPlan, _ cells: MetricCells) {
        guard rule.funnelLength > 0 else { return }
        let table = cells.funnel
        funnel.reset()
        for event in journey.events {
            let step = person.facts[Int(event)].step
            if step >= 0 { funnel.take(time: person.times[Int(event)], place: rule.funnelPlaces[Int(step)]) }
        }
        for place in 0..<funnel.level {
            let cell = placeMemo.cell(place, day: journey.day) { table.cell(type, UInt32(place), $0) }
            table.add(1, to: FunnelCounter.reached.rawValue, of: cell)
            if plan.countsPersonsOfRows { cells.rowPersons.add(journey.owner, to: .funnel, type, UInt32(place)) }
            if place > 0, !funnel.chain.isEmpty {
                table.note(funnel.chain[place] - funnel.chain[place - 1], measure: MetricCells.funnelTime, of: cell)
            }
        }
    }
}
