import Disk
import Foundation
import Glibc

/// The hidden folders beside an output: `.NAME.partial-PID` while it is being written, `.NAME.previous-PID` for
/// the moment of a swap on filesystems that cannot exchange two folders. A run that was killed leaves its own
/// behind; the next one clears them away.
struct LeftOvers {
    let folder: OutputFolder

    static func partialName(_ name: String, pid: pid_t) -> String { ".\(name).partial-\(pid)" }
    static func previousName(_ name: String, pid: pid_t) -> String { ".\(name).previous-\(pid)" }

    /// A run that died between the two renames of a swap left the output aside: puts it back where it belongs.
    func restorePrevious() {
        guard access(folder.path, F_OK) != 0, errno == ENOENT else { return }
        for path in abandoned(".\(folder.name).previous-").reversed() where rename(path, folder.path) == 0 { return }
    }

    /// Removes what dead runs left. Best effort: what cannot be removed is not in anybody's way.
    func remove() {
        for path in abandoned(".\(folder.name).partial-") + abandoned(".\(folder.name).previous-") { _ = Self.removeTree(path) }
    }

    /// Paths of folders with this prefix and the number of a process that is gone, in byte order.
    private func abandoned(_ prefix: String) -> [String] {
        // None in a folder that may be used but not be listed: they lie there until somebody who may list it runs.
        let entries = (try? FolderListing.names(folder.parent)) ?? []
        return entries.compactMap { entry in
            guard entry.hasPrefix(prefix), let pid = pid_t(entry.dropFirst(prefix.count)), pid > 0, Self.isGone(pid) else { return nil }
            let path = FilePaths.join(folder.parent, entry)
            return Self.isUnlocked(path) ? path : nil
        }
    }

    /// Our own number counts as gone: in a container it is the same in every run, and whether this process uses
    /// the folder is told by the lock.
    private static func isGone(_ pid: pid_t) -> Bool { pid == getpid() || (kill(pid, 0) != 0 && errno == ESRCH) }

    /// The process that writes a partial folder holds a lock on it. This also covers a process that is alive in
    /// another container, whose number says nothing here. Only a folder can be a left-over; links are let be.
    private static func isUnlocked(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
    }

    /// Removes a folder and what is in it; links are removed, not followed. Tries again a few times because a
    /// thread that has yet to notice the end may still create a file. False: something of it is still there.
    static func removeTree(_ path: String) -> Bool {
        // An output that was protected against writing keeps that mode, and is replaced all the same.
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor >= 0 {
            // Where this fails, the removal tells.
            _ = fchmod(descriptor, 0o700)
            close(descriptor)
        }
        for _ in 0..<10 {
            // Whether it is gone is asked of the system.
            try? FileManager.default.removeItem(atPath: path)
            var status = stat()
            if lstat(path, &status) != 0 { return true }
            usleep(10_000)
        }
        return false
    }
}
