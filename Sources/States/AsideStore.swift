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

    /// The reason of those that came late.
    package static let late = "late"

    /// - Parameters:
    ///   - time: as-of of the run that met them, which says how long they are kept; nil: there is none yet, and they take that
    ///     of the first run that has one.
    ///   - lines: calls its argument with one after the other.
    package func add(time: Int64?, _ lines: (_ add: (AsideLine) throws -> Void) throws -> Void) throws {
        if let time {
            let update = try connection.prepare("UPDATE aside SET time = ? WHERE time IS NULL")
            try update.bind(time, at: 1)
            try update.run()
        }
        let statement = try connection.prepare("INSERT INTO aside (reason, file, line, time, json) VALUES (?, ?, ?, ?, ?)")
        try lines { line in
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

    /// Calls `body` with every line and its number. It may change or remove the line.
    package func forEachLine(_ body: (_ id: Int64, _ line: AsideLine) throws -> Void) throws {
        // A few at a time: what is being read must not change.
        let statement = try connection.prepare("SELECT id, reason, file, line, json FROM aside WHERE id > ? ORDER BY id LIMIT 1000")
        var last = Int64.min
        while true {
            try statement.bind(last, at: 1)
            var lines: [(id: Int64, line: AsideLine)] = []
            while try statement.next() {
                let line = AsideLine(
                    reason: statement.text(1), file: statement.integer(2), line: statement.integer(3), json: Array(statement.bytes(4)))
                lines.append((statement.integer(0), line))
            }
            guard let end = lines.last else { return }
            for (id, line) in lines { try body(id, line) }
            last = end.id
        }
    }

    /// Calls `body` with the late lines of a file, or with its quarantined ones, in order.
    package func forEachLine(file: Int64, late: Bool, _ body: ([UInt8]) throws -> Void) throws {
        let statement = try connection.prepare("SELECT json FROM aside WHERE file = ? AND (reason = '\(Self.late)') = ? ORDER BY line")
        try statement.bind(file, at: 1)
        try statement.bind(late ? 1 : 0 as Int64, at: 2)
        while try statement.next() { try body(Array(statement.bytes(0))) }
    }
}
