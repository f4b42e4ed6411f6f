import Dispatch
import Glibc
import Ingest
import Synchronization

/// SIGINT and SIGTERM: the run stops between blocks and cleans up. Where it cannot, because a file does not open or a
/// read of it does not return, the process cleans up and ends by itself soon after. A stream commits and publishes what has come, and
/// is given up only at a second signal, or where that takes too long.
final class RunSignals: Sendable {
    static let shared = RunSignals()

    let cancellation = Cancellation()
    private let caught = Atomic<Int32>(0)
    private let lock = Mutex(())
    nonisolated(unsafe) private var sources: [any DispatchSourceSignal] = []  // changed under `lock` only
    nonisolated(unsafe) private var discard: (@Sendable () -> Bool)?  // changed under `lock` only
    nonisolated(unsafe) private var stop: (@Sendable () -> Void)?  // changed under `lock` only
    private static let graceSeconds = 2.0
    private static let commitSeconds = 10.0

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
            source.setEventHandler { [self] in received(number) }
            source.setRegistrationHandler { registered.signal() }
            source.resume()
            // Until Dispatch has its handler in place, the signal ends the process at once: no moment in which it is lost.
            registered.wait()
            lock.withLock { _ in sources.append(source) }
        }
    }

    private func received(_ number: Int32) {
        let isFirst = caught.exchange(number, ordering: .relaxed) == 0
        if let stop = lock.withLock({ _ in stop }) {
            if isFirst { stop() }
            end(by: number, after: isFirst ? Self.commitSeconds : 0)
        } else {
            cancellation.cancel()
            end(by: number, after: Self.graceSeconds)
        }
    }

    private func end(by number: Int32, after seconds: Double) {
        DispatchQueue.global(qos: .userInteractive).asyncAfter(deadline: .now() + seconds) { [self] in
            cancellation.cancel()
            _exit(discardOutput() ? 128 + number : 0)
        }
    }

    /// - Parameters:
    ///   - discard: removes unfinished output; false when it was already published.
    ///   - stop: of a stream, lets it end in order.
    func onStop(_ discard: @escaping @Sendable () -> Bool, orderly stop: (@Sendable () -> Void)? = nil) {
        lock.withLock { _ in (self.discard, self.stop) = (discard, stop) }
    }

    private func discardOutput() -> Bool {
        let discard = lock.withLock { _ in self.discard }
        return discard?() ?? true
    }
}
