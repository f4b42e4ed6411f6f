import Events
import Identity
import Journeys
import Tables

/// One case before persons and texts have names.
struct FoundCase: BitwiseCopyable, Sendable {
    var person: UInt32
    var type: Int32
    /// nil: at an event of no step.
    var step: Int32?
    var status: JourneyStatus
    var isMature: Bool
    /// Symbols.
    var channel: UInt32
    var touchpoint: UInt32
    /// Of the journey's first and last event.
    var started: EventTime
    var last: EventTime
    var time: EventTime
    var end: Case.End?
    var lasted: Microseconds?
    var isStalled: Bool?
    /// Whether the journey got no further in its funnel than this step.
    var endsHere = false
}

/// Finds the cases that are asked for among one person after the other: the walk of a fold, which keeps what it counts. One object
/// belongs to one worker.
final class CaseFinder: @unchecked Sendable {  // belongs to one worker
    private let walk: PersonWalk
    private let wanted: WantedCases
    private let thresholds: [[StallThreshold?]]
    private(set) var found: [FoundCase] = []

    /// - Parameter thresholds: by journey type and step, those of the published tables.
    init(_ plan: FoldPlan, _ wanted: WantedCases, thresholds: [[StallThreshold?]]) {
        walk = PersonWalk(plan: plan)
        (self.wanted, self.thresholds) = (wanted, thresholds)
    }

    /// - Parameter rows: all events of the person, in input order.
    func add(person: UInt32, rows: Span<EventRow>) {
        walk.run(person: person, rows: rows) { journey in
            guard wanted.types[journey.type] else { return }
            switch wanted.kind {
            case .friction(let friction): addMatches(of: friction, journey, person)
            case .visits(let stalledOnly):
                guard let step = wanted.steps[journey.type] else { return }
                for visit in walk.visits where visit.step == step {
                    let found = self.found(visit, journey, person)
                    if !stalledOnly || found.isStalled == true { self.found.append(found) }
                }
            case .open: if journey.status == .open { addOpen(journey, person) }
            }
        }
    }

    /// What was found since the last time.
    func take() -> [FoundCase] {
        defer { found.removeAll(keepingCapacity: true) }
        return found
    }

    private func atEvent(_ event: Int, _ journey: JourneyContext, _ person: UInt32) -> FoundCase {
        let events = walk.events
        let kind = walk.plan.kinds[Int(events.kinds[event])]
        let step = events.facts[event].step
        return FoundCase(
            person: person, type: Int32(journey.type), step: step < 0 ? nil : Int32(step), status: journey.status,
            isMature: journey.isMature, channel: kind.channelSymbol, touchpoint: kind.touchpointSymbol,
            started: events.times[Int(journey.events.first!)], last: events.times[Int(journey.events.last!)], time: events.times[event])
    }

    private func addMatches(of friction: Int, _ journey: JourneyContext, _ person: UInt32) {
        for match in walk.frictionsFound where match.rule == friction {
            var found = atEvent(match.first, journey, person)
            found.lasted = walk.events.times[match.last] - walk.events.times[match.first]
            self.found.append(found)
        }
    }

    private func found(_ visit: StepVisit, _ journey: JourneyContext, _ person: UInt32) -> FoundCase {
        var found = atEvent(Int(visit.event), journey, person)
        // Several steps may match the event; the visit is to the first of them.
        found.step = Int32(visit.step)
        let threshold = thresholds[journey.type][visit.step]
        let isJudged = walk.isJudged(visit)
        let place = walk.rules.with(journey.type) { $0.funnelPlaces[visit.step] }
        found.endsHere = place >= 0 && walk.funnelLevel == place + 1 && walk.rules.with(journey.type) { $0.funnelLength } > place + 1
        switch visit.end {
        case .progressed(let dwell): (found.end, found.lasted) = (.progressed, dwell)
        case .goal(let dwell): (found.end, found.lasted) = (.goal, dwell)
        case .stopped: found.end = .stopped
        case .open: (found.end, found.lasted) = (.open, walk.plan.asOf.subtractingReportingOverflow(found.time).partialValue)
        }
        if isJudged { found.isStalled = found.lasted.map { threshold?.isExceeded(by: $0) ?? false } ?? true }
        return found
    }

    /// As open_journeys.csv has it: where it stands, judged or not.
    private func addOpen(_ journey: JourneyContext, _ person: UInt32) {
        guard let visit = walk.visits.last else { return found.append(atEvent(Int(journey.events.last!), journey, person)) }
        var found = self.found(visit, journey, person)
        found.isStalled = thresholds[journey.type][visit.step].flatMap { threshold in found.lasted.map { threshold.isExceeded(by: $0) } }
        self.found.append(found)
    }
}

extension FoundCase {
    /// - Parameter texts: of the finder's plan.
    func named(_ names: PersonNames, _ texts: SymbolTable) -> Case {
        Case(
            person: names.name(person), type: Int(type), started: started, status: status, isMature: isMature,
            channel: texts.string(channel), touchpoint: texts.string(touchpoint), step: step.map { Int($0) }, time: time, end: end,
            lasted: lasted, isStalled: isStalled, endsHere: endsHere, last: last)
    }
}
