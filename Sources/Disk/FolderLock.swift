import Glibc

/// One process at a time has a folder: a lock that the system takes back when its holder ends, however it ends. The file
/// `lock` names the holder for those who come second.
package final class FolderLock: Sendable {
    /// Another process holds it: its number, as far as is known.
    package struct Held: Error { package var process: String }

    private let descriptor: Int32

    /// Throws `Held` at once where another process holds it, and `OutputError`.
    package init(_ folder: String) throws {
        let path = folder + "/lock"
        // Not the lock's own before it is sure: from then on `deinit` closes it, also where this throws.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw OutputError("open", path, errno: errno) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            let reason = errno
            var bytes = [UInt8](repeating: 0, count: 20)
            let count = pread(descriptor, &bytes, bytes.count, 0)
            close(descriptor)
            guard reason == EWOULDBLOCK else { throw OutputError("lock", path, errno: reason) }
            throw Held(process: String(decoding: bytes.prefix(max(0, count)).filter { $0 &- 48 < 10 }, as: UTF8.self))
        }
        CrashPoint.reach("locked")
        // Who holds it is for people; not being able to say so does no harm.
        let name = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, name, name.count, 0)
        self.descriptor = descriptor
    }

    deinit { Self.release(descriptor) }

    /// Gives a lock back and closes its file. Closing alone would not do where another thread starts a program at the moment: until that
    /// program begins, it holds the file too.
    package static func release(_ descriptor: Int32) {
        while flock(descriptor, LOCK_UN) != 0, errno == EINTR {}
        close(descriptor)
    }
}
