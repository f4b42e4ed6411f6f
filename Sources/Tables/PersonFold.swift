package import Events
package import Journeys

/// Folds persons into cells: each table of the list takes what it counts of a person's walk. One object belongs to one
/// worker; its cells are summed with the others' at the end.
package final class PersonFold {
    package let cells = MetricCells()
    package private(set) var events: Int64 = 0
    package private(set) var duplicates: Int64 = 0

    private let walk: PersonWalk
    private let folds: HeldObjects<TableFold>
    /// The tables that ask something of time, with what they ask; and all of it.
    private let asking: [(place: Int, questions: AsOfQuestions)]
    private let questions: AsOfQuestions

    package init(plan: FoldPlan) {
        walk = PersonWalk(plan: plan)
        let cells = cells
        let folds = TableList.all.map { $0.makeFold(plan, cells) }
        asking = folds.enumerated().map { ($0.offset, $0.element.questions) }.filter { !$0.questions.isEmpty }
        questions = asking.reduce([]) { $0.union($1.questions) }
        self.folds = HeldObjects(folds)
    }

    /// Up to and including this as-of, the contribution of the person added last stays what it is.
    package private(set) var holdsUntil = EventTime.max
    /// Stands for all moments at which time alone will change that contribution.
    package var changes: UInt64 { walk.changes }

    /// Adds one person's contribution.
    /// - Parameters:
    ///   - number: of the person, from 0; any two persons of a run have different ones.
    ///   - rows: all events of the person, in input order.
    ///   - known: what the person was counted for by events that are no longer here.
    package func add(person number: UInt32, rows: Span<EventRow>, known: Set<PersonFact> = []) {
        cells.mark(known, owner: number + 1)
        walk.run(person: number, rows: rows, openWaits: ResponseTable.openWaits(known)) { count($0, walk, folds.indices) }
        count(walk, folds.indices)
        holdsUntil = walk.holdsUntil
        events += Int64(walk.events.count)
        duplicates += Int64(walk.events.duplicates)
    }

    /// Adds what a person contributes as of this fold's moment, and to `later` what it contributes as of that one's, where nothing but
    /// time passes between them: only to tables in which the two differ. `holdsUntil` is told of the later moment then.
    /// - Parameters:
    ///   - number, numberLater: of the person in the two folds.
    ///   - later: of a moment that is not before this one's, over the same texts and kinds.
    /// - Returns: false where journeys, sessions or matches are others as of the later moment; then nothing is added.
    package func add(
        person number: UInt32, rows: Span<EventRow>, known: Set<PersonFact>, passingTo later: PersonFold, _ numberLater: UInt32
    ) -> Bool {
        let (openWaits, moment, ownerLater) = (ResponseTable.openWaits(known), later.walk.plan.asOf, numberLater + 1)
        let differing = walk.differences(person: number, rows: rows, openWaits: openWaits, in: questions, asOf: moment)
        guard !differing.contains(.course) else { return false }
        holdsUntil = walk.holdsUntil
        let places = asking.filter { !$0.questions.isDisjoint(with: differing) }.map(\.place)
        guard !places.isEmpty else { return true }
        cells.mark(known, owner: number + 1)
        later.cells.mark(known, owner: ownerLater)
        walk.run(person: number, rows: rows, openWaits: openWaits, asking: moment) { journey in
            count(journey, walk, places)
            walk.asOf(later.walk, owner: ownerLater, journey) { later.count($0, walk, places) }
        }
        count(walk, places)
        walk.asOf(later.walk, owner: ownerLater) { later.count(walk, places) }
        assert(
            walk.holdsUntil >= holdsUntil && walk.differing.isSubset(of: differing),
            "a table asks of time what it does not say that it asks")
        return true
    }

    /// Lets the tables at some places count a journey, or the person that it is a journey of.
    @inline(__always)
    private func count(_ journey: JourneyContext, _ walk: PersonWalk, _ places: some Sequence<Int>) {
        for place in places { folds.with(place) { $0.add(journey, walk) } }
    }

    @inline(__always)
    private func count(_ walk: PersonWalk, _ places: some Sequence<Int>) {
        for place in places { folds.with(place) { $0.add(walk) } }
    }

    /// How many rows of the person added last are events of which something holds: no duplicates.
    package func keptRows(where holds: (EventRow) -> Bool) -> Int64 { walk.keptRows(where: holds) }
}
