import Foundation
import Glibc
import TestSupport
import Testing

@testable import Disk

@Suite struct FolderLockTests {
    /// Another thread may start a program while a lock is held; until the program begins, it holds the lock's file as well.
    @Test func aGivenUpLockIsFreeThoughItsFileIsOpenElsewhere() throws {
        let folder = try ScratchFolder()
        var lock: FolderLock? = try FolderLock(folder.path)
        #expect(throws: FolderLock.Held.self) { try FolderLock(folder.path) }
        let path = folder.path("lock")
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
        let own = try #require(
            descriptors.first { (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == path })
        let copy = dup(own)
        defer { close(copy) }
        try #require(copy >= 0)
        _ = lock
        lock = nil
        _ = try FolderLock(folder.path)
    }
}
