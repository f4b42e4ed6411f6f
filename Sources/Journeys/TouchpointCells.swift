import Events
import Tables

/// Finds the touchpoint cell of (channel, touchpoint, day), remembering for each pair the day it was asked for last.
struct TouchpointCells {
    private var lastDay: [Int32]
    private var lastCell: [Int32]

    init(plan: FoldPlan) {
        lastDay = Array(repeating: Int32.min, count: plan.pairCount)
        lastCell = Array(repeating: 0, count: plan.pairCount)
    }

    @inline(__always)
    mutating func cell(of kind: FoldPlan.KindFacts, day: Int32, in table: CellTable) -> Int {
        let pair = Int(kind.pair)
        if lastDay[pair] != day {
            lastDay[pair] = day
            lastCell[pair] = Int32(table.cell(kind.channelSymbol, kind.touchpointSymbol, UInt32(bitPattern: day)))
        }
        return Int(lastCell[pair])
    }

    /// Counts a journey at the touchpoints it has, where it begins and where it ends, on the day it started.
    mutating func add(_ journey: JourneyContext, _ person: PersonEvents, plan: FoldPlan, cells: MetricCells) {
        let table = cells.touchpoints
        for event in journey.events {
            let cell = cell(of: plan.kinds[Int(person.kinds[Int(event)])], day: journey.day, in: table)
            table.addOnce(journey.journey, to: TouchpointCounter.journeys.rawValue, of: cell)
        }
        let first = cell(of: plan.kinds[Int(person.kinds[Int(journey.events.first!)])], day: journey.day, in: table)
        table.add(1, to: TouchpointCounter.entries.rawValue, of: first)
        let last = cell(of: plan.kinds[Int(person.kinds[Int(journey.events.last!)])], day: journey.day, in: table)
        table.add(1, to: TouchpointCounter.exits.rawValue, of: last)
    }
}
