import Events
import Ingest
import Journeys
import States

/// As-of must be known before anything is folded, and without `--as-of` it follows from how many persons each day has: so who is
/// who is asked once before the fold, of components with new events, those that an identifier led to, and those with events that
/// waited or are to wait. Time alone changes nobody's days.
extension IncrementalFold {
    /// The days of all persons, kept in the state. Throws `StateError`.
    func countDays(
        _ shards: PersonShards, _ start: Start, _ symbols: MergedSymbols, _ state: StateFolder, _ access: StateAccess
    ) throws -> (workers: [Hands], days: EventDays) {
        let (former, plan) = (start.connection.former, start.plan)
        let withNew = try Parallel.run(count: shards.count, threads: threads, cancellation: cancellation, state: { _ in Hands() }) {
            hands, shard in
            let component = hands.component(plan, symbols)
            try forEachTouched(in: shard, of: shards, start.connection, symbols, access, hands.scratch, component) {
                hands.done.append($0)
                component.countDays()
            }
        }
        let touched = Set(withNew.flatMap(\.done).flatMap { former[$0] })
        let rest = Set(former.joined()).union(start.waiting).subtracting(touched)
        let workers = try batches(rest.sorted(), state: { withNew[$0] }) { hands, ids in
            let component = hands.component(plan, symbols)
            try component.load(each: ids, access) { _ in component.countDays() }
        }
        return try (workers, replaceDays(workers, touched.union(rest), plan, symbols, state, access))
    }

    /// Takes away from the stored days what the workers' components had, adds what they have now, and stores the sum.
    /// - Parameter counted: those components, as they are stored.
    func replaceDays(
        _ workers: [Hands], _ counted: Set<Int64>, _ plan: IncrementalPlan, _ symbols: MergedSymbols, _ state: StateFolder,
        _ access: StateAccess
    ) throws -> EventDays {
        let stored = try state.use { try DayStore($0).load(texts: symbols.texts) }
        var (before, now) = (EventDays(), EventDays())
        for component in workers.compactMap(\.component) {
            before.absorb(component.daysBefore)
            now.absorb(component.daysNow)
        }
        // What is folded anew is in the log.
        var days = reload == nil ? stored : EventDays()
        let lost = reload == nil ? days.replace(before, by: now) : []
        if reload != nil { days = now }
        if let first = lost.min() {
            // A day's latest event is gone: what stands there now, some component that nothing touched may know.
            let others = try state.use { try ComponentStore($0).later(than: EventDays.start(of: first) - 1) }
            let found = try batches(others.filter { !counted.contains($0) }, state: { _ in Hands() }) { hands, ids in
                let component = hands.component(plan, symbols)
                try component.load(each: ids, access) { _ in component.countDays() }
            }
            for component in found.compactMap(\.component) {
                for day in lost { days.note(latestOf: day, in: component.daysNow) }
            }
        }
        try state.use { try DayStore($0).store(days, changedFrom: stored, texts: symbols.texts) }
        return days
    }

    /// Gives out stored components to all workers.
    /// - Parameter state: a worker's things from an earlier stage.
    func batches<Worker: Sendable>(
        _ ids: [Int64], state: @Sendable (Int) -> Worker, _ body: @Sendable (inout Worker, ArraySlice<Int64>) throws -> Void
    ) throws -> [Worker] {
        let batch = 256
        return try Parallel.run(count: (ids.count + batch - 1) / batch, threads: threads, cancellation: cancellation, state: state) {
            worker, index in
            try body(&worker, ids[(index * batch)..<min((index + 1) * batch, ids.count)])
        }
    }

    /// A worker's own things; `Parallel` hands them over.
    struct Hands: @unchecked Sendable {
        private(set) var component: ComponentAtHand?
        private(set) var fold: ComponentFold?
        let scratch = PersonShards.Scratch()
        /// Numbers of the components it met that have new events.
        var done: [Int] = []

        /// Every worker has texts of its own: they grow with the stored rows it loads.
        mutating func component(_ plan: IncrementalPlan, _ symbols: MergedSymbols) -> ComponentAtHand {
            if let component { return component }
            let texts = SymbolTable(capacity: symbols.texts.count * 2)
            _ = texts.absorb(symbols.texts)
            let made = ComponentAtHand(plan, texts: texts)
            component = made
            return made
        }

        /// And plans over its texts.
        mutating func fold(_ moments: Moments, _ symbols: MergedSymbols, _ plan: IncrementalPlan, _ of: IncrementalFold) throws
            -> ComponentFold
        {
            if let fold { return fold }
            let component = component(plan, symbols)
            func foldPlan(_ asOf: EventTime) throws -> FoldPlan {
                try of.definition.foldPlan(
                    texts: component.texts, kinds: symbols.kinds, scalars: of.scalars, layout: of.layout, asOf: asOf)
            }
            let made = ComponentFold(component, moments, foldPlans: (try moments.before.map(foldPlan), try foldPlan(moments.asOf ?? 0)))
            fold = made
            return made
        }
    }
}
