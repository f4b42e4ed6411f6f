import CSQLite
import Disk
import Foundation
import TestSupport
import Testing

/// That checked pages change nothing for SQLite: transactions, interruption, memory that is too small.
struct PageCheckTransactionTests {
    @Test func anInterruptedTransactionIsRolledBack() throws {
        let sample = try PageCheckTests.Sample()
        let connection = try RawConnection(sample.path)
        // So little memory that pages are written long before the end, which then is in the middle of a write.
        try connection.run(
            "PRAGMA cache_size = 3; BEGIN; UPDATE t SET name = 'new ' || id, body = body || 'x'; DELETE FROM t WHERE id % 3 = 0")
        try connection.run("INSERT INTO t SELECT id + 1000, name, body || body FROM t")
        for name in ["state.sqlite", "state.sqlite-journal"] {
            try FileManager.default.copyItem(atPath: sample.folder(name), toPath: sample.folder("copy-" + name))
        }
        try FileManager.default.moveItem(atPath: sample.folder("copy-state.sqlite-journal"), toPath: sample.folder("copy-journal"))
        let interrupted = try #require(sample.folder.bytes("copy-state.sqlite"))
        #expect(interrupted.prefix(sample.bytes.count) != sample.bytes[...] && interrupted.count > sample.bytes.count)
        // Also in the middle of a transaction, no page stands without a checksum.
        #expect(NaivePageChecksum.unsealed(interrupted).isEmpty)

        try FileManager.default.moveItem(atPath: sample.folder("copy-journal"), toPath: sample.folder("copy-state.sqlite-journal"))
        let restored = try PageCheckTests.readAll(sample.folder("copy-state.sqlite"))
        #expect(restored.fault == nil && restored.rows == sample.rows)
        #expect(sample.folder.bytes("copy-state.sqlite") == sample.bytes)
        try connection.run("ROLLBACK")
        #expect(try PageCheckTests.readAll(sample.path).rows == sample.rows)
        #expect(sample.folder.names() == ["copy-state.sqlite", "state.sqlite"])
    }

    /// A write that tears a page is undone like any other, as the journal has the page.
    @Test func aTornPageIsRolledBack() throws {
        let sample = try PageCheckTests.Sample()
        let connection = try RawConnection(sample.path)
        try connection.run("PRAGMA cache_size = 3; BEGIN; UPDATE t SET body = body || 'x'")
        var torn = try #require(sample.folder.bytes("state.sqlite"))
        let journal = try #require(sample.folder.bytes("state.sqlite-journal"))
        let page = try #require((0..<40).last { torn[$0 * 4096..<($0 + 1) * 4096] != sample.bytes[$0 * 4096..<($0 + 1) * 4096] })
        torn.replaceSubrange(page * 4096 + 512..<page * 4096 + 1024, with: repeatElement(0, count: 512))
        try Data(torn).write(to: URL(fileURLWithPath: sample.folder("torn.sqlite")))
        #expect(NaivePageChecksum.unsealed(torn) == [page + 1])
        try Data(journal).write(to: URL(fileURLWithPath: sample.folder("torn.sqlite-journal")))
        #expect(try PageCheckTests.readAll(sample.folder("torn.sqlite")).rows == sample.rows)
    }

    @Test func noWayPastTheCheckIsOffered() throws {
        let folder = try TemporaryFolder()
        let connection = try RawConnection(folder("m.sqlite"))
        try connection.run("CREATE TABLE t (id)")
        #expect(try connection.rows("PRAGMA journal_mode = WAL") == [["delete"]])
        #expect(try connection.rows("PRAGMA mmap_size = 1000000").isEmpty)
        // Another page size has no checksum; the database stays as it is.
        #expect(throws: SQLiteFault.self) { try connection.run("PRAGMA page_size = 8192; VACUUM") }
        #expect(try RawConnection(folder("m.sqlite")).rows("PRAGMA integrity_check") == [["ok"]])
        #expect(try NaivePageChecksum.unsealed(#require(folder.bytes("m.sqlite"))).isEmpty)
    }

    /// Without memory for them all and without overwriting what is deleted, SQLite gives pages up before it wrote them
    /// and reads them when it takes them into use again: inside the file, or after its end.
    @Test(arguments: 1...8)
    func pagesThatWereNeverWrittenReadAsEmpty(rowsKept: Int) throws {
        let folder = try TemporaryFolder()
        let connection = try RawConnection(folder("m.sqlite"))
        try connection.run("PRAGMA cache_size = 10; PRAGMA secure_delete = OFF")
        try connection.run("CREATE TABLE a (k INTEGER PRIMARY KEY, v); CREATE TABLE b (k INTEGER PRIMARY KEY, v); BEGIN")
        for k in 0..<30 {
            try connection.run(
                "INSERT INTO a VALUES (\(k), zeroblob(\(100 + k * 500))); INSERT INTO b VALUES (\(k), zeroblob(\(100 + k * 300)))")
            try connection.run("DELETE FROM a WHERE k = \(k - 2); DELETE FROM b WHERE k = \(k - rowsKept)")
        }
        try connection.run("COMMIT")
        #expect(try connection.rows("SELECT k, length(v) FROM a") == [["28", "14100"], ["29", "14600"]])
        #expect(try connection.rows("SELECT k, length(v) FROM b") == (30 - rowsKept..<30).map { ["\($0)", "\(100 + $0 * 300)"] })
        #expect(try connection.rows("PRAGMA integrity_check") == [["ok"]])
        #expect(try NaivePageChecksum.unsealed(#require(folder.bytes("m.sqlite"))).isEmpty)
    }

    /// The same random statements with and without checked pages give the same rows.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func randomStatementsGiveTheSameRows(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let folder = try TemporaryFolder()
        let options =
            "PRAGMA cache_size = \(random.int(1...12)); PRAGMA secure_delete = \(random.pick(["OFF", "ON"])); PRAGMA synchronous = OFF"
        func connect() throws -> (checked: RawConnection, plain: RawConnection) {
            let pair = (checked: try RawConnection(folder("checked")), plain: try RawConnection(folder("plain"), checked: false))
            for connection in [pair.checked, pair.plain] { try connection.run(options) }
            return pair
        }
        var pair = try connect()
        // How to undo and to keep the transactions that are open, the innermost last.
        var open: [(undo: String, keep: String)] = []
        func both(_ sql: String) throws { for connection in [pair.checked, pair.plain] { try connection.run(sql) } }
        func compare() throws {
            for table in ["a", "b"] {
                let sql = "SELECT count(*), group_concat(k || v) FROM \(table)"
                #expect(try pair.checked.rows(sql) == pair.plain.rows(sql), "seed \(seed)")
            }
        }
        try both("CREATE TABLE a (k INTEGER PRIMARY KEY, v TEXT); CREATE TABLE b (k INTEGER PRIMARY KEY, v TEXT); CREATE INDEX av ON a (v)")
        for _ in 0..<120 {
            let table = random.pick(["a", "b"])
            let first = random.int(0...300)
            let count = random.int(1...40)
            let text = "hex(zeroblob(\(random.pick([3, 40, 900, 2500, 7000])))) || n.i"
            switch random.int(0...9) {
            case 0...3:
                try both(
                    "WITH RECURSIVE n (i) AS (VALUES (\(first)) UNION ALL SELECT i + 1 FROM n WHERE i < \(first + count)) "
                        + "INSERT OR REPLACE INTO \(table) SELECT n.i, \(text) FROM n")
            case 4, 5: try both("DELETE FROM \(table) WHERE k BETWEEN \(first) AND \(first + count * 4)")
            case 6: try both("UPDATE \(table) SET v = v || k WHERE k % 7 = \(first % 7)")
            case 7 where open.isEmpty && random.chance(percent: 60):
                try both("BEGIN")
                open.append((undo: "ROLLBACK", keep: "COMMIT"))
            case 7 where open.isEmpty || open.count < 4 && random.chance(percent: 30):
                try both("SAVEPOINT s")
                open.append((undo: "ROLLBACK TO s; RELEASE s", keep: "RELEASE s"))
            case 8:
                guard let last = open.popLast() else { continue }
                try both(random.chance(percent: 40) ? last.undo : last.keep)
                try compare()
            case 9 where open.isEmpty:
                if random.chance(percent: 30) { try both("VACUUM") } else { pair = try connect() }
            default: try both("DROP TABLE b; CREATE TABLE b (k INTEGER PRIMARY KEY, v TEXT)")
            }
        }
        for last in open.reversed() { try both(last.keep) }
        try compare()
        #expect(try pair.checked.rows("PRAGMA integrity_check") == [["ok"]])
        #expect(try NaivePageChecksum.unsealed(#require(folder.bytes("checked"))).isEmpty, "seed \(seed)")
    }

    /// Makes a process's first database from many threads at once.
    @Test func openedFromManyThreads() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        let sums = try await withThrowingTaskGroup(of: String.self) { group in
            for thread in 0..<16 {
                group.addTask {
                    let connection = try RawConnection("\(path)/\(thread)")
                    try connection.run("CREATE TABLE t (v); INSERT INTO t VALUES (\(thread))")
                    return try connection.rows("SELECT v FROM t")[0][0]
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(sums.sorted() == (0..<16).map(String.init).sorted())
    }
}
