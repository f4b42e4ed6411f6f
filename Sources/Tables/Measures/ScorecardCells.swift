import Events
import Journeys

/// What persons add to scorecard.csv, besides what other tables count.
enum ScorecardCells {
    enum Part: UInt32 { case consistent, optimized, seamless, orchestrated, collaborative }

    enum Counter: Int, CellCounter {
        case whole, good
        /// Counted only where rows of few persons are left out, for the part.
        case persons
    }

    /// Journey types, in which an event is part of a collision: whether the rule is measurable in a type is known at the end only. The
    /// last bit is of all types from the 32nd on.
    struct JourneyTypes: OptionSet { let rawValue: UInt32 }

    static func types(_ numbers: some Sequence<Int>) -> JourneyTypes {
        numbers.reduce(into: []) { $0.insert(JourneyTypes(rawValue: 1 << UInt32(min($1, 31)))) }
    }

    /// Key: part; of seamless one more than the number of a rule, then `whole` counts journeys that have it, of orchestrated the types in
    /// which `whole` events are part of a collision, `good` of them followed; touchpoint.
    static let score = CellShape("scorecard", Counter.self, persons: .persons, texts: [2])

    /// Persons of a part, whatever the type.
    static func persons(_ part: Part) -> CellKey { CellKey(type: CellKey.allTypes, part.rawValue) }

    final class Fold: TableFold {
        private let plan: FoldPlan
        private let table: CellTable
        private let seams: Set<Int>
        private let collision: Int?
        /// Of the person at hand: events that bring a journey further than it was, and those that are part of a collision.
        private var raises: [Int32] = []
        private var collided: [Int32: JourneyTypes] = [:]

        init(_ plan: FoldPlan, _ cells: MetricCells) {
            (self.plan, table) = (plan, cells[score])
            (seams, collision) = (Set(plan.measures.seams), plan.measures.collision)
        }

        override var questions: AsOfQuestions { collision == nil ? .maturity : [.maturity, .outreach] }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            if plan.countsPersonsOfRows, !person.visits.isEmpty { count(person.owner, .optimized) }
            if journey.isMature { addAcross(journey, person) }
            guard let collision else { return }
            person.rules.with(journey.type) { addRaises(person.visits, $0) }
            for match in person.frictionsFound where match.rule == collision {
                for bound in person.bound(match) { collided[bound.event, default: []].formUnion(types([journey.type])) }
            }
        }

        private func addRaises(_ visits: SlotRange<StepVisit>, _ rule: JourneyRule) {
            var level = -1
            for visit in visits where rule.funnelPlaces[visit.step] > level {
                level = rule.funnelPlaces[visit.step]
                raises.append(visit.event)
            }
        }

        /// A mature journey, where it went through several channels.
        private func addAcross(_ journey: JourneyContext, _ person: PersonWalk) {
            let channels = person.channels(of: journey)
            guard channels.areSeveral else { return }
            add(journey.key(Part.collaborative.rawValue), isGood: channels.areConcurrent, journey.owner, .collaborative)
            guard !seams.isEmpty else { return }
            let found = Set(person.frictionsFound.lazy.map(\.rule).filter { self.seams.contains($0) })
            add(journey.key(Part.seamless.rawValue), isGood: found.isEmpty, journey.owner, .seamless)
            for rule in found {
                table.add(1, to: Counter.whole, of: table.cell(journey.key(Part.seamless.rawValue, UInt32(rule + 1))))
            }
        }

        override func add(_ person: PersonWalk) {
            if plan.countsPersonsOfRows, !person.termPairs.isEmpty { count(person.owner, .consistent) }
            guard collision != nil else { return }
            addOutreach(person)
            raises.removeAll(keepingCapacity: true)
            collided.removeAll(keepingCapacity: true)
        }

        /// What is sent is judged by whether a journey comes further within three days.
        private func addOutreach(_ person: PersonWalk) {
            let events = person.events
            raises.sort()
            var next = 0
            for event in 0..<events.count where person.isJudgedOutreach(event) {
                while next < raises.count, raises[next] <= Int32(event) { next += 1 }
                let isFollowed =
                    next < raises.count && events.times[Int(raises[next])] - events.times[event] <= MeasureDefinition.outreachMax
                let types = collided[Int32(event)] ?? []
                let key = CellKey(
                    Part.orchestrated.rawValue, types.rawValue, plan.kinds[Int(events.kinds[event])].touchpointSymbol,
                    day: events.days[event])
                add(key, isGood: isFollowed, person.owner, .orchestrated)
            }
        }

        private func add(_ key: CellKey, isGood: Bool, _ owner: UInt32, _ part: Part) {
            let cell = table.cell(key)
            table.add(1, to: Counter.whole, of: cell)
            if isGood { table.add(1, to: Counter.good, of: cell) }
            if plan.countsPersonsOfRows { count(owner, part) }
        }

        private func count(_ owner: UInt32, _ part: Part) {
            table.addOnce(owner, to: Counter.persons, of: table.cell(ScorecardCells.persons(part)))
        }
    }
}
