import Dispatch
import Foundation
import Glibc
import Synchronization
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

    /// Who comes second closes its file once: twice would close what another thread has opened meanwhile.
    @Test func whoComesSecondClosesNothingOfOthers() throws {
        let folder = try ScratchFolder()
        let lock = try FolderLock(folder.path)
        let isOver = Atomic<Bool>(false)
        DispatchQueue.concurrentPerform(iterations: 2) { worker in
            if worker == 0 {
                for _ in 0..<5000 { #expect(throws: FolderLock.Held.self) { try FolderLock(folder.path) } }
                isOver.store(true, ordering: .relaxed)
                return
            }
            var lost = 0
            while !isOver.load(ordering: .relaxed) {
                let own = open("/dev/null", O_RDONLY | O_CLOEXEC)
                for _ in 0..<20 where fcntl(own, F_GETFD) < 0 { lost += 1 }
                if close(own) != 0 { lost += 1 }
            }
            #expect(lost == 0)
        }
        withExtendedLifetime(lock) {}
    }
}
