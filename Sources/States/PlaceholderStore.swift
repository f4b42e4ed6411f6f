import Disk

/// Linking ids that are placeholders.
package struct PlaceholderStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    package func all() throws -> [(type: Int, text: [UInt8])] {
        let statement = try connection.prepare("SELECT type, bytes FROM placeholder")
        var found: [(type: Int, text: [UInt8])] = []
        while try statement.next() { found.append((Int(statement.integer(0)), Array(statement.bytes(1)))) }
        return found
    }

    package func removeAll() throws { try connection.execute("DELETE FROM placeholder") }

    package func add(type: Int, _ text: [UInt8]) throws {
        let statement = try connection.prepare("INSERT OR IGNORE INTO placeholder VALUES (?, ?)")
        try statement.bind(Int64(type), at: 1)
        try statement.bind(bytes: text, at: 2)
        try statement.run()
    }
}

/// Events that carry nothing but placeholders, by the run that met them.
package struct NobodyStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    package func add(_ bytes: [UInt8], events: Int, latest: Int64) throws {
        let statement = try connection.prepare("INSERT INTO nobody (latest, events, bytes) VALUES (?, ?, ?)")
        try statement.bind(latest, at: 1)
        try statement.bind(Int64(events), at: 2)
        try statement.bind(bytes: bytes, at: 3)
        try statement.run()
    }

    /// What lies before that time, or everything.
    package func all(before time: Int64? = nil) throws -> [[UInt8]] {
        let statement = try connection.prepare("SELECT bytes FROM nobody WHERE latest < ? ORDER BY id")
        try statement.bind(time ?? .max, at: 1)
        var found: [[UInt8]] = []
        while try statement.next() { found.append(Array(statement.bytes(0))) }
        return found
    }

    package func remove(before time: Int64? = nil) throws {
        let statement = try connection.prepare("DELETE FROM nobody WHERE latest < ?")
        try statement.bind(time ?? .max, at: 1)
        try statement.run()
    }

    package func events() throws -> Int64 {
        let statement = try connection.prepare("SELECT coalesce(sum(events), 0) FROM nobody")
        return try statement.next() ? statement.integer(0) : 0
    }
}
