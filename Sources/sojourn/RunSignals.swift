import Dispatch
import Glibc
import Ingest
import Synchronization

/// SIGINT and SIGTERM: the run stops between blocks and cleans up. Where it cannot, because a read from a pipe does
/// not return, the process cleans up and ends by itself soon after.
final class RunSignals: Sendable {
    static let shared = RunSignals()

    let cancellation = Cancellation()
    private let caught = Atomic<Int32>(0)
    private let lock = Mutex(())
    nonisolated(unsafe) private var sources: [any DispatchSourceSignal] = []  // changed under `lock` only
    private static let graceSeconds = 2.0

    /// 128 + signal, once one came.
    var exitStatus: Int32? {
        let signal = caught.load(ordering: .relaxed)
        return signal == 0 ? nil : 128 + signal
    }

    /// - Parameter discard: removes unfinished output; false when it was already published.
    func watch(_ discard: @escaping @Sendable () -> Bool) {
        for number in [SIGINT, SIGTERM] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { [self] in
                caught.store(number, ordering: .relaxed)
                cancellation.cancel()
                DispatchQueue.global(qos: .userInteractive).asyncAfter(deadline: .now() + Self.graceSeconds) {
                    _exit(discard() ? 128 + number : 0)
                }
            }
            source.resume()
            lock.withLock { _ in sources.append(source) }
        }
    }
}
