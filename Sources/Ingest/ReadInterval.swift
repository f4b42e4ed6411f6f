import Glibc
import Synchronization

/// How long the reader of an input without end goes on before what it has read is worked off: until the interval is over,
/// or until it is stopped. Safe to use from several threads.
package final class ReadInterval: Sendable {
    private let nanoseconds: Int64
    /// On the monotonic clock, in nanoseconds.
    private let end = Atomic<Int64>(0)
    private let stopped = Atomic<Bool>(false)
    /// What a producer wrote before the reader was stopped is still read, and this is the longest that it may take.
    private static let lastNanoseconds: Int64 = 1_000_000_000
    /// The longest wait in one piece: who stops the reader need not wake it.
    private static let sliceNanoseconds: Int64 = 50_000_000

    package init(microseconds: Int64) { nanoseconds = microseconds * 1000 }

    package var isStopped: Bool { stopped.load(ordering: .acquiring) }

    /// The next interval begins now. One that begins after `stop` reads only what is there already.
    func begin() { end.store(Self.now + (isStopped ? Self.lastNanoseconds : nanoseconds), ordering: .releasing) }

    /// This interval is the last, and it is over when nothing more stands ready to be read. It ends as any other, with the last
    /// whole line, also where the input ends.
    package func stop() {
        end.store(min(end.load(ordering: .acquiring), Self.now + Self.lastNanoseconds), ordering: .releasing)
        stopped.store(true, ordering: .releasing)
    }

    /// Waits until a read of `descriptor` would return at once: there are bytes, an end or an error. False: the interval
    /// is over, whether or not there is something, so that a fast producer cannot draw it out.
    func allowsRead(of descriptor: Int32) -> Bool {
        while true {
            let isLast = isStopped
            let rest = end.load(ordering: .acquiring) - Self.now
            guard rest > 0 else { return false }
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // Rounded up: a wait of less than a millisecond would be none.
            let milliseconds = isLast ? 0 : Int32((min(rest, Self.sliceNanoseconds) + 999_999) / 1_000_000)
            if poll(&entry, 1, milliseconds) > 0 { return true }
            if isLast { return false }
        }
    }

    private static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
