import Digests
import Glibc

/// An open file or standard input: raw bytes in, with the place for messages. One reader at a time.
final class OpenInput {
    /// As messages name it.
    let path: String
    private let descriptor: Int32
    private let closes: Bool
    /// When reading pauses; nil: never.
    private let interval: ReadInterval?
    /// Bytes read so far.
    private(set) var offset: Int64 = 0
    private var hash = SHA256()

    /// `-` is standard input. Throws `IngestError.cannotOpen`.
    init(path: String, interval: ReadInterval? = nil) throws {
        self.path = Self.shown(path)
        self.interval = interval
        if path == "-" {
            descriptor = 0
            closes = false
            // A larger pipe saves half the system calls of `zstdcat | sojourn`; a refusal does no harm.
            let setPipeSize: Int32 = 1031  // F_SETPIPE_SZ, which Glibc's module does not show
            _ = fcntl(0, setPipeSize, 1 << 20)
        } else {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            closes = true
            guard descriptor >= 0 else { throw IngestError.cannotOpen(path: path, reason: String(cString: strerror(errno))) }
            _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        }
    }

    /// SHA-256 of the bytes read so far, as 64 hexadecimal digits: of the compressed ones, as `sha256sum FILE` has it.
    var sha256: String { hash.digest.hex }

    /// As messages name the input.
    static func shown(_ path: String) -> String { path == "-" ? "standard input" : path }

    deinit { if closes { close(descriptor) } }

    /// Reads up to `capacity` bytes; 0 only at the end, nil where the interval is over.
    func read(into buffer: UnsafeMutableRawPointer, capacity: Int) throws -> Int? {
        while true {
            if let interval, !interval.allowsRead(of: descriptor) { return nil }
            let count = Glibc.read(descriptor, buffer, capacity)
            // A producer that is stopped together with the reader may end in the middle of a line.
            if count == 0, interval?.isStopped == true { return nil }
            if count >= 0 {
                offset += Int64(count)
                hash.update(UnsafeRawBufferPointer(start: buffer, count: count))
                return count
            }
            if errno == EINTR { continue }
            throw IngestError.cannotRead(path: path, offset: offset, reason: String(cString: strerror(errno)))
        }
    }
}
