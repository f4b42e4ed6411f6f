import Glibc

/// Puts a finished folder in the place of another in one step, so that a reader sees the old output or the new
/// one and never a mixture. All paths lie in one folder.
package struct FolderSwap {
    let new: String
    let target: String
    /// Where the old folder waits on filesystems that cannot exchange two folders.
    package let aside: String
    /// False in tests, to take the way of such a filesystem.
    let canExchange: Bool

    package init(new: String, target: String, aside: String, canExchange: Bool = true) {
        (self.new, self.target, self.aside, self.canExchange) = (new, target, aside, canExchange)
    }

    package enum Outcome: Equatable {
        /// There was nothing before.
        case renamed
        /// The old folder now has the new one's former name.
        case exchanged
        case movedAside
    }

    package func perform(replacing: Bool) throws -> Outcome {
        guard replacing else {
            // Fails where something but an empty folder has appeared in the meantime.
            try move(new, target)
            return .renamed
        }
        switch canExchange ? exchange() : EINVAL {
        case 0: return .exchanged
        case EINVAL, ENOSYS, EOPNOTSUPP: return try moveAside()
        case let code: throw OutputError("replace", target, errno: code)
        }
    }

    /// Back to how it was before, as far as possible: the error that leads here is told, and a second one would hide it. An
    /// output that stays aside is put back by the next run (`LeftOvers.restorePrevious`).
    package func undo(_ outcome: Outcome) {
        switch outcome {
        case .renamed: _ = rename(target, new)
        case .exchanged: _ = exchange()
        case .movedAside:
            _ = rename(target, new)
            _ = rename(aside, target)
        }
    }

    /// Two renames. Between them there is no output; a run that dies there is mended by the next one
    /// (`LeftOvers.restorePrevious` of Reports).
    private func moveAside() throws -> Outcome {
        try move(target, aside)
        CrashPoint.reach("moved-aside")
        do {
            try move(new, target)
        } catch {
            // If not even this succeeds, the next run does it.
            _ = rename(aside, target)
            throw error
        }
        return .movedAside
    }

    private func move(_ from: String, _ to: String) throws {
        guard rename(from, to) == 0 else { throw OutputError("replace", target, errno: errno) }
    }

    /// 0, or the error number.
    private func exchange() -> Int32 {
        guard let renameat2 = Self.renameat2 else { return ENOSYS }
        return renameat2(AT_FDCWD, new, AT_FDCWD, target, Self.renameExchange) == 0 ? 0 : errno
    }

    /// RENAME_EXCHANGE of linux/fs.h.
    private static let renameExchange: UInt32 = 2

    private typealias Renameat2 = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32

    /// The headers that Swift sees declare this function only for GNU sources, so it is looked up by name.
    /// The cast is safe: the signature is that of glibc since 2.28, where the function first appeared.
    private static let renameat2: Renameat2? = dlsym(nil, "renameat2").map { unsafeBitCast($0, to: Renameat2.self) }
}
