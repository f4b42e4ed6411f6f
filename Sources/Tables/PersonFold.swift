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

    package init(plan: FoldPlan) {
        walk = PersonWalk(plan: plan)
        let cells = cells
        folds = HeldObjects(TableList.all.map { $0.makeFold(plan, cells) })
    }

    /// Up to and including this as-of, the contribution of the person added last stays what it is.
    package var holdsUntil: Int64 { walk.holdsUntil }
    /// Stands for all moments at which time alone will change that contribution.
    package var changes: UInt64 { walk.changes }

    /// Adds one person's contribution.
    /// - Parameters:
    ///   - number: of the person, from 0; any two persons of a run have different ones.
    ///   - rows: all events of the person, in input order.
    ///   - known: what the person was counted for by events that are no longer here.
    package func add(person number: UInt32, rows: Span<EventRow>, known: Set<PersonFact> = []) {
        if !known.isEmpty { cells.mark(known, owner: number + 1) }
        walk.run(person: number, rows: rows, openWaits: ResponseTable.openWaits(known)) { journey in
            for place in folds.indices { folds.with(place) { $0.add(journey, walk) } }
        }
        for place in folds.indices { folds.with(place) { $0.add(walk) } }
        events += Int64(walk.events.count)
        duplicates += Int64(walk.events.duplicates)
    }

    /// How many rows of the person added last are events of which something holds: no duplicates.
    package func keptRows(where holds: (EventRow) -> Bool) -> Int64 { walk.keptRows(where: holds) }
}
