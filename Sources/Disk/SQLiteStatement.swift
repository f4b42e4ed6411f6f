import CPageCheck
import CSQLite
import Glibc

/// One connection to a database file, and its statements. The only file that touches SQLite's C functions; what
/// is unsafe about them (handles, text that must outlive a call) stays in here.
///
/// `SQLiteDatabase` owns it and lends it out; whoever uses it otherwise ends the program.
package final class SQLiteConnection {
    private var handle: OpaquePointer?
    package let path: String
    let turn: SQLiteTurn
    private var isInTransaction = false
    /// The first error since the transaction began.
    private var failure: OutputError?

    init(path: String, checked: Bool, turn: SQLiteTurn) throws {
        (self.path, self.turn) = (path, turn)
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        // The handle is given back even on failure, to read the reason from.
        let code = checked ? sojourn_pages_open(path, &handle, flags) : sqlite3_open_v2(path, &handle, flags, nil)
        if code != SQLITE_OK { try fail("create") }
        sqlite3_extended_result_codes(handle, 1)
    }

    deinit { sqlite3_close_v2(handle) }

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
    fileprivate func checkTransaction() throws {
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
        if sqlite3_close(handle) != SQLITE_OK { try fail("close") }
        handle = nil
    }

    package func prepare(_ sql: String) throws -> SQLiteStatement {
        turn.check()
        var statement: OpaquePointer?
        if sqlite3_prepare_v2(handle, sql, -1, &statement, nil) != SQLITE_OK { try fail("write") }
        // Without an error there is a statement, as the text is never empty.
        return SQLiteStatement(statement!, self)
    }

    /// Throws the first error of the transaction: what fails after it fails because of it.
    fileprivate func fail(_ action: String) throws -> Never {
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

/// A compiled statement that is run many times with other values.
package final class SQLiteStatement {
    private let handle: OpaquePointer
    private let connection: SQLiteConnection
    /// Whether it was run since it was given values: at the end of an answer, and after an error too, SQLite takes no others
    /// before a reset.
    private var isUnderWay = false

    fileprivate init(_ handle: OpaquePointer, _ connection: SQLiteConnection) {
        self.handle = handle
        self.connection = connection
    }

    deinit {
        let handle = handle
        connection.turn.take { _ = sqlite3_finalize(handle) }
    }

    // MARK: Values

    /// Places are counted from 1. A place keeps its value until it is bound again. What is left of an answer is given up.
    package func bind(_ value: Int64, at place: Int) throws { try set { sqlite3_bind_int64(handle, Int32(place), value) } }

    /// NaN and infinity become NULL, and -0 becomes 0.
    package func bind(_ value: Double, at place: Int) throws {
        guard value.isFinite else { return try bindNull(at: place) }
        try set { sqlite3_bind_double(handle, Int32(place), value == 0 ? 0 : value) }
    }

    package func bindNull(at place: Int) throws { try set { sqlite3_bind_null(handle, Int32(place)) } }

    package func bind(_ text: String, at place: Int) throws {
        var text = text
        try text.withUTF8 { utf8 in
            try utf8.withMemoryRebound(to: CChar.self) { characters in
                // An empty text may come without an address, which SQLite would take for NULL.
                let address = characters.baseAddress ?? UnsafePointer(Self.empty)
                try set { sqlite3_bind_text(handle, Int32(place), address, Int32(characters.count), Self.copied) }
            }
        }
    }

    package func bind(bytes: UnsafeRawBufferPointer, at place: Int) throws {
        let address = bytes.baseAddress ?? UnsafeRawPointer(Self.empty)
        try set { sqlite3_bind_blob64(handle, Int32(place), address, UInt64(bytes.count), Self.copied) }
    }

    package func bind(bytes: [UInt8], at place: Int) throws { try bytes.withUnsafeBytes { try bind(bytes: $0, at: place) } }

    private func set(_ bind: () -> Int32) throws {
        finish()
        if bind() != SQLITE_OK { try connection.fail("write") }
    }

    // MARK: Running

    /// Runs the statement; then it takes the next values.
    package func run() throws {
        let code = try step()
        if code != SQLITE_DONE, code != SQLITE_ROW { try connection.fail("write") }
    }

    /// Goes to the next row of the answer; false where there is none.
    package func next() throws -> Bool {
        switch try step() {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: try connection.fail("read")
        }
    }

    /// Gives up the rest of the answer.
    package func finish() {
        connection.turn.check()
        // What it returns is the error of the last step once more, which was told.
        if isUnderWay { sqlite3_reset(handle) }
        isUnderWay = false
    }

    private func step() throws -> Int32 {
        try connection.checkTransaction()
        isUnderWay = true
        return sqlite3_step(handle)
    }

    // MARK: The row at hand

    /// Columns are counted from 0; NULL reads as 0.
    package func integer(_ column: Int) -> Int64 {
        connection.turn.check()
        return sqlite3_column_int64(handle, Int32(column))
    }

    package func isNull(_ column: Int) -> Bool {
        connection.turn.check()
        return sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
    }

    /// Lives until the next step.
    package func bytes(_ column: Int) -> UnsafeRawBufferPointer {
        connection.turn.check()
        let start = sqlite3_column_blob(handle, Int32(column))
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, Int32(column))))
    }

    package func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// SQLITE_TRANSIENT, which the importer cannot see: SQLite copies the text before the call returns.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// One zero byte that lives as long as the program.
    nonisolated(unsafe) private static let empty: UnsafeMutablePointer<CChar> = {
        let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
        byte.initialize(to: 0)
        return byte
    }()
}
