import Dispatch
import Synchronization

/// How much of the work that is shared out at the moment is done, for another thread to show.
package final class WorkCount: Sendable {
    private let total = Atomic<Int>(0)
    private let done = Atomic<Int>(0)

    package init() {}

    /// - Parameter count: of its parts; 0 where nobody counts them.
    package func begin(_ count: Int) {
        done.store(0, ordering: .relaxed)
        total.store(count, ordering: .relaxed)
    }

    func finishOne() { done.wrappingAdd(1, ordering: .relaxed) }

    /// nil where nobody counts. Between two pieces of work it may be that of the one with the number of the other.
    package var share: Double? {
        let total = total.load(ordering: .relaxed)
        return total == 0 ? nil : min(1, Double(done.load(ordering: .relaxed)) / Double(total))
    }
}

/// Set by a signal; looked at between blocks. Who may end the work also sees how far it is.
package final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)
    package let work = WorkCount()

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
        let work = cancellation.work
        work.begin(count)
        let finished = Mutex(Finished<State>())
        DispatchQueue.concurrentPerform(iterations: max(1, threads)) { worker in
            var mine = state(worker)
            var failure: (any Error)?
            while !cancellation.isCancelled {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < count else { break }
                do {
                    try body(&mine, index)
                    work.finishOne()
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
