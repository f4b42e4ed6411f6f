import Glibc

/// What lies in a folder.
package enum FolderListing {
    /// Names in byte order, hidden ones too, `.` and `..` not. Throws `OutputError` where they cannot all be told: a folder
    /// that cannot be read must not pass for an empty one.
    package static func names(_ folder: String) throws -> [String] {
        guard let stream = opendir(folder) else { throw OutputError("read", folder, errno: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            // Both the end and an error give nil; the number tells them apart.
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else { throw OutputError("read", folder, errno: errno) }
                return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            }
            // The name ends with a zero byte within the entry, which lives until the next one is read.
            let name = UnsafeRawPointer(entry) + MemoryLayout<dirent>.offset(of: \.d_name)!
            let text = String(cString: name.assumingMemoryBound(to: CChar.self))
            if text != ".", text != ".." { names.append(text) }
        }
    }
}
