import Disk

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
