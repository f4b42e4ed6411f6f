import Dispatch
import Synchronization

/// Set by a signal; looked at between blocks.
package final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    package init() {}
    package func cancel() { flag.store(true, ordering: .relaxed) }
    package var isCancelled: Bool { flag.load(ordering: .relaxed) }
}

/// Equal workers on Dispatch that share out numbered work.
package enum Parallel {
    private struct Finished<State: Sendable> {
        var states: [State] = []
        var failure: (any Error)?
    }

    /// Calls `body` once for every index, on up to `threads` workers, each with a state of its own made by `state`.
    /// Which worker gets which index is left to chance: nothing that is published may depend on it.
    /// Returns the states, at least one. Stops early, and throws, when cancelled or when a call throws.
    package static func run<State: Sendable>(
        count: Int, threads: Int, cancellation: Cancellation, state: @Sendable (Int) -> State,
        body: @Sendable (inout State, Int) throws -> Void
    ) throws -> [State] {
        let next = Atomic<Int>(0)
        let finished = Mutex(Finished<State>())
        DispatchQueue.concurrentPerform(iterations: max(1, threads)) { worker in
            var mine = state(worker)
            var failure: (any Error)?
            while !cancellation.isCancelled {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { break }
                do {
                    try body(&mine, index)
                } catch {
                    failure = error
                    next.store(count, ordering: .relaxed)
                }
            }
            let result = (mine, failure)
            finished.withLock {
                $0.states.append(result.0)
                $0.failure = $0.failure ?? result.1
            }
        }
        if cancellation.isCancelled { throw IngestError.cancelled }
        let all = finished.withLock { $0 }
        if let failure = all.failure { throw failure }
        return all.states
    }
}
