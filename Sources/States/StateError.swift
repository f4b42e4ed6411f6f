package import Disk

/// Why a state cannot be used. Data only; the sentences are made here.
package enum StateError: Error, Sendable, CustomStringConvertible {
    /// Another run holds it.
    case locked(folder: String, process: String)
    case damaged(path: String, reason: String)
    /// Written by a version that laid it out otherwise.
    case otherVersion(path: String, found: Int64, known: Int64)
    case cannotUse(OutputError)

    /// What any error on the way to the state comes to.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StateError: self = error
        case let error as OutputError where error.isDamage: self = .damaged(path: path, reason: error.reason)
        case let error as OutputError: self = .cannotUse(error)
        default: self = .damaged(path: path, reason: "what is stored in it makes no sense")
        }
    }

    package var description: String {
        switch self {
        case .locked(let folder, let process):
            "\(folder): the state is in use by another run\(process.isEmpty ? "" : " (process \(process))"); nothing was done. Run again when it has ended"
        case .damaged(let path, let reason):
            "\(path): the state is damaged: \(reason). Nothing was published. Restore the folder from a backup, "
                + "or move it away and run once over all logs: this makes the same state again"
        case .otherVersion(let path, let found, let known) where found > known:
            "\(path): the state was written by a newer version of sojourn (layout \(found), this program knows \(known)). "
                + "Use that version, or move the folder away and run once over all logs"
        case .otherVersion(let path, let found, let known):
            "\(path): the state was written by an older version of sojourn (layout \(found), this program needs \(known)) and cannot be "
                + "carried over. Move the folder away and run once over all logs"
        case .cannotUse(let error): error.description
        }
    }
}
