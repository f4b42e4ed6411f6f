/// What a run knows of one input that it has opened: the file, its raw bytes, which tell it from others wherever it lies, and
/// its lines.
package struct LogInput: Sendable, Equatable {
    package let file: InputFile
    /// Read since it was opened, as they lie on disk.
    package var bytes: Int64 = 0
    /// Of these bytes; 64 lower-case hexadecimal digits. Empty where the input was read neither to its end nor to a pause.
    package var sha256 = ""
    /// Whether its text ends with a line end.
    package var endsWhole = true
    var skipped = SkippedLines()
    /// Lines that are neither blank nor trailers.
    package var lines: Int64 = 0
    /// The sum over its lines of records less one.
    package var expanded: Int64 = 0
    /// By field of its source (`SourcePlan.fieldNames`): in how many records it is there; empty where none was read.
    package var there: [Int64] = []
    /// Lines, since the input was opened; lines that were passed over count as well.
    package var linesInAll: Int64 = 0
    /// All its lines, blank ones and skipped ones too.
    package var linesBehind: Int64 = 0

    init(_ file: InputFile) { self.file = file }
}

/// Lines at the beginning of an input that an earlier run read: how many are still to be passed over, and what they were, as
/// far as the rest of the input is held against it.
struct SkippedLines: Sendable, Equatable {
    private(set) var rest: Int64
    /// Those that were neither blank nor trailers; and of them, those behind the last trailer.
    private(set) var lines: Int64 = 0
    private(set) var linesSinceTrailer: Int64 = 0
    /// But for blank lines.
    private(set) var endsWithTrailer = false

    init(rest: Int64 = 0) { self.rest = rest }

    /// - Parameter line: without its end.
    mutating func pass(_ line: Text) {
        if Trailer.count(line) != nil {
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

    static func isBlank(_ line: Text) -> Bool { line.bytes.allSatisfy { $0 == 32 || (9...13).contains($0) } }
}
