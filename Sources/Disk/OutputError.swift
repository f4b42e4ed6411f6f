import Glibc

/// Why an output could not be written: what was tried, on which path, and the reason. Holds no customer value.
package struct OutputError: Error, Equatable, CustomStringConvertible {
    /// What was tried, as a verb: `write`, `create`, `replace`.
    package var action: String
    package var path: String
    /// The operating system's or SQLite's words, or what is wrong with the path and how to mend it.
    package var reason: String
    /// The operating system's number where it gave one, e.g. `ENOSPC`.
    package var code: Int32?
    /// Whether the file is there and readable, but its content is not what was written.
    package var isDamage: Bool

    package init(_ action: String, _ path: String, reason: String, code: Int32? = nil, isDamage: Bool = false) {
        self.action = action
        self.path = path
        self.reason = reason
        self.code = code
        self.isDamage = isDamage
    }

    /// With the reason of a failed system call. `errno` is read by the caller, before anything else can change it.
    package init(_ action: String, _ path: String, errno code: Int32) {
        self.init(action, path, reason: Self.words(code), code: code)
    }

    package var description: String { "cannot \(action) \(path): \(reason)" }

    private static func words(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        // The POSIX variant fills the buffer; `strerror` is not safe on several threads.
        guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        return buffer.withUnsafeBytes { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// Repeats a system call that a signal interrupted.
package func retryingInterrupts(_ call: () -> Int) -> Int {
    while true {
        let result = call()
        if result != -1 || errno != EINTR { return result }
    }
}
