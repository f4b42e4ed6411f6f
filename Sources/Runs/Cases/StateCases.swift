import Definitions
import Disk
import Events
import Identity
import Ingest
import Journeys
import States
import Tables

/// The cases among what a state keeps, person by person as its last run folded them, with the thresholds of its sums. The state
/// stays as it is.
struct StateCases: Sendable {
    private let change: StateChange
    private var definition: PipelineDefinition { change.definition }

    init(_ definition: PipelineDefinition, _ options: LogOptions, _ cancellation: Cancellation) {
        change = StateChange(definition: definition, options: options, cancellation: cancellation)
    }

    /// Throws `StateError`, `RunError`.
    func list(_ wanted: WantedCases, of folder: String) throws -> CaseListing.Answer {
        let state = try StateOpening.openExisting(folder, for: definition)
        defer { state.use { $0.rollback() } }
        do {
            return try list(wanted, state)
        } catch is DamagedBytes {
            throw StateError.damaged(path: state.path, reason: "what is stored in it makes no sense")
        }
    }

    private func list(_ wanted: WantedCases, _ state: StateFolder) throws -> CaseListing.Answer {
        let standing = try state.use { state in
            try state.begin()
            return try StandingState(state)
        }
        let fold = change.fold()
        let (symbols, plan) = try fold.standingPlan(standing, ranks: change.ranks(of: standing.files), state)
        let asOf = standing.moments.asOf ?? 0
        let (thresholds, ids) = try state.use { state in
            let cells = try CellStore(state).load(texts: symbols.texts)
            let names = definition.tableNames(texts: symbols.texts, asOf: asOf, examples: { _, _ in [] })
            return (cells.stallThresholds(names: names), try ComponentStore(state).all())
        }
        let access = try StateAccess(state)
        let workers = try fold.batches(ids, state: { _ in Worker() }) { worker, ids in
            let component = worker.hands.component(plan, symbols)
            if worker.finder == nil {
                let foldPlan = try definition.foldPlan(
                    texts: component.texts, kinds: symbols.kinds, scalars: fold.scalars, layout: fold.layout, asOf: asOf)
                worker.finder = CaseFinder(foldPlan, wanted, thresholds: thresholds)
            }
            try component.load(each: ids, access) { _ in worker.cases += cases(component, worker.finder!) }
        }
        var answer = CaseListing.Answer(table: CaseListing.table(workers.flatMap(\.cases), definition, asOf: asOf))
        let sealed = standing.files.reduce(0) { $0 + $1.sealed }
        if sealed > 0 {
            answer.notes.append(
                "\(sealed) events before \(TimeFormat.utc(standing.moments.sealedBefore)) are counted in the tables and kept no longer (retention); cases among them are not in the list"
            )
        }
        return answer
    }

    /// A worker's own things; `Parallel` hands them over.
    private struct Worker: @unchecked Sendable {
        var hands = IncrementalFold.Hands()
        var finder: CaseFinder?
        var cases: [Case] = []
    }

    private func cases(_ component: ComponentAtHand, _ finder: CaseFinder) -> [Case] {
        let persons = component.personsNow(Array(0..<component.rows.count))
        var rows: [EventRow] = []
        for person in 0..<persons.persons where persons.starts[person + 1] > persons.starts[person] {
            rows.removeAll(keepingCapacity: true)
            for place in persons.starts[person]..<persons.starts[person + 1] {
                rows.append(EventRow(component.rows.row(persons.rows[place])))
            }
            finder.add(person: UInt32(person), rows: rows.span)
        }
        let found = finder.take()
        guard !found.isEmpty else { return [] }
        let names = PersonNames(persons.graph, persons: found.lazy.map(\.person), types: definition.identity.types)
        return found.map { $0.named(names, component.texts) }
    }
}
