/// Memory for the texts that a record's forms make: they live until the next record, and nothing is freed singly.
///
/// Unsafe code: every piece is its own range of a chunk, with `TextBlock.padding` readable bytes behind it; only `reset` ends
/// its life, and the record's reader calls it when all texts have become symbols.
final class TextArena {
    private var chunks: [UnsafeMutableRawBufferPointer] = []
    private var used = 0
    private static let chunkBytes = 64 << 10

    deinit { for chunk in chunks { chunk.deallocate() } }

    /// At least `count` bytes, uninitialized, and the padding behind them.
    func take(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        let wanted = (count + TextBlock.padding + 15) & ~15
        if chunks.isEmpty || used + wanted > chunks[chunks.count - 1].count {
            chunks.append(.allocate(byteCount: max(Self.chunkBytes, wanted), alignment: 16))
            used = 0
        }
        defer { used += wanted }
        return (chunks[chunks.count - 1].baseAddress! + used).assumingMemoryBound(to: UInt8.self)
    }

    /// Gives back the end of the piece taken last.
    func shorten(_ piece: UnsafeMutablePointer<UInt8>, to count: Int) {
        let start = UnsafeMutableRawPointer(piece) - chunks[chunks.count - 1].baseAddress!
        assert(start >= 0 && start < used)
        used = start + ((count + TextBlock.padding + 15) & ~15)
    }

    /// Ends the life of all pieces. A chunk of the usual size is kept.
    func reset() {
        while let last = chunks.last, chunks.count > 1 || last.count > Self.chunkBytes {
            last.deallocate()
            chunks.removeLast()
        }
        used = 0
    }
}
