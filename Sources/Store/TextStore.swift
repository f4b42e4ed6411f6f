import Reports

/// Texts and kinds of events, numbered from 1 in the order in which the state met them. There are few enough of them to
/// be read whole at the start of a run.
package struct TextStore {
    private let connection: SQLiteConnection

    package init(_ file: StateFile) { connection = file.connection }

    /// Calls `body` with each text in order of numbers, from 1 without gaps.
    package func forEachText(_ body: (UnsafeRawBufferPointer) throws -> Void) throws { try forEach("text", "bytes", body) }

    /// Calls `body` with each kind's coded texts, likewise.
    package func forEachKind(_ body: (UnsafeRawBufferPointer) throws -> Void) throws { try forEach("kind", "texts", body) }

    package func appendText(_ number: Int, _ bytes: UnsafeRawBufferPointer) throws { try append("text", number, bytes) }

    package func appendKind(_ number: Int, _ texts: [UInt8]) throws { try texts.withUnsafeBytes { try append("kind", number, $0) } }

    private func forEach(_ table: String, _ column: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let statement = try connection.prepare("SELECT id, \(column) FROM \(table) ORDER BY id")
        var last: Int64 = 0
        while try statement.next() {
            guard statement.integer(0) == last + 1 else { throw StateError.damaged(path: connection.path, reason: "a \(table) is missing") }
            last += 1
            try body(statement.bytes(1))
        }
    }

    private func append(_ table: String, _ number: Int, _ bytes: UnsafeRawBufferPointer) throws {
        let statement = try connection.prepare("INSERT INTO \(table) VALUES (?, ?)")
        try statement.bind(Int64(number), at: 1)
        try statement.bind(bytes: bytes, at: 2)
        try statement.run()
    }
}

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
