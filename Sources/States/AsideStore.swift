import Disk

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
