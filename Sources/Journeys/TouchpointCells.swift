import Events
import Tables

/// What events and journeys add to the touchpoint cells of (channel, touchpoint, day).
struct TouchpointCells {
    private let memo: DayMemo
    private let table: CellTable

    init(plan: FoldPlan, table: CellTable) {
        memo = DayMemo(count: plan.pairCount)
        self.table = table
    }

    @inline(__always)
    private func cell(of kind: FoldPlan.KindFacts, day: Int32) -> Int {
        memo.cell(Int(kind.pair), day: day) { table.cell(kind.channelSymbol, kind.touchpointSymbol, $0) }
    }

    /// Counts an event on its day.
    @inline(__always)
    func add(event kind: FoldPlan.KindFacts, day: Int32, owner: UInt32) {
        let cell = cell(of: kind, day: day)
        table.add(1, to: TouchpointCounter.events.rawValue, of: cell)
        if kind.isError { table.add(1, to: TouchpointCounter.errors.rawValue, of: cell) }
        if table.addOnce(owner, to: TouchpointCounter.customers.rawValue, of: cell) {
            let total = table.cell(kind.channelSymbol, kind.touchpointSymbol, MetricCells.allDays)
            table.addOnce(owner, to: TouchpointCounter.customers.rawValue, of: total)
        }
    }

    /// Counts a journey at the touchpoints it has, where it begins and where it ends, on the day it started.
    func add(_ journey: JourneyContext, _ person: PersonEvents, plan: FoldPlan) {
        for event in journey.events {
            let cell = cell(of: plan.kinds[Int(person.kinds[Int(event)])], day: journey.day)
            table.addOnce(journey.journey, to: TouchpointCounter.journeys.rawValue, of: cell)
        }
        let first = cell(of: plan.kinds[Int(person.kinds[Int(journey.events.first!)])], day: journey.day)
        table.add(1, to: TouchpointCounter.entries.rawValue, of: first)
        let last = cell(of: plan.kinds[Int(person.kinds[Int(journey.events.last!)])], day: journey.day)
        table.add(1, to: TouchpointCounter.exits.rawValue, of: last)
    }
}
