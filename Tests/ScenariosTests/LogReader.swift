import CZlib
import CZstd
import Foundation
import Testing

/// Reads a generated folder back, by other means than the generator's own.
struct LogReader {
    let folder: URL

    func truth() throws -> [String: Any] {
        try #require(object(Data(contentsOf: folder.appending(path: "truth.json"))))
    }

    /// The frictions that were planted, and what only looks like them.
    func frictionTruth() throws -> [Data] {
        try Data(contentsOf: folder.appending(path: "truth-frictions.ndjson")).split(separator: 10)
    }

    /// Of the log; what is true of it stands elsewhere.
    var fileNames: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path)
                .filter { $0.contains(".ndjson") && !$0.hasPrefix("truth") }.sorted()
        }
    }

    /// The lines of one source, files in the order of their names.
    func lines(of source: String) throws -> [Data] {
        try fileNames.filter { $0.hasPrefix(source + "-") }.flatMap { name in
            let text = try text(of: name)
            #expect(text.last == 10, "\(name) ends with a whole line")
            return text.split(separator: 10, omittingEmptySubsequences: false).dropLast()
        }
    }

    func text(of name: String) throws -> Data {
        let bytes = try Data(contentsOf: folder.appending(path: name))
        return if name.hasSuffix(".zst") { try Self.zstd(bytes) } else if name.hasSuffix(".gz") { try Self.gzip(bytes) } else { bytes }
    }

    func object(_ line: Data) -> [String: Any]? { (try? JSONSerialization.jsonObject(with: line)) as? [String: Any] }

    private static func zstd(_ bytes: Data) throws -> Data {
        let context = try #require(ZSTD_createDCtx())
        defer { ZSTD_freeDCtx(context) }
        var result = Data()
        var block = [UInt8](repeating: 0, count: 1 << 17)
        try bytes.withUnsafeBytes { packed in
            var input = ZSTD_inBuffer(src: packed.baseAddress, size: packed.count, pos: 0)
            var rest = 1
            while input.pos < input.size || rest != 0 {
                rest = try block.withUnsafeMutableBytes { room in
                    var output = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
                    let rest = ZSTD_decompressStream(context, &output, &input)
                    try #require(ZSTD_isError(rest) == 0)
                    result.append(contentsOf: room[..<output.pos])
                    return rest
                }
            }
        }
        return result
    }

    private static func gzip(_ bytes: Data) throws -> Data {
        var state = z_stream()
        try #require(inflateInit2_(&state, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
        defer { inflateEnd(&state) }
        var result = Data()
        var packed = [UInt8](bytes)
        var block = [UInt8](repeating: 0, count: 1 << 17)
        try packed.withUnsafeMutableBufferPointer { packed in
            state.next_in = packed.baseAddress
            state.avail_in = UInt32(packed.count)
            var status = Z_OK
            while status != Z_STREAM_END {
                try block.withUnsafeMutableBufferPointer { room in
                    state.next_out = room.baseAddress
                    state.avail_out = UInt32(room.count)
                    status = inflate(&state, Z_NO_FLUSH)
                    try #require(status == Z_OK || status == Z_STREAM_END)
                    result.append(contentsOf: room[..<(room.count - Int(state.avail_out))])
                }
            }
        }
        return result
    }
}

/// A fresh folder for one test, removed afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "scenarios-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}
