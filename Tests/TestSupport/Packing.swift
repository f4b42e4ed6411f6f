import CZlib
import CZstd

/// Compressed files for tests, made in ways that other programs make them.
public enum Packing {
    /// One zstd frame with a checksum.
    public static func zstd(_ bytes: [UInt8], checksum: Bool = true, level: Int32 = 3, windowLog: Int32 = 0) -> [UInt8] {
        zstd(pieces: [bytes], checksum: checksum, level: level, windowLog: windowLog)
    }

    /// One zstd frame, streamed: its header then does not tell the length of the content.
    public static func zstd(pieces: some Sequence<[UInt8]>, checksum: Bool = true, level: Int32 = 3, windowLog: Int32 = 0) -> [UInt8] {
        guard let context = ZSTD_createCCtx() else { preconditionFailure("no memory for a zstd encoder") }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
        if windowLog > 0 { ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog) }
        var packed: [UInt8] = []
        var room = [UInt8](repeating: 0, count: ZSTD_CStreamOutSize())
        func stream(_ bytes: [UInt8], _ end: ZSTD_EndDirective) {
            bytes.withUnsafeBytes { source in
                var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
                var remaining = 0
                repeat {
                    remaining = room.withUnsafeMutableBytes { target in
                        var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                        let result = ZSTD_compressStream2(context, &output, &input, end)
                        packed += target[..<output.pos]
                        return result
                    }
                    precondition(ZSTD_isError(remaining) == 0, "zstd: \(String(cString: ZSTD_getErrorName(remaining)))")
                } while end == ZSTD_e_end ? remaining != 0 : input.pos < input.size
            }
        }
        for piece in pieces { stream(piece, ZSTD_e_continue) }
        stream([], ZSTD_e_end)
        return packed
    }

    /// A frame that decoders pass over; `number` is one of 16.
    public static func skippableFrame(_ content: [UInt8], number: UInt8 = 0) -> [UInt8] {
        [0x50 | (number & 15), 0x2A, 0x4D, 0x18] + withUnsafeBytes(of: UInt32(content.count).littleEndian) { Array($0) } + content
    }

    /// Cut into pieces anywhere, also within lines and characters; each piece a frame, with an empty and a skippable one between.
    public static func zstdFrames(_ bytes: [UInt8], of size: Int) -> [UInt8] {
        cut(bytes, size).flatMap { zstd($0) + zstd([]) + skippableFrame([1, 2, 3]) } + zstd([])
    }

    /// One gzip member.
    public static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        // 15 + 16: the largest window, in a gzip wrapper.
        let status = deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK)
        defer { deflateEnd(&stream) }
        var packed = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
        var source = bytes + [0]
        let length = packed.count
        packed.withUnsafeMutableBufferPointer { target in
            source.withUnsafeMutableBufferPointer { source in
                (stream.next_in, stream.avail_in) = (source.baseAddress, UInt32(bytes.count))
                (stream.next_out, stream.avail_out) = (target.baseAddress, UInt32(length))
                precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
            }
        }
        return Array(packed.prefix(length - Int(stream.avail_out)))
    }

    /// Several members, an empty one among them.
    public static func gzipMembers(_ bytes: [UInt8], of size: Int) -> [UInt8] { cut(bytes, size).flatMap { gzip($0) } + gzip([]) }

    /// What the system's own tools would make of a sound zstd or gzip file; other bytes as they are.
    public static func unpacked(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return unpackedZstd(bytes) }
        return bytes.starts(with: [0x1F, 0x8B]) ? unpackedGzip(bytes) : bytes
    }

    private static func unpackedZstd(_ bytes: [UInt8]) -> [UInt8] {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("no memory for a zstd decoder") }
        defer { ZSTD_freeDCtx(context) }
        var plain: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 1 << 17)
        bytes.withUnsafeBytes { source in
            var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
            var isFull = false
            while input.pos < input.size || isFull {
                room.withUnsafeMutableBytes { target in
                    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    precondition(ZSTD_isError(ZSTD_decompressStream(context, &output, &input)) == 0)
                    plain += target[..<output.pos]
                    isFull = output.pos == target.count
                }
            }
        }
        return plain
    }

    /// One member.
    private static func unpackedGzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        precondition(inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { inflateEnd(&stream) }
        var (source, plain) = (bytes, [UInt8]())
        var room = [UInt8](repeating: 0, count: 1 << 17)
        source.withUnsafeMutableBufferPointer { source in
            (stream.next_in, stream.avail_in) = (source.baseAddress, UInt32(source.count))
            var status = Z_OK
            while status == Z_OK {
                room.withUnsafeMutableBufferPointer { target in
                    (stream.next_out, stream.avail_out) = (target.baseAddress, UInt32(target.count))
                    status = inflate(&stream, Z_NO_FLUSH)
                    plain += target[..<(target.count - Int(stream.avail_out))]
                }
            }
            precondition(status == Z_STREAM_END)
        }
        return plain
    }

    private static func cut(_ bytes: [UInt8], _ size: Int) -> [[UInt8]] {
        stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }
}
