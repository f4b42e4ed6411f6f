/// Why reading stopped. Data only; the sentence is made here and nowhere else.
package enum IngestError: Error, Sendable, CustomStringConvertible {
    case cannotOpen(path: String, reason: String)
    case cannotRead(path: String, offset: Int64, reason: String)
    /// Compressed data is damaged, or something that is no frame follows the last one.
    case damaged(path: String, offset: Int64, format: String, reason: String)
    /// Compressed data ends in the middle of a frame.
    case truncated(path: String, offset: Int64, format: String)
    /// Rows beyond `--memory` cannot be kept on disk.
    case cannotSpill(folder: String, reason: String)
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
        case .cannotSpill(let folder, let reason):
            "\(folder): cannot keep rows on disk: \(reason). Nothing was published; set TMPDIR to a folder with room, or raise --memory"
        case .cancelled:
            "stopped by a signal"
        }
    }
}
