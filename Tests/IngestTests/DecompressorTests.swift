import CZlib
import CZstd
import Testing

@testable import Ingest
@testable import TestSupport

@Suite struct DecompressorTests {
    private func zstd(_ text: [UInt8], level: Int32 = 1) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(text.count)) { buffer, count in
            count = text.withUnsafeBytes { ZSTD_compress(buffer.baseAddress!, buffer.count, $0.baseAddress, $0.count, level) }
        }
    }

    private func skippable(_ content: [UInt8], _ magic: UInt8 = 0x50) -> [UInt8] {
        [magic, 0x2A, 0x4D, 0x18, UInt8(content.count), 0, 0, 0] + content
    }

    private func gzip(_ text: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var text = text
        return [UInt8](unsafeUninitializedCapacity: text.count + 100) { buffer, count in
            text.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = uInt(input.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = uInt(buffer.count)
                deflate(&stream, Z_FINISH)
            }
            count = Int(stream.total_out)
        }
    }

    /// Reads a file to its end, `capacity` bytes at a time.
    private func read(_ bytes: [UInt8], capacity: Int = 1000) throws -> [UInt8] {
        let file = try TemporaryFile(bytes)
        let decompressor = try #require(try CompressedWindow(file: OpenInput(path: file.path)).decompressor())
        let room = ByteRoom(count: capacity)
        defer { room.release() }
        var text: [UInt8] = []
        while true {
            let count = try #require(try decompressor.read(into: room), "a file never pauses")
            if count == 0 { break }
            text += room.text(0..<count).bytes
        }
        #expect(try decompressor.read(into: room) == 0, "the end stays the end")
        return text
    }

    private let one = Array("one\ntwo\n".utf8)
    private let long = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }

    @Test(arguments: [1, 2, 7, 1000, 100_000])
    func framesAndMembers(capacity: Int) throws {
        let empty = zstd([])
        for (file, text) in [
            (zstd(one), one), (zstd(one) + zstd(long), one + long), (empty, []), (empty + empty + zstd(one) + empty, one),
            (skippable([]) + zstd(one), one), (zstd(one) + skippable(long.prefix(90).map { $0 }, 0x5F) + zstd(one), one + one),
            (skippable([1, 2, 3]), []),
            (gzip(one), one), (gzip(one) + gzip(long) + gzip([]), one + long), (gzip([]), []), (gzip([]) + gzip(one), one),
            (one, one), (long, long), ([], []), ([10], [10]), (Array("PK".utf8), Array("PK".utf8)), ([0x1E], [0x1E]),
        ] as [([UInt8], [UInt8])] {
            #expect(try read(file, capacity: capacity) == text)
        }
    }

    /// Cut anywhere, a file is an error, except between frames, where nobody can know.
    @Test func truncationAtEveryByte() throws {
        let zstdFrames = [zstd(one), skippable([1, 2, 3]), zstd(long)]
        let gzipMembers = [gzip(one), gzip([]), gzip(long)]
        for (pieces, format) in [(zstdFrames, "zstd"), (gzipMembers, "gzip")] {
            let whole = pieces.reduce([], +)
            var ends: Set<Int> = [0]
            for piece in pieces { ends.insert((ends.max() ?? 0) + piece.count) }
            for count in 0...whole.count {
                if ends.contains(count) {
                    _ = try read(Array(whole[..<count]))
                    continue
                }
                do {
                    _ = try read(Array(whole[..<count]))
                    Issue.record("\(format) cut at \(count) was read")
                } catch IngestError.truncated(_, let offset, let found) {
                    #expect(offset == Int64(count) && found == format)
                }
            }
        }
    }

    @Test func junkAfterTheLastFrame() {
        for junk in [
            [0, 7], [0, 0, 0, 0x1F], Array("{}\n".utf8), Array("{\"a\":1}\n".utf8), [0x28, 0xB5], [0x1F], [0x1F, 0x8B],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ] as [[UInt8]] {
            #expect(throws: IngestError.self, "zstd, then \(junk)") { try read(zstd(one) + junk) }
            #expect(throws: IngestError.self, "gzip, then \(junk)") { try read(gzip(one) + junk) }
        }
        #expect(throws: IngestError.self) { try read(zstd(one) + [0]) }
        #expect(throws: IngestError.self) { try read(zstd(one) + gzip(one)) }
        #expect(throws: IngestError.self) { try read(gzip(one) + zstd(one)) }
    }

    /// Zero bytes behind a gzip member are padding, however many there are and whatever lies behind them.
    @Test(arguments: [1, 2, 7, 1000, 100_000])
    func padding(capacity: Int) throws {
        for count in [1, 9, CompressedWindow.capacity, 2 * CompressedWindow.capacity + 1] {
            let zeros = [UInt8](repeating: 0, count: count)
            #expect(try read(gzip(one) + zeros, capacity: capacity) == one)
            #expect(try read(gzip([]) + zeros + gzip(one) + zeros + gzip(one) + zeros, capacity: capacity) == one + one)
        }
    }

    /// A flipped bit is an error or changes nothing: gzip's checksum covers all but the header and the blank bits
    /// before itself. zstd need not have one; then a flipped bit is at least no crash.
    @Test func flippedBits() throws {
        let packed = gzip(long)
        for bit in stride(from: 80, to: packed.count * 8, by: 61) {
            var damaged = packed
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            if let text = try? read(damaged) { #expect(text == long, "bit \(bit)") }
        }
        let frame = zstd(long)
        for bit in Array(0..<160) + Array(stride(from: 160, to: frame.count * 8, by: 67)) {
            var damaged = frame
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            _ = try? read(damaged)
        }
    }

    @Test func theErrorNamesTheOffset() {
        let frame = zstd(one)
        #expect {
            _ = try read(frame + Array("junk junk".utf8))
        } throws: { error in
            guard case IngestError.damaged(_, let offset, "zstd", _) = error else { return false }
            return offset >= Int64(frame.count) && offset <= Int64(frame.count + 9)
        }
        #expect(throws: IngestError.self) { try OpenInput(path: "/no/such/file") }
    }
}
