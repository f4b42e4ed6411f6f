import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Disk

/// A database is used by one after the other, and its statements are fit for the next one however the last one ended.
@Suite struct SQLiteTurnTests {
    /// A table over many pages, one of them spoilt behind the row of this number.
    private func spoilt(_ folder: TemporaryFolder, row: Int) throws -> SQLiteDatabase {
        let path = folder("t.sqlite")
        try SQLiteDatabase(path: path, checked: true).use { connection in
            try connection.begin()
            try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")
            for id in 1...200 { try connection.execute("INSERT INTO t VALUES (\(id), '\(id) ' || hex(zeroblob(500)))") }
            try connection.commit()
            try connection.close()
        }
        var bytes = try #require(folder.bytes("t.sqlite"))
        let place = try #require(Data(bytes).range(of: Data("\(row) 0000".utf8))).lowerBound
        bytes[place + 7] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try SQLiteDatabase(path: path, checked: true)
    }

    /// Workers share a statement: the error of one is what all of them tell, and none of their own making.
    @Test func theFirstErrorIsToldToAll() throws {
        let folder = try TemporaryFolder()
        try spoilt(folder, row: 100).use { connection in
            let load = try connection.prepare("SELECT body FROM t WHERE id = ?")
            try connection.begin()
            try load.bind(100 as Int64, at: 1)
            let first = try #require(throws: OutputError.self) { _ = try load.next() }
            #expect(first.isDamage)
            // The next one's, who did not see it.
            try load.bind(1 as Int64, at: 1)
            #expect(throws: first) { _ = try load.next() }
            #expect(throws: first) { _ = try connection.prepare("SELECT nothing") }
            #expect(throws: first) { try load.bind(1 as Int64, at: 2) }
            connection.rollback()
            try load.bind(1 as Int64, at: 1)
            #expect(try load.next() && load.text(0).hasPrefix("1 0000"))
        }
    }

    @Test func aStatementThatFailedTakesNewValues() throws {
        let folder = try TemporaryFolder()
        try spoilt(folder, row: 100).use { connection in
            let load = try connection.prepare("SELECT body FROM t WHERE id = ?")
            let change = try connection.prepare("UPDATE t SET body = id WHERE id = ?")
            for _ in 1...2 {
                try load.bind(100 as Int64, at: 1)
                #expect(throws: OutputError.self) { _ = try load.next() }
                try load.bind(1 as Int64, at: 1)
                #expect(try load.next())
                try change.bind(100 as Int64, at: 1)
                #expect(throws: OutputError.self) { try change.run() }
                try change.bind(200 as Int64, at: 1)
                try change.run()
            }
        }
    }

    @Test func valuesEndAnAnswer() throws {
        try SQLiteDatabase(path: ":memory:").use { connection in
            let numbers = try connection.prepare(
                "WITH RECURSIVE n (i) AS (VALUES (?) UNION ALL SELECT i + 1 FROM n LIMIT 3) SELECT i FROM n")
            try numbers.bind(7 as Int64, at: 1)
            #expect(try numbers.next() && numbers.integer(0) == 7)
            try numbers.bind(40 as Int64, at: 1)
            #expect(try numbers.next() && numbers.integer(0) == 40)
            #expect(try numbers.next() && numbers.integer(0) == 41)
            numbers.finish()
            #expect(try numbers.next() && numbers.integer(0) == 40)
        }
    }

    /// Statements that are kept from one turn to the next, and let go of on any thread.
    @Test func oneAfterTheOther() throws {
        let database = try SQLiteDatabase(path: ":memory:")
        try database.use { try $0.execute("CREATE TABLE t (b)") }
        let failures = Mutex<[any Error]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            do {
                let insert = try database.use { try $0.prepare("INSERT INTO t VALUES (?)") }
                for number in 0..<200 {
                    try database.use { _ in
                        try insert.bind(Int64(worker * 1000 + number), at: 1)
                        try insert.run()
                    }
                }
            } catch {
                failures.withLock { $0.append(error) }
            }
        }
        #expect(failures.withLock { $0.isEmpty })
        let count = try database.use { connection in
            let count = try connection.prepare("SELECT count(DISTINCT b) FROM t")
            return try count.next() ? count.integer(0) : 0
        }
        #expect(count == 1600)
    }

    // MARK: Out of turn

    @Test func whoKeepsAConnectionIsTold() async throws {
        let ended = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let kept = try SQLiteDatabase(path: ":memory:").use { $0 }
            try kept.execute("CREATE TABLE t (b)")
        }
        #expect(String(decoding: ended.standardErrorContent, as: UTF8.self).contains(":memory:: the database was used out of turn"))
    }

    @Test func whoComesToAStatementInTheTurnOfAnotherIsTold() async throws {
        let ended = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            try SQLiteDatabase(path: ":memory:").use { connection in
                nonisolated(unsafe) let statement = try connection.prepare("SELECT 1")
                let thread = Thread { _ = try? statement.next() }
                thread.start()
                while !thread.isFinished { usleep(1000) }
            }
        }
        #expect(String(decoding: ended.standardErrorContent, as: UTF8.self).contains("the database was used out of turn"))
    }

    /// It would wait for itself.
    @Test func whoAsksTwiceIsTold() async throws {
        let ended = try await #require(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let database = try SQLiteDatabase(path: ":memory:")
            try database.use { _ in try database.use { try $0.execute("CREATE TABLE t (b)") } }
        }
        #expect(String(decoding: ended.standardErrorContent, as: UTF8.self).contains("asked for by whoever has it"))
    }
}
