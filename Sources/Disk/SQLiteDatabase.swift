import Dispatch
import Glibc
import Synchronization

/// A database file and its one owner: a serial queue, on which alone it is used. Whoever wants something of it comes to
/// `use` and waits for its turn.
package final class SQLiteDatabase: @unchecked Sendable {  // `connection` is used on the queue of its turn only
    private let connection: SQLiteConnection

    package var path: String { connection.path }

    /// Creates the database where there is none. With `checked`, each page bears a checksum (see CPageCheck.h), and a
    /// page that is not what was written fails the statement that reads it; only SQLite with this VFS may then write
    /// the file.
    package init(path: String, checked: Bool = false) throws {
        connection = try SQLiteConnection(path: path, checked: checked, turn: SQLiteTurn(path))
    }

    /// Calls `body` when its turn has come. The connection and its statements end the program when they are used outside of
    /// such a call. Within it nobody may wait for another thread that comes here too: both would wait for ever.
    package func use<Result>(_ body: (SQLiteConnection) throws -> Result) rethrows -> Result {
        if connection.turn.isMine { fatalError("\(path): the database was asked for by whoever has it. Pass the connection on") }
        return try connection.turn.take { try body(connection) }
    }
}

/// Whose turn it is: the queue of a database, and the thread that is on it now.
///
/// SQLite itself would not say so when two threads use a connection that it does not lock. A thread's number is compared
/// in about a nanosecond, which can be paid with every value; asking Dispatch for the queue costs many times that.
final class SQLiteTurn: Sendable {
    private let queue: DispatchQueue
    private let path: String
    /// 0: nobody.
    private let thread = Atomic<pthread_t>(0)

    init(_ path: String) {
        self.path = path
        queue = DispatchQueue(label: "sojourn.database")
    }

    var isMine: Bool { thread.load(ordering: .relaxed) == pthread_self() }

    /// Waits for the turn, unless the thread has it, and ends it after `body`.
    func take<Result>(_ body: () throws -> Result) rethrows -> Result {
        if isMine { return try body() }
        return try queue.sync {
            thread.store(pthread_self(), ordering: .relaxed)
            defer { thread.store(0, ordering: .relaxed) }
            return try body()
        }
    }

    /// Ends the program where it is another's turn or nobody's.
    @inline(__always)
    func check() {
        if !isMine { fatalError("\(path): the database was used out of turn. Use it, and its statements, within SQLiteDatabase.use only") }
    }
}
