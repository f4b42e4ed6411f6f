import Disk
import Glibc

/// The state between runs: one SQLite file in a folder of its own, held by one run at a time, changed by one transaction
/// a run. Any thread of the run may have this; the file is used by one after the other.
package final class StateFolder: Sendable {
    private let database: SQLiteDatabase
    // Let go after the file is closed.
    private let lock: FolderLock

    package var path: String { database.path }

    /// Opens the state in a folder, or begins a new one there. Throws `StateError`; nothing is changed then.
    package init(_ folder: String) throws {
        let path = folder + "/state.sqlite"
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw StateError.cannotUse(OutputError("create", folder, errno: errno)) }
        do {
            lock = try FolderLock(folder)
            database = try StateLayout.open(path)
            // A file is there for good when its folder says so, and the folder when the one above does. Asked every time, as
            // the run that made them may not have come so far.
            try FileReplacement.sync(folder)
            do { try FileReplacement.sync(folder + "/..") } catch let error as OutputError where error.code == EACCES {}
        } catch let held as FolderLock.Held {
            throw StateError.locked(folder: folder, process: held.process)
        } catch {
            throw StateError(error, path: path)
        }
    }

    /// Calls `body` with the file when its turn has come; see `SQLiteDatabase.use`.
    package func use<Result>(_ body: (StateFile) throws -> Result) rethrows -> Result {
        try database.use { try body(StateFile(connection: $0)) }
    }
}
