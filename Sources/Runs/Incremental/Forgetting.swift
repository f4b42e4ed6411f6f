import Disk
import Events
import Identity
package import Ingest
import States

/// `forget`: takes a person and all it contributed out of a state. What is published changes with the next run.
package enum Forgetting {
    package struct Outcome: Sendable {
        package var events: Int64
        /// Cells of published tables that the next publication shows otherwise.
        package var restated: Int
    }

    /// - Parameters:
    ///   - person: `type:id` or an id, as for `journey`.
    ///   - pipelinePath: nil for the file that the state was made with last.
    /// Throws `PipelineFileError`, `RunError`.
    package static func run(state folder: String, person: String, pipelinePath: String?, threads: Int, cancellation: Cancellation) throws
        -> Outcome
    {
        // A mistyped folder must not become a state.
        guard FilePaths.exists(folder + "/state.sqlite") else { throw noState(folder) }
        let path = try pipelinePath ?? pipeline(of: folder)
        var log = LogOptions(pipelinePath: path, threads: threads, memoryBytes: 1 << 30)
        log.readsNothing = true
        var options = RunOptions(log, outputFolder: "")
        options.stateFolder = folder
        options.forgets = person
        let opening = StateOpening(folder, options)
        let route = try LogRoute(log, cancellation: cancellation) { try opening.choose($0, $1) }
        let run = try opening.run(route, cancellation)
        do {
            var clock = StageClock()
            var empty = try route.read(&clock)
            let computed = try run.compute(&empty, Ledger(), clock)
            return Outcome(events: computed.forgotten, restated: computed.restated?.rows.count ?? 0)
        } catch {
            run.giveUp()
            throw RunError(error)
        }
    }

    private static func pipeline(of folder: String) throws -> String {
        do {
            guard let path = try StateFolder(folder).use({ try $0.text(.pipelinePath) }) else { throw noState(folder) }
            return path
        } catch {
            throw RunError(error)
        }
    }

    private static func noState(_ folder: String) -> RunError {
        .usage("\(folder): there is no state of sojourn in this folder, or nothing was read into it yet")
    }
}

extension IncrementalFold {
    /// Takes a person's events out of what is stored. Throws `RunError.notFound` where there is no such person, or several.
    func forget(
        _ person: String, _ plan: IncrementalPlan, _ fold: ComponentFold, _ state: StateFolder, _ access: StateAccess
    ) throws -> Forgotten {
        let finder = PersonFinder(
            IdentityGraph(identities: TupleTable(width: 1), identifiers: SymbolTable(), types: 0, knownTypes: 0, maxKnown: 1), definition)
        let given = SymbolTable()
        let symbols = finder.candidates(person).map { given.intern($0.id, tag: UInt8($0.type)) }
        let components = try state.use { state in
            let store = try ComponentStore(state)
            return try Set(symbols.compactMap { try store.component(ofKey: plan.keys.key($0, given)) }).sorted()
        }
        try load(components, access, fold)
        let (leaving, bare, identifiers) = try fold.rowsOfPerson(person, definition)
        var forgotten = Forgotten(events: Int64(leaving.count), identifiers: identifiers)
        for row in leaving { forgotten.ofFiles[RowPosition.file(fold.rows.position(row)), default: 0] += 1 }
        try access.apply([fold.fold(former: components, leaving: { leaving.contains($0) }, leavingBare: bare, cause: .removed)])
        return forgotten
    }
}
