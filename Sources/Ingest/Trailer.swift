/// A line `{"_end": N}`: no event, but the writer's word that N lines came before it, since the beginning of the input
/// or since its last trailer. Blank lines do not count. Without it a log that was cut off at a line end looks whole.
package struct Trailer: Sendable {
    /// From 1, within the block.
    package let line: Int64
    /// Lines of the block before it, and of these, those behind the trailer that stands before it in the block.
    package let linesBefore: Int64
    let linesSince: Int64
    /// What it says.
    package let count: Int64

    /// Whether it is right whatever came before the block; asked of those that are not the first of it.
    var isRight: Bool { count == linesSince }

    /// Longer lines are none, however many blanks they hold.
    static let bytesMax = 64

    /// N where the line is a trailer: an object with that one key, written plainly, and a whole number. It is asked only of
    /// lines that cannot be used, since a trailer lacks all that an event needs: other lines pay nothing.
    static func count(_ line: Text) -> Int64? {
        guard line.count <= bytesMax else { return nil }
        var rest = line.bytes[...]
        func skipBlanks() { rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } }
        func take(_ text: String) -> Bool {
            skipBlanks()
            guard rest.starts(with: text.utf8) else { return false }
            rest = rest.dropFirst(text.utf8.count)
            return true
        }
        guard take("{"), take("\"_end\""), take(":") else { return nil }
        skipBlanks()
        let digits = rest.prefix { $0 &- 48 < 10 }
        rest = rest.dropFirst(digits.count)
        guard let first = digits.first, first != 48 || digits.count == 1, take("}") else { return nil }
        skipBlanks()
        guard rest.isEmpty else { return nil }
        // No log has so many lines that nineteen digits are needed; what says so is wrong as it is.
        return digits.count > 18 ? .max : digits.reduce(0) { $0 * 10 + Int64($1 - 48) }
    }
}

/// Holds the trailers of one input against its lines, block by block.
struct TrailerCheck {
    let path: String
    private var linesSinceTrailer: Int64 = 0
    private var endsWithTrailer = false

    init(path: String) { self.path = OpenInput.shown(path) }

    /// Lines that were passed over count as well. To be called before any block.
    mutating func begin(after skipped: SkippedLines) {
        (linesSinceTrailer, endsWithTrailer) = (skipped.linesSinceTrailer, skipped.endsWithTrailer)
    }

    /// - Parameter physicalLines: lines of the input before the block, blank ones too.
    mutating func add(_ block: ReadBlock, physicalLines: Int64) throws {
        for trailer in block.trailers {
            let counted = linesSinceTrailer + trailer.linesSince
            guard trailer.count == counted else {
                throw IngestError.wrongTrailer(path: path, line: physicalLines + trailer.line, stated: trailer.count, counted: counted)
            }
            (linesSinceTrailer, endsWithTrailer) = (0, true)
        }
        linesSinceTrailer += block.lines - (block.trailers.last?.linesBefore ?? 0)
        if linesSinceTrailer > 0 { endsWithTrailer = false }
    }

    /// At the end of an input that must end with a trailer.
    func finish() throws {
        guard endsWithTrailer else { throw IngestError.missingTrailer(path: path, lines: linesSinceTrailer) }
    }
}
