/// Lines at the beginning of an input that an earlier run read: how many are still to be passed over, and what they were, as
/// far as the rest of the input is held against it.
package struct SkippedLines: Sendable, Equatable {
    private(set) var rest: Int64
    /// Those that were neither blank nor trailers; and of them, those behind the last trailer.
    package private(set) var lines: Int64 = 0
    private(set) var linesSinceTrailer: Int64 = 0
    /// But for blank lines.
    private(set) var endsWithTrailer = false

    init(rest: Int64 = 0) { self.rest = rest }

    /// - Parameter line: without its end.
    mutating func pass(_ line: UnsafeRawBufferPointer) {
        if let start = line.baseAddress, Trailer.count(start.assumingMemoryBound(to: UInt8.self), line.count) != nil {
            rest -= 1
            (linesSinceTrailer, endsWithTrailer) = (0, true)
        } else {
            pass(isBlank: Self.isBlank(line))
        }
    }

    mutating func pass(isBlank: Bool) {
        rest -= 1
        guard !isBlank else { return }
        lines += 1
        linesSinceTrailer += 1
        endsWithTrailer = false
    }

    static func isBlank(_ line: UnsafeRawBufferPointer) -> Bool { line.allSatisfy { $0 == 32 || (9...13).contains($0) } }
}
