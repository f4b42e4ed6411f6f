import Foundation

/// Paths as text: but for `exists` and `realPath` no file is looked at, and links are not followed.
package enum FilePaths {
    package static func absolute(_ path: String, from folder: String) -> String {
        normalized(path.hasPrefix("/") ? path : folder + "/" + path)
    }

    package static var workingFolder: String { FileManager.default.currentDirectoryPath }

    package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    package static func folder(of path: String) -> String { normalized(path + "/..") }

    /// Without `.`, `..` and doubled slashes.
    package static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// How one comes from `folder` to `path`; both absolute.
    package static func relative(_ path: String, to folder: String) -> String {
        let target = path.split(separator: "/")
        let base = folder.split(separator: "/")
        let shared = zip(target, base).prefix { $0 == $1 }.count
        return (Array(repeating: "..", count: base.count - shared) + target[shared...].map(String.init)).joined(separator: "/")
    }

    package static func join(_ folder: String, _ name: String) -> String { folder.hasSuffix("/") ? folder + name : folder + "/" + name }

    /// The part above the last name, and the name. `out` gives an empty part: the current folder.
    package static func split(_ path: String) -> (above: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        var above = path[..<slash]
        while above.hasSuffix("/") { above.removeLast() }
        return (above.isEmpty ? "/" : String(above), String(path[path.index(after: slash)...]))
    }

    /// Absolute and without links; nil where there is nothing, with `errno` saying why.
    package static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
