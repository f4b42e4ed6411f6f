import Digests
import Glibc
import Synchronization

/// Size and checksum of a finished file, for datapackage.json.
package struct FileDigest: Sendable, Equatable {
    package var bytes: Int64
    /// 64 hexadecimal digits, or nil where none was asked for.
    package var sha256: String?

    package init(bytes: Int64, sha256: String?) {
        self.bytes = bytes
        self.sha256 = sha256
    }
}

/// A file that is written from front to back, through a buffer of 1 MiB. Safe to use from several threads; each
/// call's bytes stay together.
///
/// After an error every further call fails with the same error, so a caller that overlooks one cannot publish a
/// file with a hole in it.
package final class OutputFile: Sendable {
    package static let bufferBytes = 1 << 20

    package let path: String
    private let state: Mutex<State>

    private struct State {
        var descriptor: Int32
        var buffer: [UInt8] = []
        var byteCount: Int64 = 0
        var hash: SHA256?
        var failure: OutputError?
    }

    /// Creates the file, or empties it. The user's umask is taken off the mode. Does not follow a link.
    package init(path: String, mode: UInt32 = 0o644, hashing: Bool = false) throws {
        self.path = path
        let descriptor = Int32(retryingInterrupts { Int(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, mode)) })
        guard descriptor >= 0 else { throw OutputError("create", path, errno: errno) }
        state = Mutex(State(descriptor: descriptor, hash: hashing ? SHA256() : nil))
    }

    deinit {
        state.withLock { state in
            // An unfinished file is never published.
            if state.descriptor >= 0 { _ = close(state.descriptor) }
        }
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        try state.withLock { state in
            try Self.checkOpen(state, path)
            if state.buffer.count + bytes.count > Self.bufferBytes { try Self.flush(&state, path) }
            if bytes.count >= Self.bufferBytes {
                try Self.writeOut(bytes, &state, path)
            } else {
                state.buffer.append(contentsOf: bytes)
            }
        }
    }

    package func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }

    package func write(_ text: String) throws {
        var text = text
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
    }

    /// Writes the rest, waits until it is on the disk, and closes. Needed before a publication; a second call
    /// only returns the digest again.
    @discardableResult
    package func finish() throws -> FileDigest {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            if state.descriptor >= 0 {
                try Self.flush(&state, path)
                CrashPoint.reach("file-written")
                // An fsync that failed may have dropped the pages: it is never repeated.
                if fsync(state.descriptor) != 0 { try Self.fail("write", &state, path, errno) }
                CrashPoint.reach("file-synced")
                let descriptor = state.descriptor
                state.descriptor = -1
                if close(descriptor) != 0, errno != EINTR { try Self.fail("write", &state, path, errno) }
                state.buffer = []
            }
            return FileDigest(bytes: state.byteCount, sha256: state.hash?.digest.hex)
        }
    }

    /// Whether every byte is on the disk.
    package var isFinished: Bool { state.withLock { $0.descriptor < 0 && $0.failure == nil } }

    private static func checkOpen(_ state: State, _ path: String) throws {
        if let failure = state.failure { throw failure }
        guard state.descriptor >= 0 else { throw OutputError("write", path, reason: "the file is already closed") }
    }

    private static func flush(_ state: inout State, _ path: String) throws {
        guard !state.buffer.isEmpty else { return }
        // Taken out of the state, so that the bytes can be read while the counters change.
        var buffer: [UInt8] = []
        swap(&buffer, &state.buffer)
        try buffer.withUnsafeBytes { try writeOut($0, &state, path) }
        buffer.removeAll(keepingCapacity: true)
        swap(&buffer, &state.buffer)
    }

    private static func writeOut(_ bytes: UnsafeRawBufferPointer, _ state: inout State, _ path: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = retryingInterrupts {
                Glibc.write(state.descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            }
            if written < 0 { try fail("write", &state, path, errno) }
            rest = rest.dropFirst(written)
        }
        state.byteCount += Int64(bytes.count)
        state.hash?.update(bytes)
    }

    private static func fail(_ action: String, _ state: inout State, _ path: String, _ code: Int32) throws -> Never {
        let failure = OutputError(action, path, errno: code)
        state.failure = failure
        throw failure
    }
}
