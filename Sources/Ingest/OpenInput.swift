import Digests
import Glibc
import Synchronization

/// An open file or standard input: raw bytes in, with the place for messages. One reader at a time.
final class OpenInput {
    /// As messages name it.
    let path: String
    private let descriptor: Int32
    private let closes: Bool
    /// When reading pauses; nil: never.
    private let interval: ReadInterval?
    private let cancellation: Cancellation?
    /// The longest wait in one piece: who cancels the reader need not wake it.
    private static let sliceMilliseconds: Int32 = 50
    /// Bytes read so far.
    private(set) var offset: Int64 = 0
    private var hash = SHA256()

    /// `-` is standard input. Throws `IngestError.cannotOpen`.
    init(path: String, interval: ReadInterval? = nil, cancellation: Cancellation? = nil) throws {
        self.path = Self.shown(path)
        (self.interval, self.cancellation) = (interval, cancellation)
        if path == "-" {
            descriptor = 0
            closes = false
            // A larger pipe saves half the system calls of `zstdcat | sojourn`; a refusal does no harm.
            let setPipeSize: Int32 = 1031  // F_SETPIPE_SZ, which Glibc's module does not show
            _ = fcntl(0, setPipeSize, 1 << 20)
        } else {
            let opened = open(path, O_RDONLY | O_CLOEXEC)
            guard opened >= 0 else { throw IngestError.cannotOpen(path: path, reason: String(cString: strerror(errno))) }
            (descriptor, closes) = (opened, true)
            _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        }
    }

    /// SHA-256 of the bytes read so far, as 64 hexadecimal digits: of the compressed ones, as `sha256sum FILE` has it.
    var sha256: String { hash.digest.hex }

    /// As messages name the input.
    static func shown(_ path: String) -> String { path == "-" ? "standard input" : path }

    deinit { if closes { close(descriptor) } }

    /// Reads some bytes into the room, from its beginning, and says how many; 0 only at the end, nil where the interval is over.
    func read(into room: ByteRoom) throws -> Int? {
        while true {
            if let interval {
                guard interval.allowsRead(of: descriptor) else { return nil }
            } else if let cancellation {
                try wait(cancellation)
            }
            let count = room.fill(from: descriptor)
            // A producer that is stopped together with the reader may end in the middle of a line.
            if count == 0, interval?.isStopped == true { return nil }
            if count >= 0 {
                offset += Int64(count)
                hash.update(room.text(0..<count).bytes)
                return count
            }
            if errno == EINTR { continue }
            throw IngestError.cannotRead(path: path, offset: offset, reason: String(cString: strerror(errno)))
        }
    }

    /// Until a read would return at once: a pipe that neither speaks nor ends does not hold up who cancels the run.
    private func wait(_ cancellation: Cancellation) throws {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        repeat {
            if cancellation.isCancelled { throw IngestError.cancelled }
        } while poll(&entry, 1, Self.sliceMilliseconds) <= 0
    }
}

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
