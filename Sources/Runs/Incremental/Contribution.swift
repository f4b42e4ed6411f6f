import Events
import Identity
import Journeys
import States
import Tables

/// Why numbers of earlier days change from one run to the next. Persons are folded again for one reason each: the first
/// that holds.
enum ChangeCause: Int, CaseIterable, Sendable {
    case pipeline, removed, identityLinks, lateEvents, newEvents, timePassed

    var words: String {
        switch self {
        case .pipeline: "changed pipeline"
        case .removed: "removed events"
        case .identityLinks: "new identity links"
        case .lateEvents: "late events"
        case .newEvents: "new events"
        case .timePassed: "time passed"
        }
    }
}

/// Adds up what components contribute as of one moment. One object belongs to one worker.
final class Contribution {
    let fold: PersonFold
    private(set) var totals: Totals
    private let types: [String]
    /// Persons are numbered on and on, as the fold asks for different numbers.
    private var nextPerson: UInt32 = 0

    init(plan: FoldPlan, types: [String]) {
        fold = PersonFold(plan: plan)
        totals = Totals(types: types.count)
        self.types = types
    }

    struct Added {
        /// Up to and including this as-of the component contributes the same.
        var holdsUntil = EventTime.max
        var examples: Set<ExamplePerson> = []
        var openJourneys: Set<OpenJourney> = []
        /// Of the rows that no earlier run let take part: those that are events, and those that are duplicates.
        var newEvents: Int64 = 0
        var newDuplicates: Int64 = 0
    }

    /// - Parameters:
    ///   - newRows: the first row that no earlier run has seen.
    ///   - waitedAfter: rows before that one waited in the last run where they are later than this.
    func add(_ component: ComponentRows, _ persons: ComponentPersons, newRows: Int, waitedAfter: EventTime) -> Added {
        var added = Added()
        let first = nextPerson
        let (eventsBefore, duplicatesBefore) = (fold.events, fold.duplicates)
        let facts = persons.facts(component)
        var rows: [EventRow] = []
        let boundary = EventRow(component.row(newRows))
        for person in 0..<persons.persons where persons.starts[person + 1] > persons.starts[person] {
            rows.removeAll(keepingCapacity: true)
            var new: Int64 = 0
            for place in persons.starts[person]..<persons.starts[person + 1] {
                let row = persons.rows[place]
                rows.append(EventRow(component.row(row)))
                if row >= newRows || component.time(row) > waitedAfter { new += 1 }
            }
            fold.add(person: first + UInt32(person), rows: rows.span, known: facts[person] ?? [])
            added.holdsUntil = min(added.holdsUntil, fold.holdsUntil)
            if new > 0 {
                let kept = fold.keptRows { $0.isAtOrBehind(boundary) || $0.time > waitedAfter }
                added.newEvents += kept
                added.newDuplicates += new - kept
            }
        }
        nextPerson = first + UInt32(persons.persons)
        totals.events += fold.events - eventsBefore
        totals.duplicates += fold.duplicates - duplicatesBefore
        totals.filtered += persons.filtered
        totals.persons += Int64(persons.persons)
        for type in totals.identity.indices { totals.identity[type] += persons.counts[type] }
        let (found, open) = (fold.cells.takeFrictionPersons(), fold.cells.takeOpenJourneys())
        if !found.isEmpty || !open.isEmpty {
            let asked = found.flatMap(\.persons) + open.map(\.person)
            let names = PersonNames(persons.graph, persons: asked.lazy.map { $0 - first }, types: types)
            for (person, journey) in open {
                var journey = journey
                journey.person = Array(names.name(person - first).utf8)
                added.openJourneys.insert(journey)
            }
            for (type, friction, persons) in found {
                for person in persons {
                    added.examples.insert(ExamplePerson(type: type, friction: friction, name: Array(names.name(person - first).utf8)))
                }
            }
        }
        return added
    }
}
