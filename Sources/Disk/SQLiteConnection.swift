import CPageCheck
import CSQLite
import Glibc

/// One connection to a database file. It and its statements are the only ones that touch SQLite's C functions; what is unsafe about
/// them (handles, text that must outlive a call) stays in these two files.
///
/// `SQLiteDatabase` owns it and lends it out; whoever uses it otherwise ends the program.
package final class SQLiteConnection {
    private var handle: OpaquePointer?
    package let path: String
    let turn: SQLiteTurn
    private var isInTransaction = false
    /// The first error since the transaction began.
    private var failure: OutputError?
    /// By their text, compiled statements that nobody has: what is asked again and again is compiled once.
    private var idle: [String: OpaquePointer] = [:]

    init(path: String, checked: Bool, turn: SQLiteTurn) throws {
        (self.path, self.turn) = (path, turn)
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        // The handle is given back even on failure, to read the reason from.
        let code = checked ? sojourn_pages_open(path, &handle, flags) : sqlite3_open_v2(path, &handle, flags, nil)
        if code != SQLITE_OK { try fail("create") }
        sqlite3_extended_result_codes(handle, 1)
    }

    deinit {
        finalizeIdle()
        sqlite3_close_v2(handle)
    }

    // MARK: One transaction

    package func begin() throws {
        try execute("BEGIN IMMEDIATE")
        isInTransaction = true
    }

    /// Everything since `begin`, or after a crash nothing of it. When this returns it is on the disk.
    package func commit() throws {
        try execute("COMMIT")
        isInTransaction = false
    }

    /// Nothing of what was done since `begin`.
    package func rollback() {
        guard isInTransaction else { return }
        (isInTransaction, failure) = (false, nil)
        try? execute("ROLLBACK")
    }

    /// SQLite itself gives up a transaction when there is no room, and what another thread did after it would be committed
    /// statement by statement. So after an error every further call fails with the same one, until `rollback`.
    func checkTransaction() throws {
        turn.check()
        guard isInTransaction else { return }
        if let failure { throw failure }
        if sqlite3_get_autocommit(handle) != 0 { throw OutputError("write", path, reason: "the transaction was given up") }
    }

    // MARK: Statements

    /// Runs statements that return nothing of interest.
    package func execute(_ sql: String) throws {
        try checkTransaction()
        if sqlite3_exec(handle, sql, nil, nil, nil) != SQLITE_OK { try fail("write") }
    }

    /// Closes, so that the journal is gone; statements must be gone before.
    package func close() throws {
        turn.check()
        finalizeIdle()
        if sqlite3_close(handle) != SQLITE_OK { try fail("close") }
        handle = nil
    }

    /// A statement that nobody else has, and no value yet.
    package func prepare(_ sql: String) throws -> SQLiteStatement {
        turn.check()
        if let statement = idle.removeValue(forKey: sql) { return SQLiteStatement(statement, sql, self) }
        var statement: OpaquePointer?
        if sqlite3_prepare_v2(handle, sql, -1, &statement, nil) != SQLITE_OK { try fail("write") }
        // Without an error there is a statement, as the text is never empty.
        return SQLiteStatement(statement!, sql, self)
    }

    /// Takes a statement back whose owner is gone.
    func takeBack(_ statement: OpaquePointer, _ sql: String) {
        // What it returns is the error of the last step once more, which was told.
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
        if let other = idle.updateValue(statement, forKey: sql) { sqlite3_finalize(other) }
    }

    private func finalizeIdle() {
        for statement in idle.values { sqlite3_finalize(statement) }
        idle = [:]
    }

    /// Throws the first error of the transaction: what fails after it fails because of it.
    func fail(_ action: String) throws -> Never {
        let error = failure ?? error(action)
        if isInTransaction { failure = error }
        throw error
    }

    /// SQLite's words, with the system's where the cause lies there.
    private func error(_ action: String) -> OutputError {
        if let damage { return OutputError(action, path, reason: damage, isDamage: true) }
        let system = sqlite3_system_errno(handle)
        let words = sqlite3_errmsg(handle).map { String(cString: $0) } ?? "out of memory"
        guard system != 0 else {
            // A full disk is found by a short write, for which the system gives no number.
            let code = sqlite3_errcode(handle) == SQLITE_FULL ? ENOSPC : nil
            return OutputError(action, path, reason: words, code: code)
        }
        let cause = OutputError(action, path, errno: system)
        return OutputError(action, path, reason: "\(words) (\(cause.reason))", code: system)
    }

    /// What is wrong with the file's content, where that is why the last call failed. The system's number says nothing
    /// about it: it is left from an earlier call.
    private var damage: String? {
        let code = sqlite3_extended_errcode(handle)
        switch code & 0xff {
        case SQLITE_CORRUPT, SQLITE_NOTADB: return String(cString: sqlite3_errmsg(handle))
        case SQLITE_IOERR: break
        default: return nil
        }
        switch code >> 8 {
        case Self.dataError: return "a page of the file is not what was written to it"
        case Self.shortRead: return "the file ends too early"
        default: return nil
        }
    }

    /// What SQLITE_IOERR_DATA and SQLITE_IOERR_SHORT_READ, which the importer cannot see, add to SQLITE_IOERR.
    private static let dataError: Int32 = 32
    private static let shortRead: Int32 = 2
}
