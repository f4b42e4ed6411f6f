import Events
import Tables

/// What the journeys of one type add to the transition cells of (type, scope, from, to, day).
struct TransitionCells {
    private let type: UInt32
    private let table: CellTable
    /// nil where nobody asks.
    private let rowPersons: RowPersons?
    private let touchpointCount: Int
    private let channelCount: Int
    /// By (from, to); nil where there are too many touchpoints for a square of them.
    private let touchpoints: DayMemo?
    private let channels: DayMemo?
    /// A square of more numbers than this would be larger than what it saves.
    private static let sideMax = 512

    init(type: UInt32, plan: FoldPlan, cells: MetricCells) {
        self.type = type
        table = cells.transitions
        rowPersons = plan.countsPersonsOfRows ? cells.rowPersons : nil
        touchpointCount = plan.touchpointCount
        channelCount = plan.sessions.gaps.count
        touchpoints = touchpointCount <= Self.sideMax ? DayMemo(count: touchpointCount * touchpointCount) : nil
        channels = channelCount <= Self.sideMax ? DayMemo(count: channelCount * channelCount) : nil
    }

    func add(_ journey: JourneyContext, _ person: PersonEvents, plan: FoldPlan) {
        var previous = Int(journey.events.first!)
        for event in journey.events.dropFirst() {
            let (one, other) = (plan.kinds[Int(person.kinds[previous])], plan.kinds[Int(person.kinds[Int(event)])])
            let gap = person.times[Int(event)] - person.times[previous]
            func find(_ scope: TransitionScope, _ from: UInt32, _ to: UInt32) -> (UInt32) -> Int {
                { table.cell(type, scope.rawValue, from, to, $0) }
            }
            let between = find(.touchpoint, one.touchpointSymbol, other.touchpointSymbol)
            let pair = Int(one.touchpoint) * touchpointCount + Int(other.touchpoint)
            add(touchpoints?.cell(pair, day: journey.day, between) ?? between(UInt32(bitPattern: journey.day)), gap, journey)
            count(journey, .touchpoint, one.touchpointSymbol, other.touchpointSymbol)
            if one.channel != other.channel {
                count(journey, .channel, one.channelSymbol, other.channelSymbol)
                let between = find(.channel, one.channelSymbol, other.channelSymbol)
                let pair = Int(one.channel) * channelCount + Int(other.channel)
                add(channels?.cell(pair, day: journey.day, between) ?? between(UInt32(bitPattern: journey.day)), gap, journey)
            }
            previous = Int(event)
        }
    }

    @inline(__always)
    private func count(_ journey: JourneyContext, _ scope: TransitionScope, _ from: UInt32, _ to: UInt32) {
        rowPersons?.add(journey.owner, to: .transitions, type, scope.rawValue, from, to)
    }

    @inline(__always)
    private func add(_ cell: Int, _ gap: Microseconds, _ journey: JourneyContext) {
        table.add(1, to: TransitionCounter.count.rawValue, of: cell)
        table.note(gap, measure: MetricCells.transitionGap, of: cell)
        guard table.addOnce(journey.journey, to: TransitionCounter.journeys.rawValue, of: cell), journey.status != .open else { return }
        table.add(1, to: TransitionCounter.closed.rawValue, of: cell)
        if journey.status == .completed { table.add(1, to: TransitionCounter.completed.rawValue, of: cell) }
    }
}
