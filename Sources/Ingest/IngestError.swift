/// Why reading stopped. Data only; the sentence is made here and nowhere else.
package enum IngestError: Error, Sendable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    case cannotRead(path: String, offset: Int64, reason: String)
    /// Compressed data is damaged, or something that is no frame follows the last one.
    case damaged(path: String, offset: Int64, format: String, reason: String)
    /// Compressed data ends in the middle of a frame.
    case truncated(path: String, offset: Int64, format: String)
    /// An input that holds no lines of JSON, perhaps inside of a compression.
    case foreign(path: String, format: ForeignFormat, compression: String?)
    /// A trailer counts other lines than there are.
    case wrongTrailer(path: String, line: Int64, stated: Int64, counted: Int64)
    /// An input that must end with a trailer does not; so many lines come after the last one.
    case missingTrailer(path: String, lines: Int64)
    /// Rows beyond `--memory` cannot be kept on disk.
    case cannotSpill(folder: String, reason: String)
    /// The inputs asked for cannot be found or told apart. The sentence is made where it is found out.
    case wrongInputs(String)
    case cancelled

    package var description: String {
        switch self {
        case .cannotOpen(let path, let reason):
            "\(path): cannot open: \(reason)"
        case .cannotRead(let path, let offset, let reason):
            "\(path): cannot read at byte \(offset): \(reason)"
        case .damaged(let path, let offset, let format, let reason):
            "\(path): damaged \(format) data at byte \(offset) of the file: \(reason). Nothing was published; fetch the file again"
        case .truncated(let path, let offset, let format):
            "\(path): the \(format) data ends too early, at byte \(offset) of the file. Nothing was published; fetch the file again"
        case .foreign(let path, let format, let compression):
            "\(path): this is \(format.name)\(compression.map { " inside of \($0)" } ?? ""), not one JSON object on each line (NDJSON). Nothing was published; "
                + format.advice(inside: compression)
        case .wrongTrailer(let path, let line, let stated, let counted):
            "\(path), line \(line): the trailer says \(stated) lines, but there are \(counted). Nothing was published; fetch the input again"
        case .missingTrailer(let path, let lines):
            "\(path): no trailer {\"_end\": N} at its end (--expect-end), after \(lines) lines. Nothing was published; fetch the input again"
        case .cannotSpill(let folder, let reason):
            "\(folder): cannot keep rows on disk: \(reason). Nothing was published; set TMPDIR to a folder with room, or raise --memory"
        case .wrongInputs(let message): message
        case .cancelled:
            "stopped by a signal"
        }
    }
}
