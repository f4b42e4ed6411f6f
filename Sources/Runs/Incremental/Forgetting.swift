import Definitions
import Disk
import Events
import Identity
package import Ingest
import States

/// `forget`: takes a person and all it contributed out of a state. Nothing is read and nothing published; what is published
/// changes with the next run.
package struct Forgetting {
    package struct Outcome: Sendable {
        package var events: Int64
        /// Cells of published tables that the next publication shows otherwise.
        package var restated: Int
    }

    private let state: StateFolder
    private let change: StateChange
    private var definition: PipelineDefinition { change.definition }

    /// - Parameters:
    ///   - person: `type:id` or an id, as for `journey`.
    ///   - pipelinePath: nil for the file that the state was made with last.
    /// Throws `PipelineFileError`, `RunError`.
    package static func run(state folder: String, person: String, pipelinePath: String?, threads: Int, cancellation: Cancellation) throws
        -> Outcome
    {
        try StateOpening.checkExists(folder)
        let path = try pipelinePath ?? pipeline(of: folder)
        let definition = try PipelineReader.read(path: path)
        do {
            let options = LogOptions(pipelinePath: path, threads: threads, memoryBytes: 1 << 30)
            let forgetting = Forgetting(
                state: try StateOpening.openExisting(folder, for: definition),
                change: StateChange(definition: definition, options: options, cancellation: cancellation))
            return try forgetting.run(person)
        } catch {
            throw RunError(error)
        }
    }

    private static func pipeline(of folder: String) throws -> String {
        do {
            guard let path = try StateFolder(folder).use({ try $0.text(.pipelinePath) }) else { throw StateOpening.noState(folder) }
            return path
        } catch {
            throw RunError(error)
        }
    }

    // MARK: One transaction

    private func run(_ person: String) throws -> Outcome {
        do {
            return try takeOut(person)
        } catch {
            state.use { $0.rollback() }
            if error is DamagedBytes { throw StateError.damaged(path: state.path, reason: "what is stored in it makes no sense") }
            throw error
        }
    }

    private func takeOut(_ person: String) throws -> Outcome {
        let standing = try state.use { state in
            try state.begin()
            return try StandingState(state)
        }
        let (files, moments) = (standing.files, standing.moments)
        let (forgotten, sums) = try change.fold().forget(person, state, standing, ranks: change.ranks(of: files))
        return try state.use { state in
            let late = try takeOutAside(forgotten.identifiers, state)
            try store(files, forgotten, late: late, sums.total, state)
            let names = try change.names(sums, asOf: moments.asOf ?? 0, aliveDays: [], state)
            let daily = try sums.cells.tables(.daily, names, threads: change.options.threads, change.cancellation)
            try change.storeRestated(sums, names, before: moments.before, daily, state)
            let restated = try RestatedStore(state).all().count
            _ = try change.commit(state)
            return Outcome(events: forgotten.events, restated: restated)
        }
    }

    /// Late lines of the person, its name as an example, and texts that speak of it. Answers which fields the late lines that went
    /// had, by number of the file.
    private func takeOutAside(_ identifiers: Set<AsideStore.Identifier>, _ state: StateFile) throws -> [Int64: [[UInt8]]] {
        // Examples by sealed events are not among what the fold takes away.
        for identifier in identifiers {
            let name = "\(String(decoding: identifier.type, as: UTF8.self)):\(String(decoding: identifier.id, as: UTF8.self))"
            try ExampleStore(state).remove(Array(name.utf8))
        }
        return try AsideStore(state).forget(identifiers)
    }

    /// The person's lines are counted no longer, as if no file had had them.
    private func store(
        _ files: [KnownFile], _ forgotten: IncrementalFold.Forgotten, late: [Int64: [[UInt8]]], _ totals: Totals, _ state: StateFile
    ) throws {
        let lateLines = Int64(late.values.reduce(0) { $0 + $1.count })
        try change.check(change.total(Ledger(lines: -forgotten.events - lateLines, late: -lateLines), totals, state), state)
        for known in files {
            var file = known
            file.sealed += forgotten.sealed[Int(file.id)] ?? 0
            let (lateOnes, events) = (late[file.id] ?? [], forgotten.ofFiles[Int(file.id)] ?? [])
            file.late -= Int64(lateOnes.count)
            file.lines -= Int64(lateOnes.count + events.count)
            for fields in lateOnes + events { try file.fields.remove(fields) }
            if file != known { try FileStore(state).store(file) }
        }
    }
}

extension IncrementalFold {
    /// What was forgotten.
    struct Forgotten {
        /// Events, and by number of a file which fields each of those that it held had.
        var events: Int64
        var ofFiles: [Int: [[UInt8]]] = [:]
        /// By number of a file: events of others, connected with the person, that are kept no longer.
        var sealed: [Int: Int64] = [:]
        /// Those that are nobody else's.
        var identifiers: Set<AsideStore.Identifier>
    }

    /// Takes a person's events out of what is stored, within the transaction that is open. Throws `RunError.notFound` where there
    /// is no such person, or several; then the transaction is to be given up.
    func forget(_ person: String, _ state: StateFolder, _ standing: StandingState, ranks: [Int]) throws -> (Forgotten, Sums) {
        let (symbols, plan) = try standingPlan(standing, ranks: ranks, state)
        let access = try StateAccess(state)
        var hands = Hands()
        let fold = try hands.fold(standing.moments, symbols, plan, self)
        let components = try components(of: person, plan, state)
        try fold.component.load(components, access.load(components))
        let (forgotten, leaving, bare) = try leaving(person, fold)
        fold.component.countDays { leaving.contains($0) }
        _ = try replaceDays([hands], Set(components), plan, symbols, state, access)
        try access.apply([fold.fold(former: components, leaving: { leaving.contains($0) }, leavingBare: bare, cause: .removed)])
        try access.finish()
        var outcome = forgotten
        outcome.sealed = fold.sealed
        return (outcome, try state.use { try sum([fold], $0, symbols.texts) })
    }

    private func components(of person: String, _ plan: IncrementalPlan, _ state: StateFolder) throws -> [Int64] {
        let finder = PersonFinder(
            IdentityGraph(identities: TupleTable(width: 1), identifiers: SymbolTable(), types: 0, knownTypes: 0, maxKnown: 1), definition)
        let given = SymbolTable()
        let symbols = finder.candidates(person).map { given.intern($0.id, tag: UInt8($0.type)) }
        return try state.use { state in
            let store = try ComponentStore(state)
            return try Set(symbols.compactMap { try store.component(ofKey: plan.keys.key($0, given)) }).sorted()
        }
    }

    /// What goes of the components that are loaded, by rows and by tuples of sealed events.
    private func leaving(_ person: String, _ fold: ComponentFold) throws -> (Forgotten, rows: Set<Int>, bare: Set<Int>) {
        let (leaving, bare, identifiers) = try fold.rowsOfPerson(person, definition)
        var forgotten = Forgotten(events: Int64(leaving.count), identifiers: Set(identifiers))
        let rows = fold.component.rows
        for row in leaving {
            forgotten.ofFiles[RowPosition.file(rows.position(row)), default: []].append(Array(fold.texts.bytes(of: rows.fieldSet(row))))
        }
        return (forgotten, leaving, bare)
    }
}
