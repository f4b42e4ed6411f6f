/// The decompressed text of an input whose beginning is looked at before any of it is handed on: what holds no lines of JSON
/// is called what it is, instead of being read as millions of bad lines.
final class ExaminedReader: Decompressor {
    private let text: any Decompressor
    private let path: String
    private let head = UnsafeMutableRawBufferPointer.allocate(byteCount: ForeignFormat.headBytes, alignment: 16)
    private var filled = 0
    private var used = 0
    private var isExamined = false
    private var isAtEnd = false

    init(_ text: any Decompressor, path: String) { (self.text, self.path) = (text, path) }

    deinit { head.deallocate() }

    var compression: String? { text.compression }

    /// Throws `IngestError.foreign` before any text is given out.
    func read(into buffer: UnsafeMutableRawPointer, capacity: Int) throws -> Int? {
        if !isExamined, try !examine() { return nil }
        let waiting = min(filled - used, capacity)
        if waiting > 0 {
            buffer.copyMemory(from: head.baseAddress! + used, byteCount: waiting)
            used += waiting
            return waiting
        }
        return isAtEnd ? 0 : try text.read(into: buffer, capacity: capacity)
    }

    /// Answers whether enough has come to tell: where an interval ends, at least one line.
    private func examine() throws -> Bool {
        var isPaused = false
        while filled < head.count, !isAtEnd, !isPaused {
            let more = try text.read(into: head.baseAddress! + filled, capacity: head.count - filled)
            isPaused = more == nil
            isAtEnd = more == 0
            filled += more ?? 0
        }
        let beginning = UnsafeRawBufferPointer(rebasing: head[..<filled])
        if let format = ForeignFormat.of(beginning, isWhole: isAtEnd) {
            throw IngestError.foreign(path: path, format: format, compression: compression)
        }
        isExamined = !isPaused || beginning.contains(10)
        return isExamined
    }
}
