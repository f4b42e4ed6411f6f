package import Events
import Glibc
import Synchronization

/// The rows of one block, packed, in the order of its lines: in memory, or spilled to a file.
///
/// Unsafe code: `bytes` bytes of packed rows, which go when the last holder lets go. Who gives or gets an address keeps to these.
package final class EventRows: @unchecked Sendable {  // used by one worker at a time
    package let count: Int
    package let bytes: Int
    private let packing: RowPacking
    private var memory: ByteRoom?
    private var spilled: (file: SpillFile, offset: Int64)?

    /// - Parameter rows: whole packed rows.
    init(copying rows: ByteRoom, count: Int, _ packing: RowPacking) {
        (self.count, bytes, self.packing) = (count, rows.count, packing)
        let memory = ByteRoom(count: bytes)
        memory.copy(rows)
        self.memory = memory
    }

    deinit { memory?.release() }

    /// Whether the rows lie in a file.
    package var isSpilled: Bool { spilled != nil }

    /// Moves the rows to the file and frees their memory, unless that is done.
    func spill(to file: SpillFile) throws {
        guard let memory, count > 0 else { return }
        let offset = file.reserve(bytes)
        try file.write(UnsafeRawBufferPointer(memory.bytes), at: offset)
        spilled = (file, offset)
        memory.release()
        self.memory = nil
    }

    /// Calls `body` with the rows. What it changes is kept only where `writing` is true.
    package func access(_ scratch: RowScratch, writing: Bool, _ body: (PackedRows) -> Void) throws {
        if let memory { return body(PackedRows(memory.bytes.baseAddress!, bytes: bytes, packing)) }
        guard let (file, offset) = spilled else { return }
        let buffer = UnsafeMutableRawBufferPointer(start: scratch.room(bytes), count: bytes)
        try file.read(into: buffer, at: offset)
        body(PackedRows(buffer.baseAddress!, bytes: bytes, packing))
        if writing { try file.write(UnsafeRawBufferPointer(buffer), at: offset) }
    }
}

/// A worker's memory for rows that come from a `SpillFile`; grows to the largest it was asked for, and hardly beyond.
///
/// Unsafe code: what it gives has room for the bytes that were asked for, until more are asked for or it goes.
package final class RowScratch: @unchecked Sendable {  // belongs to one worker
    private var memory: ByteRoom?

    package init() {}
    deinit { memory?.release() }

    package func room(_ bytes: Int) -> UnsafeMutableRawPointer {
        if let memory, bytes <= memory.count { return memory.bytes.baseAddress! }
        memory?.release()
        // Nothing is copied, so little is gained by more room than that.
        let grown = ByteRoom(count: bytes + bytes / 8)
        memory = grown
        return grown.bytes.baseAddress!
    }
}

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

    func write(_ bytes: [UInt8], at offset: Int64) throws { try bytes.withUnsafeBytes { try write($0, at: offset) } }

    func read(_ count: Int, at offset: Int64) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        try bytes.withUnsafeMutableBytes { try read(into: $0, at: offset) }
        return bytes
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
