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
    nonisolated(unsafe) private var discard: (@Sendable () -> Bool)?  // changed under `lock` only
    private static let graceSeconds = 2.0

    /// 128 + signal, once one came.
    var exitStatus: Int32? {
        let signal = caught.load(ordering: .relaxed)
        return signal == 0 ? nil : 128 + signal
    }

    /// To be called before there is any output: a signal that comes between would leave it lying there.
    func watch() {
        for number in [SIGINT, SIGTERM] {
            let registered = DispatchSemaphore(value: 0)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { [self] in
                caught.store(number, ordering: .relaxed)
                cancellation.cancel()
                DispatchQueue.global(qos: .userInteractive).asyncAfter(deadline: .now() + Self.graceSeconds) { [self] in
                    _exit(discardOutput() ? 128 + number : 0)
                }
            }
            source.setRegistrationHandler { registered.signal() }
            source.resume()
            // Until Dispatch has its handler in place, the signal ends the process at once: no moment in which it is lost.
            registered.wait()
            lock.withLock { _ in sources.append(source) }
        }
    }

    /// - Parameter discard: removes unfinished output; false when it was already published.
    func onStop(_ discard: @escaping @Sendable () -> Bool) { lock.withLock { _ in self.discard = discard } }

    private func discardOutput() -> Bool {
        let discard = lock.withLock { _ in self.discard }
        return discard?() ?? true
    }
}
