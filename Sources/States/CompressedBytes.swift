import CZstd
import Events

/// Sealed bytes in a zstd frame, for what is long and repeats itself: cells of one day have much in common.
///
/// Unsafe code: libzstd is given whole buffers with their lengths, and writes no further.
enum CompressedBytes {
    private static let level: Int32 = 1
    /// No part of a state is longer, so no damaged length asks for more memory.
    private static let bytesMax = 1 << 30

    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { room, count in
            count = ZSTD_compress(room.baseAddress, bound, bytes, bytes.count, level)
            // Room is enough by the bound, and memory that is missing ends the program elsewhere too.
            precondition(ZSTD_isError(count) == 0, "zstd could not compress")
        }
    }

    /// Throws `DamagedBytes`.
    static func decompress(_ bytes: UnsafeRawBufferPointer) throws -> [UInt8] {
        // What is no frame, or says no length, answers a number beyond all lengths.
        let length = ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
        guard length <= UInt64(bytesMax) else { throw DamagedBytes() }
        var isWhole = false
        // An array without room is the one that all empty arrays share, and to say how many it holds writes to it.
        let decompressed = [UInt8](unsafeUninitializedCapacity: max(1, Int(length))) { room, count in
            let written = ZSTD_decompress(room.baseAddress, Int(length), bytes.baseAddress, bytes.count)
            isWhole = ZSTD_isError(written) == 0 && written == Int(length)
            count = isWhole ? written : 0
        }
        guard isWhole else { throw DamagedBytes() }
        return decompressed
    }
}
