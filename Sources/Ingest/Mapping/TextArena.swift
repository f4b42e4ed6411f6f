/// Memory for the texts that a record's forms make: they live until the next record, and nothing is freed singly.
///
/// Unsafe code: every piece is its own part of a chunk, with `TextBlock.padding` bytes behind it that may be read; only `reset`
/// ends its life, and the record's reader calls it when all texts have become symbols.
final class TextArena {
    private var chunks: [ByteRoom] = []
    private var used = 0
    private static let chunkBytes = 64 << 10

    deinit { for chunk in chunks { chunk.release() } }

    /// Room for a text and the padding behind it, which holds nothing yet.
    func take(_ count: Int) -> ByteRoom {
        let wanted = Self.padded(count)
        if chunks.isEmpty || used + wanted > chunks[chunks.count - 1].count {
            chunks.append(ByteRoom(count: max(Self.chunkBytes, wanted)))
            used = 0
        }
        defer { used += wanted }
        return chunks[chunks.count - 1].part(used..<(used + wanted))
    }

    /// A copy of some bytes.
    func keep(_ bytes: some Collection<UInt8>) -> Text {
        let room = take(bytes.count)
        for (place, byte) in bytes.enumerated() { room[place] = byte }
        return room.text(0..<bytes.count)
    }

    /// Ends the life of all pieces. A chunk of the usual size is kept.
    func reset() {
        while let last = chunks.last, chunks.count > 1 || last.count > Self.chunkBytes {
            last.release()
            chunks.removeLast()
        }
        used = 0
    }

    private static func padded(_ count: Int) -> Int { (count + TextBlock.padding + 15) & ~15 }
}
