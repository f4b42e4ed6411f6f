import Glibc

/// Who may use a file or a folder: what the one that takes its place must keep.
package struct AccessRights: Equatable {
    /// All twelve bits: a folder's set-group-ID bit hands its group on to what is made in it.
    private(set) var mode: mode_t
    private var group: gid_t
    private var owner: uid_t

    /// nil where there is nothing. A link is followed. Throws `OutputError`.
    package init?(of path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw OutputError("use", path, errno: errno) }
            return nil
        }
        (mode, group, owner) = (status.st_mode & 0o7777, status.st_gid, status.st_uid)
    }

    /// The same, but that its owner can fill it.
    package var forWriting: AccessRights {
        var rights = self
        rights.mode |= 0o700
        return rights
    }

    /// Gives them to a file or folder of our own that takes the place of `original`. Only root can keep the owner. Throws
    /// `OutputError` where mode and group cannot be kept: with others, whoever needs it might be shut out, or a stranger let in.
    package func give(to path: String, insteadOf original: String) throws {
        guard let before = try AccessRights(of: path) else { throw OutputError("use", path, errno: ENOENT) }
        let owner = geteuid() == 0 ? owner : before.owner
        if before.owner != owner || before.group != group, chown(path, owner, group) != 0 {
            let code = errno
            let words = OutputError("keep", original, errno: code).reason
            throw OutputError(
                "keep the group of", original,
                reason: "\(words); run as a member of group \(group), or give it a group of yours with chgrp", code: code)
        }
        // A change of the group takes bits away, so the mode comes last, and not every file system has every bit.
        guard try AccessRights(of: path)?.mode != mode else { return }
        guard chmod(path, mode) == 0 else { throw OutputError("keep the mode of", original, errno: errno) }
        guard try AccessRights(of: path)?.mode == mode else {
            throw OutputError(
                "keep the mode of", original,
                reason: "the system does not let this user set \(String(mode, radix: 8)); change it with chmod")
        }
    }
}
