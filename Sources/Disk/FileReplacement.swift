import Foundation
import Glibc

/// A single file that is replaced as a whole: whoever reads it sees the old bytes or the new ones.
package enum FileReplacement {
    /// Whether the file could be replaced, to be asked before the work whose result it is to hold. Writes nothing.
    package static func check(_ path: String) throws { _ = try target(path) }

    /// Writes a hidden file beside it, makes it durable, and renames it. A link stays, and the file behind it is replaced;
    /// mode and group are those of the file before, `mode` is for a new one.
    package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o644) throws {
        let (folder, name) = try target(path)
        let partial = FilePaths.join(folder, ".\(name).partial-\(getpid())")
        do {
            let file = try OutputFile(path: partial, mode: mode)
            try AccessRights(of: path)?.give(to: partial, insteadOf: path)
            try file.write(bytes)
            try file.finish()
            CrashPoint.reach("file-beside")
            guard rename(partial, FilePaths.join(folder, name)) == 0 else { throw OutputError("write", path, errno: errno) }
        } catch {
            // The error is told; a hidden file that stays is overwritten by the next process of this number.
            unlink(partial)
            throw error
        }
        try sync(folder)
    }

    /// The folder and the name to be written. Only a plain file is replaced, so that nobody loses a device or a pipe.
    private static func target(_ path: String) throws -> (folder: String, name: String) {
        guard !path.isEmpty, !path.hasSuffix("/"), !path.utf8.contains(0) else {
            throw OutputError("write", "\"\(path)\"", reason: "this is not the name of a file")
        }
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else { throw OutputError("write", path, reason: "it exists and is not a plain file") }
        } else if errno != ENOENT {
            throw OutputError("write", path, errno: errno)
        }
        let real = FilePaths.realPath(path) ?? path
        let (above, name) = FilePaths.split(real)
        let folder = above.isEmpty ? "." : above
        guard access(folder, W_OK | X_OK) == 0 else { throw OutputError("write", path, errno: errno) }
        return (folder, name)
    }

    /// Waits until what a file holds, or a folder lists, is on the disk.
    package static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw OutputError("write", path, errno: errno) }
        defer { close(descriptor) }
        // Some network filesystems cannot sync a folder and say so; there is nothing to wait for then.
        if fsync(descriptor) != 0, errno != EINVAL, errno != EOPNOTSUPP { throw OutputError("write", path, errno: errno) }
    }
}
