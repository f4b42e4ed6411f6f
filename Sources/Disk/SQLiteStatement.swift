import CSQLite

/// A compiled statement that is run many times with other values.
package final class SQLiteStatement {
    private let handle: OpaquePointer
    private let sql: String
    private let connection: SQLiteConnection
    /// Whether it was run since it was given values: at the end of an answer, and after an error too, SQLite takes no others
    /// before a reset.
    private var isUnderWay = false

    init(_ handle: OpaquePointer, _ sql: String, _ connection: SQLiteConnection) {
        (self.handle, self.sql, self.connection) = (handle, sql, connection)
    }

    deinit {
        let (handle, sql, connection) = (handle, sql, connection)
        connection.turn.take { connection.takeBack(handle, sql) }
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
