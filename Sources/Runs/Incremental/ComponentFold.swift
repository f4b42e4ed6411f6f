import Definitions
import Events
import Identity
import Journeys
import States
import Tables

/// One worker's part of an incremental run: takes components one after the other, and for each adds what it contributes
/// now and what it contributed before.
///
/// Unsafe code: none of its own; see `ComponentRows`.
final class ComponentFold: @unchecked Sendable {  // belongs to one worker
    let component: ComponentAtHand
    private var plan: IncrementalPlan { component.plan }
    /// Of its keys.
    var texts: SymbolTable { component.texts }
    private var rows: ComponentRows { component.rows }
    private let moments: IncrementalFold.Moments
    private let foldPlans: (before: FoldPlan?, now: FoldPlan)
    private let sealing: PersonSealing
    /// By cause: what is added and what is taken away.
    private var added: [ChangeCause: Contribution] = [:]
    private var removed: [ChangeCause: Contribution] = [:]
    /// Of this run's own lines, and of the events that waited until now.
    private(set) var newEvents: Int64 = 0
    private(set) var newDuplicates: Int64 = 0
    private(set) var newFiltered: Int64 = 0
    private(set) var released: Int64 = 0
    /// By number of a file: events that count and are kept no longer.
    private(set) var sealed: [Int: Int64] = [:]
    private(set) var hubs = HubIDs()

    init(_ component: ComponentAtHand, _ moments: IncrementalFold.Moments, foldPlans: (before: FoldPlan?, now: FoldPlan)) {
        self.component = component
        self.moments = moments
        self.foldPlans = foldPlans
        let plan = component.plan
        sealing = PersonSealing(plan: foldPlans.now, before: moments.willSealBefore.saturatingSubtract(plan.reach), canCut: plan.canCut)
    }

    /// Folds what lies in `rows`: the stored ones as before, and those that stay with the new ones as now.
    /// - Parameters:
    ///   - former: the stored components that these rows come from.
    ///   - leaving: which stored rows are no longer wanted.
    ///   - leavingBare: tuples of sealed events that are no longer wanted.
    ///   - given: the cause, where it is known.
    func fold(former: [Int64], leaving: ((Int) -> Bool)? = nil, leavingBare: Set<Int> = [], cause given: ChangeCause? = nil)
        -> ComponentOutcome
    {
        var outcome = ComponentOutcome()
        let kept = component.staying(leaving)
        let then = component.personsBefore()
        rows.drop(bare: leavingBare)
        // Nothing comes, nothing goes: only time has passed.
        let isSame =
            kept.count == rows.count && rows.count == rows.storedCount && leavingBare.isEmpty && former.count == 1
            && component.hasSamePersons
        let now = (isSame ? then : nil) ?? component.personsNow(kept)
        hubs.add(now.graph)
        var cause: ChangeCause = kept.count < rows.count ? .removed : .timePassed
        if rows.count > rows.storedCount {
            let isLate = moments.before.map { before in (rows.storedCount..<rows.count).contains { rows.time($0) <= before } } ?? false
            cause = isLate ? .lateEvents : .newEvents
        }
        if let given { cause = given }
        let firstNew = (rows.storedCount..<rows.count).first {
            RowPosition.line(rows.position($0)) > plan.linesBefore[RowPosition.file(rows.position($0))]
        }
        let (newRows, waitedAfter) = (firstNew ?? rows.count, plan.waiting.before ?? .max)
        var before = Contribution.Added()
        let result: Contribution.Added
        if isSame, let then, let foldPlan = foldPlans.before, let last = moments.before, let asOf = moments.asOf, asOf >= last {
            let (earlier, later) = (contribution(&removed, cause, foldPlan), contribution(&added, cause, foldPlans.now))
            (before, result) = earlier.add(rows, then, passingTo: later)
        } else {
            if let then, let foldPlan = foldPlans.before {
                if given == nil, cause != .removed, isAnybodyMoved(then, now) { cause = .identityLinks }
                before = contribution(&removed, cause, foldPlan).add(rows, then, newRows: rows.count, waitedAfter: .max)
            }
            result = contribution(&added, cause, foldPlans.now).add(rows, now, newRows: newRows, waitedAfter: waitedAfter)
        }
        newEvents += result.newEvents
        newDuplicates += result.newDuplicates
        let free = waitedAfter < plan.waiting.now ? kept.count { $0 < newRows && isReleased($0, waitedAfter) } : 0
        released += Int64(free)
        newFiltered += Int64(rows.count - newRows + free) - result.newEvents - result.newDuplicates
        outcome.addedExamples = result.examples.filter { !before.examples.contains($0) }
        outcome.removedExamples = before.examples.filter { !result.examples.contains($0) }
        outcome.openJourneys = Array(result.openJourneys.subtracting(before.openJourneys))
        outcome.closedJourneys = Array(before.openJourneys.subtracting(result.openJourneys))
        for symbol in placeholders(now) {
            outcome.placeholders.append((Int(rows.identifiers.tag(of: symbol)), Array(rows.identifiers.bytes(of: symbol))))
        }
        if isSame, then != nil, let latest = rows.latestUnsealed(before: sealing.before) {
            outcome.moved = [(former[0], deadline(latest: latest, holdsUntil: result.holdsUntil, isBare: false))]
        } else {
            store(kept, now, holdsUntil: result.holdsUntil, former: former, &outcome)
        }
        return outcome
    }

    /// Whether a stored event is another person's now.
    private func isAnybodyMoved(_ then: ComponentPersons, _ now: ComponentPersons) -> Bool {
        (0..<rows.storedCount).contains { row in
            then.personOfRow[row] != nil && then.representative(ofRow: row) != now.representative(ofRow: row)
        }
    }

    /// Whether an event that waited takes part now. What only links identifiers is filtered all the time.
    private func isReleased(_ row: Int, _ waitedAfter: EventTime) -> Bool {
        rows.time(row) > waitedAfter && rows.time(row) <= plan.waiting.now && rows.kind(row) != plan.linksOnly
    }

    /// Which of the stored rows in `rows` are one person's, waiting events included, which tuples of sealed events, and
    /// all identifiers that are nobody else's. Throws `RunError.notFound`.
    func rowsOfPerson(
        _ text: String, _ definition: PipelineDefinition
    ) throws -> (rows: Set<Int>, bare: Set<Int>, identifiers: [AsideStore.Identifier]) {
        let found = component.personsNow(Array(0..<rows.count))
        let person = try PersonFinder(found.graph, definition).person(text)
        let own = Set(found.graph.identifiers(of: person))
        let leaving = (0..<rows.count).filter { row in
            found.personOfRow[row] == person
                || rows.time(row) > plan.waiting.now && rows.tuples[rows.tuple(row)].contains { own.contains($0) }
        }
        let bare = rows.bareTuples.filter { tuple in rows.tuples[tuple].contains { own.contains($0) } }
        let identifiers = own.map { symbol in
            AsideStore.Identifier(
                type: Array(definition.identity.types[Int(rows.identifiers.tag(of: symbol))].utf8),
                id: Array(rows.identifiers.bytes(of: symbol)))
        }
        return (Set(leaving), bare, identifiers)
    }

    /// By cause, what all that was folded adds and takes away; afterwards it is gone.
    func takeContributions() -> (added: [ChangeCause: Contribution], removed: [ChangeCause: Contribution]) {
        defer { (added, removed) = ([:], [:]) }
        return (added, removed)
    }

    private func contribution(_ of: inout [ChangeCause: Contribution], _ cause: ChangeCause, _ foldPlan: FoldPlan) -> Contribution {
        if let found = of[cause] { return found }
        let made = Contribution(plan: foldPlan, types: plan.identity.types)
        of[cause] = made
        return made
    }

    /// Linking ids that turned out to be placeholders here.
    private func placeholders(_ persons: ComponentPersons) -> [UInt32] {
        guard rows.identifiers.count > plan.identity.maxKnown else { return [] }
        return (1..<UInt32(rows.identifiers.count + 1)).filter { symbol in
            Int(rows.identifiers.tag(of: symbol)) >= plan.identity.known && persons.graph.isPlaceholder(symbol)
                && !plan.placeholdersBefore.contains(ComponentAtHand.name(symbol, rows.identifiers))
        }
    }

    // MARK: What is kept

    private func store(_ all: [Int], _ persons: ComponentPersons, holdsUntil: EventTime, former: [Int64], _ outcome: inout ComponentOutcome)
    {
        let kept = seal(all, persons, holdsUntil: holdsUntil)
        let split = ComponentParts(rows, kept, keys: plan.keys, isPlaceholder: { persons.graph.isPlaceholder($0) })
        var parts = split.parts
        outcome.unused = keys(split.unused).filter { $0.home != 0 }
        if !outcome.unused.isEmpty {
            // One that still leads to another identifier stays.
            let used = Set(parts.flatMap { keys($0.identifiers) }.map(\.key))
            outcome.unused.removeAll { used.contains($0.key) }
        }
        // Of what was one and falls apart, the largest part stays where it was.
        parts.sort { $0.rows.count > $1.rows.count }
        var free = former[...]
        for part in parts {
            let latest = part.rows.reduce(part.rows.isEmpty ? rows.lastSeen : .min) { max($0, rows.time($1)) }
            // Of whom nothing is kept any more, it is known for as long again that they were here.
            let isOver =
                part.rows.isEmpty
                ? latest < sealing.before.saturatingSubtract(plan.retention)
                : latest < sealing.before && holdsUntil == .max && persons.hasShared
            if isOver {
                for row in part.rows { sealed[RowPosition.file(rows.position(row)), default: 0] += 1 }
                outcome.unused += keys(part.identifiers).filter { $0.home != 0 }
                continue
            }
            let id = free.popFirst()
            outcome.stored.append(
                .init(
                    id: id, deadline: deadline(latest: latest, holdsUntil: holdsUntil, isBare: part.rows.isEmpty), latest: latest,
                    bytes: rows.encode(part.rows, bare: part.bareTuples, texts: texts, words: plan.words),
                    keys: keys(part.identifiers).filter { $0.home == 0 || $0.home != id }))
        }
        outcome.deleted = Array(free)
    }

    /// Until when a component is as it is now; nil: for ever.
    /// - Parameter isBare: whether no event of it is kept.
    private func deadline(latest: EventTime, holdsUntil: EventTime, isBare: Bool) -> EventTime? {
        let droppedAfter = latest.saturatingAdd(plan.reach).saturatingAdd(plan.retention)
        let deadline = min(holdsUntil, isBare ? droppedAfter.saturatingAdd(plan.retention) : droppedAfter)
        return deadline == .max ? nil : deadline
    }

    /// Takes what can be sealed of each person out of the rows.
    private func seal(_ all: [Int], _ persons: ComponentPersons, holdsUntil: EventTime) -> [Int] {
        guard all.contains(where: { rows.time($0) < sealing.before }), !persons.hasShared else { return all }
        let facts = persons.facts(rows)
        var dropped: Set<Int> = []
        for person in 0..<persons.persons {
            let own = persons.rows[persons.starts[person]..<persons.starts[person + 1]]
            let events = own.map { EventRow(rows.row($0)) }
            guard !own.isEmpty, let sealed = sealing.seal(events, known: facts[person] ?? [], isSettled: holdsUntil == .max) else {
                continue
            }
            let old = own.filter { rows.time($0) < sealed.before }
            for row in old {
                dropped.insert(row)
                rows.keep(bare: rows.tuple(row))
                self.sealed[RowPosition.file(rows.position(row)), default: 0] += 1
            }
            rows.keep(sealed.facts, of: persons.graph.representatives[person])
        }
        return dropped.isEmpty ? all : all.filter { !dropped.contains($0) }
    }

    private func keys(_ identifiers: [UInt32]) -> [(key: UInt64, home: Int64)] {
        identifiers.map { (plan.keys.key($0, rows.identifiers), rows.homes[Int($0)]) }
    }
}
