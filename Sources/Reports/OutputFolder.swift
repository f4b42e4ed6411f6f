import Disk
import Foundation
import Glibc

/// Where an output goes: the folder that `-o DIR` means, and whether it may be replaced.
///
/// DIR is replaced as a whole, so a mistyped one could cost somebody their files. Only three things are ever
/// replaced: nothing, an empty folder, and an earlier output.
package struct OutputFolder: Sendable, Equatable {
    /// The nearest folder above DIR that exists, absolute and without links.
    package let base: String
    /// Folders between `base` and DIR that have yet to be created.
    package let missingParents: [String]
    /// DIR's own name.
    package let name: String

    package var parent: String { missingParents.reduce(base, FilePaths.join) }
    package var path: String { FilePaths.join(parent, name) }

    /// What run.json of every output contains. An output is known by it.
    package static let marker = "\"tool\": \"sojourn\""

    /// Finds the folder meant by DIR: relative or absolute, with or without a slash at its end; a link to a folder
    /// means the folder, and the link stays. Writes nothing.
    package init(_ directory: String) throws {
        guard !directory.isEmpty, !directory.utf8.contains(0) else {
            throw OutputError("use", "\"\(directory)\" as output folder", reason: "this is not the name of a folder")
        }
        var path = directory
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        var status = stat()
        if lstat(path, &status) == 0 {
            guard let real = FilePaths.realPath(path) else {
                let reason = errno == ENOENT ? "it is a link that leads nowhere; remove the link or create the folder" : nil
                throw reason.map { OutputError("use", directory, reason: $0) } ?? OutputError("use", directory, errno: errno)
            }
            guard real != "/" else {
                throw OutputError("use", directory, reason: "the root folder cannot be replaced; name a folder in it")
            }
            guard !Self.holdsWorkingFolder(real) else {
                throw OutputError(
                    "use", directory,
                    reason: "it is the working directory, or lies above it, and is replaced as a whole; name a folder in it")
            }
            (base, name) = FilePaths.split(real)
            missingParents = []
            return
        }
        guard errno == ENOENT else { throw OutputError("use", directory, errno: errno) }
        var missing: [String] = []
        var (above, last) = FilePaths.split(path)
        name = last
        while true {
            guard last != "..", last != "." else { throw OutputError("use", directory, errno: ENOENT) }
            if let real = FilePaths.realPath(above.isEmpty ? "." : above) {
                base = real
                break
            }
            guard errno == ENOENT, !above.isEmpty else { throw OutputError("use", directory, errno: errno) }
            (above, last) = FilePaths.split(above)
            missing.append(last)
        }
        missingParents = missing.reversed()
    }

    package enum Occupant: Sendable, Equatable {
        case nothing
        case emptyFolder
        case earlierOutput
    }

    /// Looks at what is there now. Throws where it must not be replaced.
    package func occupant() throws -> Occupant {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            guard errno == ENOENT else { throw OutputError("use", path, errno: errno) }
            return .nothing
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw OutputError("replace", path, reason: "it exists and is not a folder; name another folder")
        }
        guard !isMountPoint else {
            throw OutputError("replace", path, reason: "it is a mount point and cannot be replaced as a whole; name a folder in it")
        }
        guard access(path, R_OK | X_OK) == 0 else { throw OutputError("read", path, errno: errno) }
        if try FolderListing.names(path).isEmpty { return .emptyFolder }
        guard Self.isOutput(runFile: FilePaths.join(path, "run.json")) else {
            throw OutputError(
                "replace", path,
                reason: "the folder holds files and is no earlier output of sojourn (no run.json of sojourn in it); "
                    + "name a new or an empty folder")
        }
        let strangers = try OutputContents.strangers(in: path)
        guard strangers.isEmpty else {
            let rest = strangers.count - Self.strangersShown
            throw OutputError(
                "replace", path,
                reason: "it holds what no run put there: \(strangers.prefix(Self.strangersShown).joined(separator: ", "))"
                    + "\(rest > 0 ? " and \(rest) more" : ""); move that elsewhere, or name another folder")
        }
        return .earlierOutput
    }

    private static let strangersShown = 5

    /// Whoever stands there would find himself in a folder that is gone.
    private static func holdsWorkingFolder(_ real: String) -> Bool {
        // Where it was removed there is none.
        guard let here = FilePaths.realPath(".") else { return false }
        return here.utf8.elementsEqual(real.utf8) || here.utf8.starts(with: (real + "/").utf8)
    }

    /// Only a plain file counts, and only its first MiB is looked at. What cannot be read is taken for none, and is kept.
    private static func isOutput(runFile: String) -> Bool {
        let descriptor = open(runFile, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { free in
                retryingInterrupts { read(descriptor, free.baseAddress! + count, free.count - count) }  // never empty: 1 MiB
            }
            guard got > 0 else { break }
            count += got
        }
        return String(decoding: bytes[..<count], as: UTF8.self).contains(marker)
    }

    /// A mounted folder (a container's volume, say) can be filled but not renamed. Told before the run rather
    /// than after it.
    private var isMountPoint: Bool {
        // Without /proc the system itself refuses the rename in the end.
        guard let table = FileManager.default.contents(atPath: "/proc/self/mountinfo") else { return false }
        // The fifth field is the mount point, with blank, tab, line end and backslash as octal escapes.
        let escapes: [(Character, String)] = [("\\", "\\134"), (" ", "\\040"), ("\t", "\\011"), ("\n", "\\012")]
        let escaped = path.map { character in escapes.first { $0.0 == character }?.1 ?? String(character) }.joined()
        return String(decoding: table, as: UTF8.self).split(separator: "\n").contains { line in
            let fields = line.split(separator: " ", maxSplits: 5)
            return fields.count > 4 && fields[4] == escaped
        }
    }
}
