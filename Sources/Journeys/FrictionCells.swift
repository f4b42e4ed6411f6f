import Events
import Tables

/// What the matches of a journey add to the cells.
final class FrictionCells {
    private let plan: FoldPlan
    private let cells: MetricCells
    private var calendar: DayCalendar
    private var journey: JourneyContext?
    private var type: UInt32 = 0
    private var hasFriction = false

    init(plan: FoldPlan, cells: MetricCells) {
        self.plan = plan
        self.cells = cells
        calendar = DayCalendar(zone: plan.zone)
    }

    func begin(_ journey: JourneyContext, type: Int) {
        self.journey = journey
        self.type = UInt32(type)
        hasFriction = false
    }

    func countGivenUp(_ rule: Int) {
        guard let journey else { return }
        let table = cells.frictions
        table.addOnce(journey.journey, to: FrictionCounter.gaveUp.rawValue, of: table.cell(type, UInt32(rule), UInt32(bitPattern: journey.day)))
    }

    func count(_ match: FrictionMatch, _ bound: ArraySlice<(event: Int32, variable: UInt8)>, _ person: PersonEvents) {
        guard let journey, let first = bound.first?.event, let last = bound.last?.event else { return }
        let (table, rule) = (cells.frictions, UInt32(match.rule))
        let cell = table.cell(type, rule, UInt32(bitPattern: journey.day))
        table.add(1, to: FrictionCounter.occurrences.rawValue, of: cell)
        table.add(Int64(match.count), to: FrictionCounter.events.rawValue, of: cell)
        table.note(person.times[Int(last)] - person.times[Int(first)], measure: MetricCells.frictionTime, of: cell)
        if table.addOnce(journey.journey, to: FrictionCounter.journeys.rawValue, of: cell), journey.status != .open {
            table.add(1, to: FrictionCounter.closed.rawValue, of: cell)
            if journey.status == .completed { table.add(1, to: FrictionCounter.completed.rawValue, of: cell) }
        }
        if table.addOnce(journey.owner, to: FrictionCounter.customers.rawValue, of: cell),
            table.addOnce(journey.owner, to: FrictionCounter.customers.rawValue, of: table.cell(type, rule, MetricCells.allDays))
        {
            cells.frictionPersons.add(journey.owner - 1, type: type, friction: rule)
        }
        if !hasFriction {
            hasFriction = true
            cells.journeys.add(1, to: JourneyCounter.withFriction.rawValue, of: cells.journeys.cell(type, UInt32(bitPattern: journey.day)))
        }
        countPlace(rule, Int(last), person, journey)
    }

    /// Where the match ended, by the day it ended.
    private func countPlace(_ rule: UInt32, _ event: Int, _ person: PersonEvents, _ journey: JourneyContext) {
        let kind = plan.kinds[Int(person.kinds[event])]
        let step = UInt32(Int32(person.facts[event].step) + 1)
        let table = cells.frictionPlaces
        func cell(_ day: UInt32) -> Int { table.cell(type, rule, kind.channelSymbol, kind.touchpointSymbol, step, day) }
        let place = cell(UInt32(bitPattern: calendar.day(of: person.times[event])))
        table.add(1, to: PlaceCounter.occurrences.rawValue, of: place)
        let total = cell(MetricCells.allDays)
        if table.addOnce(journey.journey, to: PlaceCounter.journeys.rawValue, of: place) { table.addOnce(journey.journey, to: PlaceCounter.journeys.rawValue, of: total) }
        if table.addOnce(journey.owner, to: PlaceCounter.customers.rawValue, of: place) { table.addOnce(journey.owner, to: PlaceCounter.customers.rawValue, of: total) }
    }
}
