import Disk
import Foundation
import TestSupport
import Testing

/// A transaction is whole or nothing, whoever goes on after an error.
@Suite struct TransactionTests {
    private func rows(_ connection: SQLiteConnection) throws -> Int64 {
        let statement = try connection.prepare("SELECT count(*) FROM t")
        return try statement.next() ? statement.integer(0) : -1
    }

    /// A full database ends its transaction by itself; statements that another thread still runs must not be committed alone.
    @Test func nothingAfterAnErrorIsCommitted() throws {
        let folder = try TemporaryFolder()
        try SQLiteDatabase(path: folder("t.sqlite")).use { connection in
            try connection.execute("PRAGMA max_page_count = 4; CREATE TABLE t (b BLOB); INSERT INTO t VALUES (1)")
            try connection.begin()
            let insert = try connection.prepare("INSERT INTO t VALUES (?)")
            var failure: OutputError?
            do {
                for _ in 0..<100 {
                    try insert.bind(bytes: [UInt8](repeating: 7, count: 1000), at: 1)
                    try insert.run()
                }
            } catch let error as OutputError {
                failure = error
            }
            let first = try #require(failure)
            #expect(first.code == ENOSPC)
            let small = try connection.prepare("INSERT INTO t VALUES (2)")
            #expect(throws: first) { try small.run() }
            #expect(throws: first) { try connection.execute("DELETE FROM t") }
            #expect(throws: first) { _ = try rows(connection) }
            #expect(throws: first) { try connection.commit() }
            connection.rollback()
            #expect(try rows(connection) == 1)
            try connection.begin()
            try small.run()
            try connection.commit()
            #expect(try rows(connection) == 2)
        }
    }

    @Test func rollbackForgetsAll() throws {
        let folder = try TemporaryFolder()
        try SQLiteDatabase(path: folder("t.sqlite")).use { connection in
            try connection.execute("CREATE TABLE t (b)")
            try connection.begin()
            try connection.execute("INSERT INTO t VALUES (1)")
            connection.rollback()
            connection.rollback()
            #expect(try rows(connection) == 0)
        }
    }
}
