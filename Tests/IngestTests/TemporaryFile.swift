import Foundation

/// A file that lives as long as this object.
final class TemporaryFile {
    let path: String

    init(_ bytes: [UInt8]) throws {
        // In memory where there is such a folder: tests write thousands of these.
        let folder = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : FileManager.default.temporaryDirectory.path
        path = folder + "/sojourn-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: path))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
