/// Why a log could not be written. The words are made here and nowhere else.
package enum GenerateError: Error, Equatable, CustomStringConvertible {
    /// The folder holds files that `generate` has not made.
    case folderInUse(path: String, file: String)
    /// A call of the operating system failed; `reason` is its own text for the error number.
    case system(action: String, path: String, reason: String)
    case compression(path: String, reason: String)

    /// The command was given something it refuses, as opposed to something that failed under way.
    package var isWrongUse: Bool {
        switch self {
        case .folderInUse: true
        case .system, .compression: false
        }
    }

    package var description: String {
        switch self {
        case .folderInUse(let path, let file):
            "\(path) holds \(file), which generate has not made; choose an empty or a new folder"
        case .system(let action, let path, let reason):
            "cannot \(action) \(path): \(reason)"
        case .compression(let path, let reason):
            "cannot compress \(path): \(reason)"
        }
    }
}
