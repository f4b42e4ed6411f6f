import Definitions
import Events
import Ingest
import States

/// A state as its last run left it, for commands that read no log. Time does not move on, so nothing is sealed that was not before.
struct StandingState {
    let files: [KnownFile]
    let moments: IncrementalFold.Moments
    let waiting: IncrementalFold.Waiting

    init(_ state: StateFile) throws {
        let sealedBefore = try state.number(.sealedBefore) ?? .min
        let asOf = try state.number(.asOf) ?? 0
        let waitsAfter = try state.number(.waitsAfter) ?? .max
        files = try FileStore(state).all()
        moments = .init(before: asOf, asOf: asOf, sealedBefore: sealedBefore, willSealBefore: sealedBefore)
        waiting = .init(before: waitsAfter, now: waitsAfter)
    }
}

extension StateChange {
    /// For the rows of a state.
    func fold() -> IncrementalFold {
        let (plan, scalars) = definition.readPlan(.kept, keepsRawText: false)
        return IncrementalFold(
            definition: definition, layout: plan.layout, scalars: scalars, threads: options.threads, memoryBytes: options.memoryBytes,
            cancellation: cancellation)
    }
}

extension IncrementalFold {
    /// The plan over what is stored, and the symbols of that, within the transaction that is open.
    func standingPlan(_ standing: StandingState, ranks: [Int], _ state: StateFolder) throws -> (MergedSymbols, IncrementalPlan) {
        let symbols = MergedSymbols([
            .init(
                texts: SymbolTable(), identifiers: SymbolTable(), kinds: TupleTable(width: EventKind.width),
                identities: TupleTable(width: max(1, definition.identity.types.count)))
        ])
        let plan = try state.use { state in
            let words = try SharedWords(exchanging: symbols.kinds, texts: symbols.texts, state)
            let placeholders = try storedPlaceholders(state)
            return IncrementalPlan(
                definition, layout, words: words, keys: try IdentifierKeys(state), standing.waiting, .init(ranks: ranks),
                placeholdersBefore: placeholders, placeholders: placeholders)
        }
        return (symbols, plan)
    }
}
