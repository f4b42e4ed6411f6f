import Dispatch
import Ingest
import Synchronization

/// Equal workers on Dispatch that share out numbered work.
enum Parallel {
    /// Calls `body` once for every index, on up to `threads` workers, each with a state of its own made by `state`.
    /// Which worker gets which index is left to chance: nothing that is published may depend on it.
    /// Returns the states. Stops early, and throws, when cancelled.
    static func run<State: Sendable>(
        count: Int, threads: Int, cancellation: Cancellation, state: @Sendable (Int) -> State, body: @Sendable (inout State, Int) -> Void
    ) throws -> [State] {
        let next = Atomic<Int>(0)
        let finished = Mutex<[State]>([])
        DispatchQueue.concurrentPerform(iterations: max(1, threads)) { worker in
            var mine = state(worker)
            while !cancellation.isCancelled {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { break }
                body(&mine, index)
            }
            let result = mine
            finished.withLock { $0.append(result) }
        }
        if cancellation.isCancelled { throw RunError.cancelled }
        return finished.withLock { $0 }
    }
}
