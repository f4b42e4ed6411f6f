import Reports

/// An input that was read, or of which more is to come.
package struct KnownFile: Sendable, Equatable {
    /// Part of the position of its events.
    package var id: Int64
    package var source: String
    /// Relative to the pipeline file; `-` for standard input, whose lines count on from run to run.
    package var name: String
    package var bytes: Int64 = 0
    /// Nanoseconds since 1970.
    package var modified: Int64 = 0
    package var sha256 = ""
    /// Lines that are not blank.
    package var lines: Int64 = 0
    /// All lines read.
    package var linesBehind: Int64 = 0
    /// Whether it ended with a line end when it was read.
    package var endsWhole = false
    /// Of its lines: those quarantined, those that came late, and those that count and are kept no longer.
    package var quarantined: Int64 = 0
    package var late: Int64 = 0
    package var sealed: Int64 = 0

    package init(id: Int64, source: String, name: String) {
        self.id = id
        self.source = source
        self.name = name
    }
}

package struct FileStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    package func all() throws -> [KnownFile] {
        let statement = try connection.prepare("SELECT id, source, name, bytes, modified, sha256, lines, lines_behind, ends_whole, quarantined, late, sealed FROM file ORDER BY id")
        var files: [KnownFile] = []
        while try statement.next() {
            var file = KnownFile(id: statement.integer(0), source: statement.text(1), name: statement.text(2))
            file.bytes = statement.integer(3)
            file.modified = statement.integer(4)
            file.sha256 = statement.text(5)
            file.lines = statement.integer(6)
            file.linesBehind = statement.integer(7)
            file.endsWhole = statement.integer(8) == 1
            file.quarantined = statement.integer(9)
            file.late = statement.integer(10)
            file.sealed = statement.integer(11)
            files.append(file)
        }
        return files
    }

    package func store(_ file: KnownFile) throws {
        let statement = try connection.prepare("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        try statement.bind(file.id, at: 1)
        try statement.bind(file.source, at: 2)
        try statement.bind(file.name, at: 3)
        try statement.bind(file.bytes, at: 4)
        try statement.bind(file.modified, at: 5)
        try statement.bind(file.sha256, at: 6)
        try statement.bind(file.lines, at: 7)
        try statement.bind(file.linesBehind, at: 8)
        try statement.bind(file.endsWhole ? 1 : 0 as Int64, at: 9)
        try statement.bind(file.quarantined, at: 10)
        try statement.bind(file.late, at: 11)
        try statement.bind(file.sealed, at: 12)
        try statement.run()
    }
}

/// A line that takes no part and is listed in the output, as JSON.
package struct AsideLine: Sendable {
    /// `late`, or why it was quarantined.
    package var reason: String
    package var file: Int64
    package var line: Int64
    package var json: [UInt8]

    package init(reason: String, file: Int64, line: Int64, json: [UInt8]) {
        self.reason = reason
        self.file = file
        self.line = line
        self.json = json
    }
}

/// A published cell that changed after it was published. Texts are as they are published.
package struct RestatedCell: Sendable, Equatable {
    package var table: String
    package var day: String
    /// The other key columns with their values.
    package var key: String
    package var column: String
    package var was: String
    package var isNow: String
    package var reason: String

    package init(table: String, day: String, key: String, column: String, was: String, isNow: String, reason: String) {
        (self.table, self.day, self.key, self.column) = (table, day, key, column)
        (self.was, self.isNow, self.reason) = (was, isNow, reason)
    }
}

/// Cells restated since the last publication.
package struct RestatedStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    /// A cell that is there already keeps what it was first; one that is again what it was then is removed.
    package func add(_ cells: [RestatedCell]) throws {
        let statement = try connection.prepare(
            """
            INSERT INTO restated VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name, day, row, column) DO UPDATE
            SET is_now = excluded.is_now, reason = CASE WHEN instr(reason, excluded.reason) > 0 THEN reason ELSE reason || ', ' || excluded.reason END
            """)
        for cell in cells {
            for (place, text) in [cell.table, cell.day, cell.key, cell.column, cell.was, cell.isNow, cell.reason].enumerated() {
                try statement.bind(text, at: place + 1)
            }
            try statement.run()
        }
        try connection.execute("DELETE FROM restated WHERE was = is_now")
    }

    package func removeAll() throws { try connection.execute("DELETE FROM restated") }

    /// By table, day, key and column, in byte order.
    package func all() throws -> [RestatedCell] {
        let statement = try connection.prepare("SELECT name, day, row, column, was, is_now, reason FROM restated ORDER BY name, day, row, column")
        var cells: [RestatedCell] = []
        while try statement.next() {
            cells.append(
                RestatedCell(
                    table: statement.text(0), day: statement.text(1), key: statement.text(2), column: statement.text(3), was: statement.text(4),
                    isNow: statement.text(5), reason: statement.text(6)))
        }
        return cells
    }
}

package struct AsideStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    /// - Parameter time: as-of of the run that met them, which says how long they are kept; nil: there is none yet, and
    ///   they take that of the first run that has one.
    package func add(_ lines: [AsideLine], time: Int64?) throws {
        if let time {
            let update = try connection.prepare("UPDATE aside SET time = ? WHERE time IS NULL")
            try update.bind(time, at: 1)
            try update.run()
        }
        let statement = try connection.prepare("INSERT INTO aside (reason, file, line, time, json) VALUES (?, ?, ?, ?, ?)")
        for line in lines {
            try statement.bind(line.reason, at: 1)
            try statement.bind(line.file, at: 2)
            try statement.bind(line.line, at: 3)
            if let time { try statement.bind(time, at: 4) } else { try statement.bindNull(at: 4) }
            try statement.bind(bytes: line.json, at: 5)
            try statement.run()
        }
    }

    /// Drops what came before that time.
    package func remove(before time: Int64) throws {
        let statement = try connection.prepare("DELETE FROM aside WHERE time < ?")
        try statement.bind(time, at: 1)
        try statement.run()
    }

    package func remove(file: Int64) throws {
        let statement = try connection.prepare("DELETE FROM aside WHERE file = ?")
        try statement.bind(file, at: 1)
        try statement.run()
    }

    package func remove(id: Int64) throws {
        let statement = try connection.prepare("DELETE FROM aside WHERE id = ?")
        try statement.bind(id, at: 1)
        try statement.run()
    }

    package func set(_ json: [UInt8], id: Int64) throws {
        let statement = try connection.prepare("UPDATE aside SET json = ? WHERE id = ?")
        try statement.bind(bytes: json, at: 1)
        try statement.bind(id, at: 2)
        try statement.run()
    }

    package func withIDs() throws -> [(id: Int64, line: AsideLine)] {
        let statement = try connection.prepare("SELECT id, reason, file, line, json FROM aside")
        var lines: [(id: Int64, line: AsideLine)] = []
        while try statement.next() {
            lines.append(
                (statement.integer(0), AsideLine(reason: statement.text(1), file: statement.integer(2), line: statement.integer(3), json: Array(statement.bytes(4)))))
        }
        return lines
    }

    package func all() throws -> [AsideLine] { try withIDs().map(\.line) }
}
