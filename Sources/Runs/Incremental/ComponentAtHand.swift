import Events
import Identity
import States

/// One component after the other in a worker's memory: what is stored of it, what is new, who is who in it, and on which days they
/// have events.
///
/// Unsafe code: none of its own; see `ComponentRows`.
final class ComponentAtHand: @unchecked Sendable {  // belongs to one worker
    let plan: IncrementalPlan
    let texts: SymbolTable
    let rows: ComponentRows
    private let hasNewPlaceholders: Bool
    /// Of all components counted so far: by the last run, and now.
    private(set) var daysBefore = EventDays()
    private(set) var daysNow = EventDays()

    /// - Parameter texts: this worker's own; it grows with the texts of stored rows.
    init(_ plan: IncrementalPlan, texts: SymbolTable) {
        self.plan = plan
        self.texts = texts
        hasNewPlaceholders = plan.placeholders != plan.placeholdersBefore
        rows = ComponentRows(layout: plan.layout, identityColumns: plan.identity.columns)
    }

    /// Takes stored components in place of what was at hand: those that are one now.
    func load(_ ids: some Sequence<Int64>, _ stored: some Sequence<[UInt8]>) throws {
        rows.clear()
        for (id, bytes) in zip(ids, stored) {
            try bytes.withUnsafeBytes { try rows.decode($0, component: id, texts: texts, words: plan.words) }
        }
    }

    /// Calls `body` with the number of each of some stored components, while it is at hand.
    func load(each ids: ArraySlice<Int64>, _ access: StateAccess, _ body: (Int64) throws -> Void) throws {
        for (id, bytes) in zip(ids, try access.load(ids)) {
            try load([id], [bytes])
            try body(id)
        }
    }

    /// The rows but those that leave.
    func staying(_ leaving: ((Int) -> Bool)?) -> [Int] {
        leaving.map { isLeaving in (0..<rows.count).filter { !isLeaving($0) } } ?? Array(0..<rows.count)
    }

    /// Who was who at the end of the last run; nil where the component contributed nothing.
    func personsBefore() -> ComponentPersons? {
        // Who is known by sealed events alone was counted as a person, too.
        guard rows.storedCount > 0 || !rows.bareTuples.isEmpty, let until = plan.waiting.before else { return nil }
        return persons(Array(0..<rows.storedCount), until: until, plan.placeholdersBefore)
    }

    func personsNow(_ kept: [Int]) -> ComponentPersons { persons(kept, until: plan.waiting.now, plan.placeholders) }

    /// Whether stored rows are whose they were at the end of the last run, if none comes or goes: no event that waited takes part now,
    /// and no identifier is a placeholder that was none.
    var hasSamePersons: Bool {
        guard let before = plan.waiting.before else { return false }
        guard before == plan.waiting.now || (0..<rows.count).allSatisfy({ rows.time($0) <= min(before, plan.waiting.now) }) else {
            return false
        }
        return !hasNewPlaceholders || known(plan.placeholders) == known(plan.placeholdersBefore)
    }

    private func persons(_ candidates: [Int], until: EventTime, _ placeholders: Set<[UInt8]>) -> ComponentPersons {
        ComponentPersons(
            rows, candidates, until: until, types: plan.identity.types.count, knownTypes: plan.identity.known,
            maxKnown: plan.identity.maxKnown, placeholders: known(placeholders), linksOnly: plan.linksOnly, fileRanks: plan.fileRanks)
    }

    /// The component's identifiers that are among the given ones.
    private func known(_ placeholders: Set<[UInt8]>) -> Set<UInt32> {
        guard !placeholders.isEmpty else { return [] }
        return Set((1..<UInt32(rows.identifiers.count + 1)).filter { placeholders.contains(Self.name($0, rows.identifiers)) })
    }

    /// An identifier with its type, as a key.
    static func name(_ symbol: UInt32, _ identifiers: SymbolTable) -> [UInt8] {
        [identifiers.tag(of: symbol)] + identifiers.bytes(of: symbol)
    }

    /// Counts the days of the component, before and now. Of what is sealed nothing is here, and it stays counted.
    func countDays(leaving: ((Int) -> Bool)? = nil) {
        if let before = personsBefore() { add(before, to: &daysBefore) }
        add(personsNow(staying(leaving)), to: &daysNow)
    }

    private func add(_ persons: ComponentPersons, to days: inout EventDays) {
        for person in 0..<persons.persons where persons.starts[person + 1] > persons.starts[person] {
            let first = persons.starts[person]
            days.add(person: persons.starts[person + 1] - first) {
                let row = persons.rows[first + $0]
                return (rows.time(row), rows.position(row), plan.kinds[Int(rows.kind(row))][EventKind.source])
            }
        }
    }

    func forgetDays() { (daysBefore, daysNow) = (EventDays(), EventDays()) }
}
