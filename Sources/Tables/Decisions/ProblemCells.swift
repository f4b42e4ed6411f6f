import Events
import Journeys

/// What mature journeys add to the comparison of problems. A journey's level is how far it has come: the highest place in the
/// funnel, from 1, of a step that it has visited by then; 0 for none.
enum ProblemCells {
    enum Journeys: Int, CellCounter {
        case mature, converted
    }

    /// Key: level at the end. By the day the journey started.
    static let levels = CellShape("levels", Journeys.self)

    enum Days: Int, CellCounter {
        case mature
    }

    /// Key: UTC day of the start.
    static let starts = CellShape("mature_starts", Days.self)

    enum Exposed: Int, CellCounter {
        case journeys, converted
        /// Persons with such a journey.
        case persons
    }

    /// Key: rule, level at the first match, level at the end.
    static let frictions = CellShape("exposed", Exposed.self, persons: .persons)

    enum Visited: Int, CellCounter {
        /// First visits that were left beyond the SLA, and those left within it; of both the converted ones.
        case slow, slowConverted, within, withinConverted
        /// Persons with such a journey.
        case persons
    }

    /// Key: step. Without an SLA the time of the first visit that was left, of converted journeys and of the others.
    static let visits = CellShape("first_visits", Visited.self, persons: .persons, measures: 2)
    static let (dwellOfConverted, dwellOfOthers) = (0, 1)

    enum Worth: Int, CellCounter {
        /// Converted journeys whose goal says a number.
        case goals
        /// The sum of the numbers above zero in millionths, high · 2³² + low, and that of those below: no counter falls below zero.
        case high, low, highBelow, lowBelow
    }

    static let worth = CellShape("worth", Worth.self)

    /// Of converted journeys whose goal says a number; nil without one.
    static func meanWorth(_ cells: MetricCells, type: Int) -> Double? {
        guard let worth = cells[worth].grouped(.total)[CellKey(type: UInt32(type))], worth[Worth.goals] > 0 else { return nil }
        let sum = Double(worth[Worth.high] - worth[Worth.highBelow]) * 0x1p32 + Double(worth[Worth.low] - worth[Worth.lowBelow])
        return sum / 1_000_000 / Double(worth[Worth.goals])
    }

    static let all = [levels, starts, frictions, visits, worth]

    final class Fold: TableFold {
        private let levels, starts, frictions, visits, worth: CellTable
        /// By rule: the last event of its first match in the journey at hand, -1 without one; and the rules that have one.
        private var firstMatches: [Int] = []
        private var matched: [Int] = []
        private var seenSteps: [UInt32]

        init(_ plan: FoldPlan, _ cells: MetricCells) {
            (levels, starts) = (cells[ProblemCells.levels], cells[ProblemCells.starts])
            (frictions, visits, worth) = (cells[ProblemCells.frictions], cells[ProblemCells.visits], cells[ProblemCells.worth])
            seenSteps = Array(repeating: 0, count: plan.journeys.map { $0.definition.steps.count }.max() ?? 0)
        }

        override var questions: AsOfQuestions { .maturity }

        override func add(_ journey: JourneyContext, _ person: PersonWalk) {
            if journey.isMature { person.rules.with(journey.type) { add(journey, person, $0) } }
        }

        private func add(_ journey: JourneyContext, _ person: PersonWalk, _ rule: JourneyRule) {
            let start = person.events.times[Int(journey.events.first!)]
            let last = level(rule, person, upTo: Int(journey.events.last!))
            let cell = levels.cell(journey.key(UInt32(last)))
            levels.add(1, to: Journeys.mature, of: cell)
            if journey.hasConverted { levels.add(1, to: Journeys.converted, of: cell) }
            starts.add(1, to: Days.mature, of: starts.cell(journey.key(UInt32(bitPattern: EventDays.day(of: start)))))
            if journey.hasConverted, let worth = person.worth(of: journey) { add(worth, journey) }
            if !person.frictionsFound.isEmpty { addFrictions(journey, rule, person, start: start, last: last) }
            addVisits(journey, rule, person)
        }

        private func add(_ amount: Int64, _ journey: JourneyContext) {
            let cell = worth.cell(journey.key())
            worth.add(1, to: Worth.goals, of: cell)
            let size = amount.magnitude
            worth.add(Int64(size >> 32), to: amount < 0 ? Worth.highBelow : .high, of: cell)
            worth.add(Int64(size & 0xFFFF_FFFF), to: amount < 0 ? Worth.lowBelow : .low, of: cell)
        }

        private func level(_ rule: JourneyRule, _ person: PersonWalk, upTo event: Int) -> Int {
            var level = 0
            for visit in person.visits where Int(visit.event) <= event { level = max(level, rule.funnelPlaces[visit.step] + 1) }
            return level
        }

        private func addFrictions(_ journey: JourneyContext, _ rule: JourneyRule, _ person: PersonWalk, start: EventTime, last: Int) {
            for match in person.frictionsFound where person.events.times[match.last] - start <= rule.maturity {
                while firstMatches.count <= match.rule { firstMatches.append(-1) }
                if firstMatches[match.rule] < 0 { matched.append(match.rule) }
                if firstMatches[match.rule] < 0 || match.last < firstMatches[match.rule] { firstMatches[match.rule] = match.last }
            }
            for friction in matched {
                let level = level(rule, person, upTo: firstMatches[friction])
                firstMatches[friction] = -1
                let key = journey.key(UInt32(friction), UInt32(level), UInt32(last))
                let cell = frictions.cell(key)
                frictions.add(1, to: Exposed.journeys, of: cell)
                if journey.hasConverted { frictions.add(1, to: Exposed.converted, of: cell) }
                // One row is of all levels.
                frictions.addOnce(journey.owner, to: Exposed.persons, of: frictions.cell(journey.key(UInt32(friction)).overall))
            }
            matched.removeAll(keepingCapacity: true)
        }

        private func addVisits(_ journey: JourneyContext, _ rule: JourneyRule, _ person: PersonWalk) {
            for visit in person.visits where seenSteps[visit.step] != journey.journey {
                seenSteps[visit.step] = journey.journey
                let time: Microseconds
                switch visit.end {
                case .progressed(let dwell), .goal(let dwell): time = dwell
                case .stopped, .open: continue
                }
                let key = journey.key(UInt32(visit.step))
                let cell = visits.cell(key)
                visits.addOnce(journey.owner, to: Visited.persons, of: cell, overall: visits.cell(key.overall))
                guard let sla = rule.definition.steps[visit.step].sla else {
                    visits.note(time, measure: journey.hasConverted ? dwellOfConverted : dwellOfOthers, of: cell)
                    continue
                }
                visits.add(1, to: time > sla ? Visited.slow : .within, of: cell)
                if journey.hasConverted { visits.add(1, to: time > sla ? Visited.slowConverted : .withinConverted, of: cell) }
            }
        }
    }
}
