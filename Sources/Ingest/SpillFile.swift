import Glibc
import Synchronization

/// A file without a name for rows that memory should not hold: it goes when the process goes, however that ends.
/// Reads and writes name their place, so several threads may use it at once.
package final class SpillFile: Sendable {
    private let descriptor: Int32
    private let folder: String
    private let end = Atomic<Int64>(0)

    /// In `TMPDIR`, or /tmp. Throws `IngestError.cannotSpill`.
    package init() throws {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((folder + "/sojourn-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw IngestError.cannotSpill(folder: folder, reason: String(cString: strerror(errno))) }
        unlink(template)
        self.descriptor = descriptor
        self.folder = folder
    }

    deinit { close(descriptor) }

    /// Takes room at the end of the file; returns its place.
    package func reserve(_ bytes: Int) -> Int64 { end.wrappingAdd(Int64(bytes), ordering: .relaxed).oldValue }

    package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws {
        var done = 0
        while done < bytes.count {
            let count = pwrite(descriptor, bytes.baseAddress! + done, bytes.count - done, Int(offset) + done)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw IngestError.cannotSpill(folder: folder, reason: String(cString: strerror(errno))) }
            done += count
        }
    }

    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, Int(offset) + done)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw IngestError.cannotSpill(
                    folder: folder, reason: count == 0 ? "the file is too short" : String(cString: strerror(errno)))
            }
            done += count
        }
    }
}

/// A worker's memory for rows that come from a `SpillFile`; grows to the largest it was asked for.
///
/// Unsafe code: what it gives has room for the bytes that were asked for, until more are asked for or it goes.
package final class RowScratch: @unchecked Sendable {  // belongs to one worker
    private var memory: UnsafeMutableRawPointer?
    private var capacity = 0

    package init() {}
    deinit { memory?.deallocate() }

    package func room(_ bytes: Int) -> UnsafeMutableRawPointer {
        if let memory, bytes <= capacity { return memory }
        memory?.deallocate()
        capacity = max(bytes, capacity * 2, 16)
        let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
        memory = grown
        return grown
    }
}
