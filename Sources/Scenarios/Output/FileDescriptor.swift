#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file being written, closed at the end of its life at the latest.
final class FileDescriptor {
    let path: String
    private var number: Int32

    /// Creates the file, or empties it.
    init(creating path: String) throws(GenerateError) {
        self.path = path
        number = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if number < 0 { throw .lastSystemError("create", path) }
    }

    /// What is not finished is given up.
    deinit { if number >= 0 { _ = close(number) } }

    /// Writes all of it, in as many calls as the system needs.
    func write(_ bytes: UnsafeRawBufferPointer) throws(GenerateError) {
        var rest = bytes
        while let start = rest.baseAddress, !rest.isEmpty {
            #if canImport(Glibc)
                let written = Glibc.write(number, start, rest.count)
            #else
                let written = Darwin.write(number, start, rest.count)
            #endif
            if written < 0 {
                if errno == EINTR { continue }
                throw .lastSystemError("write", path)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Some file systems report a full disk only here.
    func finish() throws(GenerateError) {
        let open = number
        number = -1
        if close(open) != 0 { throw .lastSystemError("close", path) }
    }
}

extension GenerateError {
    static func lastSystemError(_ action: String, _ path: String) -> Self {
        .system(action: action, path: path, reason: String(cString: strerror(errno)))
    }
}
