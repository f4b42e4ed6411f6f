import CSQLite
import Foundation
import Synchronization
import Testing

@testable import TestSupport

/// Whoever reads while runs publish sees one version of each file, whole, and always one.
@Suite struct ReaderTests {
    @Test func readingWhilePublishing() throws {
        let night = try DisturbedNight(2)
        defer { night.remove() }
        let path = night.output.path
        let isOver = Atomic<Bool>(false)
        let seen = Mutex<(tables: Set<Data>, databases: Set<String>, faults: [String])>(([], [], []))
        let readers = DispatchGroup()
        for _ in 0..<2 {
            DispatchQueue.global().async(group: readers) {
                while !isOver.load(ordering: .relaxed) {
                    let table = FileManager.default.contents(atPath: path + "/csv/journeys.csv")
                    let database = Self.run(ofDatabase: path + "/metrics.sqlite")
                    seen.withLock { seen in
                        if let table { seen.tables.insert(table) } else { seen.faults.append("no journeys.csv") }
                        if let lines = database { seen.databases.insert(lines) } else { seen.faults.append("no metrics.sqlite") }
                    }
                }
            }
        }
        // In turns the output of all nights and of one.
        var (tables, databases): (Set<Data>, Set<String>) = ([], [])
        func note() throws {
            tables.insert(try Data(contentsOf: URL(fileURLWithPath: path + "/csv/journeys.csv")))
            databases.insert(try #require(Self.run(ofDatabase: path + "/metrics.sqlite")))
        }
        try note()
        for round in 0..<50 {
            let inputs = round % 2 == 0 ? [] : [NightlyLog.file(1)]
            let ended = try Binary.run(
                ["run", "p.yaml"] + inputs + ["-o", "\(night.place)/o/out", "--max-rejects", "5%", "--quiet"], in: night.log.folder.path)
            #expect(ended.status == 0, "\(ended.errors)")
            if round < 2 { try note() }
        }
        isOver.store(true, ordering: .relaxed)
        readers.wait()
        let (seenTables, seenDatabases, faults) = seen.withLock { $0 }
        #expect(faults == [])
        #expect(seenTables.isSubset(of: tables) && seenDatabases.isSubset(of: databases))
        #expect(seenTables.count >= 2 && seenDatabases.count >= 2, "the readers saw no change")
    }

    /// The ledger and the number of journeys in one read; nil where the database cannot be read.
    private static func run(ofDatabase path: String) -> String? {
        var database: OpaquePointer?
        defer { sqlite3_close(database) }
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else { return nil }
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        let query =
            "SELECT group_concat(name || '=' || value), (SELECT sum(started) FROM journeys), (SELECT sum(events) FROM touchpoints) FROM run"
        guard sqlite3_prepare_v2(database, query, -1, &statement, nil) == SQLITE_OK, sqlite3_step(statement) == SQLITE_ROW else {
            return nil
        }
        return (0..<3).map { column in sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "" }.joined(separator: " ")
    }
}
