package import Disk
import Foundation

/// What somebody wrote to name inputs: a file, a folder with everything below it that is not hidden, or a pattern of names.
///
/// Only what was written is a pattern: the folder that it starts from may be called `[prod]`. And what is called exactly as
/// written is what is meant.
package struct InputPattern: Sendable {
    package let text: String
    /// As if nothing in it were a pattern; absolute.
    package let path: String
    /// The folder up to the first part with a pattern, or all of it, absolute; and a pattern for each part from there on.
    private let start: String
    private let parts: [String]

    /// - Parameter folder: what the text is relative to; absolute.
    package init(_ text: String, from folder: String) {
        self.text = text
        path = FilePaths.absolute(text, from: folder)
        guard !FilePaths.exists(path) else {
            (start, parts) = (path, [])
            return
        }
        var (start, parts): (String, [String]) = (text.hasPrefix("/") ? "/" : folder, [])
        for part in text.split(separator: "/").map(String.init) where part != "." {
            if part == ".." {
                if parts.popLast() == nil { start = FilePaths.folder(of: start) }
            } else if parts.isEmpty, !Self.isPattern(part) {
                start = FilePaths.join(start, part)
            } else {
                parts.append(part)
            }
        }
        (self.start, self.parts) = (FilePaths.normalized(start), parts)
    }

    private static func isPattern(_ part: String) -> Bool { part.utf8.contains { "*?[\\".utf8.contains($0) } }

    // MARK: Looking for files

    /// All files, absolute. Throws `IngestError` where a folder cannot be read, or it cannot be told what something is.
    package func files() throws -> [String] {
        var found = [start]
        for part in parts { found = try found.flatMap { try matches(of: part, in: $0) } }
        return try found.flatMap { path in
            switch try kind(of: path) {
            case .folder(let identity): try filesBelow(path, [identity])
            case .file: [path]
            // What a pattern found is there, though a link may lead nowhere; opening it tells.
            case .nothing: parts.last.map(Self.isPattern) == true ? [path] : []
            }
        }
    }

    private func matches(of part: String, in folder: String) throws -> [String] {
        guard Self.isPattern(part) else { return [FilePaths.join(folder, part)] }
        return try names(in: folder, orNone: true).filter { fnmatch(part, $0, FNM_PERIOD) == 0 }.map { FilePaths.join(folder, $0) }
    }

    /// - Parameter above: the folders on the way here. A link to one of them leads round in a circle, and what lies there is
    ///   found without it.
    private func filesBelow(_ folder: String, _ above: [FileIdentity]) throws -> [String] {
        try names(in: folder, orNone: false).filter { !Self.isHidden($0.utf8) }.flatMap { name -> [String] in
            let path = FilePaths.join(folder, name)
            guard case .folder(let identity) = try kind(of: path) else { return [path] }
            return above.contains(identity) ? [] : try filesBelow(path, above + [identity])
        }
    }

    private static func isHidden(_ name: some Collection<UInt8>) -> Bool { name.first == UInt8(ascii: ".") }

    /// - Parameter orNone: what is no folder has no names.
    private func names(in folder: String, orNone: Bool) throws -> [String] {
        do {
            return try FolderListing.names(folder)
        } catch let error as OutputError {
            if orNone, error.code == ENOENT || error.code == ENOTDIR { return [] }
            throw IngestError.cannotOpen(path: folder, reason: error.reason)
        }
    }

    private enum Kind {
        case folder(FileIdentity)
        case file, nothing
    }

    private func kind(of path: String) throws -> Kind {
        var status = stat()
        if stat(path, &status) == 0 { return status.st_mode & S_IFMT == S_IFDIR ? .folder(FileIdentity(status)) : .file }
        // What is longer than any name is called by nothing.
        guard errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG else {
            throw IngestError.cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        return .nothing
    }

    // MARK: Whether a file is meant

    /// Whether a file that was given belongs to what this names, hidden or not. By name: links are not followed.
    package func covers(_ path: String) -> Bool {
        let (names, start) = (path.utf8.split(separator: 47), start.utf8.split(separator: 47))
        guard names.starts(with: start, by: { $0.elementsEqual($1) }) else { return false }
        return matches(names.dropFirst(start.count).map { Array($0) }, flags: 0) != nil
    }

    /// Where it starts to look, without links.
    package var realStart: RealPath { RealPath(start, from: "/") }

    /// Whether `files` would find a file there, were there one.
    /// - Parameter start: `realStart`, which takes a look at the disk.
    package func wouldRead(_ file: RealPath, from start: RealPath) -> Bool {
        guard let names = file.parts(below: start) else { return false }
        return matches(Array(names), flags: FNM_PERIOD).map { !$0.contains(where: Self.isHidden) } ?? false
    }

    /// The names below the folder, or file, that this names; nil where it names none of those on the way.
    private func matches(_ names: [[UInt8]], flags: Int32) -> ArraySlice<[UInt8]>? {
        guard names.count >= parts.count else { return nil }
        let areMatched = zip(parts, names).allSatisfy { part, name in
            Self.isPattern(part) ? fnmatch(part, String(decoding: name, as: UTF8.self), flags) == 0 : part.utf8.elementsEqual(name)
        }
        return areMatched ? names[parts.count...] : nil
    }
}
