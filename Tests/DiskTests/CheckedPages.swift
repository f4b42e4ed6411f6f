import CPageCheck
import CSQLite
import Disk
import Foundation
import Glibc
import Testing

/// A result code of SQLite, in its long form.
struct SQLiteFault: Error, Equatable {
    var code: Int32

    /// What a page answers that does not match its checksum: SQLITE_IOERR_DATA.
    static let data = SQLiteFault(code: SQLITE_IOERR | 32 << 8)

    var isDamage: Bool { self == .data || [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xff) }
}

/// A connection through SQLite's own functions: rows read back, and faults as they are.
final class RawConnection {
    private var handle: OpaquePointer?

    init(_ path: String, checked: Bool = true) throws {
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        try check(checked ? sojourn_pages_open(path, &handle, flags) : sqlite3_open_v2(path, &handle, flags, nil))
    }

    deinit { sqlite3_close(handle) }

    func run(_ sql: String) throws { try check(sqlite3_exec(handle, sql, nil, nil, nil)) }

    /// The rows' values as text, NULL as "null"; calls `between` after the first row.
    func rows(_ sql: String, between: () throws -> Void = {}) throws -> [[String]] {
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
        var rows: [[String]] = []
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return rows }
            guard code == SQLITE_ROW else { throw SQLiteFault(code: sqlite3_extended_errcode(handle)) }
            let row = (0..<sqlite3_column_count(statement)).map { sqlite3_column_text(statement, $0).map { String(cString: $0) } ?? "null" }
            rows.append(row)
            if rows.count == 1 { try between() }
        }
    }

    var counts: sojourn_page_counts {
        get throws {
            var counts = sojourn_page_counts()
            try check(sojourn_pages_count(handle, &counts))
            return counts
        }
    }

    /// Asks the file itself, past SQLite's pages.
    func read(_ count: Int, at offset: Int) throws -> [UInt8] {
        var file: UnsafeMutablePointer<sqlite3_file>?
        try check(sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file))
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try #require(file?.pointee.pMethods.pointee.xRead)
        let code = read(file, &bytes, Int32(count), Int64(offset))
        if code != SQLITE_OK { throw SQLiteFault(code: code) }
        return bytes
    }

    private func check(_ code: Int32) throws {
        if code != SQLITE_OK { throw SQLiteFault(code: sqlite3_extended_errcode(handle)) }
    }
}

/// The checksum of CPageCheck, written down a second time, word by word.
enum NaivePageChecksum {
    static let pageBytes = 4096

    /// `page` has 4096 bytes, `number` counts from 1.
    static func of(_ page: ArraySlice<UInt8>, number: Int) -> UInt64 {
        var words = words(page)
        words[511] = UInt64(number)
        let lanes = (0..<8).map { lane in
            stride(from: lane, to: 512, by: 8).reduce(UInt64(lane + 1) &* 0x9e37_79b9_7f4a_7c15) { mixed($0, words[$1]) }
        }
        return (lanes + [0, 0]).reduce(0, mixed)
    }

    static func stored(_ page: ArraySlice<UInt8>) -> UInt64 { words(page)[511] }

    /// The numbers of the pages of a file that do not end with their checksum.
    static func unsealed(_ file: [UInt8]) -> [Int] {
        (1...max(1, file.count / pageBytes)).filter { number in
            let page = file[(number - 1) * pageBytes..<number * pageBytes]
            return stored(page) != of(page, number: number)
        }
    }

    private static func words(_ page: ArraySlice<UInt8>) -> [UInt64] {
        page.withUnsafeBytes { bytes in
            (0..<512).map { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
        }
    }

    private static func mixed(_ state: UInt64, _ word: UInt64) -> UInt64 {
        let product = (state ^ word) &* 0xd6e8_feb8_6659_fd93
        return product ^ product >> 32
    }
}
