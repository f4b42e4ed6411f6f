import CZlib
import CZstd

/// How the lines of a source are packed.
package enum Encoding: Sendable {
    case plain, gzip, zstd

    var suffix: String {
        switch self {
        case .plain: ".ndjson"
        case .gzip: ".ndjson.gz"
        case .zstd: ".ndjson.zst"
        }
    }
}

/// One file of a log: what is written to it goes through its encoder. `finish` must be called; a file without
/// it is a truncated one.
protocol EncodedFile: AnyObject {
    func write(_ bytes: UnsafeRawBufferPointer) throws(GenerateError)
    func finish() throws(GenerateError)
    /// Bytes in the file so far.
    var writtenBytes: Int { get }
}

final class PlainFile: EncodedFile {
    private let file: FileDescriptor
    private(set) var writtenBytes = 0

    init(_ file: FileDescriptor) { self.file = file }

    func write(_ bytes: UnsafeRawBufferPointer) throws(GenerateError) {
        try file.write(bytes)
        writtenBytes += bytes.count
    }

    func finish() throws(GenerateError) { try file.finish() }
}

/// One zstd frame, level 3, with the checksum that lets a reader notice a damaged file.
final class ZstdFile: EncodedFile {
    private let file: FileDescriptor
    private let context: OpaquePointer
    private let output: UnsafeMutableRawBufferPointer
    private(set) var writtenBytes = 0

    init(_ file: FileDescriptor) throws(GenerateError) {
        guard let context = ZSTD_createCCtx() else { throw .compression(path: file.path, reason: "zstd has no memory") }
        self.file = file
        self.context = context
        output = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 16)
        for (parameter, value) in [(ZSTD_c_compressionLevel, 3), (ZSTD_c_checksumFlag, 1)] as [(ZSTD_cParameter, Int32)] {
            let code = ZSTD_CCtx_setParameter(context, parameter, value)
            if ZSTD_isError(code) != 0 { throw .compression(path: file.path, reason: String(cString: ZSTD_getErrorName(code))) }
        }
    }

    deinit {
        ZSTD_freeCCtx(context)
        output.deallocate()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(GenerateError) { try stream(bytes, ZSTD_e_continue) }

    func finish() throws(GenerateError) {
        try stream(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end)
        try file.finish()
    }

    private func stream(_ bytes: UnsafeRawBufferPointer, _ end: ZSTD_EndDirective) throws(GenerateError) {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        var remaining = 0
        repeat {
            var packed = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            remaining = ZSTD_compressStream2(context, &packed, &input, end)
            if ZSTD_isError(remaining) != 0 {
                throw .compression(path: file.path, reason: String(cString: ZSTD_getErrorName(remaining)))
            }
            try file.write(UnsafeRawBufferPointer(rebasing: output[..<packed.pos]))
            writtenBytes += packed.pos
        } while end == ZSTD_e_end ? remaining != 0 : input.pos < input.size
    }
}

/// One gzip member without a name or a time in its header, so that the same lines give the same bytes.
final class GzipFile: EncodedFile {
    /// Half the size matters less here than the time: the contact log is packed by the same thread that makes it.
    private static let level: Int32 = 4

    private let file: FileDescriptor
    private let state: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutableRawBufferPointer
    private(set) var writtenBytes = 0

    init(_ file: FileDescriptor) throws(GenerateError) {
        self.file = file
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        output = .allocate(byteCount: 1 << 17, alignment: 16)
        // 15 + 16: the largest window, in a gzip wrapper.
        let result = deflateInit2_(
            state, Self.level, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        if result != Z_OK { throw .compression(path: file.path, reason: "zlib error \(result)") }
    }

    deinit {
        deflateEnd(state)
        state.deallocate()
        output.deallocate()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(GenerateError) { try stream(bytes, Z_NO_FLUSH) }

    func finish() throws(GenerateError) {
        try stream(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH)
        try file.finish()
    }

    private func stream(_ bytes: UnsafeRawBufferPointer, _ flush: Int32) throws(GenerateError) {
        // zlib reads through this pointer and never writes; its C type merely lacks the const.
        state.pointee.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
        state.pointee.avail_in = UInt32(bytes.count)
        repeat {
            state.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
            state.pointee.avail_out = UInt32(output.count)
            let result = deflate(state, flush)
            if result == Z_STREAM_ERROR { throw .compression(path: file.path, reason: "zlib error \(result)") }
            let packed = output.count - Int(state.pointee.avail_out)
            try file.write(UnsafeRawBufferPointer(rebasing: output[..<packed]))
            writtenBytes += packed
        } while state.pointee.avail_out == 0
    }
}
