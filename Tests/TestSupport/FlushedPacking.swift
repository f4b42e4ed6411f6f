import CZlib
import CZstd

/// Compressed streams of a producer that flushes: a chunk for each piece, from which all of it can be had, and one for the end.
public enum FlushedPacking {
    /// One zstd frame.
    public static func zstd(_ pieces: [[UInt8]]) -> [[UInt8]] {
        guard let context = ZSTD_createCCtx() else { preconditionFailure("no memory for a zstd encoder") }
        defer { ZSTD_freeCCtx(context) }
        return (pieces + [[]]).enumerated().map { index, piece in
            var chunk = [UInt8](repeating: 0, count: ZSTD_compressBound(piece.count) + 64)
            let count = piece.withUnsafeBytes { source in
                chunk.withUnsafeMutableBytes { target in
                    var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
                    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    let rest = ZSTD_compressStream2(context, &output, &input, index == pieces.count ? ZSTD_e_end : ZSTD_e_flush)
                    precondition(rest == 0, "there is room for all of it")
                    return output.pos
                }
            }
            return Array(chunk.prefix(count))
        }
    }

    /// One gzip member.
    public static func gzip(_ pieces: [[UInt8]]) -> [[UInt8]] {
        var stream = z_stream()
        let status = deflateInit2_(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK)
        defer { deflateEnd(&stream) }
        return (pieces + [[]]).enumerated().map { index, piece in
            var (piece, chunk) = (piece, [UInt8](repeating: 0, count: piece.count * 2 + 1000))
            let capacity = chunk.count
            piece.withUnsafeMutableBufferPointer { source in
                chunk.withUnsafeMutableBufferPointer { target in
                    (stream.next_in, stream.avail_in) = (source.baseAddress, uInt(source.count))
                    (stream.next_out, stream.avail_out) = (target.baseAddress, uInt(target.count))
                    deflate(&stream, index == pieces.count ? Z_FINISH : Z_SYNC_FLUSH)
                }
            }
            return Array(chunk.prefix(capacity - Int(stream.avail_out)))
        }
    }
}
