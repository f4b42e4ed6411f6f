import CZlib
import CZstd

/// Turns a file's bytes into plain text, whatever its compression, which is told by the first bytes:
/// zstd (`28 B5 2F FD`, or a skippable frame), gzip (`1F 8B`), else plain.
///
/// Unsafe code: addresses go to zstd and zlib together with the number of bytes there, for the length of a call.
protocol Decompressor: AnyObject {
    /// `zstd`, `gzip`, or nil for plain text.
    var compression: String? { get }
    /// Fills some of the room, from its beginning, and says how many bytes; 0 only at the end of sound data, nil where the file's interval is over before there
    /// is any. Throws `IngestError`.
    func read(into room: ByteRoom) throws -> Int?
}

/// Compressed input waiting to be used: a window on the file that is filled again when it is empty.
final class CompressedWindow {
    static let capacity = 256 << 10
    let file: OpenInput
    let memory = ByteRoom(count: CompressedWindow.capacity)
    private(set) var filled = 0
    var position = 0
    private(set) var atEnd = false
    /// The file had no more before its interval was over.
    private(set) var isPaused = false

    init(file: OpenInput) { self.file = file }
    deinit { memory.release() }

    /// What is there and not used yet.
    var unused: ByteRoom { memory.part(position..<filled) }

    /// The file offset of the next unused byte.
    var fileOffset: Int64 { file.offset - Int64(filled - position) }

    /// Reads more when all is used. Afterwards unused bytes are there, or `atEnd` or `isPaused` holds.
    func refill() throws {
        guard position == filled, !atEnd else { return }
        (position, filled) = (0, 0)
        try readMore()
    }

    /// Passes over zero bytes, as far as they are there.
    func skipZeros() {
        while position < filled, memory[position] == 0 { position += 1 }
    }

    private func readMore() throws {
        let more = try file.read(into: memory.part(filled..<memory.count))
        isPaused = more == nil
        atEnd = more == 0
        filled += more ?? 0
    }

    /// Makes at least `count` unused bytes available, or all there are; nil where the interval is over before. Only for
    /// the first bytes of a file.
    private func peek(_ count: Int) throws -> [UInt8]? {
        while filled < count, !atEnd {
            try readMore()
            if isPaused { return nil }
        }
        return Array(memory.part(0..<min(count, filled)).bytes)
    }

    /// Chooses by content; nil where there is too little of it yet. A file shorter than a magic number that begins like
    /// one is a cut-off compressed file.
    func decompressor() throws -> (any Decompressor)? {
        guard let head = try peek(4) else { return nil }
        let zstd: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
        let skippable: [UInt8] = [0x2A, 0x4D, 0x18]
        if head == zstd || (head.count == 4 && head[0] & 0xF0 == 0x50 && Array(head[1...]) == skippable) {
            return try ZstdDecompressor(window: self)
        }
        if head.starts(with: [0x1F, 0x8B]) { return try GzipDecompressor(window: self) }
        if !head.isEmpty, head.count < 4 {
            let cutSkippable = head.count > 1 && head[0] & 0xF0 == 0x50 && skippable.starts(with: head[1...])
            if zstd.starts(with: head) || cutSkippable {
                throw IngestError.truncated(path: file.path, offset: Int64(head.count), format: "zstd")
            }
            if head == [0x1F] { throw IngestError.truncated(path: file.path, offset: 1, format: "gzip") }
        }
        return PlainReader(window: self)
    }
}

/// No compression: the window's bytes, then straight from the file.
final class PlainReader: Decompressor {
    private let window: CompressedWindow
    var compression: String? { nil }

    init(window: CompressedWindow) { self.window = window }

    func read(into room: ByteRoom) throws -> Int? {
        let waiting = min(window.filled - window.position, room.count)
        if waiting > 0 {
            room.copy(window.unused.part(0..<waiting))
            window.position += waiting
            return waiting
        }
        return window.atEnd ? 0 : try window.file.read(into: room)
    }
}

/// Any number of zstd frames, empty and skippable ones too; windows up to 2^27 bytes (libzstd's own default limit,
/// set here so that it does not depend on the library's build).
final class ZstdDecompressor: Decompressor {
    private let window: CompressedWindow
    var compression: String? { "zstd" }
    private let stream: OpaquePointer
    /// What libzstd said last: 0 = a frame is complete and flushed.
    private var pending = 0
    /// The last call left no room, so that libzstd may hold more text without more input.
    private var isFull = false

    init(window: CompressedWindow) throws {
        self.window = window
        guard let stream = ZSTD_createDCtx() else {
            throw IngestError.cannotRead(path: window.file.path, offset: 0, reason: "no memory for a zstd decoder")
        }
        self.stream = stream
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 27)
    }

    deinit { ZSTD_freeDCtx(stream) }

    func read(into room: ByteRoom) throws -> Int? {
        var output = ZSTD_outBuffer(dst: room.bytes.baseAddress, size: room.count, pos: 0)
        while output.pos < room.count {
            if !isFull {
                try window.refill()
                if window.isPaused { return output.pos > 0 ? output.pos : nil }
            }
            if window.atEnd, pending == 0 { break }
            var input = ZSTD_inBuffer(src: window.memory.bytes.baseAddress, size: window.filled, pos: window.position)
            let before = output.pos
            let result = ZSTD_decompressStream(stream, &output, &input)
            window.position = input.pos
            if ZSTD_isError(result) != 0 {
                let reason = String(cString: ZSTD_getErrorName(result))
                throw IngestError.damaged(path: window.file.path, offset: window.fileOffset, format: "zstd", reason: reason)
            }
            pending = result
            isFull = output.pos == room.count && pending != 0
            if window.atEnd, output.pos == before, pending != 0 {
                throw IngestError.truncated(path: window.file.path, offset: window.file.offset, format: "zstd")
            }
        }
        return output.pos
    }
}

/// Any number of gzip members (RFC 1952), one after the other. Zero bytes behind a member are padding, as tapes and disks
/// leave it.
final class GzipDecompressor: Decompressor {
    private let window: CompressedWindow
    var compression: String? { "gzip" }
    private var stream = z_stream()
    private var betweenMembers = false

    init(window: CompressedWindow) throws {
        self.window = window
        // 15: the largest window; + 16: gzip headers only.
        guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw IngestError.cannotRead(path: window.file.path, offset: 0, reason: "no memory for a gzip decoder")
        }
    }

    deinit { inflateEnd(&stream) }

    func read(into room: ByteRoom) throws -> Int? {
        var written = 0
        while written < room.count {
            // Of what a producer has flushed zlib holds nothing back without holding input back as well.
            try window.refill()
            if window.isPaused { return written > 0 ? written : nil }
            if window.atEnd {
                if betweenMembers { break }
                throw IngestError.truncated(path: window.file.path, offset: window.file.offset, format: "gzip")
            }
            if betweenMembers {
                window.skipZeros()
                guard window.position < window.filled else { continue }
                inflateReset(&stream)
                betweenMembers = false
            }
            let (input, output) = (window.unused.bytes, room.part(written..<room.count).bytes)
            stream.next_in = input.assumingMemoryBound(to: Bytef.self).baseAddress
            stream.avail_in = uInt(input.count)
            stream.next_out = output.assumingMemoryBound(to: Bytef.self).baseAddress
            stream.avail_out = uInt(output.count)
            let result = inflate(&stream, Z_NO_FLUSH)
            window.position += input.count - Int(stream.avail_in)
            written = room.count - Int(stream.avail_out)
            if result == Z_STREAM_END {
                betweenMembers = true
            } else if result != Z_OK {
                let reason = stream.msg.map { String(cString: $0) } ?? "error \(result)"
                throw IngestError.damaged(path: window.file.path, offset: window.fileOffset, format: "gzip", reason: reason)
            }
        }
        return written
    }
}

/// The decompressed text of an input whose beginning is looked at before any of it is handed on: what holds no lines of JSON
/// is called what it is, instead of being read as millions of bad lines.
final class ExaminedReader: Decompressor {
    private let text: any Decompressor
    private let path: String
    private let head = ByteRoom(count: ForeignFormat.headBytes)
    private var filled = 0
    private var used = 0
    private var isExamined = false
    private var isAtEnd = false

    init(_ text: any Decompressor, path: String) { (self.text, self.path) = (text, path) }

    deinit { head.release() }

    var compression: String? { text.compression }

    /// Throws `IngestError.foreign` before any text is given out.
    func read(into room: ByteRoom) throws -> Int? {
        if !isExamined, try !examine() { return nil }
        let waiting = min(filled - used, room.count)
        if waiting > 0 {
            room.copy(head.part(used..<used + waiting))
            used += waiting
            return waiting
        }
        return isAtEnd ? 0 : try text.read(into: room)
    }

    /// Answers whether enough has come to tell: where an interval ends, at least one line.
    private func examine() throws -> Bool {
        var isPaused = false
        while filled < head.count, !isAtEnd, !isPaused {
            let more = try text.read(into: head.part(filled..<head.count))
            isPaused = more == nil
            isAtEnd = more == 0
            filled += more ?? 0
        }
        let beginning = Array(head.part(0..<filled).bytes)
        if let format = ForeignFormat.of(beginning, isWhole: isAtEnd) {
            throw IngestError.foreign(path: path, format: format, compression: compression)
        }
        isExamined = !isPaused || beginning.contains(10)
        return isExamined
    }
}
