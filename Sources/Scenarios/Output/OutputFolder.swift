#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The folder a log is written into. It is new, empty, or left by an earlier `generate`, whose files are then
/// replaced; anything else in it stops the command before a byte is written. Folders inside it are left alone.
struct OutputFolder {
    static let truthName = "truth.json"
    let path: String

    init(preparing path: String) throws(GenerateError) {
        self.path = path.isEmpty ? "." : path
        try Self.create(self.path)
        let files = try Self.files(in: self.path)
        guard !files.isEmpty else { return }
        if let stranger = files.first(where: { !Self.isGenerated($0) }) { throw .folderInUse(path: self.path, file: stranger) }
        // A log like ours but without our truth may be somebody's own.
        guard files.contains(Self.truthName) else { throw .folderInUse(path: self.path, file: files[0]) }
        for name in files where unlink(self.path + "/" + name) != 0 { throw .lastSystemError("remove", self.path + "/" + name) }
    }

    func create(_ name: String, _ encoding: Encoding) throws(GenerateError) -> any EncodedFile {
        let file = try FileDescriptor(creating: path + "/" + name)
        return switch encoding {
        case .plain: PlainFile(file)
        case .gzip: try GzipFile(file)
        case .zstd: try ZstdFile(file)
        }
    }

    /// A whole small file. It appears under its name only when all of it is on the disk.
    func write(_ bytes: [UInt8], as name: String) throws(GenerateError) {
        let unfinished = path + "/" + name + ".part"
        let file = try FileDescriptor(creating: unfinished)
        let result = bytes.withUnsafeBytes { bytes in Result { () throws(GenerateError) in try file.write(bytes) } }
        try result.get()
        try file.finish()
        if rename(unfinished, path + "/" + name) != 0 { throw .lastSystemError("rename", unfinished) }
    }

    /// `truth.json`, the truth about frictions, or a source name, a dash, digits and the ending of one of the encodings.
    private static func isGenerated(_ name: String) -> Bool {
        if name == truthName || name == truthName + ".part" || name == FrictionFile.name { return true }
        guard let dash = name.lastIndex(of: "-"), let dot = name[dash...].firstIndex(of: ".") else { return false }
        let source = String(name[..<dash])
        let digits = name[name.index(after: dash)..<dot]
        return Scenario.allSourceNames.contains(source) && digits.count >= 3 && digits.allSatisfy { $0.isASCII && $0.isNumber }
            && [Encoding.plain, .gzip, .zstd].contains { name[dot...] == $0.suffix }
    }

    private static func create(_ path: String) throws(GenerateError) {
        if mkdir(path, 0o755) == 0 { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try create(String(path[..<slash]))
            if mkdir(path, 0o755) == 0 { return }
        }
        // A trailing slash has already made the folder on the way.
        if errno != EEXIST { throw .lastSystemError("create folder", path) }
    }

    /// Names of everything but folders, in byte order.
    private static func files(in path: String) throws(GenerateError) -> [String] {
        guard let folder = opendir(path) else { throw .lastSystemError("open folder", path) }
        defer { closedir(folder) }
        var names: [String] = []
        while true {
            // Both the end and an error give nil; the number tells them apart.
            errno = 0
            guard let entry = readdir(folder) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(cString: $0.bindMemory(to: CChar.self).baseAddress!) }
            var status = stat()
            if lstat(path + "/" + name, &status) != 0 { throw .lastSystemError("inspect", path + "/" + name) }
            if status.st_mode & S_IFMT != S_IFDIR { names.append(name) }
        }
        if errno != 0 { throw .lastSystemError("read folder", path) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
