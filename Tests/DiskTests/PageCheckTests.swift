import CSQLite
import Disk
import Foundation
import Glibc
import TestSupport
import Testing

/// Databases whose pages bear a checksum: whatever happens to the file, no other rows are read from it.
struct PageCheckTests {
    static let page = NaivePageChecksum.pageBytes
    static let byTable = "SELECT group_concat(id || name || body) FROM t"
    static let byIndex = "SELECT group_concat(id || name || body) FROM (SELECT * FROM t INDEXED BY names WHERE name > '')"

    /// 400 rows, twelve of them over several pages, and an index over several pages; no page is free.
    static func fill(_ path: String) throws {
        try SQLiteDatabase(path: path, checked: true).use { connection in
            try connection.execute(
                """
                CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, body TEXT);
                CREATE INDEX names ON t (name);
                BEGIN;
                WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 400)
                INSERT INTO t SELECT i, 'name ' || (i * 7919 % 1009),
                    replace(hex(zeroblob(CASE WHEN i % 33 = 7 THEN 4500 ELSE 30 END)), '00', char(97 + i % 26, 65 + i % 23)) FROM n;
                COMMIT;
                """)
            try connection.close()
        }
    }

    /// What reading everything gives, whole or up to the fault.
    static func readAll(_ path: String) throws -> (rows: [String], fault: SQLiteFault?) {
        var rows: [String] = []
        do {
            let connection = try RawConnection(path)
            for sql in [byTable, byIndex, "PRAGMA integrity_check"] { rows += try connection.rows(sql).map { $0.joined() } }
        } catch let fault as SQLiteFault {
            return (rows, fault)
        }
        return (rows, nil)
    }

    /// A filled database, what it holds, and a way to spoil it and read it again.
    final class Sample {
        let folder: TemporaryFolder
        let path: String
        let bytes: [UInt8]
        let rows: [String]

        init() throws {
            folder = try TemporaryFolder()
            path = folder("state.sqlite")
            try PageCheckTests.fill(path)
            bytes = try #require(folder.bytes("state.sqlite"))
            let all = try PageCheckTests.readAll(path)
            try #require(all.fault == nil && all.rows.count == 3 && all.rows[0].utf8.count > 100_000 && all.rows[2] == "ok")
            rows = all.rows
        }

        func write(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }

        /// The file as it stands must be found damaged, and until then nothing else be read than what was written.
        func expectDamage(_ what: @autoclosure () -> String, sourceLocation: SourceLocation = #_sourceLocation) throws {
            let (read, fault) = try PageCheckTests.readAll(path)
            #expect(fault?.isDamage == true, "\(what()): \(fault.map { "code \($0.code)" } ?? "no fault")", sourceLocation: sourceLocation)
            // A finding of the integrity check would be no damage to SQLite, but a row to this test.
            #expect(
                read.elementsEqual(rows.prefix(read.count)) { $0.utf8.elementsEqual($1.utf8) }, "\(what())", sourceLocation: sourceLocation)
        }
    }

    @Test func everyPageEndsWithItsChecksum() throws {
        let sample = try Sample()
        #expect(sample.bytes.count % Self.page == 0 && sample.bytes.count > 40 * Self.page)
        #expect(sample.bytes[20] == 8)
        #expect(NaivePageChecksum.unsealed(sample.bytes).isEmpty)
        // To any other program it is an ordinary database.
        let plain = try RawConnection(sample.path, checked: false)
        #expect(
            try [Self.byTable, Self.byIndex, "PRAGMA integrity_check"].flatMap { try plain.rows($0).map { $0.joined() } } == sample.rows)
    }

    @Test func pagesAreReadOnceAndCounted() throws {
        let sample = try Sample()
        let connection = try RawConnection(sample.path)
        for sql in [Self.byTable, Self.byIndex, "PRAGMA integrity_check"] { _ = try connection.rows(sql) }
        #expect(try connection.counts.read == sample.bytes.count / Self.page)
        #expect(try connection.counts.written == 0)
        try connection.run("UPDATE t SET name = 'other' WHERE id = 1")
        #expect(try connection.counts.written > 1)
        #expect(throws: SQLiteFault.self) { try RawConnection(sample.path, checked: false).counts }
    }

    @Test func aFlippedByteIsNoticed() throws {
        let sample = try Sample()
        let file = open(sample.path, O_RDWR)
        try #require(file >= 0)
        defer { close(file) }
        for offset in Array(0..<200) + Array(stride(from: 200, to: sample.bytes.count, by: 97)) {
            // All bits, or a single one.
            for mask in [0xff, UInt8(1) << (offset % 8)] {
                var byte = sample.bytes[offset] ^ mask
                try #require(pwrite(file, &byte, 1, offset) == 1)
                try sample.expectDamage("byte \(offset) ^ \(mask)")
            }
            var byte = sample.bytes[offset]
            try #require(pwrite(file, &byte, 1, offset) == 1)
        }
        #expect(try Self.readAll(sample.path).rows == sample.rows)
    }

    @Test func aPageAtAnothersPlaceIsNoticed() throws {
        let sample = try Sample()
        for first in 0..<sample.bytes.count / Self.page - 1 {
            let one = first * Self.page..<(first + 1) * Self.page
            let next = one.upperBound..<one.upperBound + Self.page
            var swapped = sample.bytes
            swapped.replaceSubrange(one, with: sample.bytes[next])
            swapped.replaceSubrange(next, with: sample.bytes[one])
            try sample.write(swapped)
            try sample.expectDamage("pages \(first + 1) and \(first + 2) swapped")
            var doubled = sample.bytes
            doubled.replaceSubrange(next, with: sample.bytes[one])
            try sample.write(doubled)
            try sample.expectDamage("page \(first + 1) also as page \(first + 2)")
            var emptied = sample.bytes
            emptied.replaceSubrange(one, with: repeatElement(0, count: Self.page))
            try sample.write(emptied)
            try sample.expectDamage("page \(first + 1) zeroed")
        }
    }

    @Test func aShorterFileIsNoticed() throws {
        let sample = try Sample()
        let end = sample.bytes.count
        for size in [
            2, 16, 99, 100, 101, 4095, 4096, 4097, end / 2 / 4096 * 4096, end / 2 + 5, end - 4097, end - 4096, end - 4095, end - 1,
        ] {
            try sample.write(Array(sample.bytes.prefix(size)))
            try sample.expectDamage("\(size) of \(end) bytes")
        }
        // Zeros in place of the end, as a file system may leave them after a crash.
        try sample.write(sample.bytes.dropLast(5000) + [UInt8](repeating: 0, count: 5000))
        try sample.expectDamage("the end zeroed")
        // No byte, or one, is what a new database looks like.
        for size in 0...1 {
            try sample.write(Array(sample.bytes.prefix(size)))
            #expect(try RawConnection(sample.path).rows("SELECT count(*) FROM sqlite_schema") == [["0"]])
        }
    }

    @Test func aFileCutWhileItIsReadIsNoticed() throws {
        let sample = try Sample()
        let connection = try RawConnection(sample.path)
        try connection.run("PRAGMA cache_size = 2")
        #expect(throws: SQLiteFault.data) {
            _ = try connection.rows("SELECT * FROM t") { truncate(sample.path, sample.bytes.count / 2 / Self.page * Self.page) }
        }
    }

    @Test func databasesMadeOtherwiseAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder("plain.sqlite")
        try SQLiteDatabase(path: path).use { plain in
            try plain.execute("CREATE TABLE t (id); INSERT INTO t VALUES (1)")
            try plain.close()
        }
        let before = folder.bytes("plain.sqlite")
        for sql in ["SELECT * FROM t", "INSERT INTO t VALUES (2)", "PRAGMA page_size = 8192; VACUUM"] {
            let error = try #require(throws: OutputError.self) { try SQLiteDatabase(path: path, checked: true).use { try $0.execute(sql) } }
            #expect(error.isDamage && error.description.contains(path))
        }
        #expect(folder.bytes("plain.sqlite") == before)
    }

    /// Newer versions of SQLite read long values without their page's end.
    @Test func aPartOfAPageIsCheckedAsAWhole() throws {
        let sample = try Sample()
        let connection = try RawConnection(sample.path)
        let place = 5 * Self.page
        #expect(try connection.read(4088, at: place) == Array(sample.bytes[place..<place + 4088]))
        #expect(try connection.read(7, at: place + 100) == Array(sample.bytes[place + 100..<place + 107]))
        #expect(throws: SQLiteFault.data) { try connection.read(200, at: place - 100) }
        var spoiled = sample.bytes
        spoiled[place + 4000] ^= 1
        try sample.write(spoiled)
        let again = try RawConnection(sample.path)
        #expect(throws: SQLiteFault.data) { try again.read(7, at: place + 100) }
    }

    @Test func damageIsToldFromOtherErrors() throws {
        let sample = try Sample()
        var spoiled = sample.bytes
        spoiled[3 * Self.page + 17] ^= 4
        try sample.write(spoiled)
        let damaged = try #require(throws: OutputError.self) {
            try SQLiteDatabase(path: sample.path, checked: true).use { try $0.execute("\(Self.byTable); \(Self.byIndex)") }
        }
        #expect(damaged.isDamage && damaged.code == nil)
        #expect(damaged.description == "cannot write \(sample.path): a page of the file is not what was written to it")
        try sample.write(Array(sample.bytes.prefix(Self.page)))
        let short = try #require(throws: OutputError.self) {
            try SQLiteDatabase(path: sample.path, checked: true).use { try $0.execute(Self.byTable) }
        }
        #expect(short.isDamage)
        try sample.write(Array("no database, but long enough to be one".utf8) + [UInt8](repeating: 7, count: 8192))
        let other = try #require(throws: OutputError.self) { try SQLiteDatabase(path: sample.path).use { try $0.execute(Self.byTable) } }
        #expect(other.isDamage && other.description.contains("not a database"))
        let missing = try #require(throws: OutputError.self) { try SQLiteDatabase(path: sample.folder("no/file"), checked: true) }
        #expect(!missing.isDamage && missing.code == ENOENT)
        try sample.write(sample.bytes)
        let wrong = try #require(throws: OutputError.self) {
            try SQLiteDatabase(path: sample.path, checked: true).use { try $0.execute("SELECT x FROM t") }
        }
        #expect(!wrong.isDamage)
    }
}
