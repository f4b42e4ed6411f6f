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
        (added.examples, added.openJourneys) = names(persons, first: first)
        totals.events += fold.events - eventsBefore
        totals.duplicates += fold.duplicates - duplicatesBefore
        totals.filtered += persons.filtered
        totals.persons += Int64(persons.persons)
        for (type, counts) in persons.counts(component).enumerated() { totals.identity[type] += counts }
        return added
    }

    /// Of a component for which nothing but time has passed: adds what it contributed as of this one's moment, and to `later` what it
    /// contributes as of that one's, in so far as the two differ.
    /// - Returns: what was found as of each moment; `holdsUntil` of the later one alone.
    func add(_ component: ComponentRows, _ persons: ComponentPersons, passingTo later: Contribution) -> (before: Added, now: Added) {
        var (before, now) = (Added(), Added())
        let (first, firstLater) = (nextPerson, later.nextPerson)
        let facts = persons.facts(component)
        for person in 0..<persons.persons where persons.starts[person + 1] > persons.starts[person] {
            let rows = persons.rows[persons.starts[person]..<persons.starts[person + 1]].map { EventRow(component.row($0)) }
            let (number, numberLater, known) = (first + UInt32(person), firstLater + UInt32(person), facts[person] ?? [])
            if fold.add(person: number, rows: rows.span, known: known, passingTo: later.fold, numberLater) {
                now.holdsUntil = min(now.holdsUntil, fold.holdsUntil)
            } else {
                fold.add(person: number, rows: rows.span, known: known)
                later.fold.add(person: numberLater, rows: rows.span, known: known)
                now.holdsUntil = min(now.holdsUntil, later.fold.holdsUntil)
            }
        }
        nextPerson = first + UInt32(persons.persons)
        later.nextPerson = firstLater + UInt32(persons.persons)
        (before.examples, before.openJourneys) = names(persons, first: first)
        (now.examples, now.openJourneys) = later.names(persons, first: firstLater)
        return (before, now)
    }

    /// The persons that were found as examples, and those of open journeys, by name.
    private func names(_ persons: ComponentPersons, first: UInt32) -> (examples: Set<ExamplePerson>, open: Set<OpenJourney>) {
        var (examples, openJourneys) = (Set<ExamplePerson>(), Set<OpenJourney>())
        let (found, open) = (fold.cells.takeFrictionPersons(), fold.cells.takeOpenJourneys())
        if !found.isEmpty || !open.isEmpty {
            let asked = found.flatMap(\.persons) + open.map(\.person)
            let names = PersonNames(persons.graph, persons: asked.lazy.map { $0 - first }, types: types)
            for (person, journey) in open {
                var journey = journey
                journey.person = Array(names.name(person - first).utf8)
                openJourneys.insert(journey)
            }
            for (type, friction, persons) in found {
                for person in persons {
                    examples.insert(ExamplePerson(type: type, friction: friction, name: Array(names.name(person - first).utf8)))
                }
            }
        }
        return (examples, openJourneys)
    }
}
